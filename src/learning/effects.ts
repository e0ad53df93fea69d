/** Observations of one task and one model. */
export interface Observed {
  readonly task: number;
  readonly model: number;
  readonly count: number;
  readonly mean: number;
}

/** Standard deviations, in the unit of the observations. */
export interface Spreads {
  /** Of how good models are overall. */
  readonly model: number;
  /** Of how easily tasks please. */
  readonly task: number;
  /** Of what is particular to a model in a task. */
  readonly particular: number;
  /** Of single observations around their mean. */
  readonly noise: number;
}

export interface Effects {
  /** Logarithm of how probable the observations are under these spreads, up to a constant. */
  readonly likelihood: number;
  /** What a model is worth in a task, observed there or not. */
  worth(task: number, model: number): number;
}

/** How far the level of all may lie from zero. */
const LEVEL = 0.5;

/**
 * Best linear prediction of level + task + model + particular from observed means around zero, all normal with the given spreads (Henderson's mixed model
 * equations). Costs a few thousand steps for ten models and tasks.
 */
export function fitEffects(observed: readonly Observed[], tasks: number, models: number, spreads: Spreads): Effects {
  const size = 1 + tasks + models;
  const matrix = Array.from({ length: size }, () => new Float64Array(size));
  const right = new Float64Array(size);
  const particular = new Map<number, { readonly share: number; readonly mean: number }>();
  let squares = 0;
  let logDeterminant = 0;
  for (const { task, model, count, mean } of observed) {
    const variance = spreads.particular ** 2 + spreads.noise ** 2 / count;
    const own = [0, 1 + task, 1 + tasks + model];
    for (const i of own) {
      right[i] = (right[i] as number) + mean / variance;
      const line = matrix[i] as Float64Array;
      for (const j of own) line[j] = (line[j] as number) + 1 / variance;
    }
    squares += mean ** 2 / variance;
    logDeterminant += Math.log(variance);
    particular.set(task * models + model, { share: spreads.particular ** 2 / variance, mean });
  }
  for (let i = 0; i < size; i++) {
    const spread = i === 0 ? LEVEL : i <= tasks ? spreads.task : spreads.model;
    const line = matrix[i] as Float64Array;
    line[i] = (line[i] as number) + 1 / spread ** 2;
    logDeterminant += 2 * Math.log(spread);
  }
  const { solution, logDeterminant: inner } = solvePositive(matrix, right);
  const explained = right.reduce((sum, value, i) => sum + value * (solution[i] as number), 0);
  return {
    likelihood: -0.5 * (squares - explained + logDeterminant + inner),
    worth(task, model) {
      const expected = (solution[0] as number) + (solution[1 + task] as number) + (solution[1 + tasks + model] as number);
      const own = particular.get(task * models + model);
      return own === undefined ? expected : expected + own.share * (own.mean - expected);
    },
  };
}

/** Solves a symmetric positive definite system by Cholesky's method; the matrix is used up. */
function solvePositive(matrix: readonly Float64Array[], right: Float64Array): { solution: Float64Array; logDeterminant: number } {
  const size = right.length;
  const at = (i: number, j: number): number => matrix[i]?.[j] as number;
  let logDeterminant = 0;
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let value = at(i, j);
      for (let k = 0; k < j; k++) value -= at(i, k) * at(j, k);
      (matrix[i] as Float64Array)[j] = i === j ? Math.sqrt(value) : value / at(j, j);
    }
    logDeterminant += 2 * Math.log(at(j, j));
  }
  const solution = right.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) solution[i] = (solution[i] as number) - at(i, k) * (solution[k] as number);
    solution[i] = (solution[i] as number) / at(i, i);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) solution[i] = (solution[i] as number) - at(k, i) * (solution[k] as number);
    solution[i] = (solution[i] as number) / at(i, i);
  }
  return { solution, logDeterminant };
}
