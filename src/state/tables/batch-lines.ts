import type { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../core/errors.ts';
import type { BatchLine, LineResult } from '../records.ts';

/** A line at the end of its batch; without a result it was never run. */
export interface FinishedLine {
  readonly line: number;
  readonly customId: string;
  readonly state: 'open' | 'completed' | 'failed' | 'dropped';
  readonly result: string | null;
}

/** The requests of batches, each of which gets one result. */
export const createBatchLineTable = (db: DatabaseSync) => {
  const add = db.prepare(`INSERT INTO batch_lines (batch_id, line, custom_id, position, length) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (batch_id, line) DO UPDATE SET custom_id = excluded.custom_id, position = excluded.position, length = excluded.length`);
  const taken = db.prepare('SELECT line FROM batch_lines WHERE batch_id = ? AND custom_id = ? AND line <> ?');
  const status = db.prepare('SELECT status FROM batches WHERE id = ?');
  const claim = db.prepare(`UPDATE batch_lines SET lease_until = ?1 WHERE batch_id = ?2 AND line IN
    (SELECT line FROM batch_lines WHERE batch_id = ?2 AND state = 'open' AND lease_until <= ?3 ORDER BY line LIMIT ?4)
    RETURNING line, custom_id AS customId, position AS offset, length`);
  const lease = db.prepare(`UPDATE batch_lines SET lease_until = ? WHERE batch_id = ? AND line = ? AND state = 'open'`);
  const releaseAll = db.prepare(`UPDATE batch_lines SET lease_until = 0 WHERE state = 'open' AND lease_until > 0`);
  const complete = db.prepare(`UPDATE batch_lines SET state = ?, result = ? WHERE batch_id = ? AND line = ? AND state = 'open'`);
  const count = db.prepare(`UPDATE batches SET completed = completed + ?, failed = failed + ?, input_tokens = input_tokens + ?,
    output_tokens = output_tokens + ? WHERE id = ?`);
  const finished = db.prepare('SELECT line, custom_id AS customId, state, result FROM batch_lines WHERE batch_id = ? AND line > ? ORDER BY line LIMIT ?');
  const open = db.prepare(`SELECT count(*) AS count FROM batch_lines WHERE batch_id = ? AND state = 'open'`);
  const results = db.prepare(`SELECT line, state AS outcome, result AS json FROM batch_lines
    WHERE batch_id = ? AND line > ? AND result IS NOT NULL ORDER BY line LIMIT ?`);
  const running = (id: string, ...allowed: readonly string[]): boolean => allowed.includes((status.get(id)?.status as string) ?? '');

  return {
    'batches.addLines': (id: string, lines: readonly BatchLine[]): void => {
      if (!running(id, 'validating')) throw new GatewayError('conflict', 'Lines can be added only while the batch is validated.');
      for (const { line, customId, offset, length } of lines) {
        if (taken.get(id, customId, line) !== undefined) {
          throw new GatewayError('conflict', `The custom_id '${customId}' is used twice.`, { param: 'custom_id', code: 'duplicate_custom_id' });
        }
        add.run(id, line, customId, offset, length);
      }
    },
    'batches.claim': (id: string, limit: number, leaseUntil: number, now: number): BatchLine[] => {
      if (!running(id, 'in_progress')) return [];
      const lines = claim.all(leaseUntil, id, now, limit) as unknown as BatchLine[];
      return lines.sort((a, b) => a.line - b.line);
    },
    'batches.lease': (id: string, lines: readonly number[], leaseUntil: number): void => {
      for (const line of lines) lease.run(leaseUntil, id, line);
    },
    /** One process owns the store, so at its start nobody works on any line. */
    'batches.releaseAll': (): number => Number(releaseAll.run().changes),
    'batches.complete': (id: string, results: readonly LineResult[]): number => {
      let fresh = 0;
      for (const { line, outcome, json, inputTokens = 0, outputTokens = 0 } of results) {
        if (complete.run(outcome, json, id, line).changes === 0) continue;
        fresh += 1;
        count.run(outcome === 'completed' ? 1 : 0, outcome === 'failed' ? 1 : 0, inputTokens, outputTokens, id);
      }
      return fresh;
    },
    'batches.open': (id: string): number => Number(open.get(id)?.count ?? 0),
    'batches.results': (id: string, after: number, limit: number): LineResult[] => results.all(id, after, limit) as unknown as LineResult[],
    'batches.finished': (id: string, after: number, limit: number): FinishedLine[] => finished.all(id, after, limit) as unknown as FinishedLine[],
  };
};
