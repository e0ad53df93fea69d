import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, openaiHandler, sendJson, sseChunk, type Upstream } from '../support/upstream.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const random = (length: number, from = ALPHABET): string => Array.from(randomBytes(length), (byte) => from[byte % from.length]).join('');
const HEX = '0123456789abcdef';
const KEYS: readonly (() => string)[] = [
  () => `sk-proj-${random(48)}`,
  () => `sk-ant-api03-${random(93)}AA`,
  () => `ghp_${random(36)}`,
  () => `glpat-${random(20)}`,
  () => `AKIA${random(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
  () => `AIza${random(35)}`,
  () => `xoxb-${random(12, '0123456789')}-${random(12, '0123456789')}-${random(24)}`,
  () => `sk_live_${random(24)}`,
  () => `npm_${random(36)}`,
  () => `dop_v1_${random(64, HEX)}`,
  () => `mao_${randomBytes(32).toString('base64url')}`,
];
let turn = 0;
/** A value that must not leave: a vendor's key, an address, a number. New each time, so that a find says where it came from. */
const canary = (): string => {
  turn += 1;
  if (turn % 3 === 0) return `user${turn}.${random(6).toLowerCase()}@mail${turn}.example`;
  if (turn % 7 === 0) return `010-${String(2_000 + turn)}-${String(5_000 + turn)}`;
  return (KEYS[turn % KEYS.length] as () => string)();
};

/** Answers every kind of call, a chat with the words it was asked, a few characters at a time. */
const echo: Handler = (seen, response) => {
  if (seen.path.endsWith('/embeddings')) {
    const input = [seen.body['input']].flat();
    return sendJson(response, {
      object: 'list',
      model: 'm',
      data: input.map((_, index) => ({ object: 'embedding', index, embedding: [0.1, 0.2] })),
      usage: {},
    });
  }
  const messages = (seen.body['messages'] ?? [{ content: seen.body['prompt'] }]) as { content: unknown }[];
  const last = messages.at(-1)?.content;
  const content = typeof last === 'string' ? last : JSON.stringify(last ?? '');
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let at = 0; at < content.length; at += 3) response.write(sseChunk({ content: content.slice(at, at + 3) }));
  response.end(`${sseChunk({}, 'stop')}data: [DONE]\n\n`);
};

let upstream: Upstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await createUpstream(openaiHandler(['m', 'other'], echo));
  const providers = [{ name: 'up', type: 'openai', url: `${upstream.url}/v1`, remote: true }];
  gateway = await startGateway({ gateway: { privacy: { mode: 'all' }, providers } }, { level: 'debug' });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const sent = (): string => upstream.seen.map(({ text, path, headers }) => `${path} ${JSON.stringify(headers)} ${text}`).join('\n');

/** Sends a body whose strings `CANARY` become values that must not leave, and says which of them reached the upstream. */
async function leaks(
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<{ status: number; leaked: string[]; canaries: string[]; text: string }> {
  const canaries: string[] = [];
  const next = (): string => {
    const value = canary();
    canaries.push(value);
    return value;
  };
  const whole = JSON.stringify(body).replaceAll('CANARY', next);
  const response = await gateway.post(path, whole, headers);
  const text = await response.text();
  const at = sent();
  return { status: response.status, leaked: canaries.filter((value) => at.includes(value)), canaries, text };
}
const user = [{ role: 'user', content: 'mine is CANARY!' }];
const call = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{"to":"CANARY","CANARY":[{"deep":"CANARY"}]}' } };
const PLACES: Record<string, readonly [string, object]> = {
  'chat messages of every role': [
    '/v1/chat/completions',
    {
      model: 'm',
      messages: [
        { role: 'system', content: 'CANARY' },
        { role: 'developer', content: 'CANARY' },
        { role: 'user', name: 'CANARY', content: [{ type: 'text', text: 'CANARY' }] },
        { role: 'assistant', content: 'CANARY', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_1', content: 'CANARY' },
        { role: 'user', content: 'CANARY' },
      ],
    },
  ],
  'user, metadata, unknown fields, their keys and their ids': [
    '/v1/chat/completions',
    {
      model: 'm',
      messages: user,
      user: 'CANARY',
      safety_identifier: 'CANARY',
      metadata: { id: 'CANARY', data: 'CANARY', note: 'CANARY', CANARY: 'x', parameters: 'CANARY' },
      future_field: { deep: [{ CANARY: 'CANARY', id: 'CANARY' }] },
      stop: ['CANARY'],
    },
  ],
  'tool descriptions': [
    '/v1/chat/completions',
    { model: 'm', messages: user, tools: [{ type: 'function', function: { name: 'f', description: 'CANARY', parameters: {} } }] },
  ],
  'completion prompts': ['/v1/completions', { model: 'm', prompt: 'CANARY, x CANARY', stop: 'CANARY' }],
  embeddings: ['/v1/embeddings', { model: 'm', input: ['CANARY', 'x CANARY y'], user: 'CANARY' }],
  responses: [
    '/v1/responses',
    { model: 'm', instructions: 'CANARY', input: [{ role: 'user', content: [{ type: 'input_text', text: 'CANARY' }] }], store: false },
  ],
  'Anthropic messages': [
    '/v1/messages',
    {
      model: 'm',
      max_tokens: 50,
      system: [{ type: 'text', text: 'CANARY' }],
      messages: [
        { role: 'user', content: 'CANARY' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: { to: 'CANARY' } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'CANARY' }] }] },
      ],
      metadata: { user_id: 'CANARY' },
    },
  ],
  'Ollama chat': ['/api/chat', { model: 'm', stream: false, messages: [{ role: 'system', content: 'CANARY' }, ...user] }],
  'Ollama generate': ['/api/generate', { model: 'm', stream: false, system: 'CANARY', prompt: 'CANARY' }],
  'Ollama embed': ['/api/embed', { model: 'm', input: ['CANARY'] }],
  'an ensemble and its judge': ['/v1/chat/completions', { model: 'ensemble', messages: user }],
  'a chain': ['/v1/chat/completions', { model: 'chain', messages: user }],
  'a checker': ['/v1/chat/completions', { model: 'correct', messages: user }],
  compare: ['/orchestrator/compare', { prompt: 'CANARY', models: ['m', 'other'] }],
};

describe('what must not leave', () => {
  it.each(Object.entries(PLACES))('is masked in %s', async (_name, [path, body]) => {
    const { status, leaked } = await leaks(path, body);
    expect(leaked).toEqual([]);
    expect(status).toBe(200);
  });

  it('is masked in the arguments of MCP tools and in the lines of batches', async () => {
    const [tool, line] = [canary(), canary()];
    const headers = { accept: 'application/json, text/event-stream' };
    const rpc = (method: string, params: object, session?: string): Promise<Response> =>
      gateway.post('/mcp', { jsonrpc: '2.0', id: 1, method, params }, { ...headers, ...(session !== undefined && { 'mcp-session-id': session }) });
    const begun = await rpc('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } });
    const session = begun.headers.get('mcp-session-id') ?? undefined;
    await begun.text();
    await (await rpc('tools/call', { name: 'smart_ask', arguments: { prompt: `what of ${tool}`, task: 'fast' } }, session)).text();
    const form = new FormData();
    const body = { model: 'm', messages: [{ role: 'user', content: line }] };
    form.set('purpose', 'batch');
    form.set('file', new Blob([JSON.stringify({ custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body })]), 'in.jsonl');
    const { id } = (await (await fetch(`${gateway.url}/v1/files`, { method: 'POST', body: form })).json()) as { id: string };
    const batch = (await (await gateway.post('/v1/batches', { input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' })).json()) as {
      id: string;
    };
    await expect
      .poll(async () => ((await (await fetch(`${gateway.url}/v1/batches/${batch.id}`)).json()) as { status: string }).status, { timeout: 10_000 })
      .toBe('completed');
    expect(sent()).toContain('what of [');
    expect(sent()).not.toContain(tool);
    expect(sent()).not.toContain(line);
  });

  it('comes back whole in the answer, split at every place', async () => {
    const { text, canaries } = await leaks('/v1/chat/completions', {
      model: 'm',
      stream: true,
      messages: [{ role: 'user', content: 'to CANARY, CANARY and CANARY한테' }],
    });
    const answer = [...text.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map((match) => JSON.parse(`"${match[1]}"`) as string).join('');
    expect(answer).toBe(`to ${canaries[0]}, ${canaries[1]} and ${canaries[2]}한테`);
  });
});

describe('what must stay as it is', () => {
  it('reaches the upstream unchanged: ids, schemas, data, hashes, large numbers', async () => {
    const schema = { type: 'object', properties: { mail: { type: 'string', description: 'like kim@example.com', pattern: '^\\S+@\\S+$' } } };
    const image = `data:image/png;base64,${random(400)}`;
    const uuid = crypto.randomUUID();
    await gateway.post('/v1/chat/completions', {
      model: 'm',
      messages: [
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ ...call, id: `call_${uuid}`, function: { name: 'send_mail', arguments: '{"n":12345678901234567890}' } }],
        },
        { role: 'tool', tool_call_id: `call_${uuid}`, content: `commit ${random(40, HEX)} at 1700000000` },
        { role: 'user', content: `look: ${image}` },
      ],
      tools: [{ type: 'function', function: { name: 'send_mail', parameters: schema } }],
      response_format: { type: 'json_schema', json_schema: { name: 'mail', schema } },
    });
    const { body, text } = upstream.seen.at(-1) as { body: Record<string, unknown>; text: string };
    expect((body['tools'] as { function: { parameters: object } }[])[0]?.function.parameters).toEqual(schema);
    expect((body['response_format'] as { json_schema: { schema: object } }).json_schema.schema).toEqual(schema);
    expect(text).toContain(image);
    expect(text).toContain(`call_${uuid}`);
    expect(text).toContain('12345678901234567890');
    expect(text).toContain('at 1700000000');
  });
});

describe('what is written down', () => {
  it('holds none of sixty values, at the level debug: logs, state, metrics, decisions, errors', async () => {
    const canaries: string[] = [];
    const put = (): string => {
      canaries.push(canary());
      return canaries.at(-1) as string;
    };
    upstream.handle(
      openaiHandler(['m', 'other'], (seen, response) => {
        if (seen.text.includes('fail')) return sendJson(response, { error: { message: `bad: ${put()} at ${put()}`, type: put() } }, 500);
        return echo(seen, response);
      }),
    );
    const body = (content: string, model = 'm'): object => ({ model, messages: [{ role: 'user', content }] });
    for (let round = 0; round < 6; round++) {
      await gateway.post('/v1/chat/completions', body(put()), {
        'x-api-key': put(),
        cookie: put(),
        'user-agent': put(),
        'x-request-id': put(),
        referer: put(),
      });
      await gateway.post(`/v1/chat/completions?key=${encodeURIComponent(put())}`, body(`fail ${put()}`), { authorization: `Bearer ${put()}` });
      await gateway.post('/v1/chat/completions', body('hi', put()));
      await gateway.post('/v1/chat/completions', `{"model":"m","messages":"${put()}"`);
      await gateway.post('/api/chat', { ...body('x'), options: { [put()]: put() } });
      await fetch(`${gateway.url}/${encodeURIComponent(put())}`);
      await fetch(`${gateway.url}/v1/files/${encodeURIComponent(put())}`);
      await gateway.post('/orchestrator/route', { prompt: put() });
    }
    await delay(600);
    await gateway.services.state.checkpoint();
    const places: Record<string, string> = { log: gateway.logs().join('\n') };
    for (const path of ['/metrics', '/orchestrator/decisions', '/orchestrator/stats', '/orchestrator/profiles']) {
      places[path] = await (await fetch(gateway.url + path)).text();
    }
    for (const name of await readdir(gateway.stateDirectory, { recursive: true })) {
      // A client's own file is kept as it was given; everything else is ours.
      if (name.startsWith('files')) continue;
      places[name] = await readFile(join(gateway.stateDirectory, name), 'latin1').catch(() => '');
    }
    expect(canaries.length).toBeGreaterThan(60);
    const hits = Object.entries(places).flatMap(([place, text]) => canaries.filter((value) => text.includes(value)).map((value) => `${place}: ${value}`));
    expect(hits).toEqual([]);
  });
});

describe('a fallback from a local to a remote provider', () => {
  it('masks before a byte leaves', async () => {
    const [near, far] = [
      await createUpstream(openaiHandler(['m'], (_seen, response) => sendJson(response, { error: {} }, 500))),
      await createUpstream(openaiHandler(['m'], echo)),
    ];
    const providers = [
      { name: 'near', type: 'openai', url: `${near.url}/v1`, remote: false, weight: 100 },
      { name: 'far', type: 'openai', url: `${far.url}/v1`, remote: true },
    ];
    const other = await startGateway({ gateway: { privacy: { mode: 'remote' }, providers } });
    const values = Array.from({ length: 6 }, canary);
    for (const value of values) {
      const answer = await other.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: `it is ${value}` }] });
      expect(((await answer.json()) as { choices: { message: { content: string } }[] }).choices[0]?.message.content).toBe(`it is ${value}`);
    }
    expect(near.calls().some(({ text }) => values.some((value) => text.includes(value)))).toBe(true);
    expect(far.calls()).toHaveLength(values.length);
    expect(far.calls().filter(({ text }) => values.some((value) => text.includes(value)))).toEqual([]);
    for (const item of [other, near, far]) await item.close();
  });
});

describe('a request that cannot be masked', () => {
  it('is refused and never sent; others go on', async () => {
    const before = upstream.seen.length;
    const long = await gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: `${'a '.repeat(4_300_000)}${canary()}` }] });
    expect(long.status).toBe(422);
    expect(((await long.json()) as { error: { code: string } }).error.code).toBe('masking_failed');
    expect(upstream.seen.length).toBe(before);
    expect((await gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'still here' }] })).status).toBe(200);
  });
});
