import type { ChatRequest, ContentPart, EmbedRequest, Message, ToolCall } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import { isRawNumber } from '../core/raw-number.ts';
import type { MaskSession } from './session.ts';

/** Deeper values are refused: nothing may pass unseen. */
const MAX_DEPTH = 64;

/** Fields whose objects are structure, not text. Strings are looked at wherever they stand: ids and data hold nothing to find. */
const STRUCTURE = new Set(['schema', 'json_schema', 'response_format', 'format', 'parameters', 'input_schema', 'logit_bias', 'cache_control']);
/** Whatever its names say, this is what the client wrote about the request. */
const FREE = new Set(['metadata']);

const maskParts = (session: MaskSession, parts: readonly ContentPart[]): readonly ContentPart[] =>
  parts.map((part) => (part.type === 'text' ? { ...part, text: session.mask(part.text) } : part));

/** A participant's name must stay a name for upstreams that check its letters: placeholders lose their brackets. */
const maskName = (session: MaskSession, name: string): string => {
  const masked = session.mask(name);
  return masked === name ? name : masked.replace(/[^\w-]/g, '');
};

const maskCall = (session: MaskSession, call: ToolCall): ToolCall => ({ ...call, arguments: session.maskJson(call.arguments) });

function maskMessage(session: MaskSession, message: Message): Message {
  const content = maskParts(session, message.content);
  // The name of a tool result is the tool's, and tools keep their names.
  if (message.role === 'tool') return { ...message, content };
  const named = message.name === undefined ? {} : { name: maskName(session, message.name) };
  if (message.role !== 'assistant') return { ...message, ...named, content };
  return {
    ...message,
    ...named,
    content,
    ...(message.reasoning !== undefined && { reasoning: session.mask(message.reasoning) }),
    ...(message.toolCalls !== undefined && { toolCalls: message.toolCalls.map((call) => maskCall(session, call)) }),
  };
}

/** Strings and keys of a value of unknown shape, at any depth; `free`: no name in it means structure. */
function maskValue(session: MaskSession, value: unknown, depth: number, free = false): unknown {
  if (depth > MAX_DEPTH)
    throw new GatewayError('unprocessable', `masking failed: a field is nested deeper than ${MAX_DEPTH} levels`, { code: 'masking_failed' });
  if (typeof value === 'string') return session.mask(value);
  if (Array.isArray(value)) return value.map((item) => maskValue(session, item, depth + 1, free));
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) =>
      !free && STRUCTURE.has(key) && typeof item === 'object' ? [key, item] : [session.mask(key), maskValue(session, item, depth + 1, free || FREE.has(key))],
    ),
  );
}

const maskExtra = (session: MaskSession, extra: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  maskValue(session, extra, 0) as Readonly<Record<string, unknown>>;

/**
 * A request with every text that travels masked: messages, reasoning, tool arguments and results, tool descriptions, the
 * completion prompt, stop sequences and uninterpreted fields. Model, ids, tool names, schemas, images and token arrays stay.
 * Throws GatewayError 'unprocessable' or 'internal' when masking fails; the request must then not be sent.
 */
export function maskRequest(session: MaskSession, request: ChatRequest): ChatRequest {
  const { completion, sampling } = request;
  return {
    ...request,
    messages: request.messages.map((message) => maskMessage(session, message)),
    tools: request.tools.map((tool) => (tool.description === undefined ? tool : { ...tool, description: session.mask(tool.description) })),
    sampling: sampling.stop === undefined ? sampling : { ...sampling, stop: sampling.stop.map((text) => session.mask(text)) },
    ...(completion !== undefined && {
      completion: {
        ...completion,
        prompt: session.mask(completion.prompt),
        ...(completion.suffix !== undefined && { suffix: session.mask(completion.suffix) }),
      },
    }),
    extra: maskExtra(session, request.extra),
  };
}

/** An embedding request with its inputs masked, under the same rules. */
export const maskEmbedRequest = (session: MaskSession, request: EmbedRequest): EmbedRequest => ({
  ...request,
  input: request.input.map((text) => session.mask(text)),
  extra: maskExtra(session, request.extra),
});
