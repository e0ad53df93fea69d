import { detectLanguage } from '../language.ts';
import type { ClassifierInput } from '../text.ts';
import { type Classifier, decide, uniform } from './classifier.ts';
import { BUCKETS, CUE_BUCKETS, createFeatureExtractor, type Features } from './features.ts';

/** A trained model: 8-bit weights, a scale per task for cues and one for hashed features. */
export interface LinearWeights {
  readonly tasks: readonly string[];
  /** `table[bucket * tasks.length + task]`. */
  readonly table: Int8Array;
  /** Per bucket, 16 times the logarithm of how many prompts there are to one that has it. */
  readonly rarity: Uint8Array;
  readonly cueScales: Float32Array;
  readonly scales: Float32Array;
  readonly bias: Float32Array;
  /** Scores are divided by it before they become probabilities; found on held-out sources. */
  readonly temperature: number;
}

const MAGIC = 'TASKLIN2';

/**
 * Reads a weights file. Layout: 8 bytes magic, uint32 length of a JSON header `{tasks, temperature, cueScales, scales, bias}`,
 * the header, the int8 table, then a byte of rarity a bucket.
 *
 * @throws Error when the file is not one of ours or was trained for another feature layout.
 */
export function loadWeights(bytes: Uint8Array): LinearWeights {
  const text = new TextDecoder();
  if (bytes.length < 12 || text.decode(bytes.subarray(0, 8)) !== MAGIC) throw new Error('not a task weights file');
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  const header = JSON.parse(text.decode(bytes.subarray(12, 12 + headerLength))) as {
    tasks: string[];
    temperature: number;
    cueScales: number[];
    scales: number[];
    bias: number[];
  };
  const size = BUCKETS * header.tasks.length;
  const from = 12 + headerLength;
  if (bytes.length !== from + size + BUCKETS) throw new Error('task weights were trained for another feature layout');
  const table = new Int8Array(size);
  table.set(bytes.subarray(from, from + size));
  return {
    tasks: header.tasks,
    table,
    rarity: bytes.slice(from + size),
    cueScales: Float32Array.from(header.cueScales),
    scales: Float32Array.from(header.scales),
    bias: Float32Array.from(header.bias),
    temperature: header.temperature,
  };
}

/** The file `loadWeights` reads. */
export function saveWeights(weights: LinearWeights): Uint8Array {
  const round = (values: Float32Array): number[] => Array.from(values, (value) => Number(value.toPrecision(7)));
  const header = new TextEncoder().encode(
    JSON.stringify({
      tasks: weights.tasks,
      temperature: weights.temperature,
      cueScales: round(weights.cueScales),
      scales: round(weights.scales),
      bias: round(weights.bias),
    }),
  );
  const bytes = new Uint8Array(12 + header.length + weights.table.length + weights.rarity.length);
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(8, header.length, true);
  bytes.set(header, 12);
  bytes.set(new Uint8Array(weights.table.buffer, weights.table.byteOffset, weights.table.length), 12 + header.length);
  bytes.set(weights.rarity, 12 + header.length + weights.table.length);
  return bytes;
}

/** Raw scores per task of a feature vector. */
export function linearScores(weights: LinearWeights, features: Features): Float64Array {
  const count = weights.tasks.length;
  const { table } = weights;
  const cues = new Float64Array(count);
  const grams = new Float64Array(count);
  for (let i = 0; i < features.count; i++) {
    const id = features.ids[i] as number;
    const value = features.values[i] as number;
    const sums = id < CUE_BUCKETS ? cues : grams;
    for (let task = 0, at = id * count; task < count; task++, at++) sums[task] = (sums[task] as number) + value * (table[at] as number);
  }
  for (let task = 0; task < count; task++) {
    grams[task] =
      (weights.bias[task] as number) +
      (grams[task] as number) * (weights.scales[task] as number) +
      (cues[task] as number) * (weights.cueScales[task] as number);
  }
  return grams;
}

/** Probabilities of raw scores at a temperature. */
export function softmax(scores: Float64Array, temperature: number): Float64Array {
  const out = new Float64Array(scores.length);
  let top = Number.NEGATIVE_INFINITY;
  for (const score of scores) top = Math.max(top, score);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const value = Math.exp(((scores[i] as number) - top) / temperature);
    out[i] = value;
    sum += value;
  }
  for (let i = 0; i < scores.length; i++) out[i] = (out[i] as number) / sum;
  return out;
}

/** How much flatter the probabilities become for what the model was not trained on: other languages, code without a request. */
function doubt(input: ClassifierInput): number {
  if (input.evidence.onlyCode) return 3;
  return (input.language ?? detectLanguage(input.text)) === 'other' && /\p{L}/u.test(input.text) ? 3 : 1;
}

/** The statistical classifier: a linear model over hashed n-grams and cues. Text without a letter or digit gives equal probabilities. */
export function createLinearClassifier(weights: LinearWeights): Classifier {
  const extractor = createFeatureExtractor();
  return {
    name: 'statistical',
    classify(input: ClassifierInput) {
      if (!/[\p{L}\p{N}]/u.test(input.text)) return decide(uniform(weights.tasks), 'statistical');
      const probabilities = softmax(linearScores(weights, extractor.extract(input)), weights.temperature * doubt(input));
      const record: Record<string, number> = {};
      for (let i = 0; i < weights.tasks.length; i++) record[weights.tasks[i] as string] = probabilities[i] as number;
      return decide(record, 'statistical');
    },
  };
}
