import type { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../core/errors.ts';
import type { KeyRecord, StoredKey } from '../records.ts';

/** Budget periods kept per key: a year of days. */
const PERIODS_KEPT = 366;

type Row = Readonly<Record<string, unknown>>;

const toKey = (row: Row): KeyRecord => {
  const { revokedAt: _, ...record } = JSON.parse(row.record as string) as KeyRecord;
  return row.revoked_at === null ? record : { ...record, revokedAt: row.revoked_at as number };
};

const toStored = (row: Row): StoredKey => ({ key: toKey(row), digest: row.digest as string });

/** Access keys by digest, and what they spent. */
export const createKeyTables = (db: DatabaseSync) => {
  const insert = db.prepare('INSERT INTO keys (id, digest, record, revoked_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const list = db.prepare('SELECT record, revoked_at FROM keys ORDER BY seq DESC');
  const load = db.prepare('SELECT digest, record, revoked_at FROM keys WHERE revoked_at IS NULL ORDER BY seq');
  const all = db.prepare('SELECT digest, record, revoked_at FROM keys ORDER BY seq');
  const byDigest = db.prepare('SELECT record, revoked_at FROM keys WHERE digest = ? AND revoked_at IS NULL');
  const revoke = db.prepare('UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL');
  const spend = db.prepare('INSERT INTO tokens VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET spent = spent + excluded.spent RETURNING spent');
  const spent = db.prepare('SELECT spent FROM tokens WHERE key_id = ? AND period = ?');
  const prune = db.prepare(
    `DELETE FROM tokens WHERE key_id = ?1 AND period < (SELECT period FROM tokens WHERE key_id = ?1 ORDER BY period DESC LIMIT 1 OFFSET ${PERIODS_KEPT})`,
  );
  return {
    'keys.insert': ({ key, digest }: StoredKey): void => {
      const done = insert.run(key.id, digest, JSON.stringify(key), key.revokedAt ?? null);
      if (done.changes === 0) throw new GatewayError('conflict', 'A key with this id or value exists already.');
    },
    'keys.list': (): KeyRecord[] => list.all().map(toKey),
    'keys.load': (): StoredKey[] => load.all().map(toStored),
    'keys.all': (): StoredKey[] => all.all().map(toStored),
    'keys.byDigest': (digest: string): KeyRecord | undefined => {
      const row = byDigest.get(digest);
      return row === undefined ? undefined : toKey(row);
    },
    'keys.revoke': (id: string, at: number): boolean => revoke.run(at, id).changes > 0,
    'keys.addTokens': (id: string, period: string, tokens: number): number => {
      const total = Number(spend.get(id, period, Math.round(tokens))?.spent ?? 0);
      if (total === Math.round(tokens)) prune.run(id);
      return total;
    },
    'keys.tokens': (id: string, period: string): number => Number(spent.get(id, period)?.spent ?? 0),
  };
};
