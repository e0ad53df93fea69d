/** A mean of some observations. */
export interface Mean {
  readonly count: number;
  readonly sum: number;
}

/** How many observations the belief about a model overall counts for, when one task of it is judged. */
export const SHRINK_TASK = 12;
/** How many observations the belief about all models counts for, when one model is judged overall. */
export const SHRINK_MODEL = 4;
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
}

/**
 * What each model is worth per task, from ratings alone: each (task, model) mean is drawn towards the model's overall mean, and
 * that towards the mean of all. With little evidence every task therefore gets the model that is best overall, which is what
 * keeps the map from being worse than the single best model.
 */
export function taskMeans(ratings: readonly RatedAnswer[]): Map<string, Map<string, { mean: number; count: number }>> {
  const cells = new Map<string, Map<string, Mean>>();
  const models = new Map<string, Mean>();
  let all: Mean = { count: 0, sum: 0 };
  const plus = (mean: Mean | undefined, value: number): Mean => ({ count: (mean?.count ?? 0) + 1, sum: (mean?.sum ?? 0) + value });
  for (const { task, model, rating } of ratings) {
    const row = cells.get(task) ?? new Map<string, Mean>();
    row.set(model, plus(row.get(model), rating));
    cells.set(task, row);
    models.set(model, plus(models.get(model), rating));
    all = plus(all, rating);
  }
  const overall = all.count === 0 ? 0 : all.sum / all.count;
  const beliefs = new Map([...models].map(([model, mean]) => [model, shrink(mean, overall, SHRINK_MODEL)]));
  return new Map(
    [...cells.keys()].map((task) => [
      task,
      new Map(
        [...beliefs].map(([model, belief]) => {
          const cell = cells.get(task)?.get(model) ?? { count: 0, sum: 0 };
          return [model, { mean: shrink(cell, belief, SHRINK_TASK), count: cell.count }];
        }),
      ),
    ]),
  );
}

/** The model to choose per task from ratings, best first. Tasks that were never rated are absent. */
export function chooseByRatings(ratings: readonly RatedAnswer[]): Map<string, readonly string[]> {
  return new Map([...taskMeans(ratings)].map(([task, row]) => [task, [...row].sort(([, a], [, b]) => b.mean - a.mean).map(([model]) => model)]));
}
