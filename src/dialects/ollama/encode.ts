import type { ChatEvent, ChatResult, FinishReason, Timings, TokenLogprob, ToolCall, Usage } from '../../core/chat.ts';
import type { EncodeContext, FrameEncoder } from '../dialect.ts';
import { ollamaError } from './error.ts';

/** RFC 3339 in UTC. */
export const timestamp = (epochMs: number): string => new Date(epochMs).toISOString();

/** Ollama's done_reason is never 'tool_calls': clients look for the calls themselves. */
const doneReason = (reason: FinishReason): string => (reason === 'length' ? 'length' : 'stop');

const nanoseconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.round(ms * 1e6));

/** Counts and durations of the final object; keys that are 0 or unknown are left out, as by Ollama. */
function metrics(usage: Usage, timings: Timings | undefined, elapsedMs: number): object {
  const all = {
    total_duration: nanoseconds(timings?.totalMs ?? elapsedMs),
    load_duration: nanoseconds(timings?.loadMs),
    prompt_eval_count: usage.inputTokens,
    prompt_eval_duration: nanoseconds(timings?.promptMs),
    eval_count: usage.outputTokens,
    eval_duration: nanoseconds(timings?.outputMs ?? (usage.outputTokens ? elapsedMs : undefined)),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== 0));
}

const toLogprobs = (logprobs: readonly TokenLogprob[], withAlternatives: boolean): object[] =>
  logprobs.map(({ token, logprob, bytes, alternatives }) => ({
    token,
    logprob,
    ...(bytes !== undefined && { bytes }),
    ...(withAlternatives && alternatives !== undefined && { top_logprobs: alternatives }),
  }));

function toToolCall(call: ToolCall, index: number): object {
  return { id: call.id, function: { index, name: call.name, arguments: parseArguments(call.arguments) } };
}

/** Arguments must be an object here; text that is none is kept where a person can see it. */
function parseArguments(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // falls through to the raw text
  }
  return { _raw: text };
}

/** Which of the two native answers is written: chat wraps the text in a message, generate has it at the top. */
export type NativeShape = 'chat' | 'generate';

function body(shape: NativeShape, text: string, reasoning: string, calls: readonly object[]): object {
  const thinking = reasoning === '' ? {} : { thinking: reasoning };
  const toolCalls = calls.length === 0 ? {} : { tool_calls: calls };
  return shape === 'chat' ? { message: { role: 'assistant', content: text, ...thinking, ...toolCalls } } : { response: text, ...thinking, ...toolCalls };
}

/** A raw prompt has no conversation to go on with. */
const isRaw = ({ request }: EncodeContext): boolean => request.completion?.raw === true;

/** The `stream: false` answer. */
export function encodeNative(shape: NativeShape, results: readonly ChatResult[], context: EncodeContext): object {
  const result = results[0] as ChatResult;
  const trace = context.trace?.();
  const top = context.request.logprobs;
  return {
    model: context.model,
    created_at: timestamp(context.now()),
    ...body(shape, result.text, result.reasoning, result.toolCalls.map(toToolCall)),
    done: true,
    done_reason: doneReason(result.finishReason),
    ...(shape === 'generate' && !isRaw(context) && result.context !== undefined && { context: result.context }),
    ...(top !== undefined && { logprobs: toLogprobs(result.logprobs, top > 0) }),
    ...metrics(result.usage, result.timings, context.now() - context.startedAt),
    ...(trace !== undefined && { orchestrator: trace }),
  };
}

/** The answer to an empty prompt: the model was loaded or unloaded, nothing was generated. */
export const loadedAnswer = (shape: NativeShape, context: EncodeContext, reason: 'load' | 'unload'): object => ({
  model: context.model,
  created_at: timestamp(context.now()),
  ...body(shape, '', '', []),
  done: true,
  done_reason: reason,
});

/** NDJSON frames. Tool calls are gathered and leave whole, since a native call carries its arguments as an object. */
export function nativeFrames(shape: NativeShape, context: EncodeContext): FrameEncoder {
  const model = JSON.stringify(context.model);
  const calls = new Map<number, { id: string; name: string; arguments: string }>();
  const top = context.request.logprobs;

  const head = (): string => `{"model":${model},"created_at":"${timestamp(context.now())}",`;
  const textHead = shape === 'chat' ? '"message":{"role":"assistant","content":' : '"response":';
  const thinkingHead = shape === 'chat' ? '"message":{"role":"assistant","content":"","thinking":' : '"response":"","thinking":';
  const textTail = shape === 'chat' ? '},"done":false}\n' : ',"done":false}\n';

  const chunk = (text: string, reasoning: string, toolCalls: readonly object[], more: object = {}): string =>
    `${JSON.stringify({ model: context.model, created_at: timestamp(context.now()), ...body(shape, text, reasoning, toolCalls), done: false, ...more })}\n`;

  const event = (item: ChatEvent): string => {
    switch (item.type) {
      case 'start':
        return '';
      case 'text':
        if (item.logprobs !== undefined) return chunk(item.delta, '', [], { logprobs: toLogprobs(item.logprobs, (top ?? 0) > 0) });
        return `${head()}${textHead}${item.json ?? JSON.stringify(item.delta)}${textTail}`;
      case 'reasoning':
        return `${head()}${thinkingHead}${item.json ?? JSON.stringify(item.delta)}${textTail}`;
      case 'tool-call': {
        const call = calls.get(item.index);
        if (call === undefined) calls.set(item.index, { id: item.id, name: item.name, arguments: item.argumentsDelta });
        else call.arguments += item.argumentsDelta;
        return '';
      }
      case 'finish': {
        const gathered = [...calls.entries()].sort(([a], [b]) => a - b).map(([index, call]) => toToolCall(call, index));
        const before = gathered.length > 0 ? chunk('', '', gathered) : '';
        const trace = context.trace?.();
        const final = {
          model: context.model,
          created_at: timestamp(context.now()),
          ...body(shape, '', '', []),
          done: true,
          done_reason: doneReason(item.reason),
          ...(shape === 'generate' && !isRaw(context) && item.context !== undefined && { context: item.context }),
          ...metrics(item.usage, item.timings, context.now() - context.startedAt),
          ...(trace !== undefined && { orchestrator: trace }),
        };
        return `${before}${JSON.stringify(final)}\n`;
      }
    }
  };
  return { event, end: () => '', fail: (error) => `${JSON.stringify(ollamaError(error))}\n` };
}
