import { DatabaseSync } from 'node:sqlite';
import type { StateLimits, StateLog } from '../state.ts';
import { backUp, sealClosed } from './backup.ts';
import { type DatabaseSettings, migrate, openDatabase } from './database.ts';
import { createGroupRunner, type GroupResult } from './group.ts';
import { acquireLock } from './lock.ts';
import { createOperations, type Operation } from './operations.ts';
import { isCorruption, type Outcome, toFailure, unavailable } from './outcome.ts';
import { ensurePrivateDirectory } from './paths.ts';

/** The database with its operations; synchronous but for the backup. */
export interface Engine {
  /** Runs operations as one commit; never throws. */
  run(group: readonly Operation[]): readonly Outcome[];
  /** Empties the write-ahead log into the database and gives free pages back to the disk. @throws Error from SQLite. */
  checkpoint(): void;
  backUp(): Promise<void>;
  close(): void;
}

export interface EngineSettings extends DatabaseSettings {
  readonly limits: StateLimits;
}

interface Session {
  readonly db: DatabaseSync;
  readonly run: (group: readonly Operation[]) => GroupResult;
}

const createSession = (db: DatabaseSync, limits: StateLimits): Session => ({ db, run: createGroupRunner(db, createOperations(db, limits)) });

/** Failures in a row after which the database is opened anew: the open file itself may be what is broken. */
const PATIENCE = 500;

/** Says once that the disk fails, and once that it works again; answers whether the connection should be given up. */
const createDiskWatch = (log: StateLog): ((failure: unknown) => boolean) => {
  let failures = 0;
  return (failure) => {
    const failing = failures > 0;
    if (failure !== undefined && !failing) log.error({ err: failure }, 'the state store cannot write; requests go on, writes are refused until it can');
    if (failure === undefined && failing) log.warn({}, 'the state store writes again');
    failures = failure === undefined ? 0 : failures + 1;
    return isCorruption(failure) || (failures > 0 && failures % PATIENCE === 0);
  };
};

/**
 * Opens the state directory for this process alone. A connection that met damage, or failed again and again, is closed
 * and opened anew by the next group, so the store comes back by itself. One failed sync is no reason: SQLite writes the same
 * place of its log again, whereas a new connection would find the refused transaction there and take it for a committed one.
 *
 * @throws GatewayError 'conflict' when another process has the directory. @throws Error when it cannot be opened.
 */
export const openEngine = (settings: EngineSettings): Engine => {
  const { paths, limits, log } = settings;
  if (!ensurePrivateDirectory(paths.directory, ['state.db', 'state.backup', 'lock.db'])) {
    log.warn({ directory: paths.directory }, 'other users can enter the state directory; its files are private, their names are not');
  }
  const release = acquireLock(paths);
  const watch = createDiskWatch(log);
  let session: Session | undefined;
  const open = (): Session => {
    session ??= createSession(openDatabase(settings), limits);
    return session;
  };
  const drop = (): void => {
    const dropped = session;
    session = undefined;
    if (dropped?.db.isOpen) dropped.db.close();
  };
  const attempt = (group: readonly Operation[]): GroupResult => {
    try {
      return open().run(group);
    } catch (failure) {
      return { outcomes: group.map(() => toFailure(unavailable(failure))), failure };
    }
  };
  try {
    open().run([{ name: 'batches.releaseAll', args: [] }]);
  } catch (thrown) {
    release();
    throw thrown;
  }
  return {
    run: (group) => {
      const { outcomes, failure } = attempt(group);
      if (watch(failure)) drop();
      return outcomes;
    },
    checkpoint: () => {
      const { db } = open();
      db.prepare('PRAGMA incremental_vacuum').all();
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
    backUp: () => backUp(open().db, paths),
    close: () => {
      try {
        drop();
        sealClosed(paths);
      } catch (thrown) {
        log.warn({ err: thrown }, 'the state store closed, but its backup could not be renewed');
      } finally {
        release();
      }
    },
  };
};

/** The same operations on a database in memory. */
export const openMemoryEngine = (limits: StateLimits): Engine => {
  const db = new DatabaseSync(':memory:');
  migrate(db, ':memory:');
  const { run } = createSession(db, limits);
  return { run: (group) => run(group).outcomes, checkpoint: () => undefined, backUp: () => Promise.resolve(), close: () => db.close() };
};
