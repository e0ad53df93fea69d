import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src/dialects/openai/chat.ts';
import { openaiCompletions } from '../../../src/dialects/openai/completions.ts';

const chat = (more: object) => openaiChat.decode({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...more });
const completion = (more: object) => openaiCompletions.decode({ model: 'm', prompt: 'hi', ...more });

const REFUSED: Record<string, object> = {
  'a million biases': { logit_bias: Object.fromEntries(Array.from({ length: 1_000_000 }, (_, token) => [token, 1])) },
  'a bias that is no number': { logit_bias: { 5: 'much' } },
  'a bias beyond 100': { logit_bias: { 5: 101 } },
  'biases that are text': { logit_bias: 'all' },
  'a pattern that repeats a repetition': { guided_regex: 'foo**' },
  'a pattern that never closes': { guided_regex: '(((((' },
  'a pattern of a megabyte': { guided_regex: 'a'.repeat(1 << 20) },
  'a broken pattern in the newer field': { structured_outputs: { regex: '[a-' } },
};

describe('fields that only engines understand', () => {
  it.each(Object.entries(REFUSED))('are refused, naming the field: %s', (_name, more) => {
    const param = 'structured_outputs' in more ? 'structured_outputs.regex' : Object.keys(more)[0];
    for (const decode of [chat, completion])
      expect(() => decode(more)).toThrow(expect.objectContaining({ kind: 'invalid-request', details: { param } }) as Error);
  });

  it.each([
    { logit_bias: { 50256: -100 } },
    { logit_bias: [[5, false]] },
    { guided_regex: '(?P<year>\\d{4})' },
    { guided_regex: 'a++b' },
    { guided_regex: '\\d{3}-[가-힣]+' },
  ])('pass on as they are: %j', (more) => expect(chat(more).request.extra).toMatchObject(more));
});
