import type { DatabaseSync } from 'node:sqlite';

/** Operations on JSON text by (namespace, key). */
export const createKvTable = (db: DatabaseSync) => {
  const get = db.prepare('SELECT value FROM kv WHERE namespace = ? AND key = ?');
  const set = db.prepare('INSERT INTO kv VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  const setDefault = db.prepare('INSERT INTO kv VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const remove = db.prepare('DELETE FROM kv WHERE namespace = ? AND key = ?');
  const entries = db.prepare('SELECT key, value FROM kv WHERE namespace = ? ORDER BY key');
  const read = (namespace: string, key: string): string | undefined => get.get(namespace, key)?.value as string | undefined;
  return {
    'kv.get': read,
    'kv.set': (namespace: string, key: string, json: string): void => {
      set.run(namespace, key, json);
    },
    'kv.setDefault': (namespace: string, key: string, json: string): string => {
      setDefault.run(namespace, key, json);
      return read(namespace, key) ?? json;
    },
    'kv.delete': (namespace: string, key: string): boolean => remove.run(namespace, key).changes > 0,
    'kv.entries': (namespace: string): [string, string][] => entries.all(namespace).map((row) => [row.key as string, row.value as string]),
  };
};
