import type { BatchLine, LineResult, StoredBatch } from '../state/records.ts';

/** Other gateways that work at the same batches. */
export interface BatchExchange {
  /** Which of these lines this gateway may run now; the others run elsewhere or are done. */
  lease(batch: StoredBatch, lines: readonly BatchLine[]): Promise<readonly BatchLine[]>;
  /** The results that count for these lines: another gateway's where it was first. */
  settle(batch: StoredBatch, results: readonly LineResult[]): Promise<readonly LineResult[]>;
  /** Gives back the lines that were leased and not settled. */
  release(id: string): void;
  /** Before a batch ends with lines open: time for results on their way to come in. */
  lastCall(id: string): Promise<void>;
}

/** A gateway on its own. */
export const ALONE: BatchExchange = {
  lease: async (_batch, lines) => lines,
  settle: async (_batch, results) => results,
  release: () => undefined,
  lastCall: async () => undefined,
};
