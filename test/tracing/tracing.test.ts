import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Collector, createCollector } from '../support/collector.ts';
import { startGateway, type TestConfig, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, sendJson, type Upstream } from '../support/upstream.ts';

const SECRET = 'the walrus sings at midnight';
const ANSWER = 'violets grow under the old bridge';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const MODELS = [{ name: 'one:7b' }, { name: 'two:7b', family: 'qwen2' }, { name: 'embedder:1b', capabilities: ['embedding'] }];

let collector: Collector;
let upstream: Upstream;
let gateway: TestGateway | undefined;

beforeEach(async () => {
  collector = await createCollector();
  upstream = await createUpstream(ollamaHandler(MODELS, nativeAnswer([ANSWER, ', they say'], { prompt_eval_count: 11, eval_count: 7 })));
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  await Promise.all([collector.close(), upstream.close()]);
});

async function start(env: Record<string, string>, more: object = {}, config: TestConfig = {}): Promise<TestGateway> {
  gateway = await startGateway({ ...config, gateway: { providers: [{ name: 'local', type: 'ollama', url: upstream.url }], ...more } }, { env });
  return gateway;
}
const traced = (more: object = {}, config: TestConfig = {}): Promise<TestGateway> => start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, more, config);

/** Ends the gateway, which sends what waits; the spans by name. */
async function finish(): Promise<ReadonlyMap<string, Collector['spans']>> {
  await gateway?.close();
  gateway = undefined;
  return Map.groupBy(collector.spans, ({ name }) => name);
}

const ask = async (to: TestGateway, model: string, more: object = {}, headers: Record<string, string> = {}): Promise<Response> => {
  const response = await to.post('/v1/chat/completions', { model, messages: [{ role: 'user', content: SECRET }], ...more }, headers);
  await response.arrayBuffer();
  return response;
};
const only = (spans: Collector['spans'] | undefined): Collector['spans'][number] => {
  expect(spans).toHaveLength(1);
  return (spans as Collector['spans'])[0] as Collector['spans'][number];
};

