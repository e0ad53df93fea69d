import type { ChatEvent, ChatRequest, ChatResult } from '../core/chat.ts';
import type { GatewayError } from '../core/errors.ts';

export interface Decoded {
  readonly request: ChatRequest;
  readonly stream: boolean;
  /** True when a stream must end with its usage (OpenAI's stream_options.include_usage). */
  readonly includeUsage: boolean;
  /** Fields of the request that the answer repeats (Responses). */
  readonly echo?: Readonly<Record<string, unknown>>;
  /** What of the request is not carried out, and why; told in a header. */
  readonly warning?: string;
  /** What the client said in this turn, as it is kept for a later one (Responses). */
  readonly items?: readonly object[];
}

/** What an answer needs that is in no event. */
export interface EncodeContext {
  /** Unique per request; the dialect puts its own prefix before it. */
  readonly id: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** The model name as the client wrote it: answers echo it. */
  readonly model: string;
  /** When the request came in, epoch ms. */
  readonly startedAt: number;
  readonly request: ChatRequest;
  readonly includeUsage: boolean;
  /** Tokens of the prompt, estimated before a model has counted them. */
  readonly inputTokens?: () => number;
  /** Fields of the request that the answer repeats. */
  readonly echo?: Readonly<Record<string, unknown>>;
  /** Extra object for the answer's `orchestrator` key, when the client asked for it; called once the answer is complete. */
  readonly trace?: () => object | undefined;
}

/** Turns events into frames, one call an event; holds what the dialect must remember between frames. */
export interface FrameEncoder {
  /** The frames of one event, ready to be written; '' when the event has none. */
  event(event: ChatEvent): string;
  /** What follows the last finish event, for example OpenAI's [DONE]. */
  end(): string;
  /** The in-band error that ends a stream which had begun. */
  fail(error: GatewayError): string;
  /** The whole answer as one object, for APIs that keep it; known after `end()`. */
  readonly answer?: () => object;
}

/** Steps around an answer for APIs whose server remembers: earlier turns are read in, the answer is kept. */
export interface Memory {
  /** Instead of the dialect's own decode. Throws 'invalid-request' also when what is referred to is not there. */
  decode(body: unknown, owner: string): Promise<Decoded>;
  /** Called with the finished answer before its end is written, so that a client may refer to it at once. */
  keep(answer: object, decoded: Decoded, owner: string): Promise<void>;
}

/** A client-facing HTTP shape of one chat route. Pure: no clock, no I/O. */
export interface Dialect {
  /** The name that `extra` carries: 'openai', 'ollama', 'anthropic', 'responses', ... */
  readonly name: string;
  readonly streamType: 'text/event-stream' | 'application/x-ndjson';
  /** Reads the bytes of a body; strict JSON unless the API has habits of its own. */
  readonly parse?: (bytes: Buffer | undefined) => unknown;
  /** Throws GatewayError 'invalid-request' that names the field. */
  decode(body: unknown): Decoded;
  /** The JSON answer; one result per choice. */
  encode(results: readonly ChatResult[], context: EncodeContext): object;
  frames(context: EncodeContext): FrameEncoder;
  /** The answer to a request that only loads or unloads a model, where the API has such. */
  readonly loaded?: (context: EncodeContext, reason: 'load' | 'unload') => object;
  /** A comment frame that keeps a connection open while nothing is to be said; absent where the format has none. */
  readonly heartbeat?: string;
}

/** How errors look in one client API. */
export type ErrorForm = (error: GatewayError, requestId: string) => object;
