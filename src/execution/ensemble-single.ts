import type { ChatRequest } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import { formatRef, type ModelRef } from '../core/model.ts';
import { isContent, peek } from '../stream/peek.ts';
import type { ExecutionContext } from './context.ts';
import type { Batch } from './ensemble-stream.ts';
import type { MemberAnswer } from './members.ts';
import { reasonOf } from './members-signal.ts';

/** Text kept for the trace, in characters. */
const KEPT = 24_000;

/** What became of a request that one model served as it is. */
export interface SingleRun {
  readonly members: readonly MemberAnswer[];
  readonly usage: Extract<Batch[number], { type: 'finish' }>['usage'];
  readonly calls: number;
}

/**
 * Passes a request that only one model can serve (tools, raw prompts) to the first target that begins to answer, unchanged, tool calls and
 * all. Throws what the last target threw when none does.
 */
export async function* passToOne(
  targets: readonly ModelRef[],
  request: ChatRequest,
  context: ExecutionContext,
  signal: AbortSignal,
): AsyncGenerator<Batch, SingleRun> {
  const distinct = targets.filter((target, index) => targets.findIndex((other) => formatRef(other) === formatRef(target)) === index);
  const members: MemberAnswer[] = [];
  let last: GatewayError | undefined;
  for (const [index, target] of distinct.slice(0, context.limits.maxCalls).entries()) {
    const started = context.now();
    const base = { index, target, attempts: 1 };
    const seconds = (): number => (context.now() - started) / 1_000;
    let begun = false;
    try {
      let text = '';
      let finish: Extract<Batch[number], { type: 'finish' }> | undefined;
      for await (const batch of await peek(context.call(target, { ...request, model: target.model }, signal))) {
        for (const event of batch) {
          begun ||= isContent(event);
          if (event.type === 'text' && text.length < KEPT) text += event.delta;
          if (event.type === 'finish') finish = event;
        }
        yield batch;
      }
      const tokens = finish?.usage.outputTokens;
      members.push({ ...base, outcome: 'ok', text, finishReason: finish?.reason ?? 'other', seconds: seconds(), ...(tokens !== undefined && { tokens }) });
      return { members, usage: finish?.usage ?? {}, calls: index + 1 };
    } catch (thrown) {
      if (signal.aborted) throw reasonOf(signal);
      last = GatewayError.from(thrown);
      if (begun || !last.retryable) throw last;
      members.push({ ...base, outcome: last.kind, text: '', finishReason: 'other', seconds: seconds(), message: last.message });
    }
  }
  throw last ?? new GatewayError('unavailable', 'No model is there for this request.');
}