describe('traces', () => {
  it('continue the caller’s trace through plan and model call to the upstream', async () => {
    const to = await traced();
    await ask(to, 'auto', { temperature: 0.5, max_tokens: 50 }, { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=1' });
    const spans = await finish();
    const request = only(spans.get('POST /v1/chat/completions'));
    const plan = only(spans.get('plan'));
    const call = only(collector.spans.filter(({ kind }) => kind === 3));
    expect(collector.spans.map(({ traceId }) => traceId)).toEqual([TRACE, TRACE, TRACE]);
    expect(request).toMatchObject({ parentSpanId: PARENT, kind: 2 });
    expect([plan.parentSpanId, call.parentSpanId]).toEqual([request.spanId, request.spanId]);
    expect(call.name).toBe(`chat ${call.attributes['gen_ai.request.model']}`);
    expect(upstream.calls().map(({ headers }) => [headers['traceparent'], headers['tracestate']])).toEqual([[`00-${TRACE}-${call.spanId}-01`, 'vendor=1']]);
  });

  it('name model, settings, usage, first token and decision by the GenAI conventions', async () => {
    const to = await traced();
    await ask(to, 'one:7b', { temperature: 0.5, max_tokens: 50, stream: true });
    await finish();
    const call = only(collector.spans.filter(({ kind }) => kind === 3));
    expect(call.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'local',
      'gen_ai.request.model': 'one:7b',
      'gen_ai.response.model': 'one:7b',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.max_tokens': 50,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 11,
      'gen_ai.usage.output_tokens': 7,
      'orchestrator.role': 'answer',
    });
    expect(call.events).toEqual(['first_token']);
    const request = only(collector.spans.filter(({ kind }) => kind === 2));
    expect(request.attributes).toMatchObject({
      'http.route': '/v1/chat/completions',
      'http.response.status_code': 200,
      'gen_ai.operation.name': 'chat',
      'gen_ai.response.model': 'one:7b',
      'orchestrator.strategy': 'single',
      'orchestrator.task': 'pinned',
      'orchestrator.cache.outcome': 'bypass',
    });
    expect(request.events).toEqual(['first_token']);
    expect(request.nanoseconds).toBeGreaterThanOrEqual(call.nanoseconds);
    expect(collector.resources[0]).toMatchObject({ 'service.name': 'multi-ai-orchestrator' });
    expect(collector.paths).toEqual(['/v1/traces']);
  });

  it('hold no word of a prompt or an answer', async () => {
    const to = await traced();
    await ask(to, 'auto');
    await ask(to, 'ensemble');
    await finish();
    expect(collector.spans.length).toBeGreaterThan(6);
    for (const word of ['walrus', 'midnight', 'violets', 'bridge']) expect(collector.text()).not.toContain(word);
  });

  it('show members and judge of an ensemble beneath it', async () => {
    const to = await traced();
    await ask(to, 'ensemble');
    const spans = await finish();
    const ensemble = only(spans.get('ensemble:synthesis'));
    const calls = collector.spans.filter(({ kind }) => kind === 3);
    expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual(calls.map(() => ensemble.spanId));
    const chats = calls.filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'chat');
    expect(chats.map(({ attributes }) => attributes['orchestrator.role']).sort()).toEqual(['judge', 'member', 'member', 'member']);
    // The answers are prose, so they are compared by meaning.
    expect(calls.filter((call) => !chats.includes(call)).map(({ attributes }) => attributes['gen_ai.operation.name'])).toEqual(['embeddings']);
    expect(ensemble.parentSpanId).toBe(only(spans.get('POST /v1/chat/completions')).spanId);
  });

  it('tell a cache hit, which calls no model', async () => {
    const to = await traced();
    await ask(to, 'one:7b', { temperature: 0 });
    await ask(to, 'one:7b', { temperature: 0 });
    const spans = await finish();
    expect(spans.get('POST /v1/chat/completions')?.map(({ attributes }) => attributes['orchestrator.cache.outcome'])).toEqual(['miss', 'hit']);
    expect(spans.get('chat one:7b')).toHaveLength(1);
  });

  it('name the failure of a call, and of the request that had no other model', async () => {
    upstream.handle(ollamaHandler(MODELS, (_, response) => sendJson(response, { error: 'boom' }, 500)));
    const to = await traced();
    expect((await ask(to, 'one:7b')).status).toBe(502);
    const spans = await finish();
    expect(spans.get('chat one:7b')?.[0]).toMatchObject({ status: 2, attributes: { 'error.type': 'upstream-failed' } });
    expect(only(spans.get('POST /v1/chat/completions'))).toMatchObject({
      status: 2,
      attributes: { 'error.type': 'upstream-failed', 'http.response.status_code': 502 },
    });
  });

  it('cover embeddings', async () => {
    upstream.handle(ollamaHandler(MODELS, (_, response) => sendJson(response, { embeddings: [[1, 2]], prompt_eval_count: 3 })));
    const to = await traced();
    await to.post('/v1/embeddings', { model: 'embedder:1b', input: SECRET });
    const spans = await finish();
    const call = only(spans.get('embeddings embedder:1b'));
    expect(call.attributes).toMatchObject({ 'gen_ai.operation.name': 'embeddings', 'gen_ai.usage.input_tokens': 3 });
    expect(call.parentSpanId).toBe(only(spans.get('POST /v1/embeddings')).spanId);
    expect(upstream.seen.find(({ path }) => path === '/api/embed')?.headers['traceparent']).toContain(call.spanId);
  });

  it('obey a caller that does not sample, and the configured address, headers and name', async () => {
    const to = await start(
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=lab%201' },
      { tracing: { endpoint: `${collector.url}/v1/traces`, headers: { authorization: 'Bearer t' }, service_name: 'mine' } },
    );
    await ask(to, 'one:7b', { temperature: 1 }, { traceparent: `00-${TRACE}-${PARENT}-00` });
    await ask(to, 'one:7b', { temperature: 1 });
    await finish();
    expect(collector.spans.filter(({ traceId }) => traceId === TRACE)).toEqual([]);
    expect(collector.spans).toHaveLength(3);
    expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer t' });
    expect(collector.resources[0]).toMatchObject({ 'service.name': 'mine', 'deployment.environment.name': 'lab 1' });
  });

  it('cost no request anything when the collector is gone, and say so once', async () => {
    const to = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    for (let turn = 0; turn < 5; turn++) expect((await ask(to, 'one:7b')).status).toBe(200);
    const logs = to.logs;
    await finish();
    expect(logs().filter((line) => line.includes('traces could not be sent'))).toHaveLength(1);
  });

  it('are absent without an endpoint: no header for the upstream, no package loaded', async () => {
    const to = await start({});
    await ask(to, 'one:7b', {}, { traceparent: `00-${TRACE}-${PARENT}-01` });
    expect(to.services.tracing).toBeUndefined();
    expect(upstream.calls()[0]?.headers['traceparent']).toBeUndefined();
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => { if (url.includes('@opentelemetry/')) loaded.push(url); return next(url, context); } });
      const { startGateway } = await import(${JSON.stringify(resolve(import.meta.dirname, '../support/gateway.ts'))});
      await (await startGateway()).close();
      console.log(JSON.stringify(loaded.filter((url) => !url.includes('@opentelemetry/api/'))));`;
    const file = join(to.folder, 'loaded.mjs');
    await writeFile(file, script);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(JSON.parse(stdout)).toEqual([]);
  });
});
