import { readdir } from 'node:fs/promises';
import { request as send } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeAnswer, openaiAnswer } from '../support/upstream.ts';
import { NAUGHTY } from './strings.ts';
import { type Fixture, raw, startFixture, statusesOf } from './support.ts';

/** The full run sends every string to every place; the fast one every seventh, another choice of places each. */
const thorough = process.env['TORTURE'] === '1';
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({
    gateway: { limits: { body: 1 << 20 } },
    chat: (seen, response) => openaiAnswer([String((seen.body as { messages?: { content?: unknown }[] }).messages?.at(-1)?.content ?? 'fine')])(seen, response),
    native: (seen, response) =>
      nativeAnswer([String((seen.body as { messages?: { content?: unknown }[] }).messages?.at(-1)?.content ?? 'fine')])(seen, response),
  });
});
afterAll(() => fixture.close());

const chat = (more: object): object => ({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...more });

describe('naughty strings', () => {
  it('travel whole as content, both ways, in both chat APIs, streamed or not', async () => {
    const lost: string[] = [];
    for (const text of NAUGHTY.filter((item) => item !== '' && item.isWellFormed())) {
      for (const [path, model] of [
        ['/v1/chat/completions', 'm'],
        ['/api/chat', 'n'],
      ] as const) {
        const response = await fixture.gateway.post(path, { model, messages: [{ role: 'user', content: text }], stream: false });
        const body = (await response.json()) as { message?: { content: string }; choices?: { message: { content: string } }[] };
        const back = body.message?.content ?? body.choices?.[0]?.message.content;
        const there = (path === '/api/chat' ? fixture.ollama : fixture.openai).calls().at(-1)?.body['messages'] as { content: string }[] | undefined;
        if (back !== text || there?.at(-1)?.content !== text) lost.push(`${path}: ${JSON.stringify(text).slice(0, 60)} ${response.status}`);
      }
    }
    expect(lost).toEqual([]);
  });

  it('are refused or taken in every other place, and never break the gateway', async () => {
    const broken: string[] = [];
    for (const text of thorough ? NAUGHTY : NAUGHTY.filter((_, index) => index % 7 === 3)) {
      const bodies: [string, object][] = [
        ['/v1/chat/completions', chat({ model: text })],
        ['/v1/chat/completions', chat({ user: text, stop: text, metadata: { [text]: text } })],
        ['/v1/chat/completions', chat({ tools: [{ type: 'function', function: { name: text, description: text, parameters: { [text]: text } } }] })],
        ['/v1/chat/completions', chat({ messages: [{ role: text, content: text, name: text }] })],
        ['/v1/chat/completions', chat({ response_format: { type: text }, reasoning_effort: text, tool_choice: text })],
        ['/v1/completions', { model: 'm', prompt: text, suffix: text }],
        ['/v1/embeddings', { model: text, input: text, encoding_format: text }],
        ['/v1/messages', { model: 'm', max_tokens: 5, system: text, messages: [{ role: 'user', content: text }] }],
        ['/v1/responses', { model: 'm', input: text, instructions: text, previous_response_id: text }],
        ['/v1/batches', { input_file_id: text, endpoint: text, completion_window: text }],
        ['/api/chat', { model: text, messages: [{ role: 'user', content: text }] }],
        ['/api/chat', { model: 'n', messages: [{ role: text, content: text, images: [text] }], keep_alive: text, think: text, format: text }],
        ['/api/show', { model: text }],
        ['/orchestrator/route', { prompt: text, model: text }],
        ['/orchestrator/feedback', { request_id: text, rating: text }],
      ];
      for (const [path, body] of bodies) {
        const response = await fixture.gateway.post(path, body);
        await response.text();
        if (response.status >= 500) broken.push(`${path} ${JSON.stringify(body).slice(0, 120)}: ${response.status}`);
      }
      for (const path of ['/v1/models/', '/v1/files/', '/v1/batches/', '/v1/responses/', '/ui/', '/api/blobs/']) {
        const response = await fetch(fixture.gateway.url + path + encodeURIComponent(text.toWellFormed().slice(0, 2_000)));
        await response.text();
        if (response.status >= 500) broken.push(`${path}${JSON.stringify(text).slice(0, 60)}: ${response.status}`);
      }
    }
    expect(broken).toEqual([]);
    for (const line of fixture.gateway.logs()) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('are inert in headers that the gateway reads', async () => {
    const names = ['idempotency-key', 'user-agent', 'x-request-timeout-ms', 'cache-control', 'x-stainless-timeout', 'anthropic-version', 'x-forwarded-for'];
    for (const text of ['__proto__', 'constructor', '-1', 'NaN', '1e400', "' OR 1=1", '%00', '../..', '{"a":1}', 'x'.repeat(4_000)])
      for (const name of names) expect((await fixture.gateway.post('/v1/chat/completions', chat({}), { [name]: text })).status).toBeLessThan(500);
  });
});

describe('values beyond all bounds', () => {
  it.each([
    { n: 5_000_000 },
    { n: 0 },
    { top_logprobs: 1e9, logprobs: true },
    { max_tokens: -1 },
    { max_tokens: 1e12 },
    { max_tokens: '5' },
    { temperature: 999_999 },
    { temperature: 'NaN' },
    { stop: Array.from({ length: 100_000 }, (_, index) => String(index)) },
    { tools: Array.from({ length: 10_000 }, (_, index) => ({ type: 'function', function: { name: `f${index}` } })) },
    { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: 'no' } } },
  ])('never reach an upstream: %.60j', async (more) => {
    const before = fixture.openai.calls().length;
    expect((await fixture.gateway.post('/v1/chat/completions', chat(more))).status).toBe(400);
    expect(fixture.openai.calls()).toHaveLength(before);
  });

  it('are refused by size before they are read', async () => {
    const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n`;
    expect(statusesOf(await raw(fixture.gateway.url, `${head}Content-Length: 10000000000\r\n\r\n{`))).toEqual([413]);
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    expect(statusesOf(await raw(fixture.gateway.url, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(40)}`))).toEqual([413]);
  });
});

