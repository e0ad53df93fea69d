import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeChat } from '../../src/dialects/openai/chat-decode.ts';
import { isPlainChat } from '../../src/dialects/openai/chat-plain.ts';

const odd = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
/** Mostly what it should be. */
const mostly = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> => fc.oneof({ weight: 8, arbitrary: usual as fc.Arbitrary<unknown> }, odd);
const message = fc.record({
  role: mostly(fc.constantFrom('system', 'developer', 'user', 'assistant', 'USER', 'tool', 'toString')),
  content: mostly(fc.string()),
});
const count = mostly(fc.integer({ min: 0, max: 300 }));
const body = fc.record(
  {
    model: mostly(fc.constantFrom('m', 'some/model:7b', ' m')),
    messages: mostly(fc.array(fc.oneof({ weight: 8, arbitrary: message as fc.Arbitrary<unknown> }, odd), { maxLength: 2 })),
    stream: mostly(fc.boolean()),
    max_tokens: count,
    max_completion_tokens: count,
    temperature: mostly(fc.double({ min: -1, max: 6, noNaN: true })),
    top_p: mostly(fc.double({ min: 0, max: 1.1, noNaN: true })),
  },
  { requiredKeys: ['model', 'messages'] },
);

describe('a plain chat request', () => {
  it('is decoded as the schema would decode it', () => {
    let plain = 0;
    fc.assert(
      fc.property(body, (value) => {
        if (!isPlainChat(value)) return;
        plain += 1;
        // A field that plain requests lack sends the same body through the schema.
        expect(decodeChat(value)).toEqual(decodeChat({ ...value, n: 1 }));
      }),
      { numRuns: 3_000 },
    );
    expect(plain).toBeGreaterThan(20);
  });

  it.each([
    ['a number', 7],
    ['no messages', { model: 'm' }],
    ['an unknown field', { model: 'm', messages: [{ role: 'user', content: 'x' }], user: 'u' }],
    ['a temperature out of bounds', { model: 'm', messages: [{ role: 'user', content: 'x' }], temperature: 9 }],
    ['parts', { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] }],
    ['a key of every object', JSON.parse('{"model":"m","messages":[{"role":"user","content":"x"}],"__proto__":1}')],
  ])('is not: %s', (_what, value) => {
    expect(isPlainChat(value)).toBe(false);
  });
});
