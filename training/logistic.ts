import { BUCKETS, CUE_BUCKETS, createFeatureExtractor } from '../src/policy/classifiers/features.ts';
import type { LinearWeights } from '../src/policy/classifiers/linear.ts';
import type { ClassifierInput } from '../src/policy/text.ts';

/** Feature vectors of many examples, packed. */
export interface Matrix {
  readonly ids: Int32Array;
  readonly values: Float32Array;
  /** Example `i` owns the entries from `starts[i]` to `starts[i + 1]`. */
  readonly starts: Int32Array;
  /** Where the cue features of an example begin. */
  readonly cues: Int32Array;
}

export function packFeatures(inputs: readonly ClassifierInput[]): Matrix {
  const extractor = createFeatureExtractor();
  const starts = new Int32Array(inputs.length + 1);
  const cues = new Int32Array(inputs.length);
  let ids = new Int32Array(1 << 20);
  let values = new Float32Array(1 << 20);
  let used = 0;
  inputs.forEach((input, i) => {
    const features = extractor.extract(input);
    if (used + features.count > ids.length) {
      const moreIds = new Int32Array(ids.length * 2);
      moreIds.set(ids);
      ids = moreIds;
      const moreValues = new Float32Array(values.length * 2);
      moreValues.set(values);
      values = moreValues;
    }
    ids.set(features.ids.subarray(0, features.count), used);
    values.set(features.values.subarray(0, features.count), used);
    cues[i] = used + features.cuesFrom;
    used += features.count;
    starts[i + 1] = used;
  });
  return {
    ids: ids.slice(0, used),
    values: values.slice(0, used),
    starts,
    cues,
  };
}

export interface Options {
  readonly epochs: number;
  readonly rate: number;
  /** Pull of every touched weight towards zero, per step. */
  readonly decay: number;
  /** Share of steps in which all n-grams of the example are hidden, and in which all cues are. */
  readonly hideGrams: number;
  readonly hideCues: number;
  /** Mass of the target that goes to the other labels: labels are disputable. */
  readonly smoothing: number;
  readonly random: () => number;
}

export interface Model {
  readonly table: Float32Array;
  readonly bias: Float32Array;
  readonly labels: number;
}

/**
 * Multinomial logistic regression by AdaGrad. `order` lists the examples to use; `weights` is the weight of each in the loss; a target of -1 wants all
 * labels equally probable.
 */
export function trainLogistic(matrix: Matrix, targets: Int32Array, weights: Float32Array, order: Int32Array, labels: number, options: Options): Model {
  const { ids, values, starts, cues } = matrix;
  const table = new Float32Array(BUCKETS * labels);
  const squares = new Float32Array(BUCKETS * labels).fill(1e-2);
  const bias = new Float32Array(labels);
  const scores = new Float64Array(labels);
  const { random } = options;
  const smooth = options.smoothing / labels;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      const kept = order[i] as number;
      order[i] = order[j] as number;
      order[j] = kept;
    }
    const rate = options.rate * (1 - (0.9 * epoch) / options.epochs);
    for (const row of order) {
      let from = starts[row] as number;
      let to = starts[row + 1] as number;
      const draw = random();
      if (draw < options.hideGrams) from = cues[row] as number;
      else if (draw < options.hideGrams + options.hideCues) to = cues[row] as number;
      for (let k = 0; k < labels; k++) scores[k] = bias[k] as number;
      for (let e = from; e < to; e++) {
        const value = values[e] as number;
        for (let k = 0, at = (ids[e] as number) * labels; k < labels; k++, at++) scores[k] = (scores[k] as number) + value * (table[at] as number);
      }
      let top = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < labels; k++) top = Math.max(top, scores[k] as number);
      let sum = 0;
      for (let k = 0; k < labels; k++) sum += scores[k] = Math.exp((scores[k] as number) - top);
      const weight = weights[row] as number;
      const target = targets[row] as number;
      for (let k = 0; k < labels; k++) {
        const wanted = target === -1 ? 1 / labels : (k === target ? 1 - options.smoothing : 0) + smooth;
        scores[k] = weight * ((scores[k] as number) / sum - wanted);
        bias[k] = (bias[k] as number) - rate * 0.02 * (scores[k] as number);
      }
      for (let e = from; e < to; e++) {
        const value = values[e] as number;
        for (let k = 0, at = (ids[e] as number) * labels; k < labels; k++, at++) {
          const gradient = value * (scores[k] as number) + options.decay * (table[at] as number);
          const square = (squares[at] as number) + gradient * gradient;
          squares[at] = square;
          table[at] = (table[at] as number) - (rate * gradient) / Math.sqrt(square);
        }
      }
    }
  }
  return { table, bias, labels };
}

/** Raw scores of example `row`. */
export function scoresOf(model: Model, matrix: Matrix, row: number): Float64Array {
  const scores = Float64Array.from(model.bias);
  for (let e = matrix.starts[row] as number; e < (matrix.starts[row + 1] as number); e++) {
    const value = matrix.values[e] as number;
    for (let k = 0, at = (matrix.ids[e] as number) * model.labels; k < model.labels; k++, at++) {
      scores[k] = (scores[k] as number) + value * (model.table[at] as number);
    }
  }
  return scores;
}

/** How rare the n-grams of some examples are, in the unit of `LinearWeights.rarity`. */
export function rarityOf(matrix: Matrix, examples: readonly number[]): Uint8Array {
  const having = new Float64Array(BUCKETS);
  for (const row of examples) {
    for (let e = matrix.starts[row] as number; e < (matrix.cues[row] as number); e++) {
      const id = matrix.ids[e] as number;
      having[id] = (having[id] as number) + 1;
    }
  }
  return Uint8Array.from(having, (count) => Math.min(255, Math.round(16 * Math.log((examples.length + 1) / (count + 1)))));
}

/** The model in 8 bits a weight; each task's scale is set by its largest weight among the given share. */
export function quantize(model: Model, tasks: readonly string[], temperature: number, rarity: Uint8Array): LinearWeights {
  const { labels } = model;
  const table = new Int8Array(model.table.length);
  const cueScales = new Float32Array(labels);
  const scales = new Float32Array(labels);
  const scaleOf = (k: number, from: number, to: number, share: number): number => {
    const sizes: number[] = [];
    for (let bucket = from; bucket < to; bucket++) {
      const size = Math.abs(model.table[bucket * labels + k] as number);
      if (size > 0) sizes.push(size);
    }
    sizes.sort((a, b) => a - b);
    return Math.max(1e-6, (sizes[Math.floor((sizes.length - 1) * share)] ?? 1) / 127);
  };
  for (let k = 0; k < labels; k++) {
    cueScales[k] = scaleOf(k, 0, CUE_BUCKETS, 1);
    scales[k] = scaleOf(k, CUE_BUCKETS, BUCKETS, 0.9995);
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const scale = (bucket < CUE_BUCKETS ? cueScales[k] : scales[k]) as number;
      const at = bucket * labels + k;
      table[at] = Math.max(-127, Math.min(127, Math.round((model.table[at] as number) / scale)));
    }
  }
  return { tasks, table, rarity, cueScales, scales, bias: model.bias, temperature };
}
