import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../src/core/chat.ts';
import { estimateTokens, needsOf } from '../../src/policy/needs.ts';
import { request } from './fakes.ts';

const tool = { name: 'weather', description: 'the weather', parameters: { type: 'object' } };
const image = { role: 'user' as const, content: [{ type: 'image' as const, mediaType: 'image/png', data: 'AAAA' }] };

describe('what a request needs', () => {
  it.each([
    ['nothing special', {}, { vision: false, tools: false, json: false }],
    ['vision for an image', { messages: [image] }, { vision: true }],
    ['tools', { tools: [tool] }, { tools: true }],
    ['no tools when they are forbidden', { tools: [tool], toolChoice: 'none' as const }, { tools: false }],
    ['JSON', { responseFormat: { type: 'json' as const } }, { json: true }],
  ] satisfies [string, Partial<ChatRequest>, object][])('%s', (_, more, expected) => expect(needsOf(request('hi', more))).toMatchObject(expected));

  it.each([
    ['English prose', 'The quick brown fox jumps over the lazy dog. '.repeat(20), 200],
    ['Korean', '다람쥐 헌 쳇바퀴에 타고파. '.repeat(20), 200],
  ])('estimates the tokens of %s within a factor of two', (_, text, tokens) => {
    expect(estimateTokens(text)).toBeGreaterThan(tokens / 2);
    expect(estimateTokens(text)).toBeLessThan(tokens * 2);
  });

  it('takes no longer for a megabyte than for a page', () => {
    expect(estimateTokens('word '.repeat(200_000))).toBeGreaterThan(200_000);
    expect(estimateTokens('')).toBe(0);
  });
});
