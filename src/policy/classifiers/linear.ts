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

/** Tasks whose weights fit one row of eight bytes. */
const MOST_TASKS = 8;
/** So many bytes can be added up in a lane of 16 bits. */
const LANE = 256;
const BYTES = 0x00ff00ff;

/**
 * The table in rows of eight bytes, which never lie across two cache lines, each weight raised by 128: two additions take in four tasks.
 *
 * @throws Error when there are more than eight tasks.
 */
function packTable({ table, tasks }: LinearWeights): Int32Array {
  if (tasks.length > MOST_TASKS) throw new Error(`task weights for ${tasks.length} tasks; at most ${MOST_TASKS} are supported`);
  const bytes = new Uint8Array((table.length / tasks.length) * MOST_TASKS);
  for (let at = 0, row = 0; at < table.length; at += tasks.length, row += MOST_TASKS)
    for (let task = 0; task < tasks.length; task++) bytes[row + task] = (table[at + task] as number) + 128;
  return new Int32Array(bytes.buffer);
}

/** Adds the weights of the features `from` to `to` (not included), at most 256, to `sums`. */
function addRows(rows: Int32Array, ids: Int32Array, from: number, to: number, sums: Int32Array): void {
  let even0 = 0;
  let odd0 = 0;
  let even1 = 0;
  let odd1 = 0;
  for (let i = from; i < to; i++) {
    const at = (ids[i] as number) << 1;
    const first = rows[at] as number;
    const second = rows[at + 1] as number;
    even0 = (even0 + (first & BYTES)) | 0;
    odd0 = (odd0 + ((first >>> 8) & BYTES)) | 0;
    even1 = (even1 + (second & BYTES)) | 0;
    odd1 = (odd1 + ((second >>> 8) & BYTES)) | 0;
  }
  const raised = 128 * (to - from);
  const lanes = [even0 & 0xffff, odd0 & 0xffff, even0 >>> 16, odd0 >>> 16, even1 & 0xffff, odd1 & 0xffff, even1 >>> 16, odd1 >>> 16];
  for (let task = 0; task < sums.length; task++) sums[task] = (sums[task] as number) + (lanes[task] as number) - raised;
}

/** Raw scores per task of a feature vector. */
function linearScores(weights: LinearWeights, rows: Int32Array, features: Features): Float64Array {
  const { scales, cueScales, bias } = weights;
  const { ids, values } = features;
  const scores = Float64Array.from(bias);
  const sums = new Int32Array(scores.length);
  // Features of one block have one value: their weights are added up as whole numbers, and multiplied once.
  for (let i = 0; i < features.count; ) {
    const value = values[i] as number;
    const cue = (ids[i] as number) < CUE_BUCKETS;
    const from = i;
    while (i < features.count && i - from < LANE && values[i] === value && (ids[i] as number) < CUE_BUCKETS === cue) i++;
    sums.fill(0);
    addRows(rows, ids, from, i, sums);
    for (let task = 0; task < scores.length; task++) {
      const scale = (cue ? cueScales : scales)[task] as number;
      scores[task] = (scores[task] as number) + value * scale * (sums[task] as number);
    }
  }
  return scores;
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
  const rows = packTable(weights);
  return {
    name: 'statistical',
    classify(input: ClassifierInput) {
      if (!/[\p{L}\p{N}]/u.test(input.text)) return decide(uniform(weights.tasks), 'statistical');
      const probabilities = softmax(linearScores(weights, rows, extractor.extract(input)), weights.temperature * doubt(input));
      const record: Record<string, number> = {};
      for (let i = 0; i < weights.tasks.length; i++) record[weights.tasks[i] as string] = probabilities[i] as number;
      return decide(record, 'statistical');
    },
  };
}
