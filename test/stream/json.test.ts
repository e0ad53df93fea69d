import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/stream/json.ts';

const parse = (text: string): unknown => parseJson(Buffer.from(text));
const written = (text: string): string => JSON.stringify(parse(text));

describe('parseJson', () => {
  it.each([
    '{"seed":12345678901234567890}',
    '{"seed":-9223372036854775808}',
    '{"a":[9007199254740993,1.5],"b":{"c":18446744073709551615}}',
    '{"text":"\\ud800 lone, 1e999 and 12345678901234567890 in a string"}',
    '{"n":0.1234567890123456}',
  ])('gives back what it was given: %s', (text) => expect(written(text)).toBe(text));

  it.each(['{"a":1e400}', '{"a":[-1E400]}', `{"a":1${'0'.repeat(400)}}`])('refuses a number beyond all doubles: %.30s', (text) =>
    expect(() => parse(text)).toThrow(/too large/),
  );

  it.each(['{"a":1,"a":2}', '{"model":"a","mod\\u0065l":"b"}', '{"x":[{"y":{"k":1,"k":1}}]}'])('refuses a key that stands twice in one object: %s', (text) =>
    expect(() => parse(text)).toThrow(/twice/),
  );

  it('takes the same key in different objects, and colons and braces in strings', () =>
    expect(written('{"a":{"a":[{"a":"::{[\\"a\\":1"}]},"b":":"}')).toBe('{"a":{"a":[{"a":"::{[\\"a\\":1"}]},"b":":"}'));

  it.each(['{"__proto__":{"x":1}}', '{"a":[{"\\u005f_proto__":{"x":1}}]}'])('refuses the key that would replace a prototype: %s', (text) => {
    expect(() => parse(text)).toThrow(/__proto__/);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('refuses nesting before it is parsed, and takes 64 levels', () => {
    for (const depth of [65, 1_000, 1_000_000]) {
      expect(() => parse('['.repeat(depth) + ']'.repeat(depth))).toThrow(/nested deeper/);
      expect(() => parse('{"a":'.repeat(depth))).toThrow(/nested deeper/);
    }
    expect(() => parse('['.repeat(64) + ']'.repeat(64))).not.toThrow();
  });

  it.each([
    ['UTF-8 that is broken', [0x22, 0xff, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['UTF-16', [0x22, 0, 0x22, 0]],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x31]],
  ])('refuses %s', (_name, bytes) => expect(() => parseJson(Buffer.from(bytes))).toThrow(/JSON|UTF-8/));

  it('agrees with JSON.parse on everything that JSON.stringify can write', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8, noUnicodeString: false }), (text) => {
        fc.pre(!text.includes('__proto__'));
        expect(written(text)).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });
});
