import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isDiskError, sqliteCode } from './outcome.ts';
import { APPLICATION_ID } from './schema.ts';

const CANNOT_OPEN = 14;

/** SHA-256 of a file, in hex, read in pieces. */
export const hashFile = (path: string): string => {
  const descriptor = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) hash.update(buffer.subarray(0, read));
    return hash.digest('hex');
  } finally {
    closeSync(descriptor);
  }
};

const isNonEmptyFile = (path: string): boolean => existsSync(path) && statSync(path).size > 0;

const checkContent = (path: string): string | undefined => {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    if (db.prepare('PRAGMA application_id').get()?.application_id !== APPLICATION_ID) return 'it is not a state store';
    const verdict = db.prepare('PRAGMA quick_check(1)').get()?.quick_check;
    return verdict === 'ok' ? undefined : `it is damaged (${String(verdict)})`;
  } catch (thrown) {
    // A failing disk is no reason to put a file aside; one that SQLite cannot make sense of is.
    if (isDiskError(thrown) && sqliteCode(thrown) !== CANNOT_OPEN) throw thrown;
    return `it cannot be read (${thrown instanceof Error ? thrown.message : String(thrown)})`;
  } finally {
    db?.close();
  }
};

/**
 * What is wrong with a database file; undefined when nothing is. After a clean close the checksum beside it proves every
 * bit; otherwise SQLite's own check finds damage of the structure.
 */
export const findDamage = (path: string, checksumPath?: string): string | undefined => {
  if (!statSync(path).isFile()) return 'it is not a file';
  if (statSync(path).size === 0) return 'it is empty';
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch {
    return 'it belongs to someone else';
  }
  if (checksumPath !== undefined && existsSync(checksumPath) && !isNonEmptyFile(`${path}-wal`)) {
    if (readFileSync(checksumPath, 'utf8').trim() === hashFile(path)) return undefined;
    return `it changed since the gateway closed it (to keep a change made on purpose, delete ${checksumPath})`;
  }
  return checkContent(path);
};
