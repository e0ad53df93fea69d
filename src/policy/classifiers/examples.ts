import type { ClassifierInput } from '../text.ts';
import { readPrompt } from '../text.ts';
import { type Classifier, decide, uniform } from './classifier.ts';
import { createFeatureExtractor, type FeatureExtractor } from './features.ts';

/** How near a text is to the examples of each task. */
export interface ExampleScorer {
  readonly tasks: readonly string[];
  /** Cosine of the nearest example per task, 0-1, over the same hashed n-grams the statistical classifier reads. */
  similarities(input: ClassifierInput): Map<string, number>;
}

type Sparse = ReadonlyMap<number, number>;

function unitVector(extractor: FeatureExtractor, input: ClassifierInput): Sparse {
  const features = extractor.extract(input);
  const vector = new Map<number, number>();
  let square = 0;
  for (let i = 0; i < features.cuesFrom; i++) {
    const value = features.values[i] ?? 0;
    vector.set(features.ids[i] ?? 0, value);
    square += value * value;
  }
  const length = Math.sqrt(square) || 1;
  for (const [id, value] of vector) vector.set(id, value / length);
  return vector;
}

/** Reads the examples once; at most 200 of a task are kept. */
export function createExampleScorer(examples: Readonly<Record<string, readonly string[]>>): ExampleScorer {
  const extractor = createFeatureExtractor();
  const tasks = Object.keys(examples);
  /** Bucket to the examples that have it: only examples that share something with the text cost time. */
  const postings = new Map<number, { example: number; value: number }[]>();
  const owners: string[] = [];
  for (const task of tasks) {
    for (const text of (examples[task] ?? []).slice(0, 200)) {
      for (const [id, value] of unitVector(extractor, readPrompt(text))) {
        const list = postings.get(id) ?? [];
        list.push({ example: owners.length, value });
        postings.set(id, list);
      }
      owners.push(task);
    }
  }
  return {
    tasks,
    similarities(input) {
      const sums = new Float64Array(owners.length);
      for (const [id, value] of unitVector(extractor, input)) {
        for (const posting of postings.get(id) ?? []) sums[posting.example] = (sums[posting.example] ?? 0) + value * posting.value;
      }
      const nearest = new Map<string, number>();
      owners.forEach((task, i) => {
        nearest.set(task, Math.max(nearest.get(task) ?? 0, Math.min(1, sums[i] ?? 0)));
      });
      return nearest;
    },
  };
}

/** Probability that a text belongs to a task whose nearest example is this similar: one half at 0.45. */
export const exampleProbability = (similarity: number): number => 1 / (1 + Math.exp(-14 * (similarity - 0.45)));

/** A classifier by examples alone. */
export function createExampleClassifier(examples: Readonly<Record<string, readonly string[]>>): Classifier {
  const scorer = createExampleScorer(examples);
  return {
    name: 'examples',
    classify(input) {
      const probabilities = new Map([...scorer.similarities(input)].map(([task, similarity]) => [task, exampleProbability(similarity)]));
      const sum = [...probabilities.values()].reduce((total, value) => total + value, 0);
      if (sum < 0.1) return decide(uniform(scorer.tasks), 'examples');
      return decide(Object.fromEntries([...probabilities].map(([task, value]) => [task, value / Math.max(1, sum)])), 'examples');
    },
  };
}
