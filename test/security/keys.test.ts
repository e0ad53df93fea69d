import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { thorough } from '../faults/support.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, openaiHandler, sendJson, sseChunk, type Upstream } from '../support/upstream.ts';

// Hundreds of requests at once take long on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const WRONG = thorough ? 1_000 : 200;
const ADMIN = 'admin-key-of-these-tests-0123456789';
const bearer = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` });
interface Made {
  readonly secret: string;
  readonly key: { readonly id: string };
}

let upstream: Upstream;
let gateway: TestGateway;
/** What `m1` answers with: 'fail', or how its answer ends. */
let ending = 'stop';
beforeAll(async () => {
  upstream = await createUpstream(
    openaiHandler(['m1', 'm2'], (seen, response) => {
      if (seen.path.endsWith('/embeddings')) {
        const input = [seen.body['input']].flat();
        return sendJson(response, {
          object: 'list',
          model: 'm2',
          data: input.map((_, index) => ({ object: 'embedding', index, embedding: [0.5] })),
          usage: {},
        });
      }
      if (ending === 'fail' && seen.body['model'] === 'm1') return sendJson(response, { error: { message: 'no' } }, 500);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sseChunk({ content: 'pong' }));
      response.end(ending === 'cut' ? '' : `${sseChunk({}, ending)}data: [DONE]\n\n`);
    }),
  );
  gateway = await startGateway(
    {
      gateway: {
        providers: [{ name: 'up', type: 'openai', url: `${upstream.url}/v1` }],
        auth: { required: 'always' },
        aliases: { sneaky: 'm2' },
        limits: { concurrency: 2_000 },
      },
    },
    { env: { ORCHESTRATOR_ADMIN_KEY: ADMIN } },
  );
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const make = async (body: object): Promise<Made> => (await (await gateway.post('/orchestrator/keys', body, bearer(ADMIN))).json()) as Made;
const chat = (content: string, more: object = {}): object => ({ model: 'm1', messages: [{ role: 'user', content }], ...more });
const ask = (secret: string, body: object, path = '/v1/chat/completions'): Promise<Response> => gateway.post(path, body, bearer(secret));
const callsTo = (model: string, from = 0): number =>
  upstream
    .calls()
    .slice(from)
    .filter(({ body }) => body['model'] === model).length;

async function upload(secret: string, text: string): Promise<string> {
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([text]), 'in.jsonl');
  return ((await (await fetch(`${gateway.url}/v1/files`, { method: 'POST', body: form, headers: bearer(secret) })).json()) as { id: string }).id;
}
async function runBatch(secret: string, lines: readonly object[], endpoint = '/v1/chat/completions'): Promise<string> {
  const text = lines.map((body, at) => JSON.stringify({ custom_id: `c${at}`, method: 'POST', url: endpoint, body })).join('\n');
  const made = await ask(secret, { input_file_id: await upload(secret, text), endpoint, completion_window: '24h' }, '/v1/batches');
  const { id } = (await made.json()) as { id: string };
  const get = async <T>(path: string): Promise<T> => (await (await fetch(gateway.url + path, { headers: bearer(secret) })).json()) as T;
  interface Batch {
    status: string;
    output_file_id?: string;
    error_file_id?: string;
  }
  await expect.poll(async () => (await get<Batch>(`/v1/batches/${id}`)).status, { timeout: 15_000 }).toMatch(/completed|failed/);
  const { output_file_id, error_file_id } = await get<Batch>(`/v1/batches/${id}`);
  const files = [output_file_id, error_file_id].filter((file) => file !== undefined);
  return (await Promise.all(files.map(async (file) => (await fetch(`${gateway.url}/v1/files/${file}/content`, { headers: bearer(secret) })).text()))).join('');
}

describe('a model that a key may not use', () => {
  it('is reached by no name, no choice, no fallback, no ensemble, no cache, no batch and no tool', async () => {
    const { secret } = await make({ name: 'narrow', allowed_models: ['m1'] });
    await ask(ADMIN, chat('cached', { model: 'm2' }));
    const from = upstream.calls().length;
    for (const model of ['m2', 'up/m2', 'sneaky', 'M2', 'm2:latest']) {
      for (const path of ['/v1/chat/completions', '/v1/messages', '/v1/responses', '/api/chat']) {
        const { status } = await ask(secret, { model, max_tokens: 5, stream: false, messages: [{ role: 'user', content: 'cached' }], input: 'cached' }, path);
        expect(status, `${path} ${model}`).toBeGreaterThanOrEqual(403);
      }
    }
    for (const model of ['auto', 'auto:code', 'ensemble', 'ensemble:vote', 'ensemble:cascade', 'chain', 'correct']) {
      const answer = await ask(secret, chat(`by ${model}`, { model }));
      expect(answer.headers.get('x-orchestrator-model') ?? 'm1', model).not.toBe('m2');
    }
    ending = 'fail';
    expect((await ask(secret, chat('fall back', { model: 'auto' }))).status).toBeGreaterThanOrEqual(500);
    ending = 'stop';
    expect((await ask(secret, { prompt: 'x', models: ['m1', 'm2'] }, '/orchestrator/compare')).status).toBe(403);
    expect((await ask(secret, { model: 'm2', input: 'x' }, '/v1/embeddings')).status).toBe(403);
    expect((await ask(secret, { model: 'm2', input: 'x' }, '/api/embed')).status).toBe(403);
    expect(await runBatch(secret, [chat('line', { model: 'm2' }), chat('line', { model: 'sneaky' })])).not.toContain('pong');
    expect(callsTo('m2', from)).toBe(0);
    expect(upstream.seen.filter(({ path }) => path.endsWith('/embeddings'))).toHaveLength(0);
  });
});

describe('what belongs to one key', () => {
  it('is not there for another: files, batches, responses, answers to rate', async () => {
    const [ann, bob] = [await make({ name: 'ann' }), await make({ name: 'bob' })];
    const file = await upload(ann.secret, JSON.stringify({ custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body: chat('x') }));
    const batch = (
      (await (await ask(ann.secret, { input_file_id: file, endpoint: '/v1/chat/completions', completion_window: '24h' }, '/v1/batches')).json()) as {
        id: string;
      }
    ).id;
    const response = ((await (await ask(ann.secret, { model: 'm1', input: 'x' }, '/v1/responses')).json()) as { id: string }).id;
    const answer = ((await (await ask(ann.secret, chat('rate me', { model: 'auto' }))).json()) as { id: string }).id;
    const asBob = (method: string, path: string): Promise<Response> => fetch(gateway.url + path, { method, headers: bearer(bob.secret) });
    for (const [method, path] of [
      ['GET', `/v1/files/${file}`],
      ['GET', `/v1/files/${file}/content`],
      ['DELETE', `/v1/files/${file}`],
      ['GET', `/v1/batches/${batch}`],
      ['POST', `/v1/batches/${batch}/cancel`],
      ['GET', `/v1/responses/${response}`],
      ['DELETE', `/v1/responses/${response}`],
    ] as const)
      expect((await asBob(method, path)).status, `${method} ${path}`).toBe(404);
    expect((await ask(bob.secret, { input_file_id: file, endpoint: '/v1/chat/completions', completion_window: '24h' }, '/v1/batches')).status).toBe(400);
    expect((await ask(bob.secret, { model: 'm1', input: 'y', previous_response_id: response }, '/v1/responses')).status).toBe(400);
    expect((await ask(bob.secret, { id: answer, rating: 1 }, '/orchestrator/feedback')).status).toBe(404);
    for (const path of ['/v1/files', '/v1/batches']) expect(await (await asBob('GET', path)).text()).not.toContain(ann.key.id);
    expect((await asBob('GET', '/v1/files').then((listed) => listed.json())) as { data: object[] }).toMatchObject({ data: [] });
  });
});

describe('limits of a key', () => {
  it('are one, whatever the route, the spelling, the header, and the address it says it comes from', async () => {
    const { secret } = await make({ name: 'slow', rate: { requests: 6, window_s: 60 } });
    const ways: [string, object, Record<string, string>][] = [
      ['/v1/chat/completions', chat('1'), bearer(secret)],
      ['/v1/chat/completions/', chat('2'), { 'x-api-key': secret }],
      ['//v1/chat/completions?x=1', chat('3'), { authorization: `bearer  ${secret}` }],
      ['/api/chat', chat('4', { stream: false }), { ...bearer(secret), 'x-forwarded-for': '1.2.3.4', forwarded: 'for=5.6.7.8', 'x-real-ip': '9.9.9.9' }],
      ['/v1/embeddings', { model: 'm1', input: 'x' }, bearer(secret)],
      ['/v1/messages', chat('5', { max_tokens: 5 }), { 'x-api-key': secret }],
    ];
    const first: number[] = [];
    for (const [path, body, headers] of ways) first.push((await gateway.post(path, body, headers)).status);
    expect(first.filter((status) => status === 429)).toEqual([]);
    for (const [path, body, headers] of ways) expect((await gateway.post(path, body, headers)).status, path).toBe(429);
  });

  it('in tokens hold for comparisons, embeddings, choices, batches, and upstreams that do not count', async () => {
    const { secret } = await make({ name: 'poor', token_budget: 400 });
    expect((await ask(secret, { prompt: 'x', models: ['m1', 'm2'] }, '/orchestrator/compare')).status).toBe(429);
    expect((await ask(secret, chat('many', { n: 8, max_tokens: 100 }))).status).toBe(429);
    expect((await ask(secret, { model: 'm2', input: 'word '.repeat(2_000) }, '/v1/embeddings')).status).toBe(429);
    expect((await ask(secret, chat('word '.repeat(250), { max_tokens: 10 }))).status).toBe(200);
    // This upstream never says how many tokens a prompt had: what was thought is booked.
    expect((await ask(secret, chat('word '.repeat(200), { max_tokens: 10 }))).status).toBe(429);
    expect(await runBatch(secret, [chat('word '.repeat(200), { max_tokens: 10 })])).toContain('insufficient_quota');
  });
});

describe('a key', () => {
  it('that is revoked under load is refused at once; answers under way finish', async () => {
    const { secret, key } = await make({ name: 'gone' });
    const running = Array.from({ length: 40 }, (_, turn) => ask(secret, chat(`load ${turn}`)));
    await Promise.race(running);
    await fetch(`${gateway.url}/orchestrator/keys/${key.id}`, { method: 'DELETE', headers: bearer(ADMIN) });
    const after = await Promise.all(Array.from({ length: 20 }, (_, turn) => ask(secret, chat(`late ${turn}`))));
    expect(new Set(after.map(({ status }) => status))).toEqual(new Set([401]));
    for (const response of await Promise.all(running)) {
      expect([200, 401]).toContain(response.status);
      if (response.status === 200) expect(await response.text()).toContain('pong');
    }
  });

  it('that is right goes through while hundreds of wrong ones come from the same address', async () => {
    const { secret } = await make({ name: 'right' });
    const wrong = Promise.all(
      Array.from({ length: WRONG }, (_, turn) =>
        ask(`mao_wrong${turn}`, chat('x')).then(async (response) => [response.status, await response.text()] as const),
      ),
    );
    for (let turn = 0; turn < 5; turn++) expect((await ask(secret, chat(`good ${turn}`))).status).toBe(200);
    const statuses = (await wrong).map(([status]) => status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(WRONG - 60);
    expect(statuses.every((status) => status === 401 || status === 429)).toBe(true);
  });
});

describe('an answer', () => {
  const send = async (body: object): Promise<string | null> => (await ask(ADMIN, body)).headers.get('x-orchestrator-cache');
  it('is kept for the very same request only: any field that can change it makes another', async () => {
    const base = chat('the base', { max_tokens: 9 });
    expect([await send(base), await send(base)]).toEqual(['miss', 'hit']);
    const others: object[] = [
      { model: 'm2' },
      { messages: [{ role: 'user', content: 'the base ' }] },
      {
        messages: [
          { role: 'system', content: 'be' },
          { role: 'user', content: 'the base' },
        ],
      },
      { messages: [{ role: 'user', name: 'ann', content: 'the base' }] },
      { max_tokens: 8 },
      { seed: 1 },
      { top_p: 0.5 },
      { frequency_penalty: 0.1 },
      { presence_penalty: 0.1 },
      { stop: ['x'] },
      { logit_bias: { 5: 1 } },
      { logprobs: true },
      { logprobs: true, top_logprobs: 2 },
      { response_format: { type: 'json_object' } },
      { reasoning_effort: 'low' },
      { n: 2 },
      { top_k: 3 },
      { min_p: 0.1 },
      { repetition_penalty: 1.1 },
      { guided_json: {} },
      { chat_template_kwargs: { thinking: false } },
      { an_unknown_field: true },
      { max_tokens: undefined },
    ];
    for (const other of others) expect([await send({ ...base, ...other }), JSON.stringify(other)]).toEqual(['miss', JSON.stringify(other)]);
    const { secret } = await make({ name: 'another tenant' });
    expect((await ask(secret, base)).headers.get('x-orchestrator-cache')).toBe('miss');
    expect(await send(base)).toBe('hit');
  });

  it.each(['length', 'content_filter', 'tool_calls', 'cut', 'fail'])('that ends by %s is never kept', async (how) => {
    ending = how;
    const body = chat(`ends by ${how}`);
    await ask(ADMIN, body).then((response) => response.text());
    ending = 'stop';
    expect(await send(body)).toBe('miss');
    expect(await send(body)).toBe('hit');
  });
});
