/** One model at one provider; written 'provider/model'. */
export interface ModelRef {
  readonly provider: string;
  readonly model: string;
}

export const formatRef = (ref: ModelRef): string => `${ref.provider}/${ref.model}`;

export const sameRef = (a: ModelRef, b: ModelRef): boolean => a.provider === b.provider && a.model === b.model;

/** 'code' | 'analysis' | 'translation' | 'quick' | 'math' | 'creative', or a task the user defined. */
export type TaskKind = string;

export const BUILT_IN_TASKS = ['code', 'analysis', 'translation', 'quick', 'math', 'creative'] as const;

/** What a model can do at all; Ollama's words. */
export type Capability = 'completion' | 'tools' | 'vision' | 'embedding' | 'thinking' | 'insert' | 'audio';

/** What a provider tells of a model. Everything but the name may be unknown. */
export interface DiscoveredModel {
  readonly name: string;
  /** Content hash without prefix; changes when the model changes. */
  readonly digest?: string;
  /** Epoch ms. */
  readonly modifiedAt?: number;
  readonly sizeBytes?: number;
  readonly family?: string;
  readonly families?: readonly string[];
  readonly format?: string;
  /** As the provider writes it, for example '7.6B'. */
  readonly parameterSize?: string;
  /** Number of parameters. */
  readonly parameters?: number;
  readonly quantization?: string;
  readonly parentModel?: string;
  readonly ownedBy?: string;
  /** Tokens. */
  readonly contextWindow?: number;
  readonly embeddingLength?: number;
  readonly capabilities?: readonly Capability[];
  /** Attention geometry, for the estimate of the KV cache. */
  readonly blockCount?: number;
  readonly headCountKv?: number;
  readonly headDim?: number;
}

/** A model that is in memory now. */
export interface LoadedModel {
  readonly name: string;
  readonly sizeBytes?: number;
  readonly vramBytes?: number;
  /** Tokens. */
  readonly contextWindow?: number;
  /** Epoch ms; absent when the provider does not unload. */
  readonly expiresAt?: number;
  readonly digest?: string;
}

/** A running estimate: a prior counts as `weight` samples, so that evidence outvotes it gradually. */
export interface Estimate {
  readonly mean: number;
  readonly weight: number;
}

/** What the provider or the configuration says. */
export interface ModelFacts extends DiscoveredModel {
  /** What the provider or the configuration says; a guess when nobody does. */
  readonly capabilities: readonly Capability[];
  /** False when `capabilities` is a guess: a client that names the model is then believed. */
  readonly capabilitiesKnown: boolean;
  /** Tokens; a guess when the provider does not tell. */
  readonly contextWindow: number;
  /** False when `contextWindow` is a guess. */
  readonly windowKnown: boolean;
}

/** What a person set for a model (config/models.yaml, PATCH profiles); survives every refresh. */
export interface ModelPreferences {
  readonly optimalFor: readonly TaskKind[];
  readonly benchmarks: Readonly<Record<string, number>>;
  readonly vramRequiredGb?: number;
  /** 1 to 10, higher is preferred; 5 when nobody set it. */
  readonly priority: number;
  readonly enabled: boolean;
  readonly weakAt: readonly TaskKind[];
  /** Model to use instead for what this one is weak at. */
  readonly complement?: string;
}

/** What was measured here; quality on 0-100. */
export interface ModelStats {
  readonly quality: Readonly<Record<TaskKind, Estimate>>;
  readonly timeToFirstTokenMs?: Estimate;
  readonly outputTokensPerSecond?: Estimate;
  readonly loadMs?: Estimate;
  /** Share of calls that failed, 0-1. */
  readonly failureRate?: Estimate;
}

export interface ModelProfile {
  readonly ref: ModelRef;
  readonly facts: ModelFacts;
  readonly preferences: ModelPreferences;
  readonly stats: ModelStats;
  readonly loaded?: LoadedModel;
  /** Memory it takes or would take on this machine, estimated; absent when it runs elsewhere or nothing is known. */
  readonly memoryBytes?: number;
  /** Epoch ms until which the model is skipped after failures; 0 when healthy, Infinity while its provider cannot be reached. */
  readonly coolingUntil: number;
  /** Requests running at its provider now, for the choice between replicas. */
  readonly inFlight: number;
  /** Weight of its provider among replicas. */
  readonly weight: number;
  readonly tags: readonly string[];
  /** True when the provider is outside this machine's trust (masking 'remote' applies). */
  readonly remote: boolean;
}
