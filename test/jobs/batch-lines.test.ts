import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES, type RawLine, readLine, scanLines } from '../../src/jobs/batch-lines.ts';

async function* pieces(text: string | Buffer, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const all = async (lines: AsyncIterable<RawLine>): Promise<RawLine[]> => {
  const found: RawLine[] = [];
  for await (const line of lines) found.push(line);
  return found;
};
const scan = (text: string | Buffer, size = 1 << 16): Promise<RawLine[]> => all(scanLines(pieces(text, size)));

const ENDPOINT = '/v1/chat/completions';
const good = { custom_id: 'a', method: 'POST', url: ENDPOINT, body: { model: 'auto', messages: [] } };
const read = (value: unknown) => readLine({ line: 6, bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) }, ENDPOINT);

describe('scanning', () => {
  it.each([1, 2, 3, 7, 1 << 16])('finds the same lines and places in pieces of %i bytes', async (size) => {
    const text = '\uFEFF{"a":"세계"}\r\n\r\n  \n{"b":1}\n{"c":2}';
    const bytes = Buffer.from(text);
    const lines = await scan(text, size);
    expect(lines.map(({ line, bytes: own }) => [line, own?.toString()])).toEqual([
      [0, '{"a":"세계"}'],
      [3, '{"b":1}'],
      [4, '{"c":2}'],
    ]);
    for (const { offset, length, bytes: own } of lines) expect(bytes.subarray(offset, offset + length)).toEqual(own);
  });

  it('gives nothing for an empty file, a mark alone, or blank lines', async () => {
    for (const text of ['', '\uFEFF', '\n\r\n \t\n']) expect(await scan(text)).toEqual([]);
  });

  it('passes over a line that is too long without holding it, and goes on behind it', async () => {
    async function* huge(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"a":1}\n');
      for (let sent = 0; sent < 100; sent += 1) yield Buffer.alloc(1 << 20, 0x78);
      yield Buffer.from('\n{"b":2}\n');
    }
    const lines = await all(scanLines(huge()));
    expect(lines.map(({ length, bytes }) => [length, bytes === undefined])).toEqual([
      [7, false],
      [100 << 20, true],
      [7, false],
    ]);
    expect(100 << 20).toBeGreaterThan(MAX_LINE_BYTES);
  });
});

describe('reading a line', () => {
  it('gives id and body of a good one', () => {
    expect(read(good)).toEqual({ customId: 'a', body: good.body });
  });

  it.each([
    ['{"custom_id":', 'invalid_json_line', undefined],
    ['[]', 'invalid_json_line', undefined],
    ['"text"', 'invalid_json_line', undefined],
    [{ ...good, custom_id: undefined }, 'missing_required_parameter', 'custom_id'],
    [{ ...good, custom_id: 7 }, 'missing_required_parameter', 'custom_id'],
    [{ ...good, custom_id: '\0line 3' }, 'missing_required_parameter', 'custom_id'],
    [{ ...good, custom_id: 'x'.repeat(600) }, 'missing_required_parameter', 'custom_id'],
    [{ ...good, method: 'GET' }, 'invalid_method', 'method'],
    [{ ...good, url: '/v1/embeddings' }, 'mismatched_url', 'url'],
    [{ ...good, url: 'http://elsewhere/v1/chat/completions' }, 'mismatched_url', 'url'],
    [{ ...good, body: [] }, 'missing_required_parameter', 'body'],
    [{ ...good, body: { stream: true } }, 'invalid_request', 'body.stream'],
  ])('tells what is wrong with %j', (value, code, param) => {
    const { problem } = read(value);
    expect(problem).toMatchObject({ code, line: 7, message: expect.stringContaining('ine 7') as string });
    expect(problem?.param).toBe(param);
  });

  it('refuses bytes that are not UTF-8 and nesting without end', () => {
    expect(readLine({ line: 0, bytes: Buffer.from([0x7b, 0xff, 0x7d]) }, ENDPOINT).problem?.code).toBe('invalid_json_line');
    expect(read(`{"a":${'['.repeat(10_000)}`).problem?.code).toBe('invalid_json_line');
  });
});
