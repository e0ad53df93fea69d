import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../src/core/chat.ts';
import { createChunkReader } from '../../../src/providers/openai/events.ts';
import { createSseParser } from '../../../src/stream/sse.ts';

/** Events of a stream that arrives in the given pieces; `quick` as the provider reads it, else message by message. */
function read(pieces: readonly Uint8Array[], quick: boolean): ChatEvent[] {
  const reader = createChunkReader('here');
  const sse = createSseParser();
  const events: ChatEvent[] = [];
  for (const piece of pieces) {
    sse.read(piece, ({ data }) => reader.data(data, events), quick ? (text, at) => reader.skim(text, at, events) : undefined);
  }
  for (const { data } of sse.end()) reader.data(data, events);
  return [...events.map(({ json: _json, ...event }: ChatEvent & { json?: string }) => event as ChatEvent), reader.finish()];
}

const chunk = (delta: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: null }], ...more })}\n\n`;
const END = `data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":5}}\n\ndata: [DONE]\n\n`;

/** Cuts bytes into pieces of the given lengths, over and over. */
function cut(text: string, lengths: readonly number[]): Uint8Array[] {
  const bytes = Buffer.from(text);
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

const text = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('"}', '\\', '"},"finish_reason":null}]}', '안녕', '👍', '\n\n', '{"content":"x"}', ''));
const message = fc.oneof(
  { weight: 8, arbitrary: text.map((content) => chunk({ content })) },
  text.map((reasoning_content) => chunk({ reasoning_content })),
  text.map((content) => chunk({ role: 'assistant', content })),
  text.map((content) => chunk({ content }, { created: 2 })),
  text.map((content) => chunk({ content }, { usage: { prompt_tokens: 1, completion_tokens: 2 } })),
  fc.constant(': a comment\n\n'),
  text.map((args) => chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: args } }] })),
);

describe('chunks of a stream', () => {
  it('give the same events whether each is parsed or those of one form are read at once', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 30 }), fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 }), (messages, lengths) => {
        const pieces = cut(messages.join('') + END, lengths);
        expect(read(pieces, true)).toEqual(read(pieces, false));
      }),
      { numRuns: 500 },
    );
  });

  it('are read without parsing once their form is known', () => {
    const reader = createChunkReader('here');
    const events: ChatEvent[] = [];
    reader.data(chunk({ content: 'one' }).slice(6).trim(), events);
    const more = chunk({ content: ' "two"' }) + chunk({ content: '' }) + chunk({ content: ' three' }) + chunk({ role: 'assistant', content: 'x' });
    const at = reader.skim(more, 0, events);
    expect(more.slice(at)).toBe(chunk({ role: 'assistant', content: 'x' }));
    expect(events).toEqual([
      { type: 'text', delta: 'one' },
      { type: 'text', delta: ' "two"', json: '" \\"two\\""' },
      { type: 'text', delta: ' three', json: '" three"' },
    ]);
  });
});
