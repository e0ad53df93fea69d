import type { RatedAnswer } from './estimate.ts';

/** Ratings of a task that count. */
export const RATINGS_KEPT = 200;
/**
 * Of these at most so many by one key, 5 %: a key that votes ten thousand times neither outvotes the others nor pushes their
 * votes out. Votes without a key are not capped: nobody's on an open gateway, and those of admins, who may set the rules anyway.
 */
export const RATINGS_PER_KEY = 10;

/** The ratings of one task with one more, oldest first. A key over its share loses its own oldest vote. */
export function addRating(ratings: readonly RatedAnswer[], vote: RatedAnswer): readonly RatedAnswer[] {
  const list = [...ratings, vote];
  if (vote.keyId !== undefined && list.filter(({ keyId }) => keyId === vote.keyId).length > RATINGS_PER_KEY) {
    list.splice(
      list.findIndex(({ keyId }) => keyId === vote.keyId),
      1,
    );
  }
  return list.slice(-RATINGS_KEPT);
}
