import type { SharedCache } from '../cache/cache.ts';
import type { CachedAnswer } from '../cache/kept.ts';
import type { CommonStore } from './redis.ts';

/** Longest answer that is shared, in characters of its JSON. */
const MAX_LENGTH = 1 << 20;

/** Answers that several gateways share. What cannot be read is a miss. */
export const createSharedCache = (store: CommonStore): SharedCache => ({
  async get(key) {
    const text = await store.get(`answer:${key}`);
    return text === undefined ? undefined : read(text);
  },
  set(key, answer, ttlMs) {
    const text = JSON.stringify(answer);
    if (text.length <= MAX_LENGTH) store.set(`answer:${key}`, text, ttlMs);
  },
});

/** An answer is used only when it is whole: it must end in a finish. */
function read(text: string): CachedAnswer | undefined {
  try {
    const answer = JSON.parse(text) as CachedAnswer;
    return Array.isArray(answer.events) && answer.events.at(-1)?.type === 'finish' ? answer : undefined;
  } catch {
    return undefined;
  }
}
