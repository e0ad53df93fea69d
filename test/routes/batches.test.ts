import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, sendJson, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
let client: OpenAI;
/** Held back by a test; resolves at once otherwise. */
let gate: Promise<void> = Promise.resolve();

beforeAll(async () => {
  upstream = await createUpstream(
    ollamaHandler([{ name: 'llama3.1:8b' }, { name: 'embed', capabilities: ['embedding'] }], async (seen, response) => {
      await gate;
      if (seen.path === '/api/embed') return sendJson(response, { embeddings: [[0.5, 0.25]], prompt_eval_count: 3 });
      if (seen.text.includes('broken')) return sendJson(response, { error: 'no' }, 400);
      return nativeAnswer(['Hello ', '세계'])(seen, response);
    }),
  );
  gateway = await startGateway({
    gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] },
    performance: { caching: { enabled: false } },
  });
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'none', maxRetries: 0 });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

type Line = Record<string, unknown>;
const CHAT = '/v1/chat/completions';
const chatLine = (id: string, content = 'hi', model = 'llama3.1:8b'): Line => ({
  custom_id: id,
  method: 'POST',
  url: CHAT,
  body: { model, messages: [{ role: 'user', content }] },
});

const upload = async (lines: readonly (Line | string)[]): Promise<string> => {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  return (await client.files.create({ file: await toFile(Buffer.from(text), 'in.jsonl'), purpose: 'batch' })).id;
};
const create = async (lines: readonly (Line | string)[], endpoint: OpenAI.BatchCreateParams['endpoint'] = CHAT): Promise<OpenAI.Batch> =>
  client.batches.create({ input_file_id: await upload(lines), endpoint, completion_window: '24h' });

