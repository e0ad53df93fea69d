import type { ChatRequest } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import { formatRef, type ModelProfile, type ModelRef, sameRef, type TaskKind } from '../core/model.ts';
import type { Complexity, Language, Needs, RoutePlan, ScoredCandidate, TaskDecision } from '../core/plan.ts';
import { checkNamed, filterCandidates } from './candidates.ts';
import type { Resolution } from './names.ts';
import { type Balance, type BalanceInput, orderReplicas } from './replicas.ts';
import { formatTerms, scoreOf } from './score.ts';
import { chooseStrategy, type EnsembleRules } from './strategy.ts';

export interface PolicyRules {
  readonly mapping: Readonly<Record<TaskKind, string>>;
  readonly override: Readonly<Record<TaskKind, string>>;
  readonly balance: Balance;
  readonly ensemble: EnsembleRules;
  /** Share of auto requests that try the runner-up. */
  readonly exploration: number;
}

export interface PolicyInput {
  readonly request: ChatRequest;
  readonly resolution: Exclude<Resolution, { kind: 'unknown' }>;
  readonly decision: TaskDecision;
  readonly language: Language;
  readonly complexity: Complexity;
  readonly needs: Needs;
  readonly profiles: readonly ModelProfile[];
  readonly rules: PolicyRules;
  /** Whether the caller's key may use a model. */
  readonly allowed: (ref: ModelRef) => boolean;
  /** Where this conversation was answered last, and as what task. */
  readonly previous: { readonly ref: ModelRef; readonly task: TaskKind } | undefined;
  /** Epoch ms. */
  readonly now: number;
  /** Two independent numbers 0-1. */
  readonly random: readonly [number, number];
  readonly turn: number;
  readonly prefix: string;
}

/** Fallbacks named in a plan; more would only be reached when the whole fleet is down. */
const MAX_FALLBACKS = 4;
/** Confidence from which another task ends the stay with a conversation's model. */
const CLEAR_CHANGE = 0.5;
/** A runner-up further behind than this is not explored. */
const EXPLORE_WITHIN = 15;

/** The decision: pure, so that it can be printed, replayed and tested. Throws the error a person can act on when nothing fits. */
export function planRequest(input: PolicyInput): RoutePlan {
  const base = { decision: input.decision, language: input.language, complexity: input.complexity, needs: input.needs };
  if (input.resolution.kind === 'model') return { ...base, ...planNamed(input, input.resolution.refs), pinned: true };

  const { task } = input.decision;
  const able = filterCandidates({ profiles: input.profiles, needs: input.needs, allowed: input.allowed, now: input.now });
  const stayWith = input.previous !== undefined && !clearlyChanged(input.previous.task, input.decision) ? input.previous.ref : undefined;
  const scored = able.map((profile) => scoreOf(profile, { task, complexity: input.complexity, stayWith })).sort((a, b) => b.score - a.score);
  const { order, why } = applyRules(scored, able, input);
  const strategy = chooseStrategy({
    resolution: input.resolution,
    order,
    profiles: able,
    complexity: input.complexity,
    task,
    rules: input.rules.ensemble,
    now: input.now,
  });
  const best = order[0] as ScoredCandidate;
  const head = `${task} ${percent(input.decision.confidence)} (${input.decision.by})`;
  const target = strategy?.kind === 'ensemble' ? strategy.judge : best.ref;
  const reason = ascii(`${head}; ${strategy === undefined ? '' : `${strategy.note}; `}${formatRef(target)}: ${why}`);
  if (strategy !== undefined) {
    const { note: _note, ...chosen } = strategy;
    return { ...base, strategy: chosen, candidates: order, pinned: false, reason };
  }
  const targets = withReplicas(order, able, input);
  return {
    ...base,
    strategy: { kind: 'single', target: targets[0] as ModelRef, fallbacks: targets.slice(1, 1 + MAX_FALLBACKS) },
    candidates: order,
    pinned: false,
    reason,
  };
}

