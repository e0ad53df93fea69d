import { z } from 'zod';
import type { ContentPart, Message, ToolCall } from '../../core/chat.ts';
import { field, imageFromBase64, imageFromUrl, parseBody, textPart } from '../fields.ts';

const block = z.looseObject({ type: z.string() });

export type Block = z.infer<typeof block>;

export const contentSchema = z.union([z.string(), z.array(block).max(100_000)]);

export const messageSchema = z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content: contentSchema });

/** Blocks that tell what a hosted tool did, or that only their maker can read: nothing a model here could use. */
const PASSED_OVER = new Set(['redacted_thinking', 'server_tool_use', 'container_upload', 'compaction', 'fallback']);
const isHostedResult = (type: string): boolean =>
  /^(web_search|web_fetch|code_execution|bash_code_execution|text_editor_code_execution|mcp|advisor)_tool_result$/.test(type);

const text = (item: Block, param: string): string => {
  if (typeof item['text'] !== 'string') throw field(`${param}.text`, `'${param}.text' must be a text.`);
  return item['text'];
};

interface Source {
  readonly type?: unknown;
  readonly data?: unknown;
  readonly url?: unknown;
  readonly content?: unknown;
}

function toImage(item: Block, param: string): ContentPart {
  const source = (item['source'] ?? {}) as Source;
  if (source.type === 'base64' && typeof source.data === 'string') return imageFromBase64(source.data, `${param}.source.data`);
  if (source.type === 'url' && typeof source.url === 'string') return imageFromUrl(source.url, `${param}.source.url`);
  throw field(`${param}.source`, `'${param}.source' must be of type base64 with data; files and other sources are not fetched here.`);
}

/** Documents of text are read; others would need a reader that is not here. */
function toDocument(item: Block, param: string): ContentPart[] {
  const source = (item['source'] ?? {}) as Source;
  const title = typeof item['title'] === 'string' ? [textPart(`${item['title']}:`)] : [];
  if (source.type === 'text' && typeof source.data === 'string') return [...title, textPart(source.data)];
  if (source.type === 'content') return [...title, ...toParts(parseBody(contentSchema, source.content), `${param}.source.content`)];
  throw field(param, `'${param}': documents other than plain text (PDF, files) cannot be read here; send their text.`);
}

function toPart(item: Block, param: string): ContentPart[] {
  switch (item.type) {
    case 'text':
      return [textPart(text(item, param))];
    case 'image':
      return [toImage(item, param)];
    case 'document':
      return toDocument(item, param);
    case 'search_result':
      return [
        textPart(`${String(item['title'] ?? '')} (${String(item['source'] ?? '')}):`),
        ...toParts(parseBody(contentSchema, item['content'] ?? ''), `${param}.content`),
      ];
    case 'tool_reference':
      return [textPart(`Tool: ${String(item['tool_name'] ?? '')}`)];
    default:
      if (PASSED_OVER.has(item.type) || isHostedResult(item.type)) return [];
      throw field(`${param}.type`, `'${param}.type' is '${item.type.slice(0, 40)}', which is not supported here.`);
  }
}

/** Content of a message or a tool result -> canonical parts. */
export function toParts(content: string | readonly Block[], param: string): ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)];
  return content.flatMap((item, index) => toPart(item, `${param}.${index}`));
}

function toToolResult(item: Block, names: ReadonlyMap<string, string>, param: string): Message {
  const { tool_use_id: id, content, is_error: isError } = item;
  if (typeof id !== 'string') throw field(`${param}.tool_use_id`, `'${param}.tool_use_id' is missing.`);
  const parsed = contentSchema.nullish().safeParse(content);
  if (!parsed.success) throw field(`${param}.content`, `'${param}.content' must be a text or a list of blocks.`);
  const name = names.get(id);
  return {
    role: 'tool',
    toolCallId: id,
    content: toParts(parsed.data ?? '', `${param}.content`),
    ...(name !== undefined && { name }),
    ...(isError === true && { isError }),
  };
}

function toToolCall(item: Block, param: string): ToolCall {
  const { id, name, input } = item;
  if (typeof id !== 'string' || typeof name !== 'string') throw field(param, `'${param}' needs an id and a name.`);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw field(`${param}.input`, `'${param}.input' must be an object.`);
  return { id, name, arguments: JSON.stringify(input) };
}

/** One turn; the results of tools go before what the user says in the same turn, as models are trained to see them. */
function toTurn(role: 'user' | 'assistant' | 'system', content: string | readonly Block[], names: Map<string, string>, param: string): Message[] {
  if (typeof content === 'string') return [{ role, content: toParts(content, param) }];
  const parts: ContentPart[] = [];
  const results: Message[] = [];
  const calls: ToolCall[] = [];
  let reasoning = '';
  content.forEach((item, index) => {
    const path = `${param}.${index}`;
    if (item.type === 'tool_result') results.push(toToolResult(item, names, path));
    else if (item.type === 'thinking') reasoning += typeof item['thinking'] === 'string' ? item['thinking'] : '';
    else if (item.type === 'tool_use') {
      const call = toToolCall(item, path);
      names.set(call.id, call.name);
      calls.push(call);
    } else parts.push(...toPart(item, path));
  });
  if (role !== 'assistant') return parts.length > 0 || results.length === 0 ? [...results, { role, content: parts }] : results;
  return [...results, { role, content: parts, ...(reasoning !== '' && { reasoning }), ...(calls.length > 0 && { toolCalls: calls }) }];
}

/** Anthropic messages -> canonical ones. */
export function toMessages(messages: readonly z.infer<typeof messageSchema>[]): Message[] {
  const names = new Map<string, string>();
  return messages.flatMap(({ role, content }, index) => toTurn(role, content, names, `messages.${index}.content`));
}

/** A line that Claude Code adds for its own billing; it differs in every request, which no prefix cache survives. */
const BILLING = 'x-anthropic-billing-header:';

export function toSystem(system: string | readonly Block[] | null | undefined): Message[] {
  if (system === null || system === undefined) return [];
  const parts = toParts(system, 'system').filter((part) => part.type !== 'text' || (part.text !== '' && !part.text.startsWith(BILLING)));
  return parts.length === 0 ? [] : [{ role: 'system', content: parts }];
}
