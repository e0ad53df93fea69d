import { z } from 'zod';
import type { ChatEvent, FinishReason, TokenLogprob, Usage } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import { withoutPlaces } from '../upstream-text.ts';
import { createFastChunk, PROBE } from './fast-chunk.ts';

const callDelta = z.looseObject({
  index: z.number().int().min(0).nullish(),
  id: z.string().nullish(),
  function: z.looseObject({ name: z.string().nullish(), arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish() }).nullish(),
});

const tokenLogprob = z.looseObject({
  token: z.string(),
  logprob: z.number(),
  bytes: z.array(z.number()).nullish(),
  top_logprobs: z.array(z.looseObject({ token: z.string(), logprob: z.number(), bytes: z.array(z.number()).nullish() })).nullish(),
});

/** Of /completions: parallel lists. */
const legacyLogprobs = {
  tokens: z.array(z.string()).nullish(),
  token_logprobs: z.array(z.number().nullable()).nullish(),
  top_logprobs: z.array(z.record(z.string(), z.number()).nullable()).nullish(),
};

const message = z.looseObject({
  content: z.string().nullish(),
  reasoning: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(callDelta).nullish(),
});

/** Lenient by design: what servers send differs, and only what is read here must fit. */
const chunkSchema = z.looseObject({
  model: z.string().nullish(),
  error: z.unknown().optional(),
  choices: z
    .array(
      z.looseObject({
        index: z.number().nullish(),
        delta: message.nullish(),
        message: message.nullish(),
        text: z.string().nullish(),
        finish_reason: z.string().nullish(),
        // vLLM names the stop sequence that ended an answer here.
        stop_reason: z.union([z.string(), z.number()]).nullish(),
        logprobs: z.looseObject({ content: z.array(tokenLogprob).nullish(), ...legacyLogprobs }).nullish(),
      }),
    )
    .nullish(),
  usage: z
    .looseObject({
      prompt_tokens: z.number().nullish(),
      completion_tokens: z.number().nullish(),
      prompt_tokens_details: z.looseObject({ cached_tokens: z.number().nullish() }).nullish(),
      completion_tokens_details: z.looseObject({ reasoning_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
});

type Chunk = z.infer<typeof chunkSchema>;

const isText = (value: unknown): boolean => value === undefined || value === null || typeof value === 'string';
const isCount = (value: unknown): boolean => value === undefined || value === null || typeof value === 'number';
const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const isPlainMessage = (item: Record<string, unknown>): boolean =>
  isText(item['content']) && isText(item['reasoning']) && isText(item['reasoning_content']) && isText(item['refusal']) && isAbsent(item['tool_calls']);

/** Whether a chunk is one that the schema surely takes as it is: most are, and the schema costs more than all else about them. */
function isPlainChunk(value: unknown): value is Chunk {
  const { model, error, choices, usage } = (value ?? {}) as Record<string, unknown>;
  if (!isText(model) || !isAbsent(error) || !Array.isArray(choices) || choices.length > 1) return false;
  const choice = choices[0] as Record<string, unknown> | undefined;
  if (choice === null) return false;
  if (choice !== undefined) {
    const { index, delta, message: whole, text, finish_reason: reason, stop_reason: stopReason, logprobs } = choice;
    const item = (delta ?? whole ?? {}) as Record<string, unknown>;
    if (!isCount(index) || !isText(text) || !isText(reason) || !isText(stopReason) || !isAbsent(logprobs)) return false;
    if (typeof item !== 'object' || (!isAbsent(delta) && !isAbsent(whole)) || !isPlainMessage(item)) return false;
  }
  if (isAbsent(usage)) return true;
  if (typeof usage !== 'object') return false;
  const {
    prompt_tokens: input,
    completion_tokens: output,
    prompt_tokens_details: inputs,
    completion_tokens_details: outputs,
  } = usage as Record<string, unknown>;
  return isCount(input) && isCount(output) && isAbsent(inputs) && isAbsent(outputs);
}

/** OpenAI finish reasons (and what other servers write) -> ours. */
export function toFinishReason(reason: string, called: boolean): FinishReason {
  switch (reason) {
    case 'length':
    case 'max_tokens':
      return 'length';
    case 'tool_calls':
    case 'function_call':
      return 'tool-calls';
    case 'content_filter':
      return 'content-filter';
    case 'stop':
    case 'eos':
    case 'end_turn':
      return called ? 'tool-calls' : 'stop';
    default:
      return called ? 'tool-calls' : 'other';
  }
}

const toUsage = (usage: NonNullable<Chunk['usage']>): Usage => ({
  ...(typeof usage.prompt_tokens === 'number' && { inputTokens: usage.prompt_tokens }),
  ...(typeof usage.completion_tokens === 'number' && { outputTokens: usage.completion_tokens }),
  ...(typeof usage.prompt_tokens_details?.cached_tokens === 'number' && { cachedInputTokens: usage.prompt_tokens_details.cached_tokens }),
  ...(typeof usage.completion_tokens_details?.reasoning_tokens === 'number' && {
    reasoningTokens: usage.completion_tokens_details.reasoning_tokens,
  }),
});

const toLogprob = ({ token, logprob, bytes, top_logprobs }: z.infer<typeof tokenLogprob>): TokenLogprob => ({
  token,
  logprob,
  ...(bytes && { bytes }),
  ...(top_logprobs && {
    alternatives: top_logprobs.map((item) => ({ token: item.token, logprob: item.logprob, ...(item.bytes && { bytes: item.bytes }) })),
  }),
});

type WireLogprobs = NonNullable<NonNullable<Chunk['choices']>[number]['logprobs']>;

function toLogprobs({ content, tokens, token_logprobs, top_logprobs }: WireLogprobs): TokenLogprob[] {
  if (content) return content.map(toLogprob);
  return (tokens ?? []).map((token, index) => {
    const top = top_logprobs?.[index];
    return {
      token,
      logprob: token_logprobs?.[index] ?? 0,
      ...(top && { alternatives: Object.entries(top).map(([other, logprob]) => ({ token: other, logprob })) }),
    };
  });
}

/**
 * Reads the data of server-sent events (or a whole JSON answer) into events. The finish event is held until the end, because
 * usage comes after it. Calls are told apart by id first: some servers give every call index 0.
 */
export function createChunkReader(target: string, learns = true) {
  let reason: string | undefined;
  let stopSequence: string | undefined;
  let usage: Usage = NOTHING;
  let ended = false;
  const fast = createFastChunk();
  const calls: { id: string; wireIndex: number; name: string }[] = [];

  const callAt = (delta: z.infer<typeof callDelta>): number => {
    const wireIndex = delta.index ?? Math.max(0, calls.length - 1);
    const last = calls.findLastIndex((call) => call.wireIndex === wireIndex);
    const known = last === -1 ? undefined : calls[last];
    const isNew = known === undefined || (delta.id && known.id !== delta.id && delta.function?.name);
    if (!isNew) return last;
    calls.push({ id: delta.id || `call_${target}_${calls.length}`, wireIndex, name: delta.function?.name ?? '' });
    return calls.length - 1;
  };

  const content = (item: z.infer<typeof message>, logprobs: TokenLogprob[] | undefined, events: ChatEvent[]): void => {
    const reasoning = item.reasoning_content ?? item.reasoning;
    if (reasoning) events.push({ type: 'reasoning', delta: reasoning });
    const text = item.content ?? item.refusal;
    if (text || logprobs !== undefined) events.push({ type: 'text', delta: text ?? '', ...(logprobs !== undefined && { logprobs }) });
    for (const delta of item.tool_calls ?? []) {
      const index = callAt(delta);
      const call = calls[index] as (typeof calls)[number];
      const args = delta.function?.arguments ?? '';
      events.push({ type: 'tool-call', index, id: call.id, name: call.name, argumentsDelta: typeof args === 'string' ? args : JSON.stringify(args) });
    }
  };

  const data = (text: string, events: ChatEvent[]): void => {
    if (ended) return;
    const before = events.length;
    if (text.trim() === '[DONE]') {
      ended = true;
      return;
    }
    const chunk = parseChunk(text, target);
    if (chunk.error !== undefined && chunk.error !== null) throw inBandError(chunk.error, target);
    const choice = chunk.choices?.[0];
    if (choice) {
      const logprobs = choice.logprobs ? toLogprobs(choice.logprobs) : undefined;
      const item = choice.delta ?? choice.message ?? (typeof choice.text === 'string' ? { content: choice.text } : undefined);
      if (item) content(item, logprobs?.length ? logprobs : undefined, events);
      if (choice.finish_reason) reason = choice.finish_reason;
      if (typeof choice.stop_reason === 'string') stopSequence = choice.stop_reason;
    }
    if (chunk.usage) usage = { ...usage, ...toUsage(chunk.usage) };
    const [event] = events.slice(before);
    if (!learns || events.length !== before + 1 || event === undefined || (event.type !== 'text' && event.type !== 'reasoning')) return;
    if (chunk.usage || choice?.finish_reason || choice?.logprobs) return;
    fast.learn(text, event.type, (probe) => {
      const read = createChunkReader(target, false);
      const found: ChatEvent[] = [];
      read.data(probe, found);
      return found.length === 1 && found[0]?.type === event.type && found[0].delta === PROBE && read.pristine();
    });
  };

  return {
    data,
    /** Messages of the form that the last one had, read without parsing them whole; see createSseParser. */
    skim: (text: string, at: number, events: ChatEvent[]): number => (ended ? at : fast.skim(text, at, events)),
    /** Whether nothing was read that the finish event tells. */
    pristine: (): boolean => reason === undefined && stopSequence === undefined && usage === NOTHING && calls.length === 0,
    /** True once the terminator came: nothing of use follows. */
    ended: () => ended,
    /** The finish event; throws 'upstream-failed' when no finish reason ever came, however the stream ended. */
    finish: (): ChatEvent => {
      if (reason === undefined) {
        throw new GatewayError('upstream-failed', `'${target}' ended its answer before it was complete.`, { target, code: 'incomplete_answer' });
      }
      return { type: 'finish', reason: toFinishReason(reason, calls.length > 0), usage, ...(stopSequence !== undefined && { stopSequence }) };
    },
  };
}

const NOTHING: Usage = {};

function parseChunk(text: string, target: string): Chunk {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new GatewayError('upstream-failed', `'${target}' sent an event that is not JSON.`, { cause, target, code: 'bad_line' });
  }
  if (isPlainChunk(value)) return value;
  const parsed = chunkSchema.safeParse(value);
  if (!parsed.success) throw new GatewayError('upstream-failed', `'${target}' sent an event of an unknown shape.`, { target, code: 'bad_line' });
  return parsed.data;
}

function inBandError(value: unknown, target: string): GatewayError {
  const item = (typeof value === 'object' ? value : { message: String(value) }) as { message?: unknown; code?: unknown };
  const message = typeof item.message === 'string' ? item.message.slice(0, 2_000) : `'${target}' failed.`;
  const status = typeof item.code === 'number' ? item.code : Number(item.code);
  if (status === 429) return new GatewayError('rate-limited', message, { target });
  if (status >= 400 && status < 500) return new GatewayError('invalid-request', message, { target });
  return new GatewayError('upstream-failed', withoutPlaces(message), { target, code: 'upstream_error' });
}
