import type { ModelRef, TaskKind } from './model.ts';

export type Language = 'en' | 'ko' | 'other';
export type Complexity = 'low' | 'medium' | 'high';

/** What the request cannot do without. */
export interface Needs {
  readonly vision: boolean;
  readonly tools: boolean;
  readonly json: boolean;
  /** Reasoning was asked for; who does not name a model may get one without. */
  readonly thinking?: boolean;
  /** A text between a prompt and a suffix is wanted. */
  readonly insert?: boolean;
  /** A prompt is to be continued, not a conversation answered. */
  readonly completion?: boolean;
  /** Estimated prompt tokens plus the room asked for the answer. */
  readonly contextTokens: number;
}

/** What a classifier found out about the task of a request. */
export interface TaskDecision {
  readonly task: TaskKind;
  /** 0-1, calibrated: of the decisions with 0.8, four in five are right. */
  readonly confidence: number;
  readonly probabilities: Readonly<Record<TaskKind, number>>;
  /** Which classifier decided: 'given' | 'keywords' | 'statistical' | 'llm' | 'default'. */
  readonly by: string;
}

/** Why a model scored what it scored; the terms add up to the score. */
export interface ScoredCandidate {
  readonly ref: ModelRef;
  readonly score: number;
  readonly terms: Readonly<Record<string, number>>;
}

/** How member answers become one. */
export type Combine = 'synthesis' | 'vote' | 'best' | 'race' | 'cascade';

export type Strategy =
  | { readonly kind: 'single'; readonly target: ModelRef; readonly fallbacks: readonly ModelRef[] }
  | {
      readonly kind: 'ensemble';
      readonly combine: Combine;
      /** A model may stand here several times: that many samples of it. */
      readonly members: readonly ModelRef[];
      readonly quorum: number;
      readonly judge: ModelRef;
      readonly sequential: boolean;
    }
  | { readonly kind: 'chain'; readonly planner: ModelRef; readonly synthesizer: ModelRef }
  | { readonly kind: 'correct'; readonly author: ModelRef; readonly checker: ModelRef; readonly maxIterations: number }
  | { readonly kind: 'workflow'; readonly name: string };

/** The whole decision, as data: printable, loggable, replayable, testable. */
export interface RoutePlan {
  readonly decision: TaskDecision;
  readonly language: Language;
  readonly complexity: Complexity;
  readonly needs: Needs;
  readonly strategy: Strategy;
  /** All models that could serve the request, best first. */
  readonly candidates: readonly ScoredCandidate[];
  /** True when the client named the model itself. */
  readonly pinned: boolean;
  /** One ASCII line a person can read; goes into a header. */
  readonly reason: string;
}
