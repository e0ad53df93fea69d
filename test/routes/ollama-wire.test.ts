import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, nativeAnswer, ollamaHandler, sendJson, type Upstream } from '../support/upstream.ts';

/* What a client of Ollama meets beside the answers: how bodies are read, names, memory, wrong paths, what is counted. */

let upstream: Upstream;
let gateway: TestGateway;
let loaded: { name: string; model: string; size: number; expires_at: string; context_length: number }[] = [];

const act: Handler = (seen, response) => {
  if (seen.path === '/api/embed') return sendJson(response, { embeddings: [[1]] });
  return seen.body['prompt'] === '' ? sendJson(response, { done: true, done_reason: 'load' }) : nativeAnswer(['안녕'])(seen, response);
};

beforeAll(async () => {
  const lists = ollamaHandler(
    [
      { name: 'llama3.1:8b', parameterSize: '8B' },
      { name: 'qwen3:4b', family: 'qwen3', parameterSize: '4B' },
    ],
    act,
  );
  upstream = await createUpstream((seen, response) => (seen.path === '/api/ps' ? sendJson(response, { models: loaded }) : lists(seen, response)));
  gateway = await startGateway({
    gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] },
    performance: { caching: { enabled: false } },
  });
});
afterEach(() => {
  upstream.seen.length = 0;
  loaded = [];
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const messages = [{ role: 'user', content: '수도는?' }];
const running = (name: string) => ({ name, model: name, size: 5, expires_at: '2026-12-01T00:00:00+09:00', context_length: 4096 });

describe('a body sent to an Ollama route', () => {
  const body = '{"model":"llama3.1:8b","messages":[{"role":"user","content":"hi"}],"stream":false}';

  it.each([
    ['bytes behind it', `${body} and more`],
    ['a second object behind it', `${body}{"model":"other"}`],
    ['bytes behind it that are no UTF-8', Buffer.concat([Buffer.from(body), Buffer.from([0xff, 0xfe])]).toString('latin1')],
    ['keys in another case', '{"Model":"llama3.1:8b","MESSAGES":[{"Role":"USER","Content":"hi"}],"Stream":false}'],
    ['a key __proto__', body.replace('{', '{"__proto__":{"stream":true},')],
    ['null for what it need not say', body.replace('}', ',"images":null}').replace(/}$/, ',"format":null,"options":null,"think":null,"tools":null}')],
    ['keys that nobody knows', body.replace(/}$/, ',"whatever":{"a":[1]}}')],
  ])('is read with %s, as Ollama reads it', async (_name, sent) => {
    const response = await gateway.post('/api/chat', sent);
    expect(await response.json()).toMatchObject({ message: { role: 'assistant', content: '안녕' }, done: true });
    expect(upstream.calls().at(-1)?.body).toMatchObject({ model: 'llama3.1:8b', messages: [{ role: 'user', content: 'hi' }] });
    expect(({} as Record<string, unknown>)['stream']).toBeUndefined();
  });

  it.each([
    ['/api/generate', '{"a":"b"}/**/'],
    ['/api/chat', '{"model":"llama3.1:8b","Model":"other","messages":[]}'],
    ['/api/chat', '{"model":"llama3.1:8b"'],
    ['/v1/chat/completions', '{"model":"llama3.1:8b","messages":[{"role":"user","content":"hi"}]} and more'],
  ])('is refused by %s when it is %s', async (path, sent) => {
    expect((await gateway.post(path, sent)).status).toBe(400);
    expect(upstream.calls()).toHaveLength(0);
  });
});

it.each(['garbage', '', 'application', 'text/plain;charset=UTF-8', 'application/vnd.x+json', 'multipart/form-data; boundary=x'])(
  'a body is read whatever its type says: %j',
  async (type) => {
    const sent = { model: 'llama3.1:8b', messages, stream: false };
    expect((await gateway.post('/api/chat', sent, { 'content-type': type })).status).toBe(200);
    expect((await gateway.post('/v1/messages/count_tokens', sent, { 'content-type': type })).status).toBe(200);
  },
);

it("lists go by age, newest first, a person's own models before the virtual ones", async () => {
  const { models } = (await (await fetch(`${gateway.url}/api/tags`)).json()) as { models: { modified_at: string; name: string }[] };
  const times = models.map(({ modified_at: time }) => Date.parse(time));
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  expect(models[0]?.name).toBe('llama3.1:8b');
});

