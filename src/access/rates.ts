import { LRUCache } from 'lru-cache';
import type { Rates, Window } from '../core/rates.ts';

/** Addresses and keys remembered at once; the oldest are forgotten first. */
const MAX_TENANTS = 10_000;

interface CountingStore {
  count(key: string, windowMs: number): Promise<{ readonly current: number; readonly ttlMs: number } | undefined>;
}

/**
 * Counts in the shared store, where there is one, and here. The higher count rules, so that a limit holds over all gateways while
 * the store answers, and over this one when it does not. An exact store, the workers' own, counts alone. `now` is epoch ms.
 */
export function createRates(options: { readonly now: () => number; readonly store: CountingStore | undefined; readonly exact: boolean }): Rates {
  const { now, store, exact } = options;
  const own = new LRUCache<string, Window>({ max: MAX_TENANTS });
  /** The last counts over all gateways, carried on here while the store is late. */
  const known = new LRUCache<string, Window>({ max: MAX_TENANTS });
  const hit = (windows: LRUCache<string, Window>, tenant: string, windowMs: number): Window => {
    const before = windows.get(tenant);
    const alive = before !== undefined && before.endsAt > now();
    const window = alive ? { count: before.count + 1, endsAt: before.endsAt } : { count: 1, endsAt: now() + windowMs };
    windows.set(tenant, window);
    return window;
  };

  return {
    async count(tenant, windowMs) {
      const here = hit(own, tenant, windowMs);
      if (store === undefined) return here;
      const all = await store.count(`rate:${tenant}`, windowMs);
      if (all === undefined) {
        const carried = hit(known, tenant, windowMs);
        return carried.count > here.count ? carried : here;
      }
      const everywhere = { count: all.current, endsAt: now() + all.ttlMs };
      known.set(tenant, everywhere);
      return exact || everywhere.count > here.count ? everywhere : here;
    },
  };
}
