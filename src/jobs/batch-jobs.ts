import { GatewayError } from '../core/errors.ts';
import type { BatchEnding, BatchLine, StoredBatch } from '../state/records.ts';
import type { State, StateLog } from '../state/state.ts';
import { ALONE, type BatchExchange } from './batch-exchange.ts';
import type { Pace } from './batch-pace.ts';
import { createResultWriter } from './batch-results.ts';
import { createLineRunner, type LineGateway, unrunnable } from './batch-run.ts';
import type { Slots } from './batch-slots.ts';
import { createLineSource, type ReadyLine } from './batch-source.ts';
import { BatchFileError, validateLines } from './batch-validate.ts';

export interface BatchOptions {
  readonly state: Pick<State, 'files' | 'batches'>;
  readonly gateway: LineGateway;
  readonly slots: Slots;
  readonly pace: Pace;
  /** Lines of one batch at once. */
  readonly concurrency: number;
  readonly createId: () => string;
  /** Epoch ms, whole. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: StateLog;
  readonly retryMs?: readonly number[];
  /** Where several gateways work at the same batches. */
  readonly exchange?: BatchExchange;
}

/** Waits between attempts at one line: about a minute and a half in all, for an upstream that restarts. */
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000];
/** Between attempts of a whole batch when the store fails, ms. */
const STORE_RETRY_MS = [200, 1_000, 5_000, 30_000];

/** Before lines that run at another gateway are looked at again, ms. */
const ELSEWHERE_MS = 1_000;

/** Why the work at a batch stopped before its lines were done; the code of the error its calls are cancelled with. */
type Stop = 'cancelled' | 'expired' | 'closing';
const stopWith = (code: Stop): GatewayError => new GatewayError('client-closed', `The batch is ${code}.`, { code });
const stopped = ({ aborted, reason }: AbortSignal): Stop | undefined => (aborted ? ((reason as GatewayError).details.code as Stop) : undefined);

/**
 * Carries batches out. What is on disk decides: a batch taken up again after a crash goes on where it was, and a line that has
 * its result is never run again.
 */
