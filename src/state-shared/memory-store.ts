import { LRUCache } from 'lru-cache';
import type { CommonStore } from './redis.ts';

/** Windows counted at once; the oldest are forgotten first. */
const MAX_WINDOWS = 100_000;

/** A common store in this process, for whoever asks it. `beyond` is the one that other gateways share too: asked and told beside it. */
export function createMemoryStore(options: { readonly maxEntries: number; readonly maxBytes: number; readonly beyond?: CommonStore | undefined }): CommonStore {
  const { beyond } = options;
  const values = new LRUCache<string, string>({
    max: options.maxEntries,
    maxSize: options.maxBytes,
    sizeCalculation: (value, key) => (value.length + key.length) * 2,
  });
  const windows = new LRUCache<string, number>({ max: MAX_WINDOWS });
  return {
    get: async (key) => values.get(key) ?? beyond?.get(key),
    set(key, value, ttlMs) {
      values.set(key, value, { ttl: Math.max(1, Math.floor(ttlMs)) });
      beyond?.set(key, value, ttlMs);
    },
    async count(key, windowMs) {
      const current = (windows.get(key) ?? 0) + 1;
      const ttl = current === 1 ? Math.ceil(windowMs) : windows.getRemainingTTL(key);
      windows.set(key, current, { ttl });
      const all = await beyond?.count(key, windowMs);
      return all !== undefined && all.current > current ? all : { current, ttlMs: ttl };
    },
  };
}
