import type { ChatRequest, ChatStream, EmbedResult, Usage } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import type { CallRole } from '../core/execute.ts';
import type { ModelRef } from '../core/model.ts';
import type { Prompts } from './prompts.ts';

/** What bounds one request that calls several models. */
export interface ExecutionLimits {
  /** Calls that may run at once. */
  readonly maxConcurrent: number;
  /** From the start of a member's first attempt to the end of its last, in ms. */
  readonly memberDeadlineMs: number;
  /** The same for a step of a workflow, where no other answer can stand in; that of a member unless set. */
  readonly stepDeadlineMs?: number;
  /** Until a judge's first text, and between two pieces of it, in ms. */
  readonly judgeDeadlineMs: number;
  /** Model calls one request may cause, retries and judges included. */
  readonly maxCalls: number;
  /** Characters read of one member's answer; the rest is not waited for. */
  readonly memberChars: number;
  /** False: a member that failed is not asked again. */
  readonly retry?: boolean;
  /** Least time the others are still waited for once a quorum has answered, in ms; 1,000 unless set. They get as long again as the quorum took. */
  readonly graceMs?: number;
  /** Longest time that embedding the members' sentences may take, in ms; 1,500 unless set. */
  readonly embedMs?: number;
}

/** What the strategies need of the gateway. `call` brings its own clocks, breaker and queue, and stops when its signal fires. */
export interface ExecutionContext {
  readonly requestId: string;
  readonly signal: AbortSignal;
  call(target: ModelRef, request: ChatRequest, signal: AbortSignal, role?: CallRole): ChatStream;
  /** The best model for a request of its own, such as a sub-question; `except` names those that have failed at it. Throws when there is none. */
  route(request: ChatRequest, except?: readonly ModelRef[]): ModelRef;
  /** Milliseconds on any steady clock. */
  now(): number;
  /** 0 to 1, for nonces and for the order in which a judge sees the answers. */
  random(): number;
  /** Known quality of a model for the task at hand, 0-100, where there is any. */
  prior?(target: ModelRef): number | undefined;
  /** Vectors of texts, in order, from the fleet's embedding model; absent where it has none. May throw. */
  embed?(texts: readonly string[], signal: AbortSignal): Promise<Pick<EmbedResult, 'vectors' | 'inputTokens'>>;
  /** True when the reader gets one answer at the end: no progress is told, and a judge's text is held back until it is whole. */
  readonly buffered?: boolean;
  readonly prompts: Prompts;
  readonly limits: ExecutionLimits;
}

/** A strategy at work. `trace` tells what happened once the events have ended, and undefined before. */
export interface Running<T extends object> {
  readonly events: ChatStream;
  trace(): T | undefined;
}

/** Keeps count of the calls of one request and of what they used. */
export interface Ledger {
  /** Throws 'invalid-request' when the ceiling is reached. */
  spend(): void;
  /** Whether `count` calls are left; one unless told. */
  canSpend(count?: number): boolean;
  /** Throws 'invalid-request' when fewer than `count` calls are left. */
  require(count: number): void;
  add(usage: Usage): void;
  usage(): Usage;
  calls(): number;
}

const COUNTS = ['inputTokens', 'outputTokens', 'cachedInputTokens', 'reasoningTokens'] as const;

/** A ledger that allows `maxCalls` calls. `needed` is refused at once when it is more than that. */
export function createLedger(maxCalls: number, needed: number): Ledger {
  const refuse = (count: number): never => {
    throw new GatewayError('invalid-request', `This request needs ${count} model calls or more; at most ${maxCalls} are allowed for one request.`, {
      code: 'too_many_model_calls',
    });
  };
  if (needed > maxCalls) refuse(needed);
  let calls = 0;
  const sums: { -readonly [Key in keyof Usage]: Usage[Key] } = {};
  return {
    spend: () => {
      if (calls >= maxCalls) refuse(calls + 1);
      calls += 1;
    },
    canSpend: (count = 1) => calls + count <= maxCalls,
    require: (count) => {
      if (calls + count > maxCalls) refuse(calls + count);
    },
    add: (usage) => {
      for (const key of COUNTS) {
        const count = usage[key];
        if (count !== undefined) sums[key] = (sums[key] ?? 0) + count;
      }
    },
    usage: () => ({ ...sums }),
    calls: () => calls,
  };
}
