import type { ChatEvent, FinishReason, TokenLogprob, Usage } from '../../core/chat.ts';
import type { ErrorKind, GatewayError } from '../../core/errors.ts';
import { createCallOrder, isWhole } from '../call-order.ts';
import type { EncodeContext, FrameEncoder } from '../dialect.ts';
import {
  type CallParts,
  callItem,
  customInput,
  itemId,
  logprobsOf,
  type Moment,
  messageItem,
  originsFor,
  reasoningItem,
  responseId,
  statusOf,
  textPart,
  toResponse,
} from './responses-encode.ts';

type CallEvent = Extract<ChatEvent, { type: 'tool-call' }>;

interface OpenText {
  readonly kind: 'message' | 'reasoning';
  readonly id: string;
  readonly index: number;
  readonly parts: string[];
  readonly logprobs: TokenLogprob[];
}

interface OpenCall {
  /** Which call of the answer it is. */
  readonly number: number;
  /** Where its item stands in the output. */
  readonly index: number;
  readonly call: { -readonly [K in keyof CallParts]: CallParts[K] };
}

/** Codes of failed responses that clients act on (Codex shortens its conversation on the first). */
const CODES: Partial<Record<ErrorKind, string>> = {
  'context-too-long': 'context_length_exceeded',
  'rate-limited': 'rate_limit_exceeded',
  'invalid-request': 'invalid_prompt',
};

/**
 * The frames of a streamed /v1/responses. Every item is added, filled and done before the next begins; only text that comes
 * amid the arguments of a call begins beside it.
 */
