import type { ChatEvent, ChatRequest, ChatResult } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import { formatRef, type ModelRef } from '../core/model.ts';
import { createCollector } from '../stream/collect.ts';
import type { ExecutionContext, Ledger } from './context.ts';
import { createPuller, DONE, linked, type Puller, reasonOf } from './members-signal.ts';

/** Characters of a token, roughly; used only for calls that ended before they could report their own count. */
const CHARS_PER_TOKEN = 4;

const estimate = (chars: number): number => Math.ceil(chars / CHARS_PER_TOKEN);

/**
 * One whole answer of one model, within `deadlineMs`. Reading stops after `maxChars` characters (finish reason 'length'). What was used
 * goes into the ledger even when the call fails: as reported, or estimated from the text that came.
 * Throws GatewayError: the call's own, 'upstream-timeout' after the deadline, 'client-closed' when the signal fires.
 */
export async function ask(options: {
  readonly context: ExecutionContext;
  readonly ledger: Ledger;
  readonly target: ModelRef;
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  readonly maxChars: number;
}): Promise<ChatResult> {
  const { context, ledger, target, signal, deadlineMs, maxChars } = options;
  if (signal.aborted) throw reasonOf(signal);
  ledger.spend();
  const link = linked(signal);
  const timer = setTimeout(
    () =>
      link.abort(new GatewayError('upstream-timeout', `${formatRef(target)} did not answer within ${deadlineMs / 1_000} s.`, { target: formatRef(target) })),
    deadlineMs,
  );
  const collector = createCollector(target.model);
  let puller: Puller | undefined;
  let chars = 0;
  let finished = false;
  const take = (event: ChatEvent): void => {
    if (event.type === 'text' || event.type === 'reasoning') chars += event.delta.length;
    if (event.type === 'finish') {
      finished = true;
      ledger.add(event.usage);
    }
    collector.add(event);
  };
  try {
    puller = createPuller(context.call(target, options.request, link.signal), link.signal);
    for (let batch = await puller.next(); batch !== undefined; batch = await puller.next()) {
      for (const event of batch) take(event);
      if (!finished && chars > maxChars) {
        take({ type: 'finish', reason: 'length', usage: { outputTokens: estimate(chars) } });
        break;
      }
    }
    return collector.results()[0] as ChatResult;
  } catch (thrown) {
    if (!finished && chars > 0) ledger.add({ outputTokens: estimate(chars) });
    throw GatewayError.from(thrown);
  } finally {
    clearTimeout(timer);
    // The upstream is told by the signal; a call that has ended does not mind.
    link.abort(DONE);
    link.dispose();
    puller?.close();
  }
}
