import type { ChatRequest, ChatStream, EmbedRequest, EmbedResult } from './chat.ts';
import type { DiscoveredModel, LoadedModel } from './model.ts';

export type ProviderKind = 'ollama' | 'openai' | 'llama-cpp' | 'cli';

export interface ChatCall {
  /** The provider's own name for the model. */
  readonly model: string;
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  readonly requestId: string;
  /** Whose request it is (key id or address): queues are fair between tenants. */
  readonly tenant: string;
  /** Batch work: served when no interactive request waits. */
  readonly background: boolean;
  /** Trace context, as HTTP headers for the upstream. */
  readonly trace?: Readonly<Record<string, string>>;
  /** The answer is wanted whole: a provider may ask its upstream for one piece, which costs both far less than a stream. */
  readonly buffered: boolean;
  /** Nobody else is left to ask: a provider that is being left alone may be tried now and then. */
  readonly insist?: boolean;
  /** When the caller stops waiting, epoch ms. */
  readonly deadlineAt?: number;
}

export interface EmbedCall {
  readonly model: string;
  readonly request: EmbedRequest;
  readonly signal: AbortSignal;
  /** As for a ChatCall. */
  readonly trace?: Readonly<Record<string, string>>;
}

/** An upstream's own route called as it is, for management calls that only it understands. */
export interface ForwardCall {
  readonly method: string;
  /** Path below the provider's address; from our route table, never from a client. */
  readonly path: string;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface ForwardAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * One upstream. Always streams: a provider that cannot yields one text event.
 * Throws GatewayError only; stops its upstream when the signal fires or the iterator is returned.
 */
export interface Provider {
  readonly name: string;
  readonly kind: ProviderKind;
  models(signal: AbortSignal): Promise<readonly DiscoveredModel[]>;
  /** Models in memory now; must not run inference. */
  loaded(signal: AbortSignal): Promise<readonly LoadedModel[]>;
  /** Cheap proof of life without inference: the upstream's version, where it has one. Throws when it is down. */
  health(signal: AbortSignal): Promise<{ readonly version?: string }>;
  chat(call: ChatCall): ChatStream;
  embed?(call: EmbedCall): Promise<EmbedResult>;
  /** Brings a model into memory, or with `keepAliveS` 0 out of it. */
  load?(call: {
    readonly model: string;
    readonly keepAliveS?: number;
    /** Tokens, where the caller wants a certain window. */
    readonly contextWindow?: number;
    readonly signal: AbortSignal;
  }): Promise<void>;
  forward?(call: ForwardCall): Promise<ForwardAnswer>;
  close(): Promise<void>;
}

/** Same interface in and out: limit, breaker, timeout, observed. */
export type Wrap = (inner: Provider) => Provider;
