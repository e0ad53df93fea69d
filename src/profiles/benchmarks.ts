import { z } from 'zod';
import type { DiscoveredModel, TaskKind } from '../core/model.ts';
import { qualityBySize, sizeInName } from './size.ts';

/**
 * Which task a published score speaks of, and the scores between which its scale counts: `from` is quality 0, `to` is quality
 * 100. The ends are set so that the same model comes out about the same whichever columns are known of it (checked on the rows
 * of config/benchmarks.yaml that have several): HumanEval flatters, LiveCodeBench and GPQA do the opposite.
 */
const COLUMNS: Readonly<Record<string, { readonly tasks: readonly TaskKind[]; readonly from: number; readonly to: number }>> = {
  humaneval: { tasks: ['code'], from: 0, to: 100 },
  livecodebench: { tasks: ['code'], from: -35, to: 80 },
  swe_bench: { tasks: ['code'], from: -60, to: 85 },
  mmlu: { tasks: ['*', 'quick'], from: 10, to: 100 },
  mmlu_redux: { tasks: ['*', 'quick'], from: 5, to: 100 },
  mmlu_pro: { tasks: ['*', 'analysis'], from: -30, to: 100 },
  gpqa: { tasks: ['analysis'], from: -50, to: 95 },
  gsm8k: { tasks: ['math'], from: 0, to: 105 },
  math: { tasks: ['math'], from: -20, to: 100 },
  math_500: { tasks: ['math'], from: -20, to: 105 },
  mgsm: { tasks: ['translation'], from: 0, to: 105 },
  mmmlu: { tasks: ['translation', '*'], from: 10, to: 100 },
  global_mmlu: { tasks: ['translation', '*', 'quick'], from: -5, to: 95 },
  ifeval: { tasks: ['quick', 'creative'], from: 0, to: 105 },
  arena_hard: { tasks: ['creative'], from: -60, to: 105 },
};

const row = z.strictObject({
  names: z.array(z.string().min(1)).min(1),
  size: z.number().positive().optional(),
  scores: z.partialRecord(z.enum(Object.keys(COLUMNS)), z.number().min(0).max(100)),
  source: z.array(z.string().min(1)).min(1),
});
const tableSchema = z.looseObject({ models: z.array(row).max(10_000) });

export type Quality = Readonly<Record<TaskKind, number>>;

/** What the table says of one model: quality per task on 0-100, '*' for all others. */
export interface Known {
  readonly quality: Quality;
  /** Where the figures come from. */
  readonly source: readonly string[];
  /** Tasks it is clearly better at than models of its class are. */
  readonly strengths: readonly TaskKind[];
}

export interface BenchmarkTable {
  /** Rows it has. */
  readonly rows: number;
  of(model: Pick<DiscoveredModel, 'name' | 'parameters'>): Known | undefined;
}

interface Row {
  readonly names: readonly (readonly string[])[];
  readonly size: number | undefined;
  readonly quality: Quality;
  readonly source: readonly string[];
}

/** A task counts as a strength from this many points above what the table's models have there on average; the best two do. */
const STRENGTH = 8;
const MAX_STRENGTHS = 2;
/** Share of the general quality in each task's: single benchmarks are noisy, and makers train for them. */
const GENERAL_SHARE = 0.25;

/** 'meta-llama/Llama-3.1-8B' and 'llama3.1:8b' are both llama, 3.1, 8, b. */
export const tokensOf = (name: string): string[] => (name.split('/').at(-1) ?? name).toLowerCase().match(/[a-z]+|\d+(?:\.\d+)*/g) ?? [];

/** The name of a score without its decoration: 'HumanEval' -> 'humaneval', 'MMLU-Pro' -> 'mmlu_pro'. */
export const columnOf = (written: string): string | undefined => {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return Object.keys(COLUMNS).find((column) => plain(column) === plain(written));
};

/**
 * Quality per task out of scores in percent; a task without a score of its own is absent. Without a score of general knowledge
 * the others and the size stand in for it.
 *
 * @param parameters of the model, where they are known
 */
export function qualityOf(scores: Readonly<Record<string, number | undefined>>, parameters?: number): Record<TaskKind, number> {
  const sums = new Map<TaskKind, { sum: number; count: number }>();
  for (const [name, score] of Object.entries(scores)) {
    const column = COLUMNS[name];
    if (column === undefined || score === undefined) continue;
    const value = Math.max(3, Math.min(98, (100 * (score - column.from)) / (column.to - column.from)));
    for (const task of column.tasks) {
      const { sum, count } = sums.get(task) ?? { sum: 0, count: 0 };
      sums.set(task, { sum: sum + value, count: count + 1 });
    }
  }
  const quality: Record<TaskKind, number> = Object.fromEntries([...sums].map(([task, { sum, count }]) => [task, sum / count]));
  if (sums.size === 0) return quality;
  const values = Object.values(quality);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const general = quality['*'] ?? (parameters === undefined ? mean : (mean + qualityBySize(parameters)) / 2);
  for (const [task, value] of Object.entries(quality)) quality[task] = value + (general - value) * GENERAL_SHARE;
  quality['*'] = general;
  return quality;
}

