import { hash } from 'node:crypto';
import type { Blobs, BlobWriter } from './blobs.ts';
import type { Call } from './engine/operations.ts';
import type { BatchEnding, StoredBatch, StoredFile } from './records.ts';
import type { BatchRepository } from './state.ts';
import type { FinishedLine } from './tables/batch-lines.ts';

/** Lines read from the database at a time while the files are written. */
const PAGE = 200;

interface Tools {
  readonly call: Call;
  readonly blobs: Blobs;
  readonly createId: () => string;
}

/** One of the two files a batch leaves; made when its first line comes, so that an empty one never exists. */
const createOutput = ({ blobs }: Tools, id: string) => {
  let writer: BlobWriter | undefined;
  return {
    write: async (lines: readonly string[]): Promise<void> => {
      if (lines.length === 0) return;
      writer ??= await blobs.create(id);
      await writer.write(Buffer.from(`${lines.join('\n')}\n`));
    },
    abort: async (): Promise<void> => {
      await writer?.abort();
      await blobs.remove(id);
    },
    commit: async (batch: StoredBatch, suffix: string, at: number): Promise<StoredFile | undefined> => {
      if (writer === undefined) return undefined;
      const { owner, outputExpiresAfterS } = batch;
      return {
        id,
        owner,
        filename: `${batch.id}_${suffix}.jsonl`,
        purpose: 'batch_output',
        bytes: await writer.commit(),
        createdAt: at,
        ...(outputExpiresAfterS === undefined ? {} : { expiresAt: at + outputExpiresAfterS * 1_000 }),
      };
    },
  };
};

/** An id made from another, which nobody can guess either: every gateway that ends a batch gives the same names. */
const derived = (...from: readonly (string | number)[]): string => hash('sha256', from.join('\n')).slice(0, 24);

const UNRUN: Readonly<Record<BatchEnding, { readonly code: string; readonly message: string }>> = {
  completed: { code: 'batch_incomplete', message: 'This request was not run.' },
  expired: { code: 'batch_expired', message: 'This request was not run before the completion window of the batch ended.' },
  cancelled: { code: 'batch_cancelled', message: 'This request was not run because the batch was cancelled.' },
};

const finalize = async (tools: Tools, id: string, asked: BatchEnding, at: number): Promise<StoredBatch> => {
  const { call } = tools;
  const batch = await call('batches.finalizing', id, asked, at);
  const ending = batch.ending ?? asked;
  if (batch.status === ending) return batch;
  const unrun = (line: FinishedLine): string =>
    JSON.stringify({ id: `batch_req_${derived(id, line.line)}`, custom_id: line.customId, response: null, error: UNRUN[ending] });
  const output = createOutput(tools, `file-${derived(id, 'output')}`);
  const errors = createOutput(tools, `file-${derived(id, 'error')}`);
  try {
    let after = -1;
    for (let page = await call('batches.finished', id, after, PAGE); page.length > 0; page = await call('batches.finished', id, after, PAGE)) {
      await output.write(page.filter(({ state }) => state === 'completed').map(({ result }) => result ?? ''));
      await errors.write(page.filter(({ state }) => state !== 'completed').map((line) => line.result ?? unrun(line)));
      after = page.at(-1)?.line ?? after;
    }
    const outputFile = await output.commit(batch, 'output', at);
    const errorFile = await errors.commit(batch, 'error', at);
    return await call('batches.end', id, {
      at,
      files: [outputFile, errorFile].filter((file) => file !== undefined),
      ...(outputFile === undefined ? {} : { outputFileId: outputFile.id }),
      ...(errorFile === undefined ? {} : { errorFileId: errorFile.id }),
    });
  } catch (thrown) {
    await output.abort();
    await errors.abort();
    throw thrown;
  }
};

/** Batches and their lines. */
export const createBatches = (tools: Tools): BatchRepository => {
  const { call, createId } = tools;
  return {
    create: (batch) => call('batches.insert', { ...batch, id: `batch_${createId()}` }),
    adopt: (batch) => call('batches.insert', batch),
    get: (id) => call('batches.get', id),
    list: (page) => call('batches.list', page),
    unfinished: () => call('batches.unfinished'),
    addLines: (id, lines) => call('batches.addLines', id, lines),
    start: (id, at, model) => call('batches.start', id, at, model),
    fail: (id, at, errors) => call('batches.fail', id, at, errors),
    cancel: (id, at) => call('batches.cancel', id, at),
    claim: (id, count, leaseUntil, now) => call('batches.claim', id, count, leaseUntil, now),
    renew: (id, lines, leaseUntil) => call('batches.lease', id, lines, leaseUntil),
    release: (id, lines) => call('batches.lease', id, lines, 0),
    complete: (id, results) => call('batches.complete', id, results),
    open: (id) => call('batches.open', id),
    results: (id, after, count) => call('batches.results', id, after, count),
    finalize: (id, ending, at) => finalize(tools, id, ending, at),
  };
};
