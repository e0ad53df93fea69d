import type { ChatEvent, ChatStream } from '../core/chat.ts';
import { createSizeLimit } from './collect.ts';

/** Whether an event carries something a person can read; starts and empty deltas do not. */
export const isContent = (event: ChatEvent): boolean =>
  event.type === 'finish' || event.type === 'tool-call' || ((event.type === 'text' || event.type === 'reasoning') && event.delta !== '');

/**
 * Reads a stream up to its first content, or to its end, and gives it back whole. Until then its failure is thrown here, so that
 * another model may still be tried; afterwards it is thrown to the reader.
 */
export async function peek(stream: ChatStream, until: 'content' | 'end' = 'content'): Promise<ChatStream> {
  const iterator = stream[Symbol.asyncIterator]();
  const held: (readonly ChatEvent[])[] = [];
  const limit = createSizeLimit();
  try {
    for (;;) {
      const { done, value } = await iterator.next();
      if (done) break;
      held.push(value);
      for (const event of value) limit(event);
      if (until === 'content' && value.some(isContent)) break;
    }
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        const value = held.shift();
        return value === undefined ? iterator.next() : Promise.resolve({ done: false, value });
      },
      return: async () => {
        await iterator.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}
