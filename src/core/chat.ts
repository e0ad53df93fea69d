import type { RawNumber } from './raw-number.ts';

/** A piece of a message. Image bytes are decoded once, at the dialect; a URL is refused there unless fetching is allowed. */
export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mediaType: string /** standard base64 */; readonly data: string };

/** The text of a message, its parts joined by line breaks; images have none. */
export function textOf(content: readonly ContentPart[]): string {
  let text = '';
  for (const part of content) if (part.type === 'text' && part.text !== '') text += text === '' ? part.text : `\n${part.text}`;
  return text;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text as the model wrote it: parsing and writing it again would change it. */
  readonly arguments: string;
}

export type Message =
  | {
      readonly role: 'system' | 'user';
      readonly content: readonly ContentPart[];
      readonly name?: string;
      /** A role of the model's own template, as the client wrote it ('control' of Granite): upstreams that render templates get it as it is. */
      readonly ownRole?: string;
    }
  | {
      readonly role: 'assistant';
      readonly content: readonly ContentPart[];
      readonly reasoning?: string;
      readonly toolCalls?: readonly ToolCall[];
      readonly name?: string;
    }
  | {
      readonly role: 'tool';
      readonly toolCallId: string;
      /** Name of the tool that was called, where the client tells it. */
      readonly name?: string;
      readonly content: readonly ContentPart[];
      readonly isError?: boolean;
    };

/** A function the model may call. `schema` is the client's JSON Schema, untouched. */
export interface Tool {
  readonly name: string;
  readonly description?: string;
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
}

export interface Sampling {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly minP?: number;
  readonly seed?: number | RawNumber;
  readonly maxOutputTokens?: number;
  readonly stop?: readonly string[];
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly repeatPenalty?: number;
}

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'max';

/** A prompt to continue (Ollama's generate, OpenAI's completions) where a chat is a conversation to answer. */
export interface Completion {
  readonly prompt: string;
  readonly suffix?: string;
  /** True: no chat template, the prompt goes to the model as it is. */
  readonly raw: boolean;
  readonly template?: string;
  /** Token context of an earlier answer (Ollama only). */
  readonly context?: readonly number[];
  readonly echo?: boolean;
}

/** What a client asked for, whatever HTTP dialect it spoke. */
export interface ChatRequest {
  /** As the client wrote it: a model name, an alias, or a virtual model such as 'auto'. */
  readonly model: string;
  /** Also filled for a completion (as one user message), so that deciding never needs to know the difference. */
  readonly messages: readonly Message[];
  readonly completion?: Completion;
  readonly sampling: Sampling;
  readonly tools: readonly Tool[];
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly parallelToolCalls?: boolean;
  readonly responseFormat:
    | { readonly type: 'text' }
    | { readonly type: 'json'; readonly schema?: Readonly<Record<string, unknown>>; readonly name?: string; readonly strict?: boolean };
  readonly reasoning?: ReasoningEffort;
  /** Number of alternatives to answer with; 1 unless asked. */
  readonly choices: number;
  /** Alternatives per token to report; 0 reports the chosen token only; absent reports none. */
  readonly logprobs?: number;
  /** How long the model stays loaded afterwards: seconds, negative for ever. Ollama only. */
  readonly keepAliveS?: number;
  /** Context window the client asked for, in tokens. */
  readonly contextWindow?: number;
  /** Fields the dialect does not interpret; a provider that speaks the same dialect forwards them. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** The dialect that `extra` belongs to. */
  readonly dialect: string;
}

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'other';

/** Token counts as the upstream reported them. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cachedInputTokens?: number;
  readonly reasoningTokens?: number;
}

/** Where the time went, in ms, as the upstream reported it. */
export interface Timings {
  readonly totalMs?: number;
  readonly loadMs?: number;
  readonly promptMs?: number;
  readonly outputMs?: number;
}

export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes?: readonly number[];
  readonly alternatives?: readonly { readonly token: string; readonly logprob: number; readonly bytes?: readonly number[] }[];
}

/**
 * An element of the canonical stream. Grammar, per choice: start (text | reasoning | tool-call)* finish.
 * A failure is thrown from the stream; it is never an event. A stream that ends without a finish has failed.
 */
export type ChatEvent =
  | { readonly type: 'start'; readonly model: string }
  | {
      readonly type: 'text';
      readonly delta: string;
      readonly choice?: number;
      readonly logprobs?: readonly TokenLogprob[];
      /** The delta as a JSON string literal, where it came as one: any dialect that writes JSON writes this instead of encoding again. */
      readonly json?: string;
    }
  | { readonly type: 'reasoning'; readonly delta: string; readonly choice?: number; readonly json?: string }
  | {
      readonly type: 'tool-call';
      /** Position among the calls of this answer, from 0, without gaps. */
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly argumentsDelta: string;
      readonly choice?: number;
    }
  | {
      readonly type: 'finish';
      readonly reason: FinishReason;
      readonly usage: Usage;
      readonly timings?: Timings;
      readonly stopSequence?: string;
      /** Token context for a follow-up generate call (Ollama only). */
      readonly context?: readonly number[];
      readonly choice?: number;
    };

/**
 * The canonical stream, in batches: each pull gives every event that has arrived since the last one, never an empty array.
 * Batches keep the price of a hop per read from the network, not per token.
 */
export type ChatStream = AsyncIterable<readonly ChatEvent[]>;

/** A finished answer: the fold over one choice of a stream. */
export interface ChatResult {
  readonly model: string;
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  readonly logprobs: readonly TokenLogprob[];
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  readonly timings?: Timings;
  readonly stopSequence?: string;
  readonly context?: readonly number[];
}

export interface EmbedRequest {
  readonly model: string;
  readonly input: readonly string[];
  readonly dimensions?: number;
  /** False: an input longer than the window is an error. */
  readonly truncate?: boolean;
  readonly keepAliveS?: number;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly dialect: string;
}

export interface EmbedResult {
  /** In the order of the input. */
  readonly vectors: readonly (readonly number[])[];
  readonly inputTokens?: number;
  readonly timings?: Timings;
}
