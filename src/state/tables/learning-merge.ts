import type { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../core/errors.ts';
import type { Learned, LearnedState, Rating } from '../records.ts';

const NAMESPACE = 'learning-origin';
const OWN = 'own';

type Sums = Omit<Learned, 'task' | 'model' | 'at'>;
const SUMS = ['answers', 'qualitySum', 'qualitySquares', 'secondsSum', 'scoreSum', 'ratings', 'ratingSum'] as const satisfies readonly (keyof Sums)[];

const cellOf = ({ task, model }: Pick<Learned, 'task' | 'model'>): string => JSON.stringify([task, model]);
const sameRating = (a: Rating, b: Rating): boolean =>
  a.task === b.task && a.model === b.model && a.rating === b.rating && a.at === b.at && (a.keyId ?? '') === (b.keyId ?? '');

/**
 * Keeps merging from counting twice. What is learned since the last reset has an origin of its own, which an export carries; of each origin merged
 * here it is known how much of it was, so that a later export of the same adds only what is new in it.
 */
export const createLearningMerge = (db: DatabaseSync) => {
  const get = db.prepare('SELECT value FROM kv WHERE namespace = ? AND key = ?');
  const create = db.prepare('INSERT INTO kv VALUES (?, ?, json_quote(lower(hex(randomblob(16))))) ON CONFLICT DO NOTHING');
  const set = db.prepare('INSERT INTO kv VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  const forgetAll = db.prepare('DELETE FROM kv WHERE namespace = ?');

  const read = (key: string): unknown => {
    const value = get.get(NAMESPACE, key)?.value as string | undefined;
    return value === undefined ? undefined : JSON.parse(value);
  };
  const own = (): string | undefined => read(OWN) as string | undefined;

  return {
    own,
    /** Gives what is learned from here on an origin. */
    begin: (): void => {
      create.run(NAMESPACE, OWN);
    },
    /** Nothing is learned any more; what comes next is another origin's. */
    forget: (): void => {
      forgetAll.run(NAMESPACE);
    },
    /** The state takes the place of all there was: going back to an export of its own keeps the origin. */
    replaced: (state: LearnedState, before: string | undefined): void => {
      if (state.origin === undefined) return;
      if (state.origin === before) set.run(NAMESPACE, OWN, JSON.stringify(before));
      else set.run(NAMESPACE, state.origin, JSON.stringify(state));
    },
    /**
     * What of an exported state was not merged before.
     *
     * @throws GatewayError 'conflict' when it is this store's own: all of it is counted.
     */
    news: (state: LearnedState): LearnedState => {
      if (state.origin === undefined) return state;
      if (state.origin === own()) {
        throw new GatewayError('conflict', 'This was exported from here and is counted already. To go back to it, import it with "mode": "replace".', {
          code: 'already_learned',
          param: 'origin',
        });
      }
      const before = read(state.origin) as LearnedState | undefined;
      set.run(NAMESPACE, state.origin, JSON.stringify(state));
      if (before === undefined) return state;
      const merged = new Map(before.learned.map((row) => [cellOf(row), row]));
      const rest = state.learned.map((row) => {
        const had = merged.get(cellOf(row));
        if (had === undefined) return row;
        return { ...row, ...Object.fromEntries(SUMS.map((name) => [name, Math.max(0, row[name] - had[name])])) };
      });
      return {
        learned: rest.filter((row) => row.answers > 0 || row.ratings > 0),
        ratings: state.ratings.filter((rating) => !before.ratings.some((known) => sameRating(known, rating))),
      };
    },
  };
};
