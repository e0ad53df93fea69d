import type { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../core/errors.ts';
import type { Listing, Page, StoredFile } from '../records.ts';
import type { StateLimits } from '../state.ts';
import { createPager } from './paging.ts';

type Row = Readonly<Record<string, unknown>>;

const toFile = (row: Row): StoredFile => ({
  id: row.id as string,
  owner: row.owner as string,
  filename: row.filename as string,
  purpose: row.purpose as string,
  bytes: row.bytes as number,
  createdAt: row.created_at as number,
  ...(row.expires_at === null ? {} : { expiresAt: row.expires_at as number }),
});

/** What is known about files; their bytes lie elsewhere. */
export const createFileTable = (db: DatabaseSync, limits: StateLimits) => {
  const insert = db.prepare('INSERT INTO files (id, owner, filename, purpose, bytes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const get = db.prepare('SELECT * FROM files WHERE id = ?');
  const remove = db.prepare('DELETE FROM files WHERE id = ?');
  const ids = db.prepare('SELECT id FROM files');
  const expired = db.prepare('DELETE FROM files WHERE expires_at <= ? RETURNING id');
  const used = db.prepare('SELECT coalesce(sum(bytes), 0) AS total, coalesce(sum(bytes) FILTER (WHERE owner = ?), 0) AS own FROM files');
  const page = createPager(db, 'files');
  const add = (file: StoredFile): void => {
    insert.run(file.id, file.owner, file.filename, file.purpose, file.bytes, file.createdAt, file.expiresAt ?? null);
  };
  return {
    add,
    operations: {
      'files.insert': (file: StoredFile): void => {
        const { total, own } = used.get(file.owner) as { total: number; own: number };
        if (total + file.bytes > limits.totalBytes || own + file.bytes > limits.ownerBytes) {
          throw new GatewayError('too-large', 'The file store is full. Delete files you no longer need.', { param: 'file' });
        }
        add(file);
      },
      'files.get': (id: string): StoredFile | undefined => {
        const row = get.get(id);
        return row === undefined ? undefined : toFile(row);
      },
      'files.ids': (): string[] => ids.all().map((row) => row.id as string),
      'files.list': (asked: Page, purpose?: string): Listing<StoredFile> => {
        const { rows, hasMore } = page(asked, purpose === undefined ? undefined : { column: 'purpose', value: purpose });
        return { items: rows.map(toFile), hasMore };
      },
      'files.delete': (id: string): boolean => remove.run(id).changes > 0,
      'files.expire': (now: number): string[] => expired.all(now).map((row) => row.id as string),
    },
  };
};
