import { createHash } from 'node:crypto';
import type { ChatResult, FinishReason, Usage } from '../../core/chat.ts';
import type { EncodeContext } from '../dialect.ts';

export const messageId = (context: EncodeContext): string => `msg_${context.id.replaceAll('-', '')}`;

export function toStopReason(reason: FinishReason, stopSequence: string | undefined): string {
  switch (reason) {
    case 'length':
      return 'max_tokens';
    case 'tool-calls':
      return 'tool_use';
    case 'content-filter':
      return 'refusal';
    case 'stop':
    case 'other':
      return stopSequence === undefined ? 'end_turn' : 'stop_sequence';
  }
}

/** What was read from a cache is not counted among the input tokens here, unlike everywhere else. */
export function toUsage(usage: Usage): object {
  const cached = usage.cachedInputTokens ?? 0;
  return {
    input_tokens: Math.max(0, (usage.inputTokens ?? 0) - cached),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: usage.outputTokens ?? 0,
  };
}

/** Input must be an object; text that is none is kept where a person can see it. */
function toInput(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // falls through to the raw text
  }
  return { _raw: text };
}

/** Marks a block of thinking as whole: clients send it back only with a signature, though nobody here needs one to read it. */
export const signatureOf = (thinking: string): string => createHash('sha256').update(thinking).digest('base64');

/** The JSON answer of /v1/messages. */
export function encodeMessage(results: readonly ChatResult[], context: EncodeContext): object {
  const result = results[0] as ChatResult;
  const trace = context.trace?.();
  return {
    id: messageId(context),
    type: 'message',
    role: 'assistant',
    model: context.model,
    content: [
      ...(result.reasoning === '' ? [] : [{ type: 'thinking', thinking: result.reasoning, signature: signatureOf(result.reasoning) }]),
      ...(result.text === '' ? [] : [{ type: 'text', text: result.text }]),
      ...result.toolCalls.map((call) => ({ type: 'tool_use', id: call.id, name: call.name, input: toInput(call.arguments) })),
    ],
    stop_reason: toStopReason(result.finishReason, result.stopSequence),
    stop_sequence: result.finishReason === 'stop' ? (result.stopSequence ?? null) : null,
    usage: toUsage(result.usage),
    ...(trace !== undefined && { orchestrator: trace }),
  };
}
