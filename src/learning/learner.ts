import type { Estimate, TaskKind } from '../core/model.ts';
import { MAX_WEIGHT, type Mean, type RatedAnswer, SHRINK_TASK, shrink, taskMeans } from './estimate.ts';
import { addRating } from './window.ts';

/** Answers of a task between two looks at its choice. */
const REVIEW_EVERY = 100;
/** Ratings of a task from which on people's judgement leads, and how many of the last ones count. */
const RATINGS_LEAD = 50;
/** Answers of one (task, model) that count; of more, the older ones fade. */
const ANSWERS_KEPT = 400;

/** One (task, model) as a start loads it. */
export interface LearnedCell {
  readonly task: TaskKind;
  readonly model: string;
  readonly answers: number;
  readonly scoreSum: number;
}

export interface LeaderChange {
  readonly task: TaskKind;
  readonly from: string | undefined;
  readonly to: string;
  readonly scores: { readonly from: number | undefined; readonly to: number };
  readonly by: 'answers' | 'ratings';
}

/** What was learned about which model does which task well. A pure fold over events and ratings; where they are kept is not its matter. */
export interface Learner {
  /** A prior improved by evidence, 0-100. */
  estimate(task: TaskKind, model: string, prior: Estimate): Estimate;
  /** What is expected of a model before it answered anything; true when that is news. Others' estimates are relative to it. */
  expect(model: string, priors: Readonly<Record<TaskKind, Estimate>>): boolean;
  answered(task: TaskKind, model: string, score: number): void;
  rated(vote: RatedAnswer): void;
  load(cells: readonly LearnedCell[], ratings: readonly RatedAnswer[]): void;
  leaders(): Readonly<Record<TaskKind, string>>;
  table(): readonly {
    readonly task: TaskKind;
    readonly model: string;
    readonly answers: number;
    readonly mean: number;
    readonly ratings: number;
    readonly rating: number | null;
  }[];
}

