import { z } from 'zod';
import type { ChatRequest, ContentPart, Message, Tool, ToolCall } from '../../core/chat.ts';
import { checkToolChoice, field, imageFromUrl, textPart } from '../fields.ts';

const part = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  refusal: z.string().optional(),
  image_url: z.union([z.string(), z.looseObject({ url: z.string() })]).optional(),
});

const content = z.union([z.string(), z.array(part)]).nullish();

export const messageSchema = z.looseObject({
  role: z.string().transform((role) => role.toLowerCase()),
  content,
  refusal: z.string().nullish(),
  name: z.string().nullish(),
  tool_call_id: z.string().nullish(),
  reasoning: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  tool_calls: z
    .array(
      z.looseObject({
        id: z.string().nullish(),
        function: z.looseObject({ name: z.string(), arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish() }),
      }),
    )
    .nullish(),
});

export const toolSchema = z.looseObject({
  type: z.string(),
  function: z
    .looseObject({
      name: z.string().min(1).max(256),
      description: z.string().nullish(),
      parameters: z.record(z.string(), z.unknown()).nullish(),
      strict: z.boolean().nullish(),
    })
    .optional(),
});

export const toolChoiceSchema = z
  .union([
    z.enum(['auto', 'none', 'required']),
    z.looseObject({
      type: z.string(),
      function: z.looseObject({ name: z.string() }).optional(),
      allowed_tools: z
        .looseObject({ mode: z.string().nullish(), tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }).optional() })) })
        .optional(),
    }),
  ])
  .nullish();

function toParts(value: z.infer<typeof content>, param: string): ContentPart[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'string') return value === '' ? [] : [textPart(value)];
  return value.map((item, index) => {
    const path = `${param}.${index}`;
    switch (item.type) {
      case 'text':
      case 'input_text':
      case 'output_text':
        if (item.text === undefined) throw field(`${path}.text`, `'${path}.text' is missing.`);
        return textPart(item.text);
      case 'refusal':
        return textPart(item.refusal ?? '');
      case 'image_url': {
        const url = typeof item.image_url === 'string' ? item.image_url : item.image_url?.url;
        if (url === undefined) throw field(`${path}.image_url`, `'${path}.image_url' is missing.`);
        return imageFromUrl(url, `${path}.image_url`);
      }
      case 'input_audio':
        throw field(path, `'${path}': audio input is not supported; send text or images.`);
      default:
        throw field(`${path}.type`, `'${path}.type' is '${item.type.slice(0, 40)}'; text and image_url are supported.`);
    }
  });
}

function toToolCalls(calls: NonNullable<z.infer<typeof messageSchema>['tool_calls']>, param: string): ToolCall[] {
  return calls.map((call, index) => {
    // A call without arguments streams as '', and comes back so.
    const args = call.function.arguments || '{}';
    if (typeof args === 'string' && !isJsonObject(args)) {
      throw field(`${param}.${index}.function.arguments`, `'${param}.${index}.function.arguments' is not the text of a JSON object.`);
    }
    return {
      id: call.id ?? `call_${index}`,
      name: call.function.name,
      arguments: typeof args === 'string' ? args : JSON.stringify(args),
    };
  });
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** OpenAI messages -> canonical ones. `developer` is the newer name of `system`. */
export function toMessages(messages: readonly z.infer<typeof messageSchema>[]): Message[] {
  const names = new Map<string, string>();
  return messages.map((message, index): Message => {
    const param = `messages.${index}`;
    // A refusal stands beside content that is null; a model must read it all the same.
    const parts = toParts(message.content ?? message.refusal, `${param}.content`);
    const name = typeof message.name === 'string' ? { name: message.name } : {};
    switch (message.role) {
      case 'system':
      case 'developer':
        return { role: 'system', content: parts, ...name };
      case 'user':
        if (message.content === null || message.content === undefined) throw field(`${param}.content`, `'${param}.content' is missing.`);
        return { role: 'user', content: parts, ...name };
      case 'assistant': {
        const calls = message.tool_calls ?? [];
        if (parts.length === 0 && calls.length === 0 && (message.content ?? message.refusal ?? undefined) === undefined) {
          throw field(`${param}.content`, `'${param}': an assistant message needs content or tool_calls.`);
        }
        const toolCalls = toToolCalls(calls, `${param}.tool_calls`);
        for (const call of toolCalls) names.set(call.id, call.name);
        const reasoning = message.reasoning ?? message.reasoning_content;
        return {
          role: 'assistant',
          content: parts,
          ...name,
          ...(typeof reasoning === 'string' && reasoning !== '' && { reasoning }),
          ...(toolCalls.length > 0 && { toolCalls }),
        };
      }
      case 'function':
        throw field(`${param}.role`, `'${param}.role': functions are the form before tools; send the result with role tool and a tool_call_id.`);
      case 'tool': {
        const toolCallId = message.tool_call_id ?? '';
        const called = message.name ?? names.get(toolCallId);
        return { role: 'tool', toolCallId, content: parts, ...(typeof called === 'string' && { name: called }) };
      }
      default:
        throw field(`${param}.role`, `'${param}.role' must be system, developer, user, assistant or tool.`);
    }
  });
}

/** Tools, and the choice among them. */
export interface Choosing {
  readonly tools: readonly Tool[];
  readonly toolChoice: ChatRequest['toolChoice'];
}

export function toToolChoice(choice: z.infer<typeof toolChoiceSchema>, tools: readonly Tool[]): Choosing {
  const chosen = choose(choice, tools);
  checkToolChoice(chosen.toolChoice, chosen.tools);
  return chosen;
}

function choose(choice: z.infer<typeof toolChoiceSchema>, tools: readonly Tool[]): Choosing {
  if (choice === null || choice === undefined) return { tools, toolChoice: 'auto' };
  if (typeof choice === 'string') return { tools, toolChoice: choice };
  if (choice.type === 'allowed_tools' && choice.allowed_tools !== undefined) {
    const names = new Set(choice.allowed_tools.tools.map((tool) => tool.function?.name));
    return { tools: tools.filter(({ name }) => names.has(name)), toolChoice: choice.allowed_tools.mode === 'required' ? 'required' : 'auto' };
  }
  const name = choice.function?.name;
  if (name === undefined || !tools.some((tool) => tool.name === name)) {
    throw field('tool_choice', "'tool_choice' must be auto, none, required or the name of one of the functions in 'tools'.");
  }
  return { tools, toolChoice: { name } };
}

export function toTools(tools: readonly z.infer<typeof toolSchema>[]): Tool[] {
  return tools.map((tool, index) => {
    if (tool.type !== 'function' || tool.function === undefined) {
      throw field(`tools.${index}.type`, `'tools.${index}': only tools of type function are supported.`);
    }
    const { name, description, parameters, strict } = tool.function;
    return {
      name,
      ...(typeof description === 'string' && { description }),
      ...(parameters && { schema: parameters }),
      ...(typeof strict === 'boolean' && { strict }),
    };
  });
}
