import type { DatabaseSync } from 'node:sqlite';
import type { StateLimits } from '../state.ts';

/** A response with its JSON parts as text. */
export interface ResponseRow {
  readonly id: string;
  readonly owner: string;
  readonly body: string;
  readonly inputItems: string;
  readonly createdAt: number;
}

/** Stored responses, bounded by count and age. */
export const createResponseTable = (db: DatabaseSync, limits: StateLimits) => {
  const put = db.prepare(
    `INSERT INTO responses (id, owner, body, input_items, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET body = excluded.body, input_items = excluded.input_items WHERE owner = excluded.owner`,
  );
  const prune = db.prepare('DELETE FROM responses WHERE created_at < ? OR seq <= (SELECT max(seq) FROM responses) - ?');
  const get = db.prepare('SELECT id, owner, body, input_items AS inputItems, created_at AS createdAt FROM responses WHERE id = ? AND owner = ?');
  const remove = db.prepare('DELETE FROM responses WHERE id = ? AND owner = ?');
  return {
    'responses.put': (row: ResponseRow): void => {
      put.run(row.id, row.owner, row.body, row.inputItems, row.createdAt);
      prune.run(row.createdAt - limits.responseAgeMs, limits.responses);
    },
    'responses.get': (id: string, owner: string): ResponseRow | undefined => get.get(id, owner) as ResponseRow | undefined,
    'responses.delete': (id: string, owner: string): boolean => remove.run(id, owner).changes > 0,
  };
};
