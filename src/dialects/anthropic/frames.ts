import type { ChatEvent } from '../../core/chat.ts';
import { sseFrame } from '../../stream/sse.ts';
import { isWhole } from '../call-order.ts';
import type { EncodeContext, FrameEncoder } from '../dialect.ts';
import { messageId, signatureOf, toStopReason, toUsage } from './encode.ts';
import { anthropicErrorForm } from './error.ts';

/** A part of an answer that is written once the block before it is complete. */
interface Waiting {
  readonly kind: 'text' | 'thinking' | number;
  readonly start: object;
  text: string;
}

const frame = (event: { readonly type: string }): string => sseFrame(JSON.stringify(event), event.type);

const DELTAS = { text: ['text_delta', 'text'], thinking: ['thinking_delta', 'thinking'], tool: ['input_json_delta', 'partial_json'] } as const;

/**
 * The frames of a streamed /v1/messages. Blocks never overlap: a tool call is written as it comes, what begins beside it while
 * its arguments are incomplete waits until the end of the answer.
 */
export function messageFrames(context: EncodeContext): FrameEncoder {
  let started = false;
  let blocks = 0;
  let open: Waiting['kind'] | undefined;
  /** What the open block holds, of a call its arguments. */
  let args = '';
  let thought = '';
  const waiting: Waiting[] = [];

  const start = (): string => {
    if (started) return '';
    started = true;
    const message = {
      id: messageId(context),
      type: 'message',
      role: 'assistant',
      model: context.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...toUsage({ inputTokens: context.inputTokens?.() ?? 0 }), output_tokens: 0 },
    };
    return frame({ type: 'message_start', message } as { type: string });
  };

  const sign = (): string => {
    const signature = signatureOf(thought);
    thought = '';
    return frame({ type: 'content_block_delta', index: blocks, delta: { type: 'signature_delta', signature } } as { type: string });
  };

  const close = (): string => {
    if (open === undefined) return '';
    const signed = open === 'thinking' ? sign() : '';
    open = undefined;
    blocks += 1;
    return signed + frame({ type: 'content_block_stop', index: blocks - 1 } as { type: string });
  };

  const begin = (kind: Waiting['kind'], block: object): string => {
    const before = close();
    open = kind;
    return before + frame({ type: 'content_block_start', index: blocks, content_block: block } as { type: string });
  };

  const delta = (kind: Waiting['kind'], literal: string, text: string): string => {
    if (kind === 'thinking') thought += text;
    const [type, key] = DELTAS[typeof kind === 'number' ? 'tool' : kind];
    return `event: content_block_delta\ndata: {"type":"content_block_delta","index":${blocks},"delta":{"type":"${type}","${key}":${literal}}}\n\n`;
  };

  /** A piece of a block: written now, or held while a tool call is open whose arguments are not complete. */
  const piece = (kind: Waiting['kind'], block: () => object, text: string, json?: string): string => {
    if (open === kind) {
      if (typeof kind === 'number') args += text;
      return text === '' ? '' : delta(kind, json ?? JSON.stringify(text), text);
    }
    if (typeof open !== 'number' || (waiting.length === 0 && isWhole(args))) {
      const head = begin(kind, block());
      args = text;
      return text === '' ? head : head + delta(kind, json ?? JSON.stringify(text), text);
    }
    const held = typeof kind === 'number' ? waiting.find((item) => item.kind === kind) : waiting.at(-1);
    if (held?.kind === kind) held.text += text;
    else waiting.push({ kind, start: block(), text });
    return '';
  };

  const flush = (): string => {
    let out = '';
    for (const item of waiting) out += begin(item.kind, item.start) + (item.text === '' ? '' : delta(item.kind, JSON.stringify(item.text), item.text));
    return out + close();
  };

  const event = (item: ChatEvent): string => {
    switch (item.type) {
      case 'start':
        return start();
      case 'text':
        return item.delta === '' ? start() : start() + piece('text', () => ({ type: 'text', text: '' }), item.delta, item.json);
      case 'reasoning':
        return start() + piece('thinking', () => ({ type: 'thinking', thinking: '', signature: '' }), item.delta, item.json);
      case 'tool-call':
        return start() + piece(item.index, () => ({ type: 'tool_use', id: item.id, name: item.name, input: {} }), item.argumentsDelta);
      case 'finish': {
        const reason = {
          stop_reason: toStopReason(item.reason, item.stopSequence),
          stop_sequence: item.reason === 'stop' ? (item.stopSequence ?? null) : null,
        };
        const trace = context.trace?.();
        const last = { type: 'message_delta', delta: reason, usage: toUsage(item.usage), ...(trace !== undefined && { orchestrator: trace }) };
        return start() + flush() + frame(last);
      }
    }
  };

  return {
    event,
    end: () => frame({ type: 'message_stop' }),
    fail: (error) => sseFrame(JSON.stringify(anthropicErrorForm(error, context.id)), 'error'),
  };
}
