import type { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../core/errors.ts';
import type { CountedVote, Learned, LearnedState, LearningEvent, Rating, RememberedAnswer, Vote } from '../records.ts';
import type { StateLimits } from '../state.ts';
import { createLearningMerge } from './learning-merge.ts';

/** How many rows may gather above a bound before the oldest go: one delete for many inserts. */
const SLACK = 1_000;

const LEARNED = `task, model, answers, quality_sum AS qualitySum, quality_squares AS qualitySquares, seconds_sum AS secondsSum,
  score_sum AS scoreSum, ratings, rating_sum AS ratingSum, at`;

/** Deletes the oldest rows of a table once it is `SLACK` above its bound, going by its sequence number. */
const createPruner = (db: DatabaseSync, table: 'events' | 'answers' | 'votes', keep: number): ((seq: number | bigint) => void) => {
  const prune = db.prepare(`DELETE FROM ${table} WHERE seq <= ?`);
  const slack = Math.min(SLACK, Math.ceil(keep / 10));
  return (seq) => {
    const newest = Number(seq);
    if (newest > keep && newest % slack === 0) prune.run(newest - keep);
  };
};

/**
 * Events, their running sums, answers, votes and ratings. The sums change in the transaction of the event they count,
 * so they are exact after a crash and a start reads a few rows, whatever was learned from.
 */
export const createLearningTables = (db: DatabaseSync, limits: StateLimits) => {
  const insertEvent = db.prepare(
    'INSERT INTO events (request_id, task, model, quality, seconds, score, at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const add = db.prepare(`INSERT INTO learned VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    answers = answers + excluded.answers, quality_sum = quality_sum + excluded.quality_sum,
    quality_squares = quality_squares + excluded.quality_squares, seconds_sum = seconds_sum + excluded.seconds_sum,
    score_sum = score_sum + excluded.score_sum, ratings = ratings + excluded.ratings,
    rating_sum = rating_sum + excluded.rating_sum, at = max(at, excluded.at)`);
  const insertAnswer = db.prepare('INSERT INTO answers (request_id, task, model, key_id, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const answerOf = db.prepare('SELECT task, model, key_id FROM answers WHERE request_id = ?');
  const insertVote = db.prepare('INSERT INTO votes (request_id, key_id, rating, comment, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const insertRating = db.prepare('INSERT INTO ratings (task, model, rating, key_id, at) VALUES (?, ?, ?, ?, ?)');
  const pruneRatings = db.prepare(
    'DELETE FROM ratings WHERE task = ?1 AND seq <= (SELECT seq FROM ratings WHERE task = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)',
  );
  const pruneKey = db.prepare(
    `DELETE FROM ratings WHERE task = ?1 AND key_id = ?2 AND key_id <> ''
      AND seq <= (SELECT seq FROM ratings WHERE task = ?1 AND key_id = ?2 AND key_id <> '' ORDER BY seq DESC LIMIT 1 OFFSET ?3)`,
  );
  const taskRatings = db.prepare('SELECT sum(ratings) AS count FROM learned WHERE task = ?');
  const learned = db.prepare(`SELECT ${LEARNED} FROM learned ORDER BY task, model`);
  const ratings = db.prepare('SELECT task, model, rating, key_id AS keyId, at FROM ratings ORDER BY seq');
  const recent = db.prepare('SELECT request_id AS requestId, task, model, quality, seconds, score, at FROM events ORDER BY seq DESC LIMIT ?');
  const resets = ['events', 'learned', 'ratings'].map((table) => ({
    all: db.prepare(`DELETE FROM ${table}`),
    one: db.prepare(`DELETE FROM ${table} WHERE task = ?`),
  }));
  const merge = createLearningMerge(db);
  const pruneEvents = createPruner(db, 'events', limits.events);
  const pruneAnswers = createPruner(db, 'answers', limits.answers);
  // A vote must outlive the answer it is for, or a second one would count; twice the number of answers always does.
  const pruneVotes = createPruner(db, 'votes', limits.answers * 2);

  const remember = (answer: RememberedAnswer): void => {
    const done = insertAnswer.run(answer.requestId, answer.task, answer.model, answer.keyId ?? '', answer.at);
    if (done.changes > 0) pruneAnswers(done.lastInsertRowid);
  };
  const rate = (rating: Rating): void => {
    insertRating.run(rating.task, rating.model, rating.rating, rating.keyId ?? '', rating.at);
    if (rating.keyId !== undefined) pruneKey.run(rating.task, rating.keyId, limits.ratingsPerKey);
    pruneRatings.run(rating.task, limits.ratingsPerTask);
  };
  const reset = (task?: string): void => {
    for (const table of resets) task === undefined ? table.all.run() : table.one.run(task);
    if (task === undefined) merge.forget();
  };

  return {
    'events.append': (events: readonly LearningEvent[]): void => {
      merge.begin();
      for (const event of events) {
        const { requestId, task, model, quality, seconds, at } = event;
        const score = event.score ?? quality;
        const done = insertEvent.run(requestId, task, model, quality, seconds, score, at);
        if (done.changes === 0) continue;
        pruneEvents(done.lastInsertRowid);
        add.run(task, model, 1, quality, quality * quality, seconds, score, 0, 0, at);
        remember(event);
      }
    },
    'events.remember': (answers: readonly RememberedAnswer[]): void => answers.forEach(remember),
    'events.fold': (): LearnedState => {
      const origin = merge.own();
      return {
        ...(origin !== undefined && { origin }),
        learned: learned.all() as unknown as Learned[],
        ratings: (ratings.all() as unknown as (Rating & { keyId: string })[]).map(withoutEmptyKey),
      };
    },
    'events.recent': (limit: number): LearningEvent[] => recent.all(limit) as unknown as LearningEvent[],
    'events.reset': reset,
    'events.import': (state: LearnedState, mode: 'replace' | 'merge'): void => {
      const before = merge.own();
      if (mode === 'replace') {
        reset();
        merge.replaced(state, before);
      }
      const news = mode === 'replace' ? state : merge.news(state);
      merge.begin();
      for (const row of news.learned) {
        const { task, model, answers, qualitySum, qualitySquares, secondsSum, scoreSum, ratingSum, at } = row;
        add.run(task, model, answers, qualitySum, qualitySquares, secondsSum, scoreSum, row.ratings, ratingSum, at);
      }
      news.ratings.forEach(rate);
    },
    'feedback.vote': (vote: Vote): CountedVote => {
      const keyId = vote.keyId ?? '';
      const answer = answerOf.get(vote.requestId) as { task: string; model: string; key_id: string } | undefined;
      if (answer === undefined || (answer.key_id !== keyId && vote.admin !== true)) {
        throw new GatewayError('not-found', 'No answer with this id can be rated: it is unknown, too old, or was given to another key.', {
          param: 'id',
        });
      }
      const { task, model } = answer;
      const done = insertVote.run(vote.requestId, keyId, vote.rating, vote.comment ?? null, vote.at);
      if (done.changes === 0) throw new GatewayError('conflict', 'This answer was rated already; an answer has one vote per key.', { param: 'id' });
      pruneVotes(done.lastInsertRowid);
      merge.begin();
      // An admin may set the rules anyway: only the votes of others are capped, and marked for it.
      rate({ task, model, rating: vote.rating, at: vote.at, ...(keyId !== '' && vote.admin !== true && { keyId }) });
      add.run(task, model, 0, 0, 0, 0, 0, 1, vote.rating, vote.at);
      return { task, model, rating: vote.rating, taskRatings: Number(taskRatings.get(task)?.count ?? 0) };
    },
  };
};

const withoutEmptyKey = ({ keyId, ...rating }: Rating & { keyId: string }): Rating => (keyId === '' ? rating : { ...rating, keyId });
