import { fitEffects, type Observed } from './effects.ts';

/** A mean of some observations. */
export interface Mean {
  readonly count: number;
  readonly sum: number;
}

/** How many observations the belief about a model overall counts for, when one task of it is judged. */
export const SHRINK_TASK = 20;
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

/** Spreads of ratings that are thought possible beforehand, each as probable as the others; the ratings themselves tell which fit. */
const MODEL_SPREADS = [0.15, 0.4, 0.8];
const PARTICULAR_SPREADS = [0.12, 0.25, 0.5];
const TASK_SPREAD = 0.4;
/** How many ratings' worth of evidence the belief that single ratings spread by 1 counts for. */
const NOISE_PRIOR = 40;

/**
 * What each model is worth per task, from ratings alone: the mean of all, plus how easily the task pleases, plus how much better the model is than others on
 * the same tasks, plus what is particular to this model in this task. How much of a difference is believed depends on how much models and tasks differ,
 * which nobody knows: the prediction is made for several assumptions and averaged by how well each explains the ratings. With little evidence every task
 * therefore gets the model that is best overall, which is what keeps the map from being worse than the single best model; and a model that was only asked
 * hard things is not thought worse for it. Measured in bench/results/learning.md.
 */
export function taskMeans(ratings: readonly RatedAnswer[]): Map<string, Map<string, { mean: number; count: number }>> {
  if (ratings.length === 0) return new Map();
  const tasks = [...new Set(ratings.map(({ task }) => task))];
  const models = [...new Set(ratings.map(({ model }) => model))];
  const overall = ratings.reduce((sum, { rating }) => sum + rating, 0) / ratings.length;
  const { observed, noise } = gather(ratings, tasks, models, overall);
  const fits = MODEL_SPREADS.flatMap((model) =>
    PARTICULAR_SPREADS.map((particular) => fitEffects(observed, tasks.length, models.length, { model, particular, task: TASK_SPREAD, noise })),
  );
  const best = Math.max(...fits.map(({ likelihood }) => likelihood));
  const weights = fits.map(({ likelihood }) => Math.exp(likelihood - best));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const worth = (task: number, model: number): number => fits.reduce((total, fit, i) => total + (weights[i] as number) * fit.worth(task, model), 0) / sum;
  const counts = new Map(observed.map(({ task, model, count }) => [task * models.length + model, count]));
  return new Map(
    tasks.map((task, t) => [task, new Map(models.map((model, m) => [model, { mean: overall + worth(t, m), count: counts.get(t * models.length + m) ?? 0 }]))]),
  );
}

/** Means per (task, model) around the overall mean, and how far single ratings lie from theirs. */
function gather(
  ratings: readonly RatedAnswer[],
  tasks: readonly string[],
  models: readonly string[],
  overall: number,
): { observed: readonly Observed[]; noise: number } {
  const taskIndex = new Map(tasks.map((task, index) => [task, index]));
  const modelIndex = new Map(models.map((model, index) => [model, index]));
  const cells = new Map<number, { count: number; sum: number; squares: number }>();
  for (const { task, model, rating } of ratings) {
    const key = (taskIndex.get(task) as number) * models.length + (modelIndex.get(model) as number);
    const { count, sum, squares } = cells.get(key) ?? { count: 0, sum: 0, squares: 0 };
    const value = rating - overall;
    cells.set(key, { count: count + 1, sum: sum + value, squares: squares + value * value });
  }
  let within = NOISE_PRIOR;
  let freedom = NOISE_PRIOR;
  for (const { count, sum, squares } of cells.values()) {
    within += squares - (sum * sum) / count;
    freedom += count - 1;
  }
  const observed = [...cells].map(([key, { count, sum }]) => ({
    task: Math.floor(key / models.length),
    model: key % models.length,
    count,
    mean: sum / count,
  }));
  return { observed, noise: Math.sqrt(within / freedom) };
}

/** The model to choose per task from ratings, best first. Tasks that were never rated are absent. */
export function chooseByRatings(ratings: readonly RatedAnswer[]): Map<string, readonly string[]> {
  return new Map([...taskMeans(ratings)].map(([task, row]) => [task, [...row].sort(([, a], [, b]) => b.mean - a.mean).map(([model]) => model)]));
}
