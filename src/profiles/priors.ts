import { BUILT_IN_TASKS, type Estimate, type ModelFacts, type ModelPreferences, type TaskKind } from '../core/model.ts';

/** How many observations a prior counts for. */
const PRIOR_WEIGHT = 8;

/**
 * Quality of an unknown model by its size alone, 0-100: MMLU-like scores of open models rise by about 8 points per doubling
 * of parameters below 10 B and flatten above (read off the table in config/benchmarks.yaml).
 */
export function qualityBySize(parameters: number | undefined): number {
  if (parameters === undefined) return 50;
  const billions = Math.max(0.05, parameters / 1e9);
  return Math.max(10, Math.min(88, 45 + 8 * Math.log2(billions)));
}

/** Points that a name promises: models made for a task are better at it than their size says. */
const SPECIALISTS: readonly (readonly [RegExp, TaskKind, number])[] = [
  [/cod(e|er|estral)|starcoder|devstral/i, 'code', 14],
  [/math|deepseek-r1|qwq|reason/i, 'math', 14],
  [/aya|translate|madlad|exaone/i, 'translation', 10],
];

/** Quality per task before anything was measured here. */
export function qualityPriors(facts: ModelFacts, preferences: ModelPreferences): Record<TaskKind, Estimate> {
  const base = qualityBySize(facts.parameters);
  const priors: Record<TaskKind, Estimate> = {};
  for (const task of BUILT_IN_TASKS) {
    const bonus = SPECIALISTS.reduce((sum, [pattern, kind, points]) => sum + (kind === task && pattern.test(facts.name) ? points : 0), 0);
    const own = preferences.benchmarks[task];
    priors[task] = { mean: own ?? Math.min(100, base + bonus), weight: PRIOR_WEIGHT };
  }
  priors['*'] = { mean: base, weight: PRIOR_WEIGHT };
  return priors;
}

/** The tasks a model is made for, by its name, where nobody said so. */
export const optimalFor = (facts: ModelFacts): readonly TaskKind[] => SPECIALISTS.filter(([pattern]) => pattern.test(facts.name)).map(([, task]) => task);
