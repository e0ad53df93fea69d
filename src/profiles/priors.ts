import { BUILT_IN_TASKS, type Estimate, type ModelFacts, type ModelPreferences, type TaskKind } from '../core/model.ts';
import { type BenchmarkTable, columnOf, qualityOf } from './benchmarks.ts';
import { qualityBySize, sizeInName } from './size.ts';

/** How many observations a prior counts for: figures of the model itself, and a guess by its size. */
const KNOWN_WEIGHT = 8;
const GUESSED_WEIGHT = 4;

/** Points that a name promises where no figure is known: models made for a task are better at it than their size says. */
const SPECIALISTS: readonly (readonly [RegExp, TaskKind, number])[] = [
  [/cod(e|er|estral)|starcoder|devstral/i, 'code', 14],
  [/math|deepseek-r1|qwq|reason/i, 'math', 14],
  [/aya|translate|madlad|exaone/i, 'translation', 10],
];
/** Points that models made for code lack elsewhere: their makers' own tables show about this much. */
const NARROW = /cod(e|er|estral)|starcoder|devstral/i;
const NARROW_LOSS = 6;

/**
 * Quality per task before anything was measured here: what a person set, else published figures, else the size.
 * A person's figures may be named by a task ('code: 80') or by a benchmark ('HumanEval: 72.6', also 0.726).
 */
export function qualityPriors(facts: ModelFacts, preferences: ModelPreferences, table: BenchmarkTable): Record<TaskKind, Estimate> {
  const known = table.of(facts)?.quality;
  const own = ownFigures(preferences.benchmarks);
  const general = own['*'] ?? known?.['*'] ?? qualityBySize(facts.parameters ?? sizeInName(facts.name));
  const base = { mean: general, weight: (own['*'] ?? known?.['*']) === undefined ? GUESSED_WEIGHT : KNOWN_WEIGHT };
  const priors: Record<TaskKind, Estimate> = { '*': base };
  for (const task of new Set<TaskKind>([...BUILT_IN_TASKS, ...Object.keys(own)])) {
    const figure = own[task] ?? known?.[task];
    if (figure !== undefined) priors[task] = { mean: figure, weight: KNOWN_WEIGHT };
    else if (task !== '*') priors[task] = { mean: clamp(general + bonusOf(facts.name, task)), weight: base.weight };
  }
  return priors;
}

function ownFigures(benchmarks: Readonly<Record<string, number>>): Record<string, number> {
  const scores: Record<string, number> = {};
  const tasks: Record<string, number> = {};
  for (const [name, value] of Object.entries(benchmarks)) {
    const percent = value > 0 && value <= 1 ? value * 100 : value;
    const column = columnOf(name);
    if (column !== undefined) scores[column] = percent;
    else tasks[name === 'general' ? '*' : name.toLowerCase()] = percent;
  }
  return { ...qualityOf(scores), ...tasks };
}

function bonusOf(name: string, task: TaskKind): number {
  const bonus = SPECIALISTS.reduce((sum, [pattern, kind, points]) => sum + (kind === task && pattern.test(name) ? points : 0), 0);
  return task !== 'code' && NARROW.test(name) ? bonus - NARROW_LOSS : bonus;
}

const clamp = (value: number): number => Math.max(3, Math.min(98, value));

/** The tasks a model is made for, by its name and its published figures, where nobody said so. */
export const optimalFor = (facts: Pick<ModelFacts, 'name' | 'parameters'>, table: BenchmarkTable): readonly TaskKind[] => [
  ...new Set([...SPECIALISTS.filter(([pattern]) => pattern.test(facts.name)).map(([, task]) => task), ...(table.of(facts)?.strengths ?? [])]),
];
