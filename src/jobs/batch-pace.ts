import type { Rate, Rates } from '../core/rates.ts';

export interface PaceOptions {
  readonly rates: Rates;
  /** The rate of whoever made a batch, as it stands now; undefined for none. */
  readonly rateOf: (owner: string) => Rate | undefined;
  /** Epoch ms. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Waits for a line's place in its owner's window; throws when `signal` fires. */
export type Pace = (owner: string, signal: AbortSignal) => Promise<void>;

/** Lines count in the same window as the owner's requests, but a full window keeps a line waiting instead of refusing it. */
export function createPace({ rates, rateOf, now, sleep }: PaceOptions): Pace {
  /** The last line in each owner's queue: one at a time asks for a place, so that waiting lines do not fill the next window by asking. */
  const queues = new Map<string, Promise<void>>();

  const place = async (owner: string, signal: AbortSignal): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      const rate = rateOf(owner);
      if (rate === undefined) return;
      const { count, endsAt } = await rates.count(owner, rate.windowMs);
      if (count <= rate.requests) return;
      await sleep(Math.max(1, endsAt - now()), signal);
    }
  };

  return (owner, signal) => {
    if (rateOf(owner) === undefined) return Promise.resolve();
    const turn = (queues.get(owner) ?? Promise.resolve()).then(() => place(owner, signal));
    const over = turn.catch(() => undefined);
    queues.set(owner, over);
    void over.then(() => queues.get(owner) === over && queues.delete(owner));
    return turn;
  };
}
