import type { ChatResponse, GenerateResponse } from 'ollama';
import type { ChatEvent, TokenLogprob } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import { unwrapError } from './error.ts';

/** What the reader of native lines knows of a line: both native shapes at once. */
type NativeLine = Partial<ChatResponse> & Partial<GenerateResponse> & { error?: unknown };

const ms = (nanoseconds: number | undefined): number | undefined => (nanoseconds === undefined ? undefined : nanoseconds / 1e6);

/** Reads the lines of /api/chat and /api/generate into events. */
export function createNativeReader(target: string) {
  let calls = 0;
  let finished = false;

  const line = (text: string, events: ChatEvent[]): void => {
    if (finished || text.trim() === '') return;
    let item: NativeLine;
    try {
      item = JSON.parse(text) as NativeLine;
    } catch (cause) {
      throw new GatewayError('upstream-failed', `'${target}' sent a line that is not JSON.`, { cause, target, code: 'bad_line' });
    }
    if (typeof item !== 'object' || item === null) throw new GatewayError('upstream-failed', `'${target}' sent a line that is not an object.`, { target });
    if (item.error !== undefined && item.error !== null) {
      const message = unwrapError(typeof item.error === 'string' ? item.error : JSON.stringify(item.error));
      throw new GatewayError('upstream-failed', message === '' ? `'${target}' failed.` : message, { target, code: 'upstream_error' });
    }
    const thinking = item.message?.thinking ?? item.thinking;
    if (typeof thinking === 'string' && thinking !== '') events.push({ type: 'reasoning', delta: thinking });
    const delta = item.message?.content ?? item.response;
    const logprobs = readLogprobs(item.logprobs);
    if ((typeof delta === 'string' && delta !== '') || logprobs !== undefined) {
      events.push({ type: 'text', delta: delta ?? '', ...(logprobs !== undefined && { logprobs }) });
    }
    // Each call comes whole; upstreams number every call 0, so the numbers are given here.
    for (const call of item.message?.tool_calls ?? []) {
      const { id } = call as { id?: string };
      events.push({
        type: 'tool-call',
        index: calls,
        id: id ?? `call_${target}_${calls}`,
        name: call.function.name,
        argumentsDelta: JSON.stringify(call.function.arguments ?? {}),
      });
      calls += 1;
    }
    if (item.done === true) {
      finished = true;
      events.push(toFinish(item, calls > 0));
    }
  };

  return { line, finished: () => finished };
}

function toFinish(item: NativeLine, called: boolean): ChatEvent {
  const timings = {
    totalMs: ms(item.total_duration),
    loadMs: ms(item.load_duration),
    promptMs: ms(item.prompt_eval_duration),
    outputMs: ms(item.eval_duration),
  };
  return {
    type: 'finish',
    reason: called ? 'tool-calls' : item.done_reason === 'length' ? 'length' : 'stop',
    usage: {
      ...(item.prompt_eval_count !== undefined && { inputTokens: item.prompt_eval_count }),
      ...(item.eval_count !== undefined && { outputTokens: item.eval_count }),
    },
    timings: Object.fromEntries(Object.entries(timings).filter(([, value]) => value !== undefined)),
    ...(item.context !== undefined && item.context.length > 0 && { context: item.context }),
  };
}

interface NativeLogprob {
  token: string;
  logprob: number;
  bytes?: number[];
  top_logprobs?: NativeLogprob[];
}

function readLogprobs(value: unknown): TokenLogprob[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return (value as NativeLogprob[]).map(({ token, logprob, bytes, top_logprobs }) => ({
    token,
    logprob,
    ...(bytes !== undefined && { bytes }),
    ...(top_logprobs !== undefined && { alternatives: top_logprobs }),
  }));
}
