import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/core/chat.ts';
import { readPrompt, readRequest } from '../../src/policy/text.ts';

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const assistant = (text: string): Message => ({ role: 'assistant', content: [{ type: 'text', text }] });

describe('readRequest', () => {
  test('takes the last user turn', () => {
    const input = readRequest([
      user('Write a poem about the sea and the wind in autumn'),
      assistant('...'),
      user('What is the capital of France and how many people live there today?'),
    ]);
    expect(input.text).toBe('What is the capital of France and how many people live there today?');
    expect(input.context).toBe('');
    expect(input.evidence.userTurns).toBe(2);
  });

  test.each(['make it shorter', '이어서', '왜?', 'again please', '더 짧게'])('reads the turns before a follow-up: %s', (text) => {
    const input = readRequest([user('Write a poem about the sea'), assistant('...'), user(text)]);
    expect(input.context).toBe('Write a poem about the sea');
  });

  test('takes fenced code out of the request and keeps it as evidence', () => {
    const input = readPrompt('Why is this slow?\n```python\nfor i in range(10):\n    print(i)\n```\nThanks');
    expect(input.text).not.toContain('range');
    expect(input.text).toContain('Why is this slow?');
    expect(input.evidence).toMatchObject({ hasCode: true, onlyCode: false });
    expect(input.evidence.pastedChars).toBeGreaterThan(30);
  });

  test('does not take a fenced text for code', () => {
    expect(readPrompt('Translate this:\n```\nThe weather is nice today and we go out.\n```').evidence.hasCode).toBe(false);
  });

  test('knows a message that is nothing but code', () => {
    expect(readPrompt('def add(a, b):\n    return a + b\n').evidence).toMatchObject({ hasCode: true, onlyCode: true });
  });

  test('sees a formula', () => {
    expect(readPrompt('Evaluate \\frac{1}{2} of it').evidence.hasFormula).toBe(true);
    expect(readPrompt('Who is the king?').evidence.hasFormula).toBe(false);
  });

  test('keeps the head and the tail of a megabyte', () => {
    const input = readPrompt(`Summarize this:\n${'lorem ipsum '.repeat(90_000)}\nin three lines`);
    expect(input.text.length).toBeLessThanOrEqual(2_001);
    expect(input.text.startsWith('Summarize this:')).toBe(true);
    expect(input.text.endsWith('in three lines')).toBe(true);
    expect(input.evidence.pastedChars).toBeGreaterThan(1_000_000);
  });

  test.each([[[]], [[user('')]], [[user('🙂')]], [[assistant('hello')]]])('survives input without a request', (messages) => {
    expect(readRequest(messages).text.length).toBeLessThan(3);
  });

  test('sees an image beside the text', () => {
    const input = readRequest([{ role: 'user', content: [{ type: 'image', mediaType: 'image/png', data: '' }] }]);
    expect(input.evidence.hasImage).toBe(true);
    expect(input.text).toBe('');
  });
});
