import { type ClassifierInput, readPrompt } from '../text.ts';
import { createFeatureExtractor } from './features.ts';

/** How near a text is to the examples of each task. */
export interface ExampleScorer {
  readonly tasks: readonly string[];
  /**
   * Per task, the likeness to its nearest example plus that to all its examples together, 0-2: cosines of the hashed n-grams that the statistical
   * classifier reads, where an n-gram weighs the more, the rarer it is in prompts at large.
   */
  similarities(input: ClassifierInput): Map<string, number>;
}

/** At most so many examples of a task count. */
const KEPT = 200;
/** What an n-gram weighs when nothing is known of its rarity. */
const PLAIN = 64;

type Sparse = ReadonlyMap<number, number>;

/**
 * Reads the examples once.
 *
 * @param rarity of every n-gram (`LinearWeights.rarity`); without it all weigh the same
 */
export function createExampleScorer(examples: Readonly<Record<string, readonly string[]>>, rarity?: Uint8Array): ExampleScorer {
  const extractor = createFeatureExtractor();

  const unitVector = (input: ClassifierInput): Sparse => {
    const features = extractor.extract(input);
    const vector = new Map<number, number>();
    let square = 0;
    for (let i = 0; i < features.cuesFrom; i++) {
      const id = features.ids[i] as number;
      const weight = rarity?.[id] ?? PLAIN;
      vector.set(id, weight);
      square += weight * weight;
    }
    const length = Math.sqrt(square) || 1;
    for (const [id, value] of vector) vector.set(id, value / length);
    return vector;
  };

  const tasks = Object.keys(examples);
  /** Bucket to the examples that have it: only examples that share something with the text cost time. */
  const postings = new Map<number, { example: number; value: number }[]>();
  const owners: { readonly task: string; readonly from: number; readonly to: number; readonly length: number }[] = [];
  let count = 0;
  for (const task of tasks) {
    const from = count;
    const sum = new Map<number, number>();
    for (const text of (examples[task] ?? []).slice(0, KEPT)) {
      for (const [id, value] of unitVector(readPrompt(text))) {
        const list = postings.get(id) ?? [];
        list.push({ example: count, value });
        postings.set(id, list);
        sum.set(id, (sum.get(id) ?? 0) + value);
      }
      count += 1;
    }
    const length = Math.sqrt([...sum.values()].reduce((total, value) => total + value * value, 0));
    if (count > from) owners.push({ task, from, to: count, length });
  }

  return {
    tasks,
    similarities(input) {
      const cosines = new Float64Array(count);
      for (const [id, value] of unitVector(input)) {
        for (const posting of postings.get(id) ?? []) cosines[posting.example] = (cosines[posting.example] as number) + value * posting.value;
      }
      return new Map(
        owners.map(({ task, from, to, length }) => {
          const own = cosines.subarray(from, to);
          // The sum of the cosines, over the length of the sum of the vectors, is the cosine with all of them together.
          return [task, Math.max(...own) + own.reduce((sum, cosine) => sum + cosine, 0) / (length || 1)];
        }),
      );
    },
  };
}

/** Probability that a text of this similarity belongs to the task: one half where 4 of 1,000 prompts of other kinds lie above (bench/results/classifier.md). */
export const exampleProbability = (similarity: number): number => 1 / (1 + Math.exp(-25 * (similarity - 0.27)));