/** Reads the table. Throws an Error that names the row and what was expected. No table (undefined) is an empty one. */
export function createBenchmarkTable(raw: unknown): BenchmarkTable {
  const parsed = tableSchema.safeParse(raw ?? { models: [] });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`benchmarks: ${issue?.path.map(String).join('.') || '(top level)'}: ${issue?.message ?? 'invalid'}`);
  }
  const rows: Row[] = parsed.data.models.map(({ names, size, scores, source }) => ({
    names: names.map(tokensOf),
    size,
    source,
    quality: qualityOf(scores, size === undefined ? undefined : size * 1e9),
  }));
  const usual = averageLead(rows);

  return {
    rows: rows.length,
    of(model) {
      const family = longestMatch(rows, tokensOf(model.name));
      if (family.length === 0) return undefined;
      const size = (model.parameters ?? sizeInName(model.name) ?? 0) / 1e9;
      const found = family.length === 1 && family[0]?.size === undefined ? (family[0] as Row) : atSize(family, size);
      const general = found.quality['*'] ?? 50;
      const strengths = Object.entries(found.quality)
        .map(([task, value]) => ({ task, lead: value - general - (usual.get(task) ?? 0) }))
        .filter(({ task, lead }) => task !== '*' && lead >= STRENGTH)
        .sort((a, b) => b.lead - a.lead)
        .slice(0, MAX_STRENGTHS)
        .map(({ task }) => task);
      return { quality: found.quality, source: found.source, strengths };
    },
  };
}

/** The rows whose name stands in the model's, of all such the ones with the longest name. */
function longestMatch(rows: readonly Row[], tokens: readonly string[]): Row[] {
  let longest = 0;
  let found: Row[] = [];
  for (const candidate of rows) {
    const length = Math.max(...candidate.names.map((name) => (contains(tokens, name) ? name.join('').length : 0)));
    if (length === 0 || length < longest) continue;
    if (length > longest) found = [];
    longest = length;
    found.push(candidate);
  }
  return found;
}

const contains = (tokens: readonly string[], name: readonly string[]): boolean =>
  tokens.some((_, start) => name.every((token, index) => tokens[start + index] === token));

/** Between two sizes of a family the figures lie between theirs; beyond them they go on as models of all families do. */
function atSize(family: readonly Row[], billions: number): Row {
  const sized = family.filter(({ size }) => size !== undefined).sort((a, b) => (a.size ?? 0) - (b.size ?? 0));
  if (sized.length === 0 || billions === 0) return (sized[0] ?? family[0]) as Row;
  const above = sized.find(({ size }) => (size ?? 0) >= billions);
  const below = sized.findLast(({ size }) => (size ?? 0) <= billions);
  if (above === undefined || below === undefined) return shifted((above ?? below) as Row, billions);
  if (above === below) return above;
  const share = Math.log(billions / (below.size ?? 1)) / Math.log((above.size ?? 1) / (below.size ?? 1));
  const nearest = share < 0.5 ? below : above;
  const quality: Record<TaskKind, number> = {};
  for (const task of new Set([...Object.keys(below.quality), ...Object.keys(above.quality)])) {
    const low = below.quality[task];
    const high = above.quality[task];
    if (low !== undefined && high !== undefined) quality[task] = low + (high - low) * share;
    else if (nearest.quality[task] !== undefined) quality[task] = nearest.quality[task];
  }
  return { ...nearest, quality, source: [...new Set([...below.source, ...above.source])] };
}

function shifted(nearest: Row, billions: number): Row {
  const by = qualityBySize(billions * 1e9) - qualityBySize((nearest.size ?? billions) * 1e9);
  return { ...nearest, quality: Object.fromEntries(Object.entries(nearest.quality).map(([task, value]) => [task, Math.max(3, Math.min(98, value + by))])) };
}

/** By how much each task's quality lies above the general one on average. */
function averageLead(rows: readonly Row[]): Map<TaskKind, number> {
  const leads = new Map<TaskKind, number[]>();
  for (const { quality } of rows) {
    for (const [task, value] of Object.entries(quality)) if (quality['*'] !== undefined) leads.set(task, [...(leads.get(task) ?? []), value - quality['*']]);
  }
  return new Map([...leads].map(([task, values]) => [task, values.reduce((sum, value) => sum + value, 0) / values.length]));
}
