import type { Usage } from './chat.ts';
import type { ErrorKind } from './errors.ts';
import type { ModelRef, TaskKind } from './model.ts';
import type { RoutePlan } from './plan.ts';

export type CacheOutcome = 'hit' | 'miss' | 'bypass';

/** How a strategy of several calls ended. */
export interface StrategyOutcome {
  /** 'ensemble:vote', 'chain', 'correct', 'workflow:NAME'. */
  readonly strategy: string;
  /** What became of each member, part or step: 'ok', 'empty', 'late', 'cancelled' or a kind of error. */
  readonly members: readonly string[];
  readonly degraded: boolean;
  /** Model calls made, retries and judges included. */
  readonly calls: number;
  /** Of the members' answers, 0-1. */
  readonly agreement?: number;
  readonly judge?: { readonly outcome: string; readonly seconds: number };
}

/** A fact that happened. Who listens: metrics, learning, log. */
export type Observation =
  | { readonly type: 'planned'; readonly requestId: string; readonly plan: RoutePlan; readonly decisionMs: number }
  | { readonly type: 'cache'; readonly requestId: string; readonly outcome: CacheOutcome }
  | ({ readonly type: 'combined'; readonly requestId: string } & StrategyOutcome)
  | {
      /** One call of one model ended. */
      readonly type: 'call';
      readonly requestId: string;
      readonly target: ModelRef;
      readonly outcome: 'ok' | ErrorKind;
      readonly usage: Usage;
      readonly timeToFirstTokenMs?: number;
      readonly durationMs: number;
      /** Time the upstream spent loading the model, where it tells. */
      readonly loadMs?: number;
    }
  | {
      /** A whole request ended. `text` is capped and for quality estimates only; it must never be stored or logged. */
      readonly type: 'finished';
      readonly requestId: string;
      readonly operation: string;
      readonly outcome: 'ok' | ErrorKind;
      readonly task: TaskKind;
      readonly strategy: string;
      readonly target?: ModelRef;
      readonly pinned: boolean;
      /** True when the answer came from the cache: nothing was generated. */
      readonly cached: boolean;
      /** The key that asked. */
      readonly keyId?: string;
      readonly durationMs: number;
      readonly timeToFirstTokenMs?: number;
      readonly usage: Usage;
      readonly text: string;
    };

/** Synchronous, must not throw, keeps nothing of what it is given. */
export type Observer = (observation: Observation) => void;
