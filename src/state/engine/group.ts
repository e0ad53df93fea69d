import type { DatabaseSync } from 'node:sqlite';
import { type Operation, type Operations, READS } from './operations.ts';
import { isCorruption, isDiskError, type Outcome, toFailure } from './outcome.ts';

/** What running a group gave: an outcome for each operation, and what the disk said if it failed. */
export interface GroupResult {
  readonly outcomes: readonly Outcome[];
  readonly failure?: unknown;
}

type AnyOperation = (...args: readonly unknown[]) => unknown;

/**
 * Runs operations in one transaction and commits once: one sync for all of them. An operation that fails by itself
 * (a second vote) is undone alone. When the disk fails, every write of the group fails and the reads are run again.
 */
export const createGroupRunner = (db: DatabaseSync, operations: Operations): ((group: readonly Operation[]) => GroupResult) => {
  const run = ({ name, args }: Operation): unknown => (operations[name] as AnyOperation)(...args);
  const rollback = (): void => {
    if (db.isTransaction) db.exec('ROLLBACK');
  };

  const attempt = (operation: Operation): Outcome => {
    db.exec('SAVEPOINT operation');
    try {
      const value = run(operation);
      db.exec('RELEASE operation');
      return { ok: true, value };
    } catch (thrown) {
      // A full disk may have rolled back the whole transaction already; then there is no savepoint to go back to.
      if (isDiskError(thrown) || isCorruption(thrown) || !db.isTransaction) throw thrown;
      db.exec('ROLLBACK TO operation; RELEASE operation');
      return toFailure(thrown);
    }
  };

  const readAgain = (operation: Operation): Outcome => {
    try {
      return { ok: true, value: run(operation) };
    } catch (thrown) {
      return toFailure(thrown);
    }
  };

  return (group) => {
    try {
      db.exec('BEGIN');
      const outcomes = group.map(attempt);
      db.exec('COMMIT');
      return { outcomes };
    } catch (failure) {
      rollback();
      const refused = toFailure(failure);
      return { outcomes: group.map((operation) => (READS.has(operation.name) ? readAgain(operation) : refused)), failure };
    }
  };
};