/** A model the client named: only its replicas may answer. */
function planNamed(input: PolicyInput, refs: readonly ModelRef[]): Pick<RoutePlan, 'strategy' | 'candidates' | 'reason'> {
  const all = input.profiles.filter((profile) => refs.some((ref) => sameRef(ref, profile.ref)));
  const profiles = all.filter((profile) => input.allowed(profile.ref) && profile.preferences.enabled);
  if (profiles.length === 0) {
    throw new GatewayError('forbidden', `This key may not use the model '${input.request.model}'.`, { code: 'model_not_allowed', param: 'model' });
  }
  checkNamed(input.request.model, profiles[0] as ModelProfile, input.needs);
  const healthy = profiles.filter((profile) => profile.coolingUntil <= input.now);
  const usable = healthy.length > 0 ? [...healthy, ...profiles.filter((profile) => !healthy.includes(profile))] : profiles;
  const previous = healthy.find((profile) => input.previous !== undefined && sameRef(profile.ref, input.previous.ref));
  const balanced = orderReplicas(healthy.length > 0 ? healthy : profiles, balanceOf(input));
  const first = previous !== undefined && input.rules.balance === 'prefix' ? previous : balanced[0];
  const order = [first as ModelProfile, ...balanced.filter((profile) => profile !== first), ...usable.filter((profile) => !balanced.includes(profile))];
  const targets = order.map(({ ref }) => ref);
  const note = targets.length > 1 ? ` (${input.rules.balance} among ${targets.length} replicas)` : '';
  return {
    strategy: { kind: 'single', target: targets[0] as ModelRef, fallbacks: targets.slice(1, 1 + MAX_FALLBACKS) },
    candidates: targets.map((ref) => ({ ref, score: 0, terms: {} })),
    reason: ascii(`named by the client; ${formatRef(targets[0] as ModelRef)}${note}`),
  };
}

/** The configured override or mapping goes first; without one the score decides, and sometimes the runner-up is tried. */
function applyRules(scored: readonly ScoredCandidate[], able: readonly ModelProfile[], input: PolicyInput): { order: ScoredCandidate[]; why: string } {
  const { task } = input.decision;
  for (const [rule, map] of [
    ['priority_override', input.rules.override],
    ['task_model_mapping', input.rules.mapping],
  ] as const) {
    const name = map[task]?.toLowerCase().replace(/:latest$/, '');
    if (name === undefined) continue;
    const set = scored.filter(({ ref }) => [ref.model, formatRef(ref)].some((known) => known.toLowerCase().replace(/:latest$/, '') === name));
    if (set.length > 0) return { order: [...set, ...scored.filter((candidate) => !set.includes(candidate))], why: `${rule} for ${task}` };
  }
  const first = scored[0] as ScoredCandidate;
  const preferred = complementOf(first, scored, able, task);
  if (preferred !== undefined) {
    return { order: [preferred, ...scored.filter((candidate) => candidate !== preferred)], why: `complement of ${first.ref.model}, which is weak at ${task}` };
  }
  const second = scored.find(({ ref }) => ref.model !== first.ref.model);
  if (second !== undefined && input.previous === undefined && input.random[0] < input.rules.exploration && first.score - second.score <= EXPLORE_WITHIN) {
    return { order: [second, ...scored.filter((candidate) => candidate !== second)], why: `trying the runner-up (${second.score} against ${first.score})` };
  }
  return { order: [...scored], why: `${first.score} = ${formatTerms(first.terms)}${second === undefined ? '' : `; next ${second.ref.model} ${second.score}`}` };
}

/** Only a confident other task moves a conversation: its cache is where it was, and a short follow-up says little of its task. */
const clearlyChanged = (before: TaskKind, { task, confidence, by }: TaskDecision): boolean => task !== before && by !== 'default' && confidence >= CLEAR_CHANGE;

function complementOf(first: ScoredCandidate, scored: readonly ScoredCandidate[], able: readonly ModelProfile[], task: TaskKind): ScoredCandidate | undefined {
  const profile = able.find(({ ref }) => sameRef(ref, first.ref));
  if (profile?.preferences.complement === undefined || !profile.preferences.weakAt.includes(task)) return undefined;
  const wanted = profile.preferences.complement.toLowerCase();
  return scored.find(({ ref }) => ref.model.toLowerCase() === wanted || formatRef(ref).toLowerCase() === wanted);
}

/** The order of candidates with the replicas of each model beside it, balanced. */
function withReplicas(order: readonly ScoredCandidate[], able: readonly ModelProfile[], input: PolicyInput): ModelRef[] {
  const targets: ModelRef[] = [];
  for (const { ref } of order) {
    if (targets.some((target) => sameRef(target, ref))) continue;
    const replicas = able.filter((profile) => profile.ref.model === ref.model);
    const stay = input.previous?.ref;
    const balanced = orderReplicas(replicas, balanceOf(input)).map((profile) => profile.ref);
    const first = stay === undefined ? undefined : balanced.find((candidate) => sameRef(candidate, stay));
    targets.push(...(first === undefined ? balanced : [first, ...balanced.filter((candidate) => candidate !== first)]));
  }
  return targets;
}

const balanceOf = ({ rules, turn, random, prefix }: PolicyInput): BalanceInput => ({ balance: rules.balance, turn, random: random[1], prefix });

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Headers take no other characters. */
export const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 400);
