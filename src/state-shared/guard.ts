/** Failures in a row after which the store is left alone for a while. */
const THRESHOLD = 3;
/** How long it is left alone, ms; doubles up to the most. */
const REST_MS = 500;
const MAX_REST_MS = 10_000;

export interface Guard {
  /** Runs an operation under the clock (or one of its own, ms); undefined when it failed, was late, or the store is being left alone. Never throws. */
  run<T>(operation: () => Promise<T>, clockMs?: number): Promise<T | undefined>;
  /** False while the store is left alone. */
  readonly open: boolean;
}

/**
 * Stands before a store that helps but must never be waited for: a short clock for every operation, and a breaker, because a slow
 * store costs more than a dead one. `onChange` tells when the store is given up and when it is back.
 */
export function createGuard(options: { readonly clockMs: number; readonly now: () => number; readonly onChange: (usable: boolean) => void }): Guard {
  const { clockMs, now, onChange } = options;
  let failures = 0;
  let restUntil = 0;
  let restMs = REST_MS;
  let probing = false;

  const succeeded = (): void => {
    if (failures >= THRESHOLD) onChange(true);
    failures = 0;
    restMs = REST_MS;
  };
  const failed = (): void => {
    failures += 1;
    if (failures < THRESHOLD) return;
    // Calls that were under way when the first ones failed tell nothing new.
    if (restUntil > now()) return;
    if (failures > THRESHOLD) restMs = Math.min(restMs * 2, MAX_REST_MS);
    restUntil = now() + restMs;
    if (failures === THRESHOLD) onChange(false);
  };

  return {
    get open() {
      return failures < THRESHOLD;
    },
    async run(operation, ownClockMs = clockMs) {
      const probe = failures >= THRESHOLD;
      if (probe && (probing || restUntil > now())) return undefined;
      if (probe) probing = true;
      let timer: NodeJS.Timeout | undefined;
      try {
        const late = new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error('late')), ownClockMs);
        });
        const value = await Promise.race([operation(), late]);
        succeeded();
        return value;
      } catch {
        failed();
        return undefined;
      } finally {
        clearTimeout(timer);
        if (probe) probing = false;
      }
    },
  };
}
