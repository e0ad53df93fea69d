import { readPrompt } from '../src/policy/text.ts';
import { augment } from './augment.ts';
import { compose } from './compose.ts';
import { LABELS, type Row, readCorpus, readGrammar, readTaskDev } from './data.ts';
import { framed } from './frames.ts';
import { type Matrix, type Model, type Options, packFeatures, trainLogistic } from './logistic.ts';
import { NOTHING, nonsense } from './nonsense.ts';
import { nearCopies } from './overlap.ts';
import { createRandom, shuffled } from './random.ts';
import { shapePrompts } from './shapes.ts';
import { readVariants } from './variants.ts';

export interface Prepared {
  readonly rows: readonly Row[];
  readonly matrix: Matrix;
  readonly targets: Int32Array;
  /** Rows written here that nearly repeat a public prompt: used in the final training only. */
  readonly copies: readonly boolean[];
}

export interface Settings {
  readonly shared: string;
  readonly seed: number;
  /** Grammar prompts per label and language. */
  readonly grammar: number;
  /** Edited copies per prompt. */
  readonly copies: number;
  /** Composed prompts per label and language of each kind. */
  readonly composed: number;
  /** Framed, aside and stuffed prompts per label and language. */
  readonly framed: number;
  /** Texts that ask for nothing. */
  readonly nonsense: number;
}

export const SETTINGS: Settings = {
  shared: '../shared/data',
  seed: 20_261,
  grammar: 700,
  copies: 1,
  composed: 120,
  framed: 100,
  nonsense: 900,
};

/** Reads everything there is to train on, adds edited copies, and turns it into features once. */
export async function prepare(settings: Settings): Promise<Prepared> {
  const random = createRandom(settings.seed);
  const variants = readVariants(settings.seed);
  const corpus = readCorpus();
  const written = [...corpus, ...variants];
  const originals = [
    ...readTaskDev(settings.shared),
    ...written,
    ...framed(written, settings.framed, settings.seed),
    ...nonsense(written, settings.nonsense, settings.seed),
    ...compose(corpus, settings.composed, settings.seed),
    ...shapePrompts(settings.composed, settings.seed),
    ...(await readGrammar(settings.grammar, settings.seed)),
  ];
  const rows: Row[] = [...originals];
  for (const row of originals) {
    if (row.label === NOTHING) continue;
    for (let n = 0; n < settings.copies; n++)
      rows.push({
        ...row,
        text: augment(row.text, random),
        weight: row.weight * 0.5,
      });
  }
  const targets = Int32Array.from(rows, (row) => (LABELS as readonly string[]).indexOf(row.label));
  const bad = rows.find((row, i) => targets[i] === -1 && row.label !== NOTHING);
  if (bad !== undefined) throw new Error(`unknown label '${bad.label}' in ${bad.source}: ${bad.text.slice(0, 80)}`);
  const own = (row: Row): boolean => row.source === 'corpus' || row.source === 'grammar';
  const judged = originals.filter((row) => !own(row)).map((row) => row.text);
  return {
    copies: nearCopies(
      rows.map((row) => (own(row) ? row.text : '')),
      judged,
      0.4,
    ),
    rows,
    matrix: packFeatures(rows.map((row) => readPrompt(row.text))),
    targets,
  };
}

/** Weight of all texts that ask for nothing, in weights of one label of one language. */
const NOTHING_SHARE = 0.5;

/**
 * Weight of each row: every label of a language counts the same in sum, with the three kinds of source (public prompts,
 * written prompts, grammar) at the given shares of it.
 */
function rowWeights(rows: readonly Row[], used: readonly number[], shares: Readonly<Record<string, number>>): Float32Array {
  const kind = (row: Row): string => (row.source === 'corpus' || row.source === 'grammar' ? row.source : 'public');
  const sums = new Map<string, number>();
  const kinds = new Map<string, Set<string>>();
  for (const i of used) {
    const row = rows[i] as Row;
    const cell = `${row.label} ${row.lang}`;
    sums.set(`${cell} ${kind(row)}`, (sums.get(`${cell} ${kind(row)}`) ?? 0) + row.weight);
    kinds.set(cell, (kinds.get(cell) ?? new Set()).add(kind(row)));
  }
  const weights = new Float32Array(rows.length);
  const target = used.length / 12;
  for (const i of used) {
    const row = rows[i] as Row;
    const cell = `${row.label} ${row.lang}`;
    // A handful of rows may not stand for a whole share.
    const share = (name: string): number => (shares[name] ?? 1) * Math.min(1, (sums.get(`${cell} ${name}`) ?? 0) / 60);
    const total = [...(kinds.get(cell) ?? [])].reduce((sum, name) => sum + share(name), 0);
    const own = kind(row);
    if (row.label === NOTHING) {
      weights[i] = (row.weight * NOTHING_SHARE * target) / (sums.get(`${cell} ${own}`) ?? 1);
      continue;
    }
    weights[i] = (row.weight * target * share(own)) / (total * (sums.get(`${cell} ${own}`) ?? 1));
  }
  return weights;
}

export interface Recipe {
  readonly shares: Readonly<Record<string, number>>;
  readonly options: Omit<Options, 'random'>;
}

export const RECIPE: Recipe = {
  shares: { public: 1, corpus: 1.5, grammar: 0.7 },
  options: {
    epochs: 6,
    rate: 0.15,
    decay: 1e-4,
    hideGrams: 0.15,
    hideCues: 0.2,
    smoothing: 0.1,
  },
};

/** Trains on all rows whose source passes. */
export function train(prepared: Prepared, keep: (source: string) => boolean, seed: number, recipe: Recipe = RECIPE, copies = false): Model {
  const used = prepared.rows.flatMap((row, i) => (keep(row.source) && (copies || prepared.copies[i] !== true) ? [i] : []));
  const random = createRandom(seed);
  const weights = rowWeights(prepared.rows, used, recipe.shares);
  return trainLogistic(prepared.matrix, prepared.targets, weights, Int32Array.from(shuffled(used, random)), LABELS.length, { ...recipe.options, random });
}
