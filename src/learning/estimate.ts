/** A mean of some observations. */
export interface Mean {
  readonly count: number;
  readonly sum: number;
}

/*
 * The constants below were tuned on bench/learning.ts (six regimes of four models and six tasks); its results stand in
 * bench/results/learning.md.
 */

/** How many observations the belief about a model overall counts for, when one task of it is judged. */
export const SHRINK_TASK = 20;
/** How many observations the belief about all models counts for, when one model is judged overall. */
export const SHRINK_MODEL = 1;
/** The same for how hard a task is to please in. */
const SHRINK_DIFFICULTY = 1;
/** The strength that the ratings themselves suggest is kept between these. */
const STRENGTH_RANGE = [1.5, 40] as const;
/** How many cells' worth of evidence the tuned strength counts for against what the ratings suggest. */
const STRENGTH_PRIOR = 40;
const ROUNDS = 8;
/** Evidence beyond this many observations does not make an estimate firmer: models and prompts change. */
export const MAX_WEIGHT = 200;

/** A mean drawn towards a belief that counts for `strength` observations. Cells with more evidence move further from it. */
export function shrink({ count, sum }: Mean, belief: number, strength: number): number {
  const weight = Math.min(count, MAX_WEIGHT);
  const mean = count === 0 ? belief : sum / count;
  return (mean * weight + belief * strength) / (weight + strength);
}

/** Quality and speed on 0-100: 0.7 and 0.3. An answer within a second is as fast as counts, so that speed alone never wins. */
export const combinedScore = (quality: number, seconds: number): number => 0.7 * quality + 0.3 * Math.min(100, 100 / Math.max(seconds, 1));

export interface RatedAnswer {
  readonly task: string;
  readonly model: string;
  readonly rating: number;
  /** The key that rated, when its votes are capped. */
  readonly keyId?: string;
}

interface Cell extends Mean {
  readonly squares: number;
}

type Cells = ReadonlyMap<string, ReadonlyMap<string, Cell>>;

/**
 * What each model is worth per task, from ratings alone: the mean of all, plus how easily the task pleases, plus how much better
 * the model is than others on the same tasks, plus what is particular to this model in this task. The last part is drawn to
 * nothing the more, the less evidence there is and the less the ratings differ by more than chance. With little evidence every
 * task therefore gets the model that is best overall, which is what keeps the map from being worse than the single best model;
 * and a model that was only asked hard things is not thought worse for it.
 */
export function taskMeans(ratings: readonly RatedAnswer[]): Map<string, Map<string, { mean: number; count: number }>> {
  const { cells, models, overall } = gather(ratings);
  const first = decompose(cells, models, overall, SHRINK_TASK);
  const strength = strengthOf(cells, first);
  const { expected } = decompose(cells, models, overall, strength);
  return new Map(
    [...cells].map(([task, row]) => [
      task,
      new Map(
        models.map((model) => {
          const cell = row.get(model) ?? { count: 0, sum: 0 };
          return [model, { mean: shrink(cell, expected(task, model), strength), count: cell.count }];
        }),
      ),
    ]),
  );
}

function gather(ratings: readonly RatedAnswer[]): { cells: Cells; models: readonly string[]; overall: number } {
  const cells = new Map<string, Map<string, Cell>>();
  const models = new Set<string>();
  let sum = 0;
  for (const { task, model, rating } of ratings) {
    const row = cells.get(task) ?? new Map<string, Cell>();
    cells.set(task, row);
    const cell = row.get(model) ?? { count: 0, sum: 0, squares: 0 };
    row.set(model, { count: cell.count + 1, sum: cell.sum + rating, squares: cell.squares + rating * rating });
    models.add(model);
    sum += rating;
  }
  return { cells, models: [...models], overall: ratings.length === 0 ? 0 : sum / ratings.length };
}

interface Fitted {
  readonly models: number;
  /** What a task and a model lead one to expect, before what is particular to the two together. */
  expected(task: string, model: string): number;
}

/** Effects of tasks and models, each found with the other held still, in turns. */
function decompose(cells: Cells, names: readonly string[], overall: number, strength: number): Fitted {
  const tasks = new Map<string, number>();
  const models = new Map<string, number>(names.map((name) => [name, 0]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [task, row] of cells) {
      let rest = 0;
      let weight = SHRINK_DIFFICULTY;
      for (const [model, { count, sum }] of row) {
        rest += sum - count * (overall + (models.get(model) ?? 0));
        weight += count;
      }
      tasks.set(task, rest / weight);
    }
    for (const model of names) {
      let rest = 0;
      let weight = SHRINK_MODEL;
      for (const [task, row] of cells) {
        const cell = row.get(model);
        if (cell === undefined) continue;
        // A task asked a hundred times tells less of the model overall than ten tasks asked ten times.
        const share = cell.count / (1 + cell.count / (4 * strength));
        rest += (cell.sum / cell.count - overall - (tasks.get(task) ?? 0)) * share;
        weight += share;
      }
      models.set(model, rest / weight);
    }
  }
  return { models: names.length, expected: (task, model) => overall + (tasks.get(task) ?? 0) + (models.get(model) ?? 0) };
}

/** How many observations what is expected should count for: the spread of single ratings over the spread between cells, from the ratings. */
function strengthOf(cells: Cells, { models, expected }: Fitted): number {
  let within = 0;
  let freedom = 0;
  let between = 0;
  let inverse = 0;
  let count = 0;
  for (const [task, row] of cells) {
    for (const [model, cell] of row) {
      const mean = cell.sum / cell.count;
      within += cell.squares - cell.sum * mean;
      freedom += cell.count - 1;
      between += (mean - expected(task, model)) ** 2;
      inverse += 1 / cell.count;
      count += 1;
    }
  }
  if (count === 0) return SHRINK_TASK;
  const noise = (within + STRENGTH_PRIOR) / (freedom + STRENGTH_PRIOR);
  const corrected = (between * count) / Math.max(1, count - cells.size - models + 1);
  const particular = (Math.max(0, corrected - noise * inverse) + (STRENGTH_PRIOR * noise) / SHRINK_TASK) / (count + STRENGTH_PRIOR);
  return Math.max(STRENGTH_RANGE[0], Math.min(STRENGTH_RANGE[1], noise / Math.max(1e-6, particular)));
}

/** The model to choose per task from ratings, best first. Tasks that were never rated are absent. */
export function chooseByRatings(ratings: readonly RatedAnswer[]): Map<string, readonly string[]> {
  return new Map([...taskMeans(ratings)].map(([task, row]) => [task, [...row].sort(([, a], [, b]) => b.mean - a.mean).map(([model]) => model)]));
}
