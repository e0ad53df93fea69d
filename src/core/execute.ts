import type { ChatRequest, ChatStream } from './chat.ts';
import type { ModelRef } from './model.ts';
import type { CacheOutcome } from './observation.ts';
import type { RoutePlan } from './plan.ts';

/** 'member' also stands for the steps of a chain, a correction or a workflow. */
export type CallRole = 'member' | 'judge';

/** What a run needs to know beside the request and its plan. */
export interface RunContext {
  readonly requestId: string;
  /** Fires when the client leaves, the deadline passes or the gateway shuts down. */
  readonly signal: AbortSignal;
  /** When that deadline is, epoch ms. */
  readonly deadlineAt?: number;
  /** Set for a last attempt, when every target is being left alone. */
  readonly insist?: boolean;
  /** Whose request it is: key id or address. Caches and placeholders are never shared between tenants. */
  readonly tenant: string;
  /** Batch work: served when nothing interactive waits. */
  readonly background: boolean;
  /** True when the client gets one JSON answer at the end rather than a stream. */
  readonly buffered: boolean;
  /** Cache-Control of the request. */
  readonly cache: { readonly read: boolean; readonly write: boolean };
  /** The client's Idempotency-Key: the same key again means the same request, sent once more because its answer got lost. */
  readonly idempotencyKey?: string;
  /** Trace context of the call, as HTTP headers for the upstream; absent without tracing. */
  readonly trace?: Readonly<Record<string, string>>;
  /** What a call is for within a strategy of several. */
  readonly role?: CallRole;
  /** Whether the caller's key may use a model; checked again on whatever a strategy picks. */
  readonly allowed: (ref: ModelRef) => boolean;
}

/** An answer that has begun: its first content is there, so status and headers may go out. */
export interface Answer {
  /** Who answers; absent when several do. */
  readonly served?: ModelRef;
  readonly cache: CacheOutcome;
  /** Model calls made until the first content. */
  readonly attempts: number;
  readonly events: ChatStream;
  /** Counts the kept answer as given once more; false when the cache has let go of it. Absent when it is not from memory. */
  readonly again?: () => boolean;
  /** Members, agreement and so on of a strategy with several calls; complete when the events have ended. */
  readonly trace?: () => object | undefined;
}

export type Execute = (request: ChatRequest, plan: RoutePlan, context: RunContext) => Promise<Answer>;
