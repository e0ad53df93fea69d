import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { StateLog } from '../state.ts';
import { findDamage } from './check.ts';
import { createPrivateFile, type Paths, removeDatabase, restrictFile, SIDE_FILES, syncPath } from './paths.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';
import { countLostFrames } from './wal-check.ts';

export interface DatabaseSettings {
  readonly paths: Paths;
  readonly log: StateLog;
  /** The schema's scripts; another list in tests. */
  readonly migrations?: readonly string[];
  /** Largest size in pages of 4 KiB; for tests of a full disk. */
  readonly maxPages?: number;
}

/** Pages in the write-ahead log before it is emptied into the database: 32 MiB. Rare, so that a live copy seldom meets it. */
const CHECKPOINT_PAGES = 8_192;

// FULL: a commit returns after its sync. EXCLUSIVE: one process, so no shared memory file. secure_delete: what is deleted is overwritten.
const PRAGMAS = `
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
PRAGMA journal_size_limit = ${CHECKPOINT_PAGES * 4096};
PRAGMA cache_size = -16384;
PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF;
`;

const versionOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);

/** Brings a connection to the newest schema. @throws Error for a file of a newer release. */
export const migrate = (db: DatabaseSync, path: string, migrations: readonly string[] = MIGRATIONS): void => {
  const version = versionOf(db);
  if (version > migrations.length) {
    throw new Error(
      `${path} was written by a newer release (schema ${version}; this one knows ${migrations.length}). Start the newer release, or set another state directory.`,
    );
  }
  for (const [index, script] of migrations.entries()) {
    if (index < version) continue;
    db.exec(`BEGIN; ${script}; PRAGMA user_version = ${index + 1}; COMMIT`);
  }
};

const connect = (path: string, settings: DatabaseSettings, prepare = ''): DatabaseSync => {
  const db = new DatabaseSync(path);
  try {
    db.exec(prepare + PRAGMAS);
    if (settings.maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${settings.maxPages}`);
    migrate(db, path, settings.migrations);
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
};

/** Makes the database beside its place and moves it there whole: an empty or half-made one can only be damage. */
const createDatabase = (settings: DatabaseSettings): void => {
  const { newDatabase, database, directory } = settings.paths;
  createPrivateFile(newDatabase);
  const db = connect(newDatabase, settings, `PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${APPLICATION_ID};`);
  db.close();
  syncPath(newDatabase);
  renameSync(newDatabase, database);
  syncPath(directory);
};

const freeName = (path: string): string => {
  let n = 1;
  while (['', ...SIDE_FILES].some((suffix) => existsSync(`${path}.corrupt-${n}${suffix}`))) n += 1;
  return `${path}.corrupt-${n}`;
};

/** Moves a database and its side files to the first free name `*.corrupt-<n>`. */
const quarantine = (path: string): string => {
  const target = freeName(path);
  for (const suffix of ['', ...SIDE_FILES]) if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  return target;
};

const restoreBackup = ({ paths, log }: DatabaseSettings): boolean => {
  if (!existsSync(paths.backup)) return false;
  const damage = findDamage(paths.backup);
  for (const suffix of SIDE_FILES) rmSync(paths.backup + suffix, { force: true });
  if (damage !== undefined) {
    log.error({ file: paths.backup, movedTo: quarantine(paths.backup), damage }, 'the backup of the state store cannot be used either');
    return false;
  }
  createPrivateFile(paths.newDatabase);
  copyFileSync(paths.backup, paths.newDatabase);
  syncPath(paths.newDatabase);
  renameSync(paths.newDatabase, paths.database);
  syncPath(paths.directory);
  return true;
};

/** Keeps a copy of a broken write-ahead log: SQLite goes on from the last good transaction in it without a word. */
const keepBrokenLog = ({ paths, log }: DatabaseSettings): void => {
  const wal = `${paths.database}-wal`;
  const lostFrames = existsSync(paths.database) ? countLostFrames(wal) : 0;
  if (lostFrames === 0) return;
  const copiedTo = freeName(wal);
  createPrivateFile(copiedTo);
  copyFileSync(wal, copiedTo);
  log.error({ file: wal, copiedTo, lostFrames }, 'the write-ahead log of the state store is damaged; what was written before the damage is kept');
};

/** Puts a good database in place when there is none, or the one there is damaged; says so loudly. */
const ensureDatabase = (settings: DatabaseSettings): void => {
  const { paths, log } = settings;
  const present = existsSync(paths.database);
  const damage = present ? findDamage(paths.database, paths.checksum) : undefined;
  if (present && damage === undefined) return;
  const strayLog = !present && existsSync(`${paths.database}-wal`);
  const movedTo = present || strayLog ? quarantine(paths.database) : undefined;
  rmSync(paths.checksum, { force: true });
  const restored = restoreBackup(settings);
  if (!restored) createDatabase(settings);
  if (movedTo === undefined && !restored) return;
  const fields = { file: paths.database, movedTo, damage: damage ?? 'it is missing', restored };
  log.error(
    fields,
    restored
      ? 'the state store was unusable and was put aside; the last good backup is in its place'
      : 'the state store was unusable and was put aside; there is no backup, so it starts empty',
  );
};

/**
 * Opens the database of a state directory, which must be locked. A damaged one is put aside and the last good backup,
 * else an empty database, takes its place.
 *
 * @throws Error when the file is of a newer release, or the disk fails.
 */
export const openDatabase = (settings: DatabaseSettings): DatabaseSync => {
  const { paths } = settings;
  removeDatabase(paths.newDatabase);
  removeDatabase(paths.newBackup);
  for (const suffix of ['', ...SIDE_FILES]) restrictFile(paths.database + suffix);
  restrictFile(paths.backup);
  keepBrokenLog(settings);
  ensureDatabase(settings);
  const db = connect(paths.database, settings);
  // From here on the file changes, and the checksum of the last close no longer holds.
  rmSync(paths.checksum, { force: true });
  return db;
};
