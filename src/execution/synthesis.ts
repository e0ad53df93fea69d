import type { ChatEvent, ChatRequest, ContentPart, FinishReason, Message } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import { formatRef, type ModelRef } from '../core/model.ts';
import { languageOf } from '../quality/text.ts';
import type { ExecutionContext, Ledger } from './context.ts';
import type { Batch } from './ensemble-stream.ts';
import { createNonce, type Fenced, fence, shuffled } from './fence.ts';
import { plainRequest, questionOf, systemOf } from './members-request.ts';
import { createPuller, linked, reasonOf } from './members-signal.ts';
import { languageLine, render } from './prompts.ts';

/** How a judge's writing ended. */
export interface Written {
  readonly text: string;
  readonly finishReason: FinishReason;
  readonly seconds: number;
  readonly error?: GatewayError;
}

/** Longest text of a judge that is kept for weighing; all of it is passed on. */
const KEPT = 100_000;

/**
 * Streams what a model writes, reasoning included, without start and finish. The return value tells how it ended: an error, and an empty
 * text, are told there and not thrown, so that the caller can fall back. Throws only when the signal fires.
 */
export async function* write(options: {
  readonly context: ExecutionContext;
  readonly ledger: Ledger;
  readonly target: ModelRef;
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
}): AsyncGenerator<Batch, Written> {
  const { context, ledger, target, request, signal } = options;
  const { judgeDeadlineMs } = context.limits;
  const started = context.now();
  const link = linked(signal);
  let puller: ReturnType<typeof createPuller> | undefined;
  let text = '';
  let chars = 0;
  let finish: Extract<ChatEvent, { type: 'finish' }> | undefined;
  let error: GatewayError | undefined;
  try {
    ledger.spend();
    puller = createPuller(context.call(target, request, link.signal, 'judge'), link.signal);
    for (;;) {
      const spent = context.now() - started;
      const batch = await puller.next(text === '' ? Math.max(1, judgeDeadlineMs - spent) : judgeDeadlineMs);
      if (batch === undefined) break;
      const out: ChatEvent[] = [];
      for (const event of batch) {
        if (event.type === 'finish') finish = event;
        else if (event.type === 'reasoning') {
          chars += event.delta.length;
          out.push({ type: 'reasoning', delta: event.delta });
        } else if (event.type === 'text') {
          chars += event.delta.length;
          const delta = text === '' ? event.delta.trimStart() : event.delta;
          if (delta === '') continue;
          if (text.length < KEPT) text += delta;
          out.push({ type: 'text', delta });
        }
      }
      if (out.length > 0) yield out;
      if (finish !== undefined) break;
    }
    if (finish === undefined) error = new GatewayError('upstream-failed', `${formatRef(target)} stopped before its answer was complete.`);
  } catch (thrown) {
    if (signal.aborted) throw reasonOf(signal);
    error = GatewayError.from(thrown);
  } finally {
    if (finish !== undefined) ledger.add(finish.usage);
    else if (chars > 0) ledger.add({ outputTokens: Math.ceil(chars / 4) });
    link.abort();
    link.dispose();
    puller?.close();
  }
  return { text, finishReason: finish?.reason ?? 'other', seconds: (context.now() - started) / 1_000, ...(error !== undefined && { error }) };
}

const withoutImages = (content: readonly ContentPart[]): ContentPart[] =>
  content.map((part) => (part.type === 'image' ? { type: 'text', text: '[image]' } : part));

/**
 * What a judge is asked: our prompt and the client's own system text, the conversation, and after its last user turn the members' texts
 * between fences of this request's nonce, in random order, each capped.
 */
export function judgeRequest(options: {
  readonly context: ExecutionContext;
  readonly judge: ModelRef;
  readonly request: ChatRequest;
  readonly prompt: string;
  /** Labels are numbered in the order shown: 'ANSWER' becomes 'ANSWER 1'. */
  readonly items: readonly { readonly label: string; readonly heading?: string; readonly text: string }[];
  readonly shuffle: boolean;
  readonly reminder: string;
}): ChatRequest {
  const { context, judge, request } = options;
  const nonce = createNonce(context.random);
  const items = options.shuffle ? shuffled(options.items, context.random) : options.items;
  const fenced: Fenced[] = items.map(({ label, heading, text }, index) => ({
    label: `${label} ${index + 1}`,
    text: heading === undefined ? text : `${heading}\n\n${text}`,
  }));
  const block = fence(fenced, nonce, context.limits.memberChars);
  const own = systemOf(request);
  const system = render(options.prompt, { nonce, language: languageLine(languageOf(questionOf(request))) });
  const messages: Message[] = [
    { role: 'system', content: [{ type: 'text', text: own === '' ? system : `${system}\n\nThe person's own instructions for the answer:\n${own}` }] },
  ];
  const turns = request.messages.filter(({ role }) => role !== 'system');
  const at = turns.findLastIndex(({ role }) => role === 'user');
  turns.forEach((turn, index) => {
    const content = withoutImages(turn.content);
    if (index === at) content.push({ type: 'text', text: `\n\n${block}\n\n${options.reminder}` });
    messages.push({ ...turn, content } as Message);
  });
  if (at === -1) messages.push({ role: 'user', content: [{ type: 'text', text: `${block}\n\n${options.reminder}` }] });
  return { ...plainRequest(request, judge), messages };
}
