import type { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../core/errors.ts';
import type { BatchEnding, BatchStatus, Listing, Page, StoredBatch, StoredFile } from '../records.ts';
import type { StateLimits } from '../state.ts';
import { createPager } from './paging.ts';

type Row = Readonly<Record<string, unknown>>;

/** What of a batch lies in its JSON record; counts, status and usage have columns of their own. */
type BatchRecord = Omit<StoredBatch, 'status' | 'counts' | 'usage'>;

/** When a batch ended and which files it left. */
export interface BatchEnd {
  readonly at: number;
  readonly files: readonly StoredFile[];
  readonly outputFileId?: string;
  readonly errorFileId?: string;
}

const UNFINISHED: readonly BatchStatus[] = ['validating', 'in_progress', 'finalizing', 'cancelling'];

const usageOf = (row: Row): { usage?: unknown } => {
  const input = row.input_tokens as number;
  const output = row.output_tokens as number;
  if (input + output === 0) return {};
  return {
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + output,
    },
  };
};

const toBatch = (row: Row): StoredBatch => ({
  ...(JSON.parse(row.record as string) as BatchRecord),
  status: row.status as BatchStatus,
  counts: { total: row.total as number, completed: row.completed as number, failed: row.failed as number },
  ...usageOf(row),
});

/** Batches and the changes of status they may make. */
export const createBatchTable = (db: DatabaseSync, limits: StateLimits, addFile: (file: StoredFile) => void) => {
  const insert = db.prepare(`INSERT INTO batches (id, owner, status, record) VALUES (?, ?, 'validating', ?)`);
  const get = db.prepare('SELECT * FROM batches WHERE id = ?');
  const active = `status IN (${UNFINISHED.map((status) => `'${status}'`).join(', ')})`;
  const unfinished = db.prepare(`SELECT * FROM batches WHERE ${active} ORDER BY seq`);
  const prune = db.prepare(`DELETE FROM batches WHERE seq <= ? AND NOT ${active}`);
  const move = db.prepare('UPDATE batches SET status = ?, record = ? WHERE id = ?');
  const countLines = db.prepare('UPDATE batches SET total = (SELECT count(*) FROM batch_lines WHERE batch_id = ?1) WHERE id = ?1');
  const removeLines = db.prepare('DELETE FROM batch_lines WHERE batch_id = ?');
  const hasOpen = db.prepare(`SELECT 1 FROM batch_lines WHERE batch_id = ? AND state = 'open' LIMIT 1`);
  const seal = db.prepare(`UPDATE batch_lines SET state = 'dropped' WHERE batch_id = ? AND state = 'open'`);
  const page = createPager(db, 'batches');

  const find = (id: string): StoredBatch => {
    const row = get.get(id);
    if (row === undefined) throw new GatewayError('not-found', `No batch with id '${id}'.`, { param: 'batch_id' });
    return toBatch(row);
  };
  const change = (id: string, from: readonly BatchStatus[], status: BatchStatus, fields: Partial<BatchRecord>): StoredBatch => {
    const batch = find(id);
    if (!from.includes(batch.status)) {
      throw new GatewayError('conflict', `The batch is '${batch.status}' and cannot become '${status}'.`, { param: 'batch_id' });
    }
    const { status: _status, counts: _counts, usage: _usage, ...record } = batch;
    move.run(status, JSON.stringify({ ...record, ...fields }), id);
    return find(id);
  };

  return {
    'batches.insert': (batch: BatchRecord): StoredBatch => {
      const known = get.get(batch.id);
      if (known !== undefined) return toBatch(known);
      const { lastInsertRowid } = insert.run(batch.id, batch.owner, JSON.stringify(batch));
      prune.run(Number(lastInsertRowid) - limits.batches);
      return find(batch.id);
    },
    'batches.get': (id: string): StoredBatch | undefined => {
      const row = get.get(id);
      return row === undefined ? undefined : toBatch(row);
    },
    'batches.list': (asked: Page): Listing<StoredBatch> => {
      const { rows, hasMore } = page(asked);
      return { items: rows.map(toBatch), hasMore };
    },
    'batches.unfinished': (): StoredBatch[] => unfinished.all().map(toBatch),
    'batches.start': (id: string, at: number, model?: string): StoredBatch => {
      countLines.run(id);
      return change(id, ['validating'], 'in_progress', { inProgressAt: at, ...(model === undefined ? {} : { model }) });
    },
    'batches.fail': (id: string, at: number, errors: readonly unknown[]): StoredBatch => {
      removeLines.run(id);
      return change(id, ['validating'], 'failed', { failedAt: at, errors });
    },
    'batches.cancel': (id: string, at: number): StoredBatch => {
      const batch = find(id);
      if (batch.status === 'cancelling') return batch;
      return change(id, ['validating', 'in_progress'], 'cancelling', { cancellingAt: at });
    },
    /**
     * Seals the lines: no result is taken any more, so the files can be written from several reads. The first call
     * decides how the batch will end. A cancelled batch stays 'cancelling' until its files are written.
     */
    'batches.finalizing': (id: string, ending: BatchEnding, at: number): StoredBatch => {
      const batch = find(id);
      if (batch.ending !== undefined) return batch;
      if (ending === 'completed' && hasOpen.get(id) !== undefined) {
        throw new GatewayError('conflict', 'The batch still has lines without a result.', { param: 'batch_id' });
      }
      seal.run(id);
      const next = batch.status === 'cancelling' ? 'cancelling' : 'finalizing';
      return change(id, ['in_progress', 'cancelling'], next, { ending, ...(next === 'finalizing' ? { finalizingAt: at } : {}) });
    },
    'batches.end': (id: string, end: BatchEnd): StoredBatch => {
      const ending = find(id).ending;
      if (ending === undefined) throw new GatewayError('conflict', 'The batch is not being finalized.', { param: 'batch_id' });
      end.files.forEach(addFile);
      removeLines.run(id);
      return change(id, ['finalizing', 'cancelling'], ending, {
        ...(end.outputFileId === undefined ? {} : { outputFileId: end.outputFileId }),
        ...(end.errorFileId === undefined ? {} : { errorFileId: end.errorFileId }),
        [`${ending}At`]: end.at,
      });
    },
  };
};
