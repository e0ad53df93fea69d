/** First and longest pause before a worker that died is started again, ms; doubles while it keeps dying young. */
const FIRST_MS = 200;
const LONGEST_MS = 30_000;
/** A worker that lived this long died of something new, ms. */
const SETTLED_MS = 60_000;

/** How long to wait before a worker is replaced, so that one that cannot live does not keep the machine busy with its starts. */
export function createRestarts(): { pauseMs(worker: number, livedMs: number): number } {
  const deaths = new Map<number, number>();
  return {
    pauseMs(worker, livedMs) {
      const young = livedMs >= SETTLED_MS ? 0 : (deaths.get(worker) ?? 0);
      deaths.set(worker, young + 1);
      return Math.min(LONGEST_MS, FIRST_MS * 2 ** young);
    },
  };
}
