import type { ChatRequest, ChatResult } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import type { ModelRef } from '../core/model.ts';
import type { ExecutionContext, Ledger } from './context.ts';
import { ask } from './members-call.ts';

/** Longest reply that is searched for JSON, in characters. */
const MAX_SEARCHED = 60_000;
const MAX_CANDIDATES = 20;
const MAX_DEPTH = 64;

const tryParse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(text.replace(/,\s*([}\]])/g, '$1'));
    } catch {
      return undefined;
    }
  }
};

/** End of the JSON value that begins at `start`, or -1. Knows strings; gives up beyond the depth limit. */
function endOf(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') {
      depth += 1;
      if (depth > MAX_DEPTH) return -1;
    } else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** JSON objects and arrays that stand in a model's reply, in order: as the whole of it, in a code fence, or amid prose. */
export function jsonIn(reply: string): unknown[] {
  const close = reply.lastIndexOf('</think>');
  const text = (close === -1 ? reply : reply.slice(close + 8)).slice(0, MAX_SEARCHED).trim();
  const found: unknown[] = [];
  let tries = 0;
  for (let at = 0; at < text.length && tries < MAX_CANDIDATES; at++) {
    if (text[at] !== '{' && text[at] !== '[') continue;
    tries += 1;
    const end = endOf(text, at);
    if (end === -1) continue;
    const value = tryParse(text.slice(at, end));
    if (value === undefined) continue;
    found.push(value);
    at = end - 1;
  }
  return found;
}

/**
 * Asks for an answer in a JSON schema. A model that refuses the schema is asked again without it: the prompt says the form too.
 * Throws what the call throws.
 */
export async function askForJson(options: {
  readonly context: ExecutionContext;
  readonly ledger: Ledger;
  readonly target: ModelRef;
  /** Its response format carries the schema. */
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
}): Promise<ChatResult> {
  const { context, ledger, signal } = options;
  const limits = { deadlineMs: context.limits.memberDeadlineMs, maxChars: context.limits.memberChars };
  try {
    return await ask({ ...options, ...limits });
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    const refused = error.kind === 'invalid-request' || error.kind === 'unprocessable';
    const passing = error.retryable && error.kind !== 'upstream-timeout';
    if (signal.aborted || !ledger.canSpend() || !(refused || passing)) throw error;
    return ask({ ...options, ...limits, request: refused ? { ...options.request, responseFormat: { type: 'text' } } : options.request });
  }
}
