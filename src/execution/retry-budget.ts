/** Retries that are always allowed within the window, so that a quiet gateway may retry at all (as in Envoy: 3). */
const FLOOR = 3;
/** The window slides by a tenth of itself, ms. */
const SLICE_MS = 1_000;
const SLICES = 10;

interface Slice {
  requests: number;
  retries: number;
}

/**
 * Bounds further attempts to a share of the requests of the last ten seconds, so that a failing group is not hit harder for
 * failing (the retry budgets of Linkerd and Envoy: 20 %). A request's first further attempt is not counted while somebody is left
 * whose latest answer was good: it goes where there is no failure to make worse, and one that dies with many requests under way
 * would take them along otherwise. Where all fail, nobody's latest answer is good, and every further attempt counts.
 */
export function createRetryBudget(now: () => number, share = 0.2) {
  const slices: Slice[] = Array.from({ length: SLICES }, () => ({ requests: 0, retries: 0 }));
  let tick = Math.floor(now() / SLICE_MS);
  /** Providers whose latest answer in this group was good. */
  const well = new Set<string>();

  const slice = (): Slice => {
    const current = Math.floor(now() / SLICE_MS);
    for (let next = Math.max(tick + 1, current - SLICES + 1); next <= current; next++) slices[next % SLICES] = { requests: 0, retries: 0 };
    tick = Math.max(tick, current);
    return slices[tick % SLICES] as Slice;
  };
  const sum = (field: keyof Slice): number => slices.reduce((total, { [field]: count }) => total + count, 0);

  return {
    request(): void {
      slice().requests += 1;
    },
    succeeded(provider: string): void {
      well.add(provider);
    },
    failed(provider: string): void {
      well.delete(provider);
    },
    /** True when one more attempt may be made after `attempts` at one of the providers that are left; it is counted then. */
    retry(left: readonly string[], attempts: number): boolean {
      const current = slice();
      if (attempts === 1 && left.some((provider) => well.has(provider))) return true;
      if (sum('retries') >= Math.max(FLOOR, Math.floor(share * sum('requests')))) return false;
      current.retries += 1;
      return true;
    },
  };
}

export type RetryBudget = ReturnType<typeof createRetryBudget>;
