import type { TaskDecision } from '../../core/plan.ts';
import type { ClassifierInput } from '../text.ts';

/** Says which task a request is. Pure and bounded in time; never throws. */
export interface Classifier {
  readonly name: string;
  classify(input: ClassifierInput): TaskDecision;
}

/** The decision with the most probable task; equal probabilities when there is no evidence. */
export function decide(probabilities: Readonly<Record<string, number>>, by: string): TaskDecision {
  let task = '';
  let confidence = -1;
  for (const [name, probability] of Object.entries(probabilities)) {
    if (probability > confidence) {
      task = name;
      confidence = probability;
    }
  }
  return { task, confidence: Math.max(0, confidence), probabilities, by };
}

/** The same probability for every task. */
export const uniform = (tasks: readonly string[]): Record<string, number> => Object.fromEntries(tasks.map((task) => [task, 1 / Math.max(1, tasks.length)]));

/** Scales to a sum of 1; equal shares when nothing is there. */
export function normalized(scores: Readonly<Record<string, number>>): Record<string, number> {
  const names = Object.keys(scores);
  const sum = names.reduce((total, name) => total + (scores[name] ?? 0), 0);
  if (!(sum > 0)) return uniform(names);
  return Object.fromEntries(names.map((name) => [name, (scores[name] ?? 0) / sum]));
}
