import type { LineResult } from '../state/records.ts';

/** Results written in one go. */
const CHUNK = 200;

/**
 * Writes results while the next lines run: what comes in during a write goes out with the next one. `add` makes a worker wait
 * once `limit` results are not on disk yet, so that a crash repeats no more than that.
 */
export function createResultWriter(save: (results: readonly LineResult[]) => Promise<void>, limit: number) {
  let waiting: LineResult[] = [];
  let active: Promise<void> | undefined;
  let failure: unknown;

  const drain = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const chunk = waiting.slice(0, CHUNK);
        waiting = waiting.slice(CHUNK);
        await save(chunk);
      }
    } catch (error) {
      failure = error;
    } finally {
      active = undefined;
    }
  };
  const check = (): void => {
    if (failure !== undefined) throw failure;
  };

  return {
    async add(result: LineResult): Promise<void> {
      check();
      waiting.push(result);
      active ??= drain();
      while (active !== undefined && waiting.length >= limit) await active;
      check();
    },
    /** Resolves when everything is on disk. Throws what went wrong with any write. */
    async flush(): Promise<void> {
      while (active !== undefined) await active;
      check();
    },
  };
}
