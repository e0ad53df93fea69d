import { LRUCache } from 'lru-cache';
import { GatewayError } from '../core/errors.ts';
import { sizeOf } from './flight.ts';
import type { CachedAnswer } from './kept.ts';

/** What comes of a claim: the call is yours to make, or its answer is there. */
export type Claim = { readonly yours: true } | { readonly yours: false; readonly answer: CachedAnswer };

/** One call for one Idempotency-Key, whichever worker gets the request and its repetition. */
export interface Claims {
  /**
   * Waits while somebody else makes the same call. `body` tells the request; the same key with another one throws
   * 'unprocessable'. Whoever gets 'yours' must settle.
   */
  claim(key: string, body: string): Promise<Claim>;
  /** The call has ended; without an answer the next who waits makes it. */
  settle(key: string, answer: CachedAnswer | undefined): void;
}

/** The refusal of a key that was used for another request. */
export const reusedKey = (): GatewayError =>
  new GatewayError('unprocessable', 'This Idempotency-Key was used for another request.', { code: 'idempotency_key_reused' });

interface Entry {
  readonly body: string;
  answer?: CachedAnswer | undefined;
  /** Who makes the call now. */
  owner: number | undefined;
  readonly waiting: { readonly owner: number; readonly resolve: (claim: Claim) => void }[];
}

/** Keys remembered. */
const MAX_KEYS = 10_000;

/** The claims of all workers, in their primary. `owner` is a worker. */
export function createClaimTable(options: { readonly ttlMs: number; readonly maxBytes: number }) {
  const entries = new LRUCache<string, Entry>({
    max: MAX_KEYS,
    maxSize: options.maxBytes,
    sizeCalculation: ({ answer }) => 256 + (answer === undefined ? 0 : sizeOf(answer.events)),
    ttl: options.ttlMs,
  });

  const pass = (entry: Entry): void => {
    const next = entry.waiting.shift();
    entry.owner = next?.owner;
    next?.resolve({ yours: true });
  };

  return {
    claim(owner: number, key: string, body: string): Promise<Claim> {
      const entry = entries.get(key);
      if (entry === undefined) {
        entries.set(key, { body, owner, waiting: [] });
        return Promise.resolve({ yours: true });
      }
      if (entry.body !== body) return Promise.reject(reusedKey());
      if (entry.answer !== undefined) return Promise.resolve({ yours: false, answer: entry.answer });
      if (entry.owner === undefined) {
        entry.owner = owner;
        return Promise.resolve({ yours: true });
      }
      return new Promise((resolve) => entry.waiting.push({ owner, resolve }));
    },
    settle(key: string, answer: CachedAnswer | undefined): void {
      const entry = entries.get(key);
      if (entry === undefined) return;
      entry.answer = answer;
      if (answer === undefined) {
        pass(entry);
        return;
      }
      entry.owner = undefined;
      for (const { resolve } of entry.waiting.splice(0)) resolve({ yours: false, answer });
      // Weighed anew, with the answer.
      entries.set(key, { ...entry });
    },
    /** A worker is gone: what it was making is made by who waits. */
    drop(owner: number): void {
      for (const entry of entries.values()) {
        entry.waiting.splice(0, entry.waiting.length, ...entry.waiting.filter((item) => item.owner !== owner));
        if (entry.owner === owner) pass(entry);
      }
    },
  };
}
