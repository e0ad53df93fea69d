import { copyFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { backup, type DatabaseSync } from 'node:sqlite';
import { findDamage, hashFile } from './check.ts';
import { createPrivateFile, FILE_MODE, type Paths, removeDatabase, syncPath } from './paths.ts';

/** Pages copied at a time, 1 MiB: between two steps operations run. */
const PAGES_PER_STEP = 256;

const publish = (paths: Paths): void => {
  const damage = findDamage(paths.newBackup);
  if (damage !== undefined) throw new Error(`The new backup is not good: ${damage}`);
  syncPath(paths.newBackup);
  renameSync(paths.newBackup, paths.backup);
  removeDatabase(paths.newBackup);
  syncPath(paths.directory);
};

/** Renews the backup from a database in use. The old backup stays until the new one is checked and on the disk. */
export const backUp = async (db: DatabaseSync, paths: Paths): Promise<void> => {
  removeDatabase(paths.newBackup);
  createPrivateFile(paths.newBackup);
  await backup(db, paths.newBackup, { rate: PAGES_PER_STEP });
  publish(paths);
};

/**
 * After the database was closed: copies it as the backup, and writes the checksum that the next open will verify.
 * Does nothing when the close could not empty the write-ahead log: then the database alone is not the whole state.
 */
export const sealClosed = (paths: Paths): void => {
  if (existsSync(`${paths.database}-wal`)) return;
  removeDatabase(paths.newBackup);
  createPrivateFile(paths.newBackup);
  copyFileSync(paths.database, paths.newBackup);
  publish(paths);
  const next = `${paths.checksum}.new`;
  writeFileSync(next, `${hashFile(paths.database)}\n`, { mode: FILE_MODE, flush: true });
  renameSync(next, paths.checksum);
  syncPath(paths.directory);
};
