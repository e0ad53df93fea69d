import type { ChatRequest } from '../../src/core/chat.ts';
import type { Capability, ModelPreferences, ModelProfile, ModelStats } from '../../src/core/model.ts';
import type { Needs, TaskDecision } from '../../src/core/plan.ts';
import { type PolicyInput, type PolicyRules, planRequest } from '../../src/policy/policy.ts';

export interface FakeProfile {
  readonly provider?: string;
  readonly quality?: Readonly<Record<string, number>>;
  readonly capabilities?: readonly Capability[];
  readonly window?: number;
  readonly loaded?: boolean;
  readonly coolingUntil?: number;
  readonly inFlight?: number;
  readonly weight?: number;
  readonly family?: string;
  readonly tags?: readonly string[];
  readonly memoryBytes?: number;
  readonly parameters?: number;
  readonly stats?: Partial<ModelStats>;
  readonly set?: Partial<ModelPreferences>;
}

const weighed = (quality: Readonly<Record<string, number>>): ModelStats['quality'] =>
  Object.fromEntries(Object.entries(quality).map(([task, mean]) => [task, { mean, weight: 8 }]));

export const profile = (model: string, fake: FakeProfile = {}): ModelProfile => ({
  ref: { provider: fake.provider ?? 'p', model },
  facts: {
    name: model,
    capabilities: fake.capabilities ?? ['completion', 'tools'],
    capabilitiesKnown: true,
    contextWindow: fake.window ?? 8_192,
    windowKnown: true,
    ...(fake.family !== undefined && { family: fake.family }),
    ...(fake.parameters !== undefined && { parameters: fake.parameters }),
  },
  preferences: { optimalFor: [], benchmarks: {}, priority: 5, enabled: true, weakAt: [], ...fake.set },
  stats: { quality: weighed({ '*': 50, ...fake.quality }), ...fake.stats },
  ...(fake.loaded && { loaded: { name: model } }),
  ...(fake.memoryBytes !== undefined && { memoryBytes: fake.memoryBytes }),
  coolingUntil: fake.coolingUntil ?? 0,
  inFlight: fake.inFlight ?? 0,
  weight: fake.weight ?? 1,
  tags: fake.tags ?? [],
  remote: false,
});

export const request = (text: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'auto',
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  sampling: {},
  tools: [],
  toolChoice: 'auto',
  responseFormat: { type: 'text' },
  choices: 1,
  dialect: 'test',
  extra: {},
  ...more,
});

export const RULES: PolicyRules = {
  mapping: {},
  override: {},
  balance: 'least-busy',
  ensemble: { auto: false, members: 'auto', size: 3, models: [], quorum: 2, judge: undefined },
  exploration: 0,
};
export const NEEDS: Needs = { vision: false, tools: false, json: false, contextTokens: 100 };
export const decision = (task: string, confidence = 0.9, by = 'statistical'): TaskDecision => ({ task, confidence, probabilities: { [task]: confidence }, by });

export const plan = (profiles: readonly ModelProfile[], more: Partial<PolicyInput> = {}) =>
  planRequest({
    request: request('hi'),
    resolution: { kind: 'auto' },
    decision: decision('code'),
    language: 'en',
    complexity: 'medium',
    needs: NEEDS,
    profiles,
    rules: RULES,
    allowed: () => true,
    previous: undefined,
    now: 1_000,
    random: [0.99, 0.5],
    turn: 0,
    prefix: 'x',
    ...more,
  });

/** The model of a single answer. */
export const chosen = (...args: Parameters<typeof plan>): string => {
  const { strategy } = plan(...args);
  return strategy.kind === 'single' ? strategy.target.model : strategy.kind;
};
