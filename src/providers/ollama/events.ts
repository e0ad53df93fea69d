import { createHash } from 'node:crypto';
import type { ChatResponse, GenerateResponse } from 'ollama';
import type { ChatEvent, TokenLogprob } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import { withoutPlaces } from '../upstream-text.ts';
import { unwrapError } from './error.ts';
import { createFastLine } from './fast-line.ts';

/** What the reader of native lines knows of a line: both native shapes at once. */
type NativeLine = Partial<ChatResponse> & Partial<GenerateResponse> & { error?: unknown };

const ms = (nanoseconds: number | undefined): number | undefined => (typeof nanoseconds === 'number' ? nanoseconds / 1e6 : undefined);

/**
 * Reads the lines of /api/chat and /api/generate into events. `seed` makes the ids of calls that come without one; of more calls
 * than `maxCalls` the first are kept.
 */
export function createNativeReader(target: string, seed: string, maxCalls = Number.POSITIVE_INFINITY) {
  const fast = createFastLine();
  const ids = new Set<string>();
  let calls = 0;
  let finished = false;

  const nextCall = (call: unknown): ChatEvent | undefined => {
    const { id, function: called } = (call ?? {}) as { id?: unknown; function?: { name?: unknown; arguments?: unknown } };
    if (typeof called?.name !== 'string' || calls >= maxCalls) return undefined;
    // Upstreams number every call 0 and some give all the same id: numbers are given here, and ids where they are not new.
    const index = calls;
    calls += 1;
    const own = typeof id === 'string' && id !== '' && !ids.has(id) ? id : callId(`${seed}:${index}`);
    ids.add(own);
    return { type: 'tool-call', index, id: own, name: called.name, argumentsDelta: toArguments(called.arguments) };
  };

  const line = (text: string, events: ChatEvent[]): void => {
    if (finished) return;
    const quick = fast.read(text);
    if (quick !== undefined) {
      if (quick !== null) events.push(quick);
      return;
    }
    if (text.trim() === '') return;
    let item: NativeLine;
    try {
      item = JSON.parse(text) as NativeLine;
    } catch (cause) {
      throw new GatewayError('upstream-failed', `'${target}' sent a line that is not JSON.`, { cause, target, code: 'bad_line' });
    }
    if (typeof item !== 'object' || item === null) throw new GatewayError('upstream-failed', `'${target}' sent a line that is not an object.`, { target });
    if (item.error !== undefined && item.error !== null) {
      const message = unwrapError(typeof item.error === 'string' ? item.error : JSON.stringify(item.error));
      throw new GatewayError('upstream-failed', message === '' ? `'${target}' failed.` : withoutPlaces(message), { target, code: 'upstream_error' });
    }
    const thinking = textOf(item.message?.thinking ?? item.thinking);
    if (thinking !== '') events.push({ type: 'reasoning', delta: thinking });
    const delta = textOf(item.message?.content ?? item.response);
    const logprobs = readLogprobs(item.logprobs);
    if (delta !== '' || logprobs !== undefined) events.push({ type: 'text', delta, ...(logprobs !== undefined && { logprobs }) });
    const called: unknown = item.message?.tool_calls ?? (item as { tool_calls?: unknown }).tool_calls;
    const toolCalls = Array.isArray(called) ? called : [];
    for (const call of toolCalls) {
      const event = nextCall(call);
      if (event !== undefined) events.push(event);
    }
    if (item.done === true) {
      finished = true;
      events.push(toFinish(item, calls > 0));
    } else if (toolCalls.length === 0 && logprobs === undefined && (thinking === '') !== (delta === '')) {
      fast.learn(text, delta === '' ? 'reasoning' : 'text');
    }
  };

  return { line, finished: () => finished };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** 'call_' and eight characters, as Ollama's own. */
export const callId = (seed: string): string =>
  `call_${BigInt(`0x${createHash('sha256').update(seed).digest('hex')}`)
    .toString(36)
    .slice(-8)}`;

/** Arguments are an object here; text that some upstreams send instead is JSON already. */
function toArguments(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '{}' : value;
  return JSON.stringify(value ?? {});
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
      ...(typeof item.prompt_eval_count === 'number' && { inputTokens: item.prompt_eval_count }),
      ...(typeof item.eval_count === 'number' && { outputTokens: item.eval_count }),
    },
    timings: Object.fromEntries(Object.entries(timings).filter(([, value]) => value !== undefined)),
    ...(Array.isArray(item.context) && item.context.length > 0 && { context: item.context }),
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
