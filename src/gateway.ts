import { LRUCache } from 'lru-cache';
import type { ChatRequest, EmbedRequest, EmbedResult } from './core/chat.ts';
import { GatewayError } from './core/errors.ts';
import type { Answer, Execute, RunContext } from './core/execute.ts';
import { formatRef, type ModelProfile, type ModelRef, type TaskKind } from './core/model.ts';
import type { Observer } from './core/observation.ts';
import type { Complexity, Language, RoutePlan, TaskDecision } from './core/plan.ts';
import { isTwoSources, parseName } from './dialects/ollama/names.ts';
import { conversationKey, isFollowUp } from './policy/conversation.ts';
import { type NameSpace, type Resolution, resolveName, virtualNames } from './policy/names.ts';
import { needsOf } from './policy/needs.ts';
import { type PolicyRules, planRequest } from './policy/policy.ts';
import type { Fleet } from './profiles/fleet.ts';
import type { KeyRecord } from './state/records.ts';

/** Who asks. */
export interface Caller {
  /** Key id or address. */
  readonly tenant: string;
  /** The key the client sent; absent on an open gateway. */
  readonly key?: KeyRecord;
  readonly role: 'user' | 'admin';
  readonly allowed: (ref: ModelRef) => boolean;
}

export interface Classified {
  readonly decision: TaskDecision;
  readonly language: Language;
  readonly complexity: Complexity;
}

/** Rules that a reload may change. */
export interface Rules extends PolicyRules {
  readonly aliases: Readonly<Record<string, string>>;
  readonly tasks: readonly string[];
  readonly workflows: readonly string[];
}

export interface GatewayOptions {
  readonly fleet: Fleet;
  readonly rules: () => Rules;
  readonly classify: (request: ChatRequest) => Classified;
  /** A second opinion for decisions of low confidence, from a configured model; undefined when it has none. */
  readonly secondOpinion?: (request: ChatRequest, first: Classified, caller: Caller, requestId: string) => Promise<Classified | undefined>;
  readonly execute: Execute;
  readonly embed: (ref: ModelRef, request: EmbedRequest, tenant: string, signal: AbortSignal, requestId: string) => Promise<EmbedResult>;
  readonly observe: Observer;
  /** Epoch ms, with fractions. */
  readonly now: () => number;
  /** 0-1. */
  readonly random: () => number;
  /** The model a conversation is on, where other workers may have answered its last turn. */
  readonly turns?: { get(key: string): Promise<string | undefined>; set(key: string, value: string): void } | undefined;
}

export interface Gateway {
  /** Decides without executing. Throws the error a person can act on: unknown model, missing capability, nothing available. */
  plan(request: ChatRequest, caller: Caller, requestId: string): Promise<RoutePlan>;
  /** The same decision without a second opinion, for sub-questions. */
  choose(request: ChatRequest, caller: Caller): RoutePlan;
  /** Carries a plan out; resolves when the answer has begun. */
  run(request: ChatRequest, plan: RoutePlan, context: RunContext): Promise<Answer>;
  embed(request: EmbedRequest, caller: Caller, signal: AbortSignal, requestId: string): Promise<EmbedResult & { readonly served: ModelRef }>;
  /** What a model name means now. Throws 'model-not-found' with the nearest names. */
  resolve(name: string): Known;
  virtualModels(): readonly string[];
  readonly fleet: Fleet;
}

type Known = Exclude<Resolution, { kind: 'unknown' }>;

/** Who answered the last turn of a conversation, and what it was about. */
interface Turn {
  readonly ref: ModelRef;
  readonly task: TaskKind;
}

/** Conversations remembered for affinity. */
const MAX_CONVERSATIONS = 20_000;
/** Spellings of model names remembered. */
const MAX_MEANINGS = 1_000;