export function createBatchJobs(options: BatchOptions) {
  const { state, now, log, createId, concurrency, slots, pace, sleep, exchange = ALONE } = options;
  const { batches, files } = state;
  const runLine = createLineRunner({ ...options, retryMs: options.retryMs ?? RETRY_MS });
  const running = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  const closing = new AbortController();

  const readRange = async (fileId: string, offset: number, length: number): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const part of files.content(fileId, { offset, length })) parts.push(part);
    return Buffer.concat(parts);
  };

  const validate = async (batch: StoredBatch, signal: AbortSignal): Promise<void> => {
    const { id } = batch;
    try {
      const { bad, model } = await validateLines(files.content(batch.inputFileId), batch.endpoint, async (lines) => {
        signal.throwIfAborted();
        await batches.addLines(id, lines);
      });
      for (let from = 0; from < bad.length; from += 500) {
        const results = bad.slice(from, from + 500).map(({ line, customId, problem }) => unrunnable(line, customId, problem, createId()));
        await batches.complete(id, await exchange.settle(batch, results));
      }
      await batches.start(id, now(), model);
    } catch (thrown) {
      if (thrown instanceof BatchFileError) await batches.fail(id, now(), thrown.errors);
      else if (thrown instanceof GatewayError && thrown.kind === 'not-found') {
        const message = `The input file '${batch.inputFileId}' is gone.`;
        await batches.fail(id, now(), [{ code: 'invalid_input_file', message, param: 'input_file_id', line: null }]);
      } else throw thrown;
    }
  };

  /** Runs what lines are open. `held` are those an earlier attempt had taken when the store failed. */
  const work = async (batch: StoredBatch, held: Set<number>, signal: AbortSignal): Promise<void> => {
    const { id, inputFileId } = batch;
    if (held.size > 0) await batches.release(id, [...held]);
    held.clear();
    const writer = createResultWriter(async (results) => {
      await batches.complete(id, await exchange.settle(batch, results));
      for (const { line } of results) held.delete(line);
    }, concurrency);
    const read = (offset: number, length: number): Promise<Buffer> => readRange(inputFileId, offset, length);
    // A lease outlasts the batch: one process owns the store, and its start frees all leases.
    const claim = async (count: number): Promise<readonly BatchLine[]> => {
      for (;;) {
        const lines = await batches.claim(id, count, batch.expiresAt + 86_400_000, now());
        const granted = await exchange.lease(batch, lines);
        const mine = new Set(granted.map(({ line }) => line));
        for (const line of mine) held.add(line);
        const elsewhere = lines.filter(({ line }) => !mine.has(line)).map(({ line }) => line);
        if (elsewhere.length > 0) await batches.renew(id, elsewhere, now() + ELSEWHERE_MS);
        if (granted.length > 0 || lines.length === 0) return granted;
      }
    };
    const source = createLineSource({ claim, read, size: Math.max(20, concurrency * 2) });
    const runOne = async (line: ReadyLine): Promise<void> => {
      let bytes: Buffer;
      try {
        bytes = line.bytes ?? (await read(line.offset, line.length));
      } catch (error) {
        if (GatewayError.from(error).kind !== 'not-found') throw error;
        const problem = { code: 'input_file_deleted', message: 'This request was not run because the input file was deleted.' };
        return writer.add(unrunnable(line.line, line.customId, problem, createId()));
      }
      return writer.add(await runLine(batch, { ...line, bytes }, signal));
    };
    const worker = async (): Promise<void> => {
      while (!signal.aborted) {
        const line = await source.next();
        if (line === undefined) return;
        // Before the slot: a batch that waits for its key's window keeps no other from working.
        await pace(batch.owner, signal);
        await slots.acquire();
        try {
          if (signal.aborted) return;
          await runOne(line);
        } finally {
          slots.release();
        }
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: concurrency }, worker));
    await writer.flush();
    exchange.release(id);
    const broken = ended.find(({ status }) => status === 'rejected');
    if (broken?.status === 'rejected' && !signal.aborted) throw broken.reason;
  };

  /** One step of a batch's life; true while there is a next one. */
  const step = async (id: string, held: Set<number>, stop: AbortController): Promise<boolean> => {
    const batch = await batches.get(id);
    if (batch === undefined) return false;
    const end = async (ending: BatchEnding): Promise<true> => {
      if (ending !== 'completed') await exchange.lastCall(id);
      const ended = await batches.finalize(id, ending, now());
      log.info({ batch: id, status: ended.status, ...ended.counts }, 'batch ended');
      return true;
    };
    switch (batch.status) {
      case 'validating':
        await validate(batch, stop.signal);
        return true;
      case 'in_progress': {
        const left = batch.expiresAt - now();
        if (left <= 0) return end('expired');
        const timer = setTimeout(() => stop.abort(stopWith('expired')), Math.min(left, 2 ** 31 - 1));
        try {
          await work(batch, held, stop.signal);
        } finally {
          clearTimeout(timer);
        }
        const reason = stopped(stop.signal);
        if (reason === 'closing' || reason === 'cancelled') return true;
        if (reason === undefined && (await batches.open(id)) > 0) {
          // The rest runs at other gateways.
          await sleep(ELSEWHERE_MS, stop.signal).catch(() => undefined);
          return true;
        }
        return end(reason ?? 'completed');
      }
      case 'cancelling':
        return end('cancelled');
      case 'finalizing':
        return end(batch.ending ?? 'completed');
      case 'failed':
      case 'completed':
      case 'expired':
      case 'cancelled':
        return false;
    }
  };

  const live = async (id: string, stop: AbortController): Promise<void> => {
    const held = new Set<number>();
    let failures = 0;
    while (!closing.signal.aborted) {
      try {
        if (!(await step(id, held, stop))) return;
        failures = 0;
      } catch (error) {
        if (closing.signal.aborted) return;
        if (error === stop.signal.reason) continue;
        log.error({ batch: id, kind: GatewayError.from(error).kind, name: (error as Error).name, stack: (error as Error).stack }, 'batch interrupted');
        const wait = STORE_RETRY_MS[Math.min(failures++, STORE_RETRY_MS.length - 1)] ?? 1_000;
        await sleep(wait, closing.signal).catch(() => undefined);
      }
    }
  };

  const wake = (id: string): void => {
    if (closing.signal.aborted || running.has(id)) return;
    const stop = new AbortController();
    const done = live(id, stop).finally(() => running.delete(id));
    running.set(id, { stop, done });
  };

  return {
    /** Begins or goes on with a batch; at once, the work runs by itself. */
    wake,
    /** Takes up what the last run of the gateway left unfinished. */
    async resume(): Promise<void> {
      try {
        for (const { id } of await batches.unfinished()) wake(id);
      } catch (error) {
        if (!closing.signal.aborted) log.error({ kind: GatewayError.from(error).kind }, 'unfinished batches could not be read');
      }
    },
    /** Stops the work at a batch whose status says 'cancelling' already; results so far are kept. */
    cancel(id: string): void {
      const found = running.get(id);
      if (found === undefined) wake(id);
      else found.stop.abort(stopWith('cancelled'));
    },
    /** Ends all work; what runs is given up and taken up again by the next start. */
    async close(): Promise<void> {
      closing.abort();
      for (const { stop } of running.values()) stop.abort(stopWith('closing'));
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

export type BatchJobs = ReturnType<typeof createBatchJobs>;
