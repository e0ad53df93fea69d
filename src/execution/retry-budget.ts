/** Retries that are always allowed in a window, so that a quiet gateway may retry at all: ten a second, as in Linkerd. */
const FLOOR = 100;
const WINDOW_MS = 10_000;

/**
 * Bounds second attempts to a share of the requests of the last ten seconds, so that a failing fleet is not hit harder for
 * failing (the retry budgets of Linkerd and Envoy: 20 %).
 */
export function createRetryBudget(now: () => number, share = 0.2) {
  let windowAt = now();
  let requests = 0;
  let retries = 0;
  let lastRequests = 0;

  const roll = (): void => {
    const elapsed = now() - windowAt;
    if (elapsed < WINDOW_MS) return;
    lastRequests = elapsed < 2 * WINDOW_MS ? requests : 0;
    requests = 0;
    retries = 0;
    windowAt = now();
  };

  return {
    request(): void {
      roll();
      requests += 1;
    },
    /** True when a retry may be made; it is counted then. */
    retry(): boolean {
      roll();
      if (retries >= Math.max(FLOOR, share * Math.max(requests, lastRequests))) return false;
      retries += 1;
      return true;
    },
  };
}

export type RetryBudget = ReturnType<typeof createRetryBudget>;