describe('names', () => {
  it.each(['a b', '../etc/passwd', '/x', 'x/', 'a:b:c', 'x'.repeat(600), 'ｍodel'])('answers 400 to %.20s, which can be no model', async (model) => {
    for (const [path, more] of [
      ['/api/chat', { messages }],
      ['/api/generate', { prompt: 'hi' }],
      ['/api/embed', { input: 'hi' }],
    ] as const) {
      const response = await gateway.post(path, { model, ...more });
      expect(response.status).toBe(400);
      if (model.length <= 512) expect(await response.json()).toEqual({ error: 'invalid model name' });
    }
  });

  it('answers 404 in the words of Ollama to a name that could be one', async () => {
    const chat = await gateway.post('/api/chat', { model: 'no-such-thing', messages });
    expect([chat.status, await chat.json()]).toEqual([404, { error: "model 'no-such-thing' not found" }]);
    const embed = await gateway.post('/api/embed', { model: 'no-such-thing', input: 'x' });
    expect([embed.status, await embed.json()]).toEqual([404, { error: 'model "no-such-thing" not found, try pulling it first' }]);
  });

  it('refuses a window of less than nothing', async () => {
    const response = await gateway.post('/api/chat', { model: 'llama3.1:8b', messages, options: { num_ctx: -1 } });
    expect([response.status, await response.json()]).toEqual([400, { error: 'option "num_ctx" must be a number of tokens' }]);
  });
});

describe('memory', () => {
  it.each(['auto', 'auto:code:latest', 'ensemble', 'chain', 'correct'])('loads for %s what would answer', async (model) => {
    const response = await gateway.post('/api/generate', { model, prompt: '', keep_alive: '10m' });
    expect(await response.json()).toMatchObject({ model, response: '', done: true, done_reason: 'load' });
    const loads = upstream.calls();
    expect(loads.length).toBeGreaterThan(0);
    for (const { body } of loads) expect(body).toMatchObject({ prompt: '', keep_alive: 600 });
  });

  it('unloads for auto what is in memory', async () => {
    loaded = [running('qwen3:4b')];
    await (await fetch(`${gateway.url}/api/ps`)).json();
    const response = await gateway.post('/api/chat', { model: 'auto', messages: [], keep_alive: 0 });
    expect(await response.json()).toMatchObject({ message: { role: 'assistant', content: '' }, done_reason: 'unload' });
    expect(upstream.calls().map(({ body }) => [body['model'], body['keep_alive']])).toEqual([['qwen3:4b', 0]]);
  });

  it('tells at once what the host has in memory', async () => {
    loaded = [running('llama3.1:8b')];
    expect(await (await fetch(`${gateway.url}/api/ps`)).json()).toMatchObject({ models: [{ name: 'llama3.1:8b', size: 5, context_length: 4096 }] });
    loaded = [];
    expect(await (await fetch(`${gateway.url}/api/ps`)).json()).toEqual({ models: [] });
  });
});

describe('wrong paths and methods', () => {
  it.each([
    ['GET', '/nowhere', 404, '404 page not found'],
    ['POST', '/', 405, '405 method not allowed'],
  ])('answers %s %s in text, as Ollama does', async (method, path, status, text) => {
    const response = await fetch(gateway.url + path, { method });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([status, 'text/plain', text]);
  });

  it('answers inside an API in its form, and tells the methods there are', async () => {
    const native = await fetch(`${gateway.url}/api/chat`);
    expect([native.status, native.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await native.json()).toEqual({ error: expect.any(String) as string });
    expect(await (await fetch(`${gateway.url}/v1/nowhere`)).json()).toMatchObject({ error: { type: 'not_found_error' } });
    expect(await (await fetch(`${gateway.url}/v1/messages/nowhere`)).json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  });
});

describe('what is told and counted', () => {
  it('names no task for a model that the client named', async () => {
    const { headers } = await gateway.post('/api/chat', { model: 'llama3.1:8b', messages, stream: false });
    expect(headers.get('x-orchestrator-task')).toBe('unclassified');
    expect(headers.get('x-orchestrator-confidence')).toBe('1.00');
    const chosen = await gateway.post('/api/chat', { model: 'auto', messages, stream: false });
    expect(chosen.headers.get('x-orchestrator-task')).not.toBe('unclassified');
  });

  it('gives the length of a Korean answer in bytes', async () => {
    const response = await gateway.post('/api/chat', { model: 'llama3.1:8b', messages, stream: false });
    expect(Number(response.headers.get('content-length'))).toBe((await response.arrayBuffer()).byteLength);
  });

  it('counts requests that are refused before a model is chosen', async () => {
    const counted = async (operation: string): Promise<number> => {
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      const found = new RegExp(
        `gen_ai_server_request_duration_seconds_count\\{gen_ai_operation_name="${operation}"[^}]*error_type="invalid-request"\\} (\\d+)`,
      ).exec(text);
      return Number(found?.[1] ?? 0);
    };
    const before = [await counted('openai'), await counted('ollama'), await counted('embeddings')];
    await gateway.post('/v1/chat/completions', '{');
    await gateway.post('/api/chat', '{"model":"auto","messages":7}');
    await gateway.post('/v1/embeddings', '{}');
    expect([await counted('openai'), await counted('ollama'), await counted('embeddings')]).toEqual(before.map((count) => count + 1));
  });
});