describe('odd requests', () => {
  const HOST = 'Host: 127.0.0.1\r\n';
  it.each([
    ['a header of 17 KB', `GET /healthz HTTP/1.1\r\n${HOST}X: ${'x'.repeat(17_000)}\r\n\r\n`],
    ['a target of 17 KB', `GET /healthz?${'x'.repeat(17_000)} HTTP/1.1\r\n${HOST}\r\n`],
    ['a target that cannot be decoded', `GET /v1/models/%zz HTTP/1.1\r\n${HOST}\r\n`],
    ['a method in another case', `get /healthz HTTP/1.1\r\n${HOST}\r\n`],
    ['both lengths', `POST /api/show HTTP/1.1\r\n${HOST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two lengths', `POST /api/show HTTP/1.1\r\n${HOST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ['an unknown transfer encoding', `POST /api/show HTTP/1.1\r\n${HOST}Transfer-Encoding: x\r\n\r\n0\r\n\r\n`],
    ['a blank before the colon', `GET /healthz HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n`],
    ['two hosts', `GET /healthz HTTP/1.1\r\n${HOST}Host: evil\r\n\r\n`],
    ['a target of another host', `GET http://evil/healthz HTTP/1.1\r\n${HOST}\r\n`],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ])('are refused: %s', async (_name, bytes) => {
    const [status, ...more] = statusesOf(await raw(fixture.gateway.url, bytes, 500));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(more).toEqual([]);
  });

  it('cannot hide a second request in the first', async () => {
    const smuggled = 'GET /api/version HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
    for (const length of ['Content-Length: 0\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: chunked, identity', 'Transfer-Encoding:\x0bchunked']) {
      const answers = statusesOf(await raw(fixture.gateway.url, `POST /api/show HTTP/1.1\r\n${HOST}${length}\r\n\r\n0\r\n\r\n${smuggled}`, 500));
      expect(answers).toHaveLength(1);
      expect(answers[0]).toBe(400);
    }
  });

  it.each(['TRACE', 'CONNECT', 'PROPFIND', 'PUT'])('cannot use %s', async (method) => {
    const [status] = statusesOf(await raw(fixture.gateway.url, `${method} /api/delete HTTP/1.1\r\n${HOST}X-HTTP-Method-Override: DELETE\r\n\r\n`, 500));
    expect(status === undefined || (status >= 400 && status < 500)).toBe(true);
  });
});

describe('names that point elsewhere', () => {
  const NAMES = [
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e%2f%2e%2e',
    '%252e%252e%252f',
    '..%5c..%5cx',
    'x%00y',
    '%2fetc%2fpasswd',
    '....%2f%2f',
    '..%2f..%2fapi%2fdelete',
  ];

  it.each(NAMES)('are not found, whatever they name: %s', async (name) => {
    const before = fixture.ollama.seen.length + fixture.openai.seen.length;
    for (const path of ['/v1/models/', '/v1/files/', '/v1/batches/', '/v1/responses/', '/ui/', '/api/blobs/sha256:']) {
      for (const method of ['GET', 'DELETE', 'HEAD']) {
        const status = statusesOf(
          await raw(fixture.gateway.url, `${method} ${path}${name} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`, 2_000),
        )[0];
        expect([400, 404, 405], `${method} ${path}${name}`).toContain(status);
      }
    }
    expect(fixture.ollama.seen.length + fixture.openai.seen.length).toBe(before);
  });

  it('make no files outside the store, as names of uploads', async () => {
    const form = new FormData();
    form.append('purpose', 'user_data');
    form.append('file', new Blob(['x']), '../../../escape.txt');
    const before = await readdir(fixture.gateway.stateDirectory, { recursive: true });
    const response = await fetch(`${fixture.gateway.url}/v1/files`, { method: 'POST', body: form });
    expect([200, 400]).toContain(response.status);
    const made = (await readdir(fixture.gateway.stateDirectory, { recursive: true })).filter((name) => !before.includes(name));
    expect(made.some((name) => name.includes('escape'))).toBe(false);
  });
});

describe('a body that the client cuts off', () => {
  it('calls no upstream at any length', async () => {
    const body = JSON.stringify(chat({ messages: [{ role: 'user', content: '한국어 text \u00e9 🙂'.repeat(8) }] }));
    const bytes = Buffer.from(body);
    const before = fixture.openai.calls().length;
    const cut = (length: number): Promise<void> =>
      new Promise((resolve) => {
        const { port } = new URL(fixture.gateway.url);
        const call = send({ port, host: '127.0.0.1', method: 'POST', path: '/v1/chat/completions', headers: { 'content-length': bytes.length } });
        call.on('error', () => resolve());
        call.on('close', () => resolve());
        call.write(bytes.subarray(0, length), () => setTimeout(() => call.destroy(), 2));
        if (length === 0) setTimeout(() => call.destroy(), 2);
      });
    for (let length = 0; length < bytes.length; length += thorough ? 16 : 64)
      await Promise.all(Array.from({ length: 16 }, (_, index) => cut(Math.min(length + index, bytes.length - 1))));
    expect(fixture.openai.calls()).toHaveLength(before);
    expect((await fixture.gateway.post('/v1/chat/completions', chat({}))).status).toBe(200);
  });
});
