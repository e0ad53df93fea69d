import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Page } from '../records.ts';

type Row = Record<string, unknown>;

/** A page of a table that has `seq`, `id` and `owner`, one row more than asked when there are more. */
export const createPager =
  (db: DatabaseSync, table: 'files' | 'batches') =>
  (page: Page, filter?: { readonly column: 'purpose'; readonly value: string }): { rows: Row[]; hasMore: boolean } => {
    const ascending = page.order === 'asc';
    const conditions: string[] = [];
    const values: SQLInputValue[] = [];
    const where = (condition: string, value: SQLInputValue): void => {
      conditions.push(condition);
      values.push(value);
    };
    if (page.owner !== undefined) where('owner = ?', page.owner);
    if (filter !== undefined) where(`${filter.column} = ?`, filter.value);
    if (page.after !== undefined) where(`seq ${ascending ? '>' : '<'} (SELECT seq FROM ${table} WHERE id = ?)`, page.after);
    const clause = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const rows = db.prepare(`SELECT * FROM ${table} ${clause} ORDER BY seq ${ascending ? 'ASC' : 'DESC'} LIMIT ?`).all(...values, page.limit + 1);
    return { rows: rows.slice(0, page.limit), hasMore: rows.length > page.limit };
  };