export function createGateway(options: GatewayOptions): Gateway {
  const { fleet, now, random } = options;
  const conversations = new LRUCache<string, Turn>({ max: MAX_CONVERSATIONS });
  let turn = 0;

  /** What names mean, as long as fleet and rules stay what they are. */
  const meanings = new Map<string, Known>();
  let space: NameSpace | undefined;
  let spaceOf: Rules | undefined;
  const spaceNow = (): NameSpace => {
    const rules = options.rules();
    const profiles = fleet.profiles();
    if (space === undefined || spaceOf !== rules || space.profiles !== profiles) {
      space = { ...rules, profiles };
      spaceOf = rules;
      meanings.clear();
    }
    return space;
  };

  const resolve: Gateway['resolve'] = (name) => {
    const names = spaceNow();
    const known = meanings.get(name);
    if (known !== undefined) return known;
    const resolution = resolveName(name, names);
    if (resolution.kind !== 'unknown') {
      if (meanings.size < MAX_MEANINGS) meanings.set(name, resolution);
      return resolution;
    }
    if (isTwoSources(name)) throw new GatewayError('invalid-request', `use either :local or :cloud, not both: ${JSON.stringify(name)}`, { param: 'model' });
    if (parseName(name.trim().replace(/:latest$/i, '')) === undefined) throw new GatewayError('invalid-request', 'invalid model name', { param: 'model' });
    const hint = resolution.nearest.length > 0 ? `. Nearest: ${resolution.nearest.join(', ')}.` : '';
    throw new GatewayError('model-not-found', `model '${name}' not found${hint}`, { code: 'model_not_found', param: 'model' });
  };

  /** A request is mostly run right after it was decided on. */
  let keyed: { readonly request: ChatRequest; readonly key: string } | undefined;
  const keyOf = (request: ChatRequest, tenant: string): string => {
    if (keyed?.request !== request) keyed = { request, key: conversationKey(request, tenant) };
    return keyed.key;
  };

  const decide = (request: ChatRequest, caller: Caller, resolution: Known, classified: Classified): RoutePlan => {
    const key = keyOf(request, caller.tenant);
    turn = (turn + 1) % 1_000_000_007;
    return planRequest({
      request,
      resolution,
      ...classified,
      needs: needsOf(request),
      profiles: fleet.profiles(),
      rules: options.rules(),
      allowed: caller.allowed,
      previous: isFollowUp(request) ? conversations.get(key) : undefined,
      now: now(),
      random: [random(), random()],
      turn,
      prefix: key,
    });
  };

  /** A named model needs no classification, and a given task only what stands beside it. */
  const classify = (resolution: Known, request: ChatRequest): Classified => {
    if (resolution.kind === 'model') return { decision: GIVEN, language: 'other', complexity: 'medium' };
    const classified = options.classify(request);
    if (resolution.kind !== 'auto' || resolution.task === undefined) return classified;
    const { task } = resolution;
    return { ...classified, decision: { task, confidence: 1, probabilities: { [task]: 1 }, by: 'given' } };
  };

  const recall = async (key: string, turns: NonNullable<GatewayOptions['turns']>): Promise<void> => {
    const told = await turns.get(key);
    if (told !== undefined) conversations.set(key, JSON.parse(told) as Turn);
  };

  const plan: Gateway['plan'] = async (request, caller, requestId) => {
    const startedAt = now();
    const resolution = resolve(request.model);
    let classified = classify(resolution, request);
    if (options.secondOpinion !== undefined && resolution.kind !== 'model' && classified.decision.by !== 'given') {
      classified = (await options.secondOpinion(request, classified, caller, requestId)) ?? classified;
    }
    if (options.turns !== undefined && isFollowUp(request)) await recall(keyOf(request, caller.tenant), options.turns);
    const made = decide(request, caller, resolution, classified);
    options.observe({ type: 'planned', requestId, plan: made, decisionMs: now() - startedAt });
    return made;
  };

  const choose: Gateway['choose'] = (request, caller) => {
    const resolution = resolve(request.model);
    return decide(request, caller, resolution, classify(resolution, request));
  };

  const run: Gateway['run'] = async (request, made, context) => {
    const answer = await options.execute(request, made, context);
    if (answer.served !== undefined && request.messages.length > 0) {
      const key = keyOf(request, context.tenant);
      const last: Turn = { ref: answer.served, task: made.decision.task };
      conversations.set(key, last);
      options.turns?.set(key, JSON.stringify(last));
    }
    return answer;
  };

  const embed: Gateway['embed'] = async (request, caller, signal, requestId) => {
    const targets = embedders(resolve(request.model), request.model, fleet.profiles(), caller);
    let last: unknown;
    for (const { ref } of targets.slice(0, 3)) {
      try {
        return { ...(await options.embed(ref, request, caller.tenant, signal, requestId)), served: ref };
      } catch (error) {
        last = error;
        if (signal.aborted || !GatewayError.from(error).retryable) throw error;
      }
    }
    throw last;
  };

  return {
    fleet,
    resolve,
    plan,
    choose,
    run,
    embed,
    virtualModels: () => virtualNames(options.rules()),
  };
}

const GIVEN: TaskDecision = { task: 'analysis', confidence: 0, probabilities: {}, by: 'given' };

/** Replicas that can embed. A virtual name means any embedding model of the fleet. */
function embedders(resolution: Resolution, written: string, profiles: readonly ModelProfile[], caller: Caller): ModelProfile[] {
  const named = resolution.kind === 'model' ? profiles.filter(({ ref }) => resolution.refs.some((other) => formatRef(other) === formatRef(ref))) : undefined;
  const candidates = named ?? profiles.filter((profile) => profile.facts.capabilities.includes('embedding'));
  if (candidates.length === 0)
    throw new GatewayError('invalid-request', 'No embedding model is available here; pull one, for example nomic-embed-text.', { param: 'model' });
  const allowed = candidates.filter((profile) => profile.preferences.enabled && caller.allowed(profile.ref));
  if (allowed.length === 0) throw new GatewayError('forbidden', `This key may not use the model '${written}'.`, { code: 'model_not_allowed', param: 'model' });
  return [...allowed].sort((a, b) => Number(a.coolingUntil > 0) - Number(b.coolingUntil > 0) || a.inFlight - b.inFlight);
}