export function responseFrames(context: EncodeContext): FrameEncoder {
  const origins = originsFor(context);
  const output: object[] = [];
  const order = createCallOrder();
  let openCall: OpenCall | undefined;
  const ended = new Set<number>();
  let sequence = 0;
  let started = false;
  let said = false;
  let open: OpenText | undefined;
  let finish: { reason: FinishReason; usage: Usage } | undefined;
  let whole: object | undefined;

  const frame = (type: string, fields: object): string => {
    sequence += 1;
    return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence - 1, ...fields })}\n\n`;
  };
  const response = (type: string, moment: Moment): string => {
    whole = toResponse(context, moment);
    return frame(type, { response: whole });
  };

  const start = (): string => {
    if (started) return '';
    started = true;
    const moment: Moment = { status: 'in_progress', output: [] };
    return response('response.created', moment) + response('response.in_progress', moment);
  };

  const add = (item: object): string => {
    output.push(item);
    return frame('response.output_item.added', { output_index: output.length - 1, item });
  };
  const done = (index: number, item: object): string => {
    output[index] = item;
    return frame('response.output_item.done', { output_index: index, item });
  };

  const openText = (kind: OpenText['kind']): string => {
    const index = output.length;
    open = { kind, index, id: itemId(kind === 'message' ? 'msg' : 'rs', context, index), parts: [], logprobs: [] };
    const at = { item_id: open.id, output_index: index };
    if (kind === 'reasoning') {
      const added = add(reasoningItem(open.id, undefined, context));
      return added + frame('response.reasoning_summary_part.added', { ...at, summary_index: 0, part: { type: 'summary_text', text: '' } });
    }
    said = true;
    return add(messageItem(open.id, 'in_progress', [])) + frame('response.content_part.added', { ...at, content_index: 0, part: textPart('', []) });
  };

  const closeText = (status = 'completed'): string => {
    if (open === undefined) return '';
    const { kind, id, index, parts, logprobs } = open;
    const text = parts.join('');
    const at = { item_id: id, output_index: index };
    open = undefined;
    if (kind === 'reasoning') {
      return (
        frame('response.reasoning_summary_text.done', { ...at, summary_index: 0, text }) +
        frame('response.reasoning_summary_part.done', { ...at, summary_index: 0, part: { type: 'summary_text', text } }) +
        done(index, reasoningItem(id, text, context))
      );
    }
    const part = textPart(text, logprobs);
    return (
      frame('response.output_text.done', { ...at, content_index: 0, text, logprobs: logprobsOf(logprobs) }) +
      frame('response.content_part.done', { ...at, content_index: 0, part }) +
      done(index, messageItem(id, status, [part]))
    );
  };

  const delta = (kind: OpenText['kind'], text: string, json: string | undefined, logprobs: readonly TokenLogprob[]): string => {
    const before = open?.kind === kind ? '' : closeText() + closeWhole() + openText(kind);
    const { id, index, parts, logprobs: gathered } = open as OpenText;
    parts.push(text);
    gathered.push(...logprobs);
    const type = kind === 'message' ? 'response.output_text.delta' : 'response.reasoning_summary_text.delta';
    const where =
      kind === 'message' ? `"content_index":0,"logprobs":${logprobs.length === 0 ? '[]' : JSON.stringify(logprobsOf(logprobs))}` : '"summary_index":0';
    sequence += 1;
    return `${before}event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence - 1},"item_id":"${id}","output_index":${index},${where},"delta":${json ?? JSON.stringify(text)}}\n\n`;
  };

  const callDelta = (item: CallEvent): string => {
    if (ended.has(item.index)) return '';
    const origin = origins.get(item.name);
    let before = '';
    if (openCall?.number !== item.index) {
      before = closeText() + closeCall();
      const index = output.length;
      const call = { id: itemId(origin?.custom === true ? 'ctc' : 'fc', context, index), callId: item.id, name: item.name, arguments: '' };
      openCall = { number: item.index, index, call };
      before += add(callItem(call, 'in_progress', origin));
    }
    const { index, call } = openCall;
    call.arguments += item.argumentsDelta;
    // The input of a custom tool stands inside JSON; it can be told only when that is complete.
    if (origin?.custom === true || item.argumentsDelta === '') return before;
    return before + frame('response.function_call_arguments.delta', { item_id: call.id, output_index: index, delta: item.argumentsDelta });
  };

  const closeCall = (): string => {
    if (openCall === undefined) return '';
    const { number, index, call } = openCall;
    openCall = undefined;
    ended.add(number);
    const origin = origins.get(call.name);
    const at = { item_id: call.id, output_index: index };
    const input = customInput(call.arguments);
    const filled =
      origin?.custom === true
        ? frame('response.custom_tool_call_input.delta', { ...at, delta: input }) + frame('response.custom_tool_call_input.done', { ...at, input })
        : frame('response.function_call_arguments.done', { ...at, name: origin?.name ?? call.name, arguments: call.arguments });
    return filled + done(index, callItem(call, 'completed', origin));
  };

  /** Ends the open call before what follows it, unless more of its arguments is to come. */
  const closeWhole = (): string => (openCall !== undefined && isWhole(openCall.call.arguments) ? closeCall() : '');

  const event = (item: ChatEvent): string => {
    switch (item.type) {
      case 'start':
        return start();
      case 'text':
        return item.delta === '' && item.logprobs === undefined ? start() : start() + delta('message', item.delta, item.json, item.logprobs ?? []);
      case 'reasoning':
        return start() + delta('reasoning', item.delta, item.json, []);
      case 'tool-call': {
        const piece = order.take(item);
        return start() + (piece === undefined ? '' : callDelta(piece));
      }
      case 'finish':
        finish = item;
        return start();
    }
  };

  const end = (): string => {
    const { reason, usage } = finish ?? { reason: 'stop' as const, usage: {} };
    const status = statusOf(reason);
    let frames = start();
    // An answer without any item has no text either; SDKs want an empty one.
    if (openCall === undefined && ended.size === 0 && !said) frames += closeText() + openText('message');
    frames += closeText(status) + order.rest().map(callDelta).join('') + closeCall();
    return frames + response(`response.${status}`, { status, output, reason, usage });
  };

  const fail = (error: GatewayError): string => {
    const code = CODES[error.kind] ?? 'server_error';
    return start() + response('response.failed', { status: 'failed', output, error: { code, message: error.message } });
  };

  return { event, end, fail, answer: () => whole ?? { id: responseId(context) } };
}
