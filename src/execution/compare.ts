import type { ChatRequest, Usage } from '../core/chat.ts';
import type { ModelRef } from '../core/model.ts';
import { createLedger, type ExecutionContext } from './context.ts';
import { weigh } from './ensemble-trace.ts';
import { type MemberAnswer, runMembers } from './members.ts';
import { memberCalls, questionOf } from './members-request.ts';

export interface CompareResult {
  readonly model: string;
  readonly provider: string;
  readonly text: string;
  readonly seconds: number;
  /** Output tokens; absent where the model does not tell. */
  readonly tokens?: number;
  readonly tokens_per_second?: number;
  /** 0-100 by length, structure, examples, likeness to the others. */
  readonly confidence: number;
  /** 0-100 led by agreement with the others. */
  readonly trust: number;
  readonly error?: string;
}

export interface Comparison {
  readonly results: readonly CompareResult[];
  /** 0-1. */
  readonly agreement: number;
  readonly usage: Usage;
}

/**
 * The same request to several models, side by side, in the order asked. A model that fails has `error` and no text.
 * Throws 'invalid-request' for more models than calls are allowed, 'client-closed' when cancelled.
 */
export async function runCompare(options: {
  readonly models: readonly ModelRef[];
  readonly request: ChatRequest;
  readonly context: ExecutionContext;
  /** One after the other, where they do not fit in memory together. */
  readonly sequential?: boolean;
  readonly onSettled?: (answer: MemberAnswer) => void;
}): Promise<Comparison> {
  const { models, request, context, onSettled } = options;
  const ledger = createLedger(context.limits.maxCalls, models.length);
  const members = await runMembers({
    calls: memberCalls(models, request, context.prompts),
    context,
    ledger,
    signal: context.signal,
    concurrency: options.sequential === true ? 1 : context.limits.maxConcurrent,
    ...(onSettled !== undefined && { onSettled }),
  });
  const weighed = weigh(members, questionOf(request));
  const results = weighed.traces.map((trace, index): CompareResult => {
    const { tokens, seconds, message } = trace;
    return {
      model: trace.model,
      provider: trace.provider,
      text: members[index]?.text ?? '',
      seconds,
      ...(tokens !== undefined && { tokens, ...(seconds > 0 && { tokens_per_second: Math.round((tokens / seconds) * 10) / 10 }) }),
      confidence: trace.confidence ?? 0,
      trust: trace.trust ?? 0,
      ...(trace.outcome !== 'ok' && { error: message ?? trace.outcome }),
    };
  });
  return { results, agreement: Math.round(weighed.found.score * 1_000) / 1_000, usage: ledger.usage() };
}