/** `changed` is told whenever a task's leading model changes, with both numbers. */
export function createLearner(changed: (change: LeaderChange) => void): Learner {
  const cells = new Map<TaskKind, Map<string, Mean>>();
  const ratings = new Map<TaskKind, readonly RatedAnswer[]>();
  /** Answers of each task so far, for the rhythm of the reviews. */
  const seen = new Map<TaskKind, number>();
  const leaders = new Map<TaskKind, string>();
  /** Priors of every (task, model). */
  const expected = new Map<TaskKind, Map<string, number>>();
  /** What estimates are made of: it stands still between two reviews, so that a choice does not flicker. */
  let reviewed = new Map<TaskKind, Map<string, Mean>>();
  let means = new Map<string, Map<string, { mean: number; count: number }>>();

  /**
   * By how much scores of a task lie above what was expected of the models that answered it. Scores and priors have scales of their
   * own: only how models differ tells anything, and a model that alone was asked must neither gain nor lose by it.
   */
  const offsetOf = (task: TaskKind): number => {
    let rest = 0;
    let weight = 0;
    for (const [model, cell] of reviewed.get(task) ?? []) {
      const known = expected.get(task)?.get(model);
      if (known === undefined) continue;
      rest += cell.sum - cell.count * known;
      weight += cell.count;
    }
    return weight === 0 ? 0 : rest / weight;
  };

  /** How far a model turned out better or worse than expected, over all tasks. */
  const surpriseOf = (model: string): Mean => {
    let total: Mean = { count: 0, sum: 0 };
    for (const [task, row] of reviewed) {
      const cell = row.get(model);
      const known = expected.get(task)?.get(model);
      if (cell !== undefined && known !== undefined)
        total = { count: total.count + cell.count, sum: total.sum + cell.sum - cell.count * (known + offsetOf(task)) };
    }
    return total;
  };

  const fromAnswers = (task: TaskKind, model: string, prior: Estimate): Estimate => {
    const cell = reviewed.get(task)?.get(model) ?? { count: 0, sum: 0 };
    const belief = prior.mean + shrink(surpriseOf(model), 0, SHRINK_TASK * 2);
    const level = { count: cell.count, sum: cell.sum - cell.count * offsetOf(task) };
    return { mean: shrink(level, belief, SHRINK_TASK + prior.weight), weight: prior.weight + Math.min(MAX_WEIGHT, cell.count) };
  };

  const hasVotes = (task: TaskKind): boolean => (ratings.get(task)?.length ?? 0) >= RATINGS_LEAD;
  /** Ratings 1-5 -> 0-100. */
  const toScore = (rating: number): number => (rating - 1) * 25;

  const look = (): void => {
    reviewed = new Map([...cells].map(([name, row]) => [name, new Map(row)]));
    means = taskMeans([...ratings.values()].flat());
  };
  const scoresOf = (task: TaskKind): Map<string, number> => {
    const voted = hasVotes(task) ? means.get(task) : undefined;
    return voted === undefined
      ? new Map(
          [...(reviewed.get(task)?.keys() ?? [])].map((model) => [
            model,
            fromAnswers(task, model, { mean: expected.get(task)?.get(model) ?? 50, weight: 0 }).mean,
          ]),
        )
      : new Map([...voted].map(([model, { mean }]) => [model, toScore(mean)]));
  };
  const bestOf = (scores: ReadonlyMap<string, number>): readonly [string, number] | undefined => [...scores].sort(([, a], [, b]) => b - a)[0];

  const review = (task: TaskKind, by: LeaderChange['by']): void => {
    look();
    const scores = scoresOf(task);
    const best = bestOf(scores);
    const before = leaders.get(task);
    if (best === undefined || best[0] === before) return;
    leaders.set(task, best[0]);
    changed({ task, from: before, to: best[0], scores: { from: before === undefined ? undefined : scores.get(before), to: best[1] }, by });
  };

  return {
    estimate(task, model, prior) {
      const voted = hasVotes(task) ? means.get(task)?.get(model) : undefined;
      if (voted !== undefined) return { mean: toScore(voted.mean), weight: Math.min(MAX_WEIGHT, voted.count + SHRINK_TASK) };
      return fromAnswers(task, model, prior);
    },
    expect(model, priors) {
      let news = false;
      for (const [task, { mean }] of Object.entries(priors)) {
        const row = expected.get(task) ?? new Map<string, number>();
        expected.set(task, row);
        if (row.get(model) !== mean) news = true;
        row.set(model, mean);
      }
      return news;
    },
    answered(task, model, score) {
      const row = cells.get(task) ?? new Map<string, Mean>();
      cells.set(task, row);
      const cell = row.get(model) ?? { count: 0, sum: 0 };
      row.set(model, faded({ count: cell.count + 1, sum: cell.sum + score }));
      const answers = (seen.get(task) ?? 0) + 1;
      seen.set(task, answers);
      if (answers % REVIEW_EVERY === 0) review(task, 'answers');
    },
    rated(vote) {
      const list = addRating(ratings.get(vote.task) ?? [], vote);
      ratings.set(vote.task, list);
      if (list.length >= RATINGS_LEAD) review(vote.task, 'ratings');
    },
    load(learned, rated) {
      cells.clear();
      ratings.clear();
      leaders.clear();
      seen.clear();
      for (const { task, model, answers, scoreSum } of learned) {
        const row = cells.get(task) ?? new Map<string, Mean>();
        row.set(model, faded({ count: answers, sum: scoreSum }));
        cells.set(task, row);
        seen.set(task, (seen.get(task) ?? 0) + answers);
      }
      for (const item of rated) ratings.set(item.task, addRating(ratings.get(item.task) ?? [], item));
      look();
      for (const [task, count] of seen) {
        const best = count >= REVIEW_EVERY || hasVotes(task) ? bestOf(scoresOf(task)) : undefined;
        if (best !== undefined) leaders.set(task, best[0]);
      }
    },
    leaders: () => Object.fromEntries(leaders),
    table: () =>
      [...new Set([...cells.keys(), ...ratings.keys()])].flatMap((task) => {
        const row = cells.get(task) ?? new Map<string, Mean>();
        const votes = ratings.get(task) ?? [];
        return [...new Set([...row.keys(), ...votes.map(({ model }) => model)])].map((model) => {
          const cell = row.get(model) ?? { count: 0, sum: 0 };
          const own = votes.filter((vote) => vote.model === model);
          return {
            task,
            model,
            answers: cell.count,
            mean: cell.count === 0 ? 0 : Math.round((cell.sum / cell.count) * 10) / 10,
            ratings: own.length,
            rating: own.length === 0 ? null : Math.round((own.reduce((sum, vote) => sum + vote.rating, 0) / own.length) * 100) / 100,
          };
        });
      }),
  };
}

/** A mean that forgets: it never counts for more answers than are kept. */
const faded = ({ count, sum }: Mean): Mean => (count <= ANSWERS_KEPT ? { count, sum } : { count: ANSWERS_KEPT, sum: (sum / count) * ANSWERS_KEPT });
