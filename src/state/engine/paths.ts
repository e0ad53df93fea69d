import { chmodSync, closeSync, existsSync, fchmodSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Who may read what the gateway keeps: its own user. */
const DIRECTORY_MODE = 0o700;
export const FILE_MODE = 0o600;

/** The names in a state directory. */
export const createPaths = (directory: string) => ({
  directory,
  database: join(directory, 'state.db'),
  /** The next database while it is made; renamed into place when whole. */
  newDatabase: join(directory, 'state.db.new'),
  /** SHA-256 of the database, there only between a clean close and the next open. */
  checksum: join(directory, 'state.db.sha256'),
  backup: join(directory, 'state.backup'),
  newBackup: join(directory, 'state.backup.new'),
  lock: join(directory, 'lock.db'),
  lockOwner: join(directory, 'lock.json'),
  files: join(directory, 'files'),
});

export type Paths = ReturnType<typeof createPaths>;

/** What SQLite keeps beside a database. */
export const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;

/**
 * Makes a directory only its owner can enter, whatever the umask. One that is there with foreign things in it keeps its mode:
 * somebody may have named a shared directory.
 *
 * @returns false when others can enter it.
 */
export const ensurePrivateDirectory = (directory: string, ownNames: readonly string[]): boolean => {
  mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  const present = readdirSync(directory);
  const ours = present.length === 0 || present.some((name) => ownNames.includes(name));
  if ((statSync(directory).mode & 0o077) === 0) return true;
  if (!ours) return false;
  chmodSync(directory, DIRECTORY_MODE);
  return true;
};

/** Makes an empty file only its owner can read, whatever the umask; leaves one that is there. */
export const createPrivateFile = (path: string): void => {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx', FILE_MODE);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw thrown;
  }
  fchmodSync(descriptor, FILE_MODE);
  closeSync(descriptor);
};

/** Takes away what others may do with a file that came from elsewhere, a copy for example. */
export const restrictFile = (path: string): void => {
  if (existsSync(path) && (statSync(path).mode & 0o077) !== 0) chmodSync(path, FILE_MODE);
};

/** Brings a file, or the names in a directory, to the disk. */
export const syncPath = (path: string): void => {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** Removes a database and what SQLite keeps beside it. */
export const removeDatabase = (path: string): void => {
  for (const suffix of ['', ...SIDE_FILES]) rmSync(`${path}${suffix}`, { force: true, recursive: true });
};
