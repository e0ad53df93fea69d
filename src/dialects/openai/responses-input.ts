import { z } from 'zod';
import type { ContentPart, Message, ToolCall } from '../../core/chat.ts';
import { field, imageFromUrl, textPart } from '../fields.ts';
import { flatName } from './responses-tools.ts';

const part = z.looseObject({ type: z.string() });
const text = z.looseObject({ text: z.string() });
const content = z.union([z.string(), z.array(part)]);

export const itemSchema = z.looseObject({
  type: z.string().nullish(),
  role: z.enum(['user', 'assistant', 'system', 'developer']).nullish(),
  content: content.nullish(),
  id: z.string().nullish(),
  call_id: z.string().nullish(),
  name: z.string().nullish(),
  namespace: z.string().nullish(),
  arguments: z.string().nullish(),
  input: z.string().nullish(),
  output: content.nullish(),
  summary: z.array(text).nullish(),
  encrypted_content: z.string().nullish(),
});

export type Item = z.infer<typeof itemSchema>;

function toParts(value: z.infer<typeof content> | null | undefined, param: string): ContentPart[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'string') return value === '' ? [] : [textPart(value)];
  return value.map((item, index) => {
    const path = `${param}.${index}`;
    switch (item.type) {
      case 'input_text':
      case 'output_text':
      case 'text':
      case 'summary_text':
        if (typeof item['text'] !== 'string') throw field(`${path}.text`, `'${path}.text' is missing.`);
        return textPart(item['text']);
      case 'refusal':
        return textPart(String(item['refusal'] ?? ''));
      case 'input_image':
        if (typeof item['image_url'] !== 'string')
          throw field(path, `'${path}': an image must come as a data URL in image_url; files are not kept for this route.`);
        return imageFromUrl(item['image_url'], `${path}.image_url`);
      case 'input_file':
        throw field(path, `'${path}': files cannot be read here; send their text as input_text.`);
      case 'input_audio':
        throw field(path, `'${path}': audio input is not supported; send text or images.`);
      default:
        throw field(`${path}.type`, `'${path}.type' is '${item.type.slice(0, 40)}'; input_text, input_image and output_text are supported.`);
    }
  });
}

/** Reasoning as text. What the hosted service encrypted can be read by nobody else and is left out. */
function toReasoning(item: Item): string {
  const parts = Array.isArray(item.content) ? item.content.map((entry) => (typeof entry['text'] === 'string' ? entry['text'] : '')) : [];
  const summary = (item.summary ?? []).map((entry) => entry.text);
  const found = parts.join('') || summary.join('\n');
  const opaque = item.encrypted_content ?? '';
  return found !== '' || opaque.startsWith('gAAAA') ? found : opaque;
}

function toCall(item: Item, param: string): ToolCall {
  const { call_id: id, name } = item;
  if (!id) throw field(`${param}.call_id`, `'${param}.call_id' is missing.`);
  if (!name) throw field(`${param}.name`, `'${param}.name' is missing.`);
  if (item.type === 'custom_tool_call') return { id, name, arguments: JSON.stringify({ input: item.input ?? '' }) };
  const args = item.arguments || '{}';
  if (!isObject(args)) throw field(`${param}.arguments`, `'${param}.arguments' is not the text of a JSON object.`);
  return { id, name: flatName(item.namespace, name), arguments: args };
}

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** An assistant's turn being put together: reasoning, text and calls are separate items here, one message everywhere else. */
interface Turn {
  reasoning: string;
  content: ContentPart[];
  calls: ToolCall[];
}

/** What hosted tools did; their results are in the text that followed. */
const PASSED_OVER = /^(web_search|file_search|code_interpreter|computer|image_generation|mcp)_call(_output)?$|^mcp_list_tools$|^compaction$/;

/** Responses input items -> canonical messages. `param` names the list in errors. */
export function toMessages(items: readonly Item[], param: string): Message[] {
  const messages: Message[] = [];
  const names = new Map<string, string>();
  let turn: Turn | undefined;

  const flush = (): void => {
    if (turn === undefined) return;
    const { reasoning, content: parts, calls } = turn;
    messages.push({ role: 'assistant', content: parts, ...(reasoning !== '' && { reasoning }), ...(calls.length > 0 && { toolCalls: calls }) });
    turn = undefined;
  };
  /** The open turn, or a new one when it already holds what would have to come later. */
  const open = (full: (current: Turn) => boolean): Turn => {
    if (turn !== undefined && full(turn)) flush();
    turn ??= { reasoning: '', content: [], calls: [] };
    return turn;
  };

  items.forEach((item, index) => {
    const path = `${param}.${index}`;
    const type = item.type ?? (item.role ? 'message' : '');
    switch (type) {
      case 'message': {
        const parts = toParts(item.content, `${path}.content`);
        if (item.role === 'assistant') open(({ content: said, calls }) => said.length > 0 || calls.length > 0).content.push(...parts);
        else {
          if (!item.role) throw field(`${path}.role`, `'${path}.role' is missing.`);
          flush();
          messages.push({ role: item.role === 'user' ? 'user' : 'system', content: parts });
        }
        return;
      }
      case 'reasoning':
        open(({ content: said, calls }) => said.length > 0 || calls.length > 0).reasoning += toReasoning(item);
        return;
      case 'function_call':
      case 'custom_tool_call': {
        const call = toCall(item, path);
        names.set(call.id, call.name);
        open(() => false).calls.push(call);
        return;
      }
      case 'function_call_output':
      case 'custom_tool_call_output': {
        if (!item.call_id) throw field(`${path}.call_id`, `'${path}.call_id' is missing.`);
        flush();
        const name = names.get(item.call_id);
        messages.push({ role: 'tool', toolCallId: item.call_id, content: toParts(item.output, `${path}.output`), ...(name !== undefined && { name }) });
        return;
      }
      case 'item_reference':
        throw field(path, `'${path}': items cannot be referred to one by one; send the item itself, or the whole turn before by previous_response_id.`);
      case '':
        throw field(`${path}.type`, `'${path}.type' is missing.`);
      default:
        if (!PASSED_OVER.test(type)) throw field(`${path}.type`, `'${path}.type' is '${type.slice(0, 40)}', which is not supported here.`);
    }
  });
  flush();
  return messages;
}
