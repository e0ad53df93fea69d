import type { ModelProfile, ModelRef, TaskKind } from '../core/model.ts';
import { sameRef } from '../core/model.ts';
import type { Combine, Complexity, ScoredCandidate, Strategy } from '../core/plan.ts';
import type { Resolution } from './names.ts';

export interface EnsembleRules {
  readonly auto: boolean;
  readonly members: 'mixed' | 'self' | 'auto';
  readonly size: number;
  /** Names of the models to ask, when a person has chosen them. */
  readonly models: readonly string[];
  readonly quorum: number;
  readonly judge: string | undefined;
  /** Bytes that models may take on this machine together; absent when unknown. */
  readonly memoryBytes?: number | undefined;
}

/** Points by which the best must lead for `auto` members to be samples of it alone (Self-MoA: mixing weaker models in costs). */
const CLEAR_LEAD = 12;
/** Fleets smaller than this answer alone when nobody asked for more. */
const MIN_FLEET = 3;
/** Tasks where models agree when they are right, so that asking several is mostly waste. */
const NOT_WORTH_IT = new Set<TaskKind>(['quick', 'translation']);

type Chosen = Exclude<Strategy, { kind: 'single' }> & { readonly note: string };

/** The strategy a virtual model asks for; undefined when one model is to answer. */
export function chooseStrategy(input: {
  readonly resolution: Exclude<Resolution, { kind: 'unknown' | 'model' }>;
  readonly order: readonly ScoredCandidate[];
  readonly profiles: readonly ModelProfile[];
  readonly complexity: Complexity;
  readonly task: TaskKind;
  readonly rules: EnsembleRules;
  readonly now: number;
}): Chosen | undefined {
  const { resolution, order, rules } = input;
  const best = (order[0] as ScoredCandidate).ref;
  switch (resolution.kind) {
    case 'auto':
      if (!rules.auto || input.complexity !== 'high' || NOT_WORTH_IT.has(input.task) || order.length < MIN_FLEET) return undefined;
      return ensemble('synthesis', input, `ensemble for a complex ${input.task} request`);
    case 'ensemble':
      return ensemble(resolution.combine, input, `ensemble by ${resolution.combine}`);
    case 'chain':
      return { kind: 'chain', planner: best, synthesizer: best, note: 'chain of sub-questions' };
    case 'correct':
      return { kind: 'correct', author: best, checker: checkerFor(best, input.order, input.profiles), maxIterations: 2, note: 'checked by a second model' };
    case 'workflow':
      return { kind: 'workflow', name: resolution.name, note: `workflow ${resolution.name}` };
  }
}

type EnsembleInput = Parameters<typeof chooseStrategy>[0];

function ensemble(combine: Combine, input: EnsembleInput, note: string): Chosen {
  const { order, rules } = input;
  const members = membersFor(combine, input);
  const judge = (rules.judge === undefined ? undefined : named([rules.judge], order)[0]) ?? (order[0] as ScoredCandidate).ref;
  const distinct = new Set(members.map((ref) => ref.model)).size;
  const sequential = distinct > 1 && !fitTogether(members, input.profiles, rules.memoryBytes);
  return {
    kind: 'ensemble',
    combine,
    members,
    quorum: Math.min(rules.quorum, members.length),
    judge,
    sequential,
    note: `${note}, ${members.length} answers of ${distinct} models`,
  };
}

function membersFor(combine: Combine, input: EnsembleInput): ModelRef[] {
  const { order, rules } = input;
  const chosen = named(rules.models, order);
  if (chosen.length > 0) return chosen;
  const distinct = differentFamilies(order, input.profiles);
  if (combine === 'cascade') {
    // The cheap ones answer first; the judge (the best) is called only when they disagree.
    const cheap = [...distinct].sort((a, b) => sizeOf(a, input.profiles) - sizeOf(b, input.profiles))[0] ?? (order[0] as ScoredCandidate).ref;
    return Array.from({ length: rules.size }, () => cheap);
  }
  const best = order[0] as ScoredCandidate;
  const lead = best.score - (order.find(({ ref }) => ref.model !== best.ref.model)?.score ?? Number.NEGATIVE_INFINITY);
  const self = rules.members === 'self' || (rules.members === 'auto' && lead >= CLEAR_LEAD);
  if (self) return Array.from({ length: rules.size }, () => best.ref);
  const members = distinct.slice(0, rules.size);
  // A small fleet answers more than once rather than with fewer voices.
  while (members.length < rules.size) members.push(distinct[members.length % distinct.length] as ModelRef);
  return members;
}

const named = (names: readonly string[], order: readonly ScoredCandidate[]): ModelRef[] =>
  names.flatMap((name) => {
    const wanted = name.toLowerCase();
    const found = order.find(({ ref }) => ref.model.toLowerCase() === wanted || `${ref.provider}/${ref.model}`.toLowerCase() === wanted);
    return found === undefined ? [] : [found.ref];
  });

const profileOf = (ref: ModelRef, profiles: readonly ModelProfile[]): ModelProfile | undefined => profiles.find((profile) => sameRef(profile.ref, ref));

const familyOf = (ref: ModelRef, profiles: readonly ModelProfile[]): string =>
  profileOf(ref, profiles)?.facts.family ?? ref.model.split(/[:\d-]/)[0] ?? ref.model;

const sizeOf = (ref: ModelRef, profiles: readonly ModelProfile[]): number => {
  const facts = profileOf(ref, profiles)?.facts;
  return facts?.parameters ?? facts?.sizeBytes ?? Number.POSITIVE_INFINITY;
};

/** Best first, each model once, families in turn: different families err differently. */
function differentFamilies(order: readonly ScoredCandidate[], profiles: readonly ModelProfile[]): ModelRef[] {
  const models = order.map(({ ref }) => ref).filter((ref, index, all) => all.findIndex((other) => other.model === ref.model) === index);
  const families = new Set<string>();
  const first: ModelRef[] = [];
  const later: ModelRef[] = [];
  for (const ref of models) {
    const family = familyOf(ref, profiles);
    (families.has(family) ? later : first).push(ref);
    families.add(family);
  }
  return [...first, ...later];
}

function checkerFor(author: ModelRef, order: readonly ScoredCandidate[], profiles: readonly ModelProfile[]): ModelRef {
  const family = familyOf(author, profiles);
  const others = order.map(({ ref }) => ref).filter((ref) => ref.model !== author.model);
  return others.find((ref) => familyOf(ref, profiles) !== family) ?? others[0] ?? author;
}

/**
 * Whether the members fit in memory together. What is loaded now fits; else the sizes of those on this machine are added up, and
 * must not exceed what it has. Where sizes or memory are unknown, the tag 'single-model' says that a provider holds one at a time.
 */
function fitTogether(members: readonly ModelRef[], profiles: readonly ModelProfile[], memoryBytes: number | undefined): boolean {
  const distinct = members.filter((ref, index) => members.findIndex((other) => sameRef(other, ref)) === index).flatMap((ref) => profileOf(ref, profiles) ?? []);
  if (distinct.every(({ loaded }) => loaded !== undefined)) return true;
  if (distinct.some(({ tags }) => tags.includes('single-model'))) return false;
  if (memoryBytes === undefined) return true;
  return distinct.reduce((sum, profile) => sum + (profile.memoryBytes ?? 0), 0) <= memoryBytes;
}
