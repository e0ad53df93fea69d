import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../core/errors.ts';
import { sqliteCode } from './outcome.ts';
import { createPrivateFile, FILE_MODE, type Paths, restrictFile } from './paths.ts';

const BUSY = 5;
const NOT_A_DATABASE = 26;
/** Long enough for a predecessor to finish closing. */
const WAIT_MS = 1_000;

const ownerOf = (paths: Paths): string => {
  try {
    const { pid } = JSON.parse(readFileSync(paths.lockOwner, 'utf8')) as { pid?: unknown };
    return typeof pid === 'number' ? `process ${pid}` : 'another process';
  } catch {
    return 'another process';
  }
};

/**
 * Makes this process the only one on a state directory, by an exclusive SQLite lock on an empty database. The kernel
 * drops the lock when the process dies, however it dies, so that a stale one cannot exist; the pid beside it is for people.
 *
 * @returns a function that gives the directory back.
 * @throws GatewayError 'conflict' after a second when another process has it.
 */
export const acquireLock = (paths: Paths): (() => void) => {
  const take = (): DatabaseSync => {
    createPrivateFile(paths.lock);
    restrictFile(paths.lock);
    const db = new DatabaseSync(paths.lock, { timeout: WAIT_MS });
    try {
      // In memory: the transaction that holds the lock never writes, so it needs no journal on the disk.
      db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      return db;
    } catch (thrown) {
      db.close();
      throw thrown;
    }
  };
  let held: DatabaseSync;
  try {
    held = take();
  } catch (thrown) {
    if (sqliteCode(thrown) === BUSY) {
      throw new GatewayError(
        'conflict',
        `The state directory ${paths.directory} is in use by ${ownerOf(paths)}. Stop that one, or set another state directory.`,
      );
    }
    if (sqliteCode(thrown) !== NOT_A_DATABASE) throw thrown;
    // The file never holds anything; whatever was written into it is not ours.
    rmSync(paths.lock);
    held = take();
  }
  rmSync(paths.lockOwner, { force: true });
  writeFileSync(paths.lockOwner, JSON.stringify({ pid: process.pid }), { mode: FILE_MODE });
  return () => {
    rmSync(paths.lockOwner, { force: true });
    held.close();
  };
};
