import type { BatchItem } from './batch-input.ts';

/** One answered question, as it is written to the output file. */
export interface BatchAnswer {
  readonly id: string;
  readonly answer: string;
  readonly model: string;
  readonly provider?: string;
  readonly task?: string;
  readonly tokens: { readonly input: number; readonly output: number };
  readonly seconds: number;
}

export interface BatchFailure {
  readonly id: string;
  readonly error: string;
}

export interface Tally {
  readonly total: number;
  answered: number;
  failed: number;
  inputTokens: number;
  outputTokens: number;
  /** Answers by model. */
  readonly models: Map<string, number>;
}

export interface RunOptions {
  readonly items: AsyncIterable<BatchItem>;
  readonly total: number;
  readonly concurrency: number;
  /** Asks one question. Throws an Error whose message says why there is no answer. */
  readonly ask: (item: BatchItem, signal: AbortSignal) => Promise<BatchAnswer>;
  readonly write: (answer: BatchAnswer) => Promise<void>;
  readonly fail: (failure: BatchFailure) => Promise<void>;
  readonly progress: (tally: Tally) => void;
  readonly signal: AbortSignal;
}

/** Asks every question, so many at a time, and counts. Stops taking new ones when `signal` fires; throws when the output cannot be written. */
export async function runBatch(options: RunOptions): Promise<Tally> {
  const tally: Tally = { total: options.total, answered: 0, failed: 0, inputTokens: 0, outputTokens: 0, models: new Map() };
  const items = options.items[Symbol.asyncIterator]();
  const worker = async (): Promise<void> => {
    while (!options.signal.aborted) {
      const { done, value: item } = await items.next();
      if (done) return;
      let answer: BatchAnswer;
      try {
        answer = await options.ask(item, options.signal);
      } catch (error) {
        if (options.signal.aborted) return;
        tally.failed += 1;
        await options.fail({ id: item.id, error: (error as Error).message });
        options.progress(tally);
        continue;
      }
      await options.write(answer);
      tally.answered += 1;
      tally.inputTokens += answer.tokens.input;
      tally.outputTokens += answer.tokens.output;
      tally.models.set(answer.model, (tally.models.get(answer.model) ?? 0) + 1);
      options.progress(tally);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return tally;
}
