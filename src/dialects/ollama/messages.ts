import { z } from 'zod';
import type { ContentPart, Message, Tool, ToolCall } from '../../core/chat.ts';
import { field, imageFromBase64, textPart } from '../fields.ts';

export const messageSchema = z.looseObject({
  role: z.string().transform((role) => role.toLowerCase()),
  content: z.string().nullish(),
  thinking: z.string().nullish(),
  images: z.array(z.string()).max(256).nullish(),
  tool_calls: z
    .array(
      z.looseObject({
        id: z.string().nullish(),
        function: z.looseObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()).nullish() }),
      }),
    )
    .nullish(),
  tool_name: z.string().nullish(),
  tool_call_id: z.string().nullish(),
});

export const toolSchema = z.looseObject({
  type: z.string().optional(),
  function: z.looseObject({
    name: z.string().min(1).max(256),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
  }),
});

export const toTool = (tool: z.infer<typeof toolSchema>): Tool => ({
  name: tool.function.name,
  ...(typeof tool.function.description === 'string' && { description: tool.function.description }),
  ...(tool.function.parameters && { schema: tool.function.parameters }),
});

export function toParts(text: string | null | undefined, images: readonly string[] | null | undefined, param: string): ContentPart[] {
  const parts: ContentPart[] = typeof text === 'string' && text !== '' ? [textPart(text)] : [];
  images?.forEach((image, index) => {
    parts.push(imageFromBase64(image, `${param}images.${index}`));
  });
  return parts;
}

/** Ollama messages -> canonical ones. Tool results are matched to calls by id, else by name, else by order. */
export function toMessages(messages: readonly z.infer<typeof messageSchema>[]): Message[] {
  const open: ToolCall[] = [];
  return messages.map((message, index): Message => {
    const content = toParts(message.content, message.images, `messages.${index}.`);
    switch (message.role) {
      case 'system':
      case 'developer':
        return { role: 'system', content };
      case 'assistant': {
        const toolCalls = (message.tool_calls ?? []).map(
          (call, position): ToolCall => ({
            id: call.id ?? `call_${index}_${position}`,
            name: call.function.name,
            arguments: JSON.stringify(call.function.arguments ?? {}),
          }),
        );
        open.push(...toolCalls);
        return {
          role: 'assistant',
          content,
          ...(message.thinking && { reasoning: message.thinking }),
          ...(toolCalls.length > 0 && { toolCalls }),
        };
      }
      case 'tool': {
        const at = open.findIndex((call) => (message.tool_call_id ? call.id === message.tool_call_id : call.name === message.tool_name));
        const matched = open.splice(at === -1 ? 0 : at, 1)[0];
        const name = message.tool_name ?? matched?.name;
        return { role: 'tool', toolCallId: message.tool_call_id ?? matched?.id ?? `call_${index}`, content, ...(name && { name }) };
      }
      case 'user':
        return { role: 'user', content };
      default:
        if (!/^[a-z][a-z0-9_-]{0,39}$/.test(message.role)) throw field(`messages.${index}.role`, `invalid role: '${message.role.slice(0, 40)}'`);
        return { role: 'system', content, ownRole: message.role };
    }
  });
}
