import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyRecord, StoredKey } from '../state/records.ts';
import type { SharedStore } from './redis.ts';

const CLOCK_MS = 1_000;

/** Puts a key there unless it is there as revoked: KEYS keys, version; ARGV id, JSON, '1' when it is revoked. */
const PUT = `local known = redis.call('HGET', KEYS[1], ARGV[1])
if known == ARGV[2] then return 0 end
if known and ARGV[3] == '0' then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('INCR', KEYS[2])
return 1`;

export interface SharedKeys {
  /** Tells the others of a key that was made or revoked; false when the store could not be told and the next round must. */
  tell(stored: StoredKey): Promise<boolean>;
  /** What the others told since the last time, and puts there what is missing of `own`. */
  exchange(own: () => Promise<readonly StoredKey[]>): Promise<readonly StoredKey[]>;
}

/**
 * Access keys that hold at several gateways. Each gateway keeps them all in its own state, so that nobody is locked out and nobody
 * let in by a store that is gone. Every record carries a code made with a secret that only the gateways have: who can write to the
 * store cannot make a key. Revoking wins over everything.
 */
export function createSharedKeys(store: SharedStore, secret: string): SharedKeys {
  const codeKey = createHmac('sha256', secret).update('orchestrator keys: records').digest();
  const codeOf = (text: string): Buffer => createHmac('sha256', codeKey).update(text).digest();
  let version: string | null | undefined;

  const seal = (stored: StoredKey): string => {
    const text = JSON.stringify(stored);
    return JSON.stringify({ text, code: codeOf(text).toString('hex') });
  };
  const open = (sealed: string): StoredKey | undefined => {
    try {
      const { text, code } = JSON.parse(sealed) as { text: string; code: string };
      const given = Buffer.from(code, 'hex');
      const wanted = codeOf(text);
      return given.length === wanted.length && timingSafeEqual(given, wanted) ? (JSON.parse(text) as StoredKey) : undefined;
    } catch {
      return undefined;
    }
  };
  const tell = async (stored: StoredKey): Promise<boolean> =>
    (await store.run((client) => client.eval(PUT, 2, 'keys', 'keys:version', stored.key.id, seal(stored), isRevoked(stored.key) ? '1' : '0'), CLOCK_MS)) !==
    undefined;

  return {
    tell,
    async exchange(own) {
      const now = await store.run((client) => client.get('keys:version'), CLOCK_MS);
      // An empty store has no version, and what is missing there must be told again each time until it has one.
      if (now === undefined || (now !== null && now === version)) return [];
      const sealed = await store.run((client) => client.hgetall('keys'), CLOCK_MS);
      if (sealed === undefined) return [];
      const there = new Map(
        Object.entries(sealed).flatMap(([id, text]) => {
          const stored = open(text);
          return stored === undefined || stored.key.id !== id ? [] : [[id, stored] as const];
        }),
      );
      let told = true;
      for (const mine of await own()) {
        const known = there.get(mine.key.id);
        if (known === undefined || (isRevoked(mine.key) && !isRevoked(known.key))) told = (await tell(mine)) && told;
      }
      if (told) version = now;
      return [...there.values()];
    },
  };
}

const isRevoked = (key: KeyRecord): boolean => key.revokedAt !== undefined;
