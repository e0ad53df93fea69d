import type { DatabaseSync } from 'node:sqlite';
import type { StateLimits } from '../state.ts';
import { createBatchLineTable } from '../tables/batch-lines.ts';
import { createBatchTable } from '../tables/batches.ts';
import { createFileTable } from '../tables/files.ts';
import { createKeyTables } from '../tables/keys.ts';
import { createKvTable } from '../tables/kv.ts';
import { createLearningTables } from '../tables/learning.ts';
import { createResponseTable } from '../tables/responses.ts';

/** Everything that can be asked of the database, by name. Synchronous; each runs inside a transaction of its caller. */
export const createOperations = (db: DatabaseSync, limits: StateLimits) => {
  const files = createFileTable(db, limits);
  return {
    ...createKvTable(db),
    ...createLearningTables(db, limits),
    ...createKeyTables(db),
    ...files.operations,
    ...createBatchTable(db, limits, files.add),
    ...createBatchLineTable(db),
    ...createResponseTable(db, limits),
  };
};

export type Operations = ReturnType<typeof createOperations>;
export type OperationName = keyof Operations;

/** One operation and its arguments, as it travels to the thread of the database. */
export interface Operation {
  readonly name: OperationName;
  readonly args: readonly unknown[];
}

/** Runs one operation on the database's thread. Rejects with a GatewayError. */
export type Call = <K extends OperationName>(name: K, ...args: Parameters<Operations[K]>) => Promise<ReturnType<Operations[K]>>;

/** Operations that never write: answered even while the disk is full. */
export const READS: ReadonlySet<OperationName> = new Set<OperationName>([
  'kv.get',
  'kv.entries',
  'events.fold',
  'events.recent',
  'keys.list',
  'keys.load',
  'keys.all',
  'keys.byDigest',
  'keys.tokens',
  'files.get',
  'files.ids',
  'files.list',
  'batches.get',
  'batches.list',
  'batches.unfinished',
  'batches.open',
  'batches.results',
  'batches.finished',
  'responses.get',
]);
