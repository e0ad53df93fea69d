import type { LlamaModel, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { ChatEvent, FinishReason, TokenLogprob } from '../../core/chat.ts';
import { reasonOf } from '../http.ts';
import { isWholeJson } from './sampling.ts';
import { commonStart, type Slot } from './slots.ts';
import { createStopMatcher } from './stops.ts';
import { createDetokenizer } from './text.ts';

/** Tokens of a prompt that are read before a cancellation is looked at again. */
const PREFILL_TOKENS = 128;

export interface Generation {
  readonly model: LlamaModel;
  readonly slot: Slot;
  readonly tokens: readonly Token[];
  readonly maxTokens: number;
  /** Sequences of the client; the one that ends the answer is named in the finish. */
  readonly stops: readonly string[];
  /** Ends of the template's own. */
  readonly hiddenStops: readonly string[];
  readonly trimStart: boolean;
  readonly json: boolean;
  /** Alternatives per token to report; absent reports none. */
  readonly logprobs?: number;
  readonly sampling: SequenceEvaluateOptions;
  /** Receives every token as it is written; the penalties read it. */
  readonly written: Token[];
  readonly choice: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** What a generation did, for the finish event of its caller. */
export interface Outcome {
  readonly reason: FinishReason;
  readonly stopSequence?: string;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly promptMs: number;
  readonly outputMs: number;
}

/** A token as the engine gives it, with what was asked for. */
interface Step {
  readonly token: Token;
  readonly confidence?: number;
  readonly probabilities?: ReadonlyMap<Token, number>;
}

/** Leaves in the slot what the prompt begins with, evaluates the rest but the last piece, and answers that piece. */
async function prefill(run: Generation): Promise<{ last: Token[]; cached: number }> {
  const { slot, tokens, signal } = run;
  const { sequence } = slot;
  const kept = Math.min(commonStart(sequence.contextTokens, tokens), tokens.length - 1);
  if (kept < sequence.nextTokenIndex) await sequence.eraseContextTokenRanges([{ start: kept, end: sequence.nextTokenIndex }]);
  // Where the engine could not cut its memory it started anew: what is really there counts.
  const cached = sequence.nextTokenIndex;
  let at = cached;
  for (; tokens.length - at > PREFILL_TOKENS; at += PREFILL_TOKENS) {
    if (signal.aborted) throw reasonOf(signal);
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, at + PREFILL_TOKENS));
  }
  return { last: tokens.slice(at), cached };
}

const toLogprob = (model: LlamaModel, token: Token, probability: number): Omit<TokenLogprob, 'alternatives'> => {
  const text = model.detokenize([token], true);
  return { token: text, logprob: Math.log(Math.max(probability, Number.MIN_VALUE)), bytes: [...Buffer.from(text)] };
};

/** Writes one answer, token by token. Throws the signal's reason within one token of its firing. */
export async function* generate(run: Generation): AsyncGenerator<ChatEvent[], Outcome> {
  const { model, signal, now, choice, logprobs } = run;
  const began = now();
  const { last, cached } = await prefill(run);
  const detokenizer = createDetokenizer(model);
  const matcher = createStopMatcher([...run.stops, ...run.hiddenStops]);
  const options = { ...run.sampling, yieldEogToken: false };
  const tokens: AsyncIterable<Step> = run.slot.sequence.evaluateWithMetadata(
    last,
    { confidence: logprobs !== undefined, probabilities: (logprobs ?? 0) > 0 },
    options,
  );

  let first: number | undefined;
  let whole = '';
  let entries: TokenLogprob[] = [];
  let reason: FinishReason = 'stop';
  let stopped: string | undefined;
  const show = (text: string): ChatEvent[] => {
    const delta = run.trimStart && whole === '' ? text.trimStart() : text;
    if (delta === '') return [];
    whole += delta;
    const event: ChatEvent = { type: 'text', delta, ...(choice > 0 && { choice }), ...(entries.length > 0 && { logprobs: entries }) };
    entries = [];
    return [event];
  };

  for await (const step of tokens) {
    first ??= now();
    if (signal.aborted) throw reasonOf(signal);
    const { token } = step;
    run.written.push(token);
    if (logprobs !== undefined) {
      const alternatives = [...(step.probabilities ?? [])].slice(0, logprobs).map(([other, probability]) => toLogprob(model, other, probability));
      entries.push({ ...toLogprob(model, token, step.confidence ?? 0), ...(logprobs > 0 && { alternatives }) });
    }
    const found = matcher.push(detokenizer.push(token));
    const events = show(found.text);
    if (events.length > 0) yield events;
    stopped = found.stopped;
    if (stopped !== undefined || (run.json && isWholeJson(whole))) break;
    if (run.written.length >= run.maxTokens) {
      reason = 'length';
      break;
    }
  }
  // Only after the loop did a cancellation end it early by itself.
  if (signal.aborted) throw reasonOf(signal);
  if (stopped === undefined) {
    const rest = matcher.push(detokenizer.end());
    const events = show(rest.text + (rest.stopped === undefined ? matcher.end() : ''));
    if (events.length > 0) yield events;
  }
  const ended = now();
  return {
    reason,
    ...(stopped !== undefined && run.stops.includes(stopped) && { stopSequence: stopped }),
    inputTokens: run.tokens.length,
    cachedTokens: cached,
    outputTokens: run.written.length,
    promptMs: (first ?? ended) - began,
    outputMs: ended - (first ?? ended),
  };
}