const OVER = ['completed', 'failed', 'expired', 'cancelled'];
const ended = async (id: string): Promise<OpenAI.Batch> => {
  for (;;) {
    const batch = await client.batches.retrieve(id);
    if (OVER.includes(batch.status)) return batch;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
interface OutLine {
  id: string;
  custom_id: string | null;
  response: { status_code: number; request_id: string; body: Record<string, unknown> } | null;
  error: { code: string; message: string } | null;
}
const linesOf = async (fileId: string | null | undefined): Promise<OutLine[]> => {
  if (fileId === null || fileId === undefined) return [];
  const text = await (await client.files.content(fileId)).text();
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as OutLine);
};

describe('a batch', () => {
  it('runs every line and leaves its answers in a file', async () => {
    const made = await client.batches.create({
      input_file_id: await upload([chatLine('a'), chatLine('b', 'Write a function', 'auto')]),
      endpoint: CHAT,
      completion_window: '24h',
      metadata: { job: 'nightly' },
    });
    expect(made).toMatchObject({ object: 'batch', status: 'validating', endpoint: CHAT, metadata: { job: 'nightly' }, errors: null, output_file_id: null });
    const batch = await ended(made.id);
    expect(batch).toMatchObject({ status: 'completed', request_counts: { total: 2, completed: 2, failed: 0 }, error_file_id: null });
    expect(batch.usage).toMatchObject({ input_tokens: 14, output_tokens: 4, total_tokens: 18 });
    for (const time of [batch.in_progress_at, batch.finalizing_at, batch.completed_at]) expect(time).toBeGreaterThan(1.7e9);
    const output = await linesOf(batch.output_file_id);
    expect(output.map(({ custom_id }) => custom_id).sort()).toEqual(['a', 'b']);
    for (const line of output) {
      expect(line.id).toMatch(/^batch_req_/);
      expect(line).toMatchObject({
        error: null,
        response: { status_code: 200, body: { object: 'chat.completion', choices: [{ message: { content: 'Hello 세계' } }], usage: { prompt_tokens: 7 } } },
      });
    }
    expect(await client.files.retrieve(batch.output_file_id ?? '')).toMatchObject({ purpose: 'batch_output' });
  });

  it.each([
    ['/v1/completions', { model: 'llama3.1:8b', prompt: 'Once' }, { object: 'text_completion' }],
    ['/v1/embeddings', { model: 'embed', input: 'x' }, { object: 'list', data: [{ object: 'embedding' }] }],
    ['/v1/responses', { model: 'llama3.1:8b', input: 'hi' }, { object: 'response', status: 'completed' }],
  ] as const)('serves %s', async (endpoint, body, expected) => {
    const batch = await ended((await create([{ custom_id: 'x', method: 'POST', url: endpoint, body }], endpoint)).id);
    const [line] = await linesOf(batch.output_file_id);
    expect(line?.response).toMatchObject({ status_code: 200, body: expected });
  });

  it('puts what fails into the error file, line by line, and does the rest', async () => {
    const made = await create([
      '\uFEFF',
      `${JSON.stringify(chatLine('good'))}\r`,
      '',
      '{"custom_id":"cut',
      { ...chatLine('get'), method: 'GET' },
      { ...chatLine('elsewhere'), url: '/v1/embeddings' },
      chatLine('good', 'again'),
      chatLine('unknown', 'hi', 'no-such-model'),
      { ...chatLine('empty'), body: {} },
      chatLine('refused', 'broken'),
      chatLine('last'),
    ]);
    const batch = await ended(made.id);
    expect(batch).toMatchObject({ status: 'completed', request_counts: { total: 9, completed: 2, failed: 7 } });
    expect((await linesOf(batch.output_file_id)).map(({ custom_id }) => custom_id)).toEqual(['good', 'last']);
    const errors = await linesOf(batch.error_file_id);
    expect(errors.map(({ custom_id, response, error }) => [custom_id, response?.status_code ?? error?.code])).toEqual([
      [null, 'invalid_json_line'],
      ['get', 'invalid_method'],
      ['elsewhere', 'mismatched_url'],
      ['good', 'duplicate_custom_id'],
      ['unknown', 404],
      ['empty', 400],
      ['refused', 400],
    ]);
    expect(errors[4]?.response?.body).toMatchObject({ error: { code: 'model_not_found' } });
    expect(errors[0]?.error?.message).toContain('Line 4');
  });

  it('fails as a whole when nothing in the file can run', async () => {
    const empty = await ended((await create(['', '\r', ' '])).id);
    expect(empty).toMatchObject({ status: 'failed', errors: { object: 'list', data: [{ code: 'empty_file' }] }, output_file_id: null });
    const bad = await ended((await create(['{', '[]'])).id);
    expect(bad.errors?.data).toMatchObject([
      { code: 'invalid_json_line', line: 1 },
      { code: 'invalid_json_line', line: 2 },
    ]);
    const many = await ended((await create(Array.from({ length: 50_001 }, (_, index) => `{"custom_id":"${index}"}`))).id);
    expect(many.errors?.data).toMatchObject([{ code: 'too_many_requests' }]);
  }, 60_000);

  it('keeps what is done when it is cancelled, and labels the rest', async () => {
    let open = (): void => undefined;
    const made = await create(Array.from({ length: 40 }, (_, index) => chatLine(`c${index}`)));
    await ended(made.id);
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const held = await create(Array.from({ length: 40 }, (_, index) => chatLine(`c${index}`)));
    await expect.poll(async () => (await client.batches.retrieve(held.id)).status).toBe('in_progress');
    const cancelling = await client.batches.cancel(held.id);
    expect(['cancelling', 'cancelled']).toContain(cancelling.status);
    const batch = await ended(held.id);
    open();
    expect(batch.status).toBe('cancelled');
    expect(batch.cancelled_at).toBeGreaterThan(1.7e9);
    const errors = await linesOf(batch.error_file_id);
    const output = await linesOf(batch.output_file_id);
    expect(errors.length + output.length).toBe(40);
    expect(errors[0]).toMatchObject({ response: null, error: { code: 'batch_cancelled' } });
    await expect(client.batches.cancel(held.id)).rejects.toMatchObject({ status: 409 });
  });

  it('labels what could not be read because the input was deleted on the way', async () => {
    let open = (): void => undefined;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const made = await create(Array.from({ length: 100 }, (_, index) => chatLine(`d${index}`)));
    await expect.poll(async () => (await client.batches.retrieve(made.id)).status).toBe('in_progress');
    await client.files.delete(made.input_file_id);
    open();
    const batch = await ended(made.id);
    const output = await linesOf(batch.output_file_id);
    const errors = await linesOf(batch.error_file_id);
    expect(batch.status).toBe('completed');
    expect(output.length).toBeGreaterThan(0);
    expect(new Set([...output, ...errors].map(({ custom_id }) => custom_id)).size).toBe(100);
    expect(errors.every(({ error }) => error?.code === 'input_file_deleted')).toBe(true);
  });

  it('lets interactive requests pass before its lines', async () => {
    let open = (): void => undefined;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const made = await create(Array.from({ length: 30 }, (_, index) => chatLine(`p${index}`)));
    const lines = (): number => upstream.calls().filter(({ text }) => text.includes('"hi"')).length;
    await expect.poll(() => gateway.services.gateway.fleet.profiles()[0]?.inFlight).toBeGreaterThanOrEqual(10);
    const asked = client.chat.completions.create({ model: 'llama3.1:8b', messages: [{ role: 'user', content: 'urgent' }] });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = lines();
    open();
    await asked;
    const order = upstream.calls().map(({ text }) => text);
    expect(order.findIndex((text) => text.includes('urgent'))).toBeLessThanOrEqual(order.length);
    expect(lines() - before).toBeLessThan(30);
    await ended(made.id);
  });

  it('is listed page by page', async () => {
    const all: string[] = [];
    for await (const batch of client.batches.list({ limit: 3 })) all.push(batch.id);
    expect(all.length).toBeGreaterThan(6);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each([
    [{ endpoint: '/v1/moderations' }, 'endpoint'],
    [{ completion_window: '1h' }, 'completion_window'],
    [{ input_file_id: 'file-none' }, 'input_file_id'],
    [{ metadata: { a: 7 } }, 'metadata.a'],
  ])('is refused with %j', async (change, param) => {
    const body = { input_file_id: await upload([chatLine('a')]), endpoint: CHAT, completion_window: '24h', ...change };
    const response = await gateway.post('/v1/batches', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  it('belongs to the key that made it, and its lines may use only what the key may', async () => {
    const { keyring } = gateway.services;
    const [a, b] = await Promise.all([keyring.create({ name: 'a', role: 'user', allowedModels: ['embed'] }), keyring.create({ name: 'b', role: 'user' })]);
    const open = client;
    const of = (secret: string) => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: secret, maxRetries: 0 });
    client = of(a.secret);
    const made = await create([chatLine('x')]);
    const batch = await ended(made.id);
    const [line] = await linesOf(batch.error_file_id);
    expect(line?.response?.status_code).toBe(403);
    await expect(of(b.secret).batches.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
    await expect(of(b.secret).batches.cancel(made.id)).rejects.toMatchObject({ status: 404 });
    expect((await of(b.secret).batches.list()).data).toEqual([]);
    client = open;
    await Promise.all([a, b].map(({ key }) => keyring.revoke(key.id)));
  });
});

it("counts lines in their key's window: they make it full for requests, and wait when it is", async () => {
  const { keyring, state } = gateway.services;
  const { secret } = await keyring.create({ name: 'paced', role: 'user', rate: { requests: 8, windowMs: 3_600_000 } });
  const own = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: secret, maxRetries: 0 });
  const text = Array.from({ length: 10 }, (_, index) => JSON.stringify(chatLine(`p${index}`, `paced ${index}`))).join('\n');
  const file = await own.files.create({ file: await toFile(Buffer.from(text), 'in.jsonl'), purpose: 'batch' });
  const { id } = await own.batches.create({ input_file_id: file.id, endpoint: CHAT, completion_window: '24h' });
  const sent = (): number => upstream.seen.filter((seen) => seen.text.includes('paced')).length;
  await expect.poll(sent, { timeout: 10_000 }).toBe(6);
  await expect(own.models.list()).rejects.toMatchObject({ status: 429 });
  expect(await state.batches.get(id)).toMatchObject({ status: 'in_progress', counts: { total: 10, failed: 0 } });
  expect(sent()).toBe(6);
});
