import { z } from 'zod';
import type { ChatRequest, Tool } from '../../core/chat.ts';
import { checkToolChoice, field } from '../fields.ts';

export const toolSchema = z.looseObject({
  type: z.string().nullish(),
  name: z.string().min(1).max(256),
  description: z.string().nullish(),
  input_schema: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

export const toolChoiceSchema = z.looseObject({
  type: z.enum(['auto', 'any', 'tool', 'none']),
  name: z.string().nullish(),
  disable_parallel_tool_use: z.boolean().nullish(),
});

type WireTool = z.infer<typeof toolSchema>;

const isOwn = ({ type, input_schema: schema }: WireTool): boolean => type === null || type === undefined || type === 'custom' || Boolean(schema);

/** Types of the tools that only Anthropic's servers can run. */
export const hostedTools = (tools: readonly WireTool[]): string[] => tools.filter((tool) => !isOwn(tool)).map(({ type, name }) => type ?? name);

/**
 * Tools that Anthropic's servers would run (web search, code execution) or whose schema only its models know. Beside others
 * they are left out, and the client is told: the model may use what is there. Alone, or demanded by name, they are refused.
 */
function refuse(tool: WireTool, index: number): never {
  throw field(
    `tools.${index}`,
    `'tools.${index}': this gateway cannot run '${String(tool.type).slice(0, 60)}', which Anthropic's own servers provide. Describe the tool with an input_schema instead.`,
  );
}

export function toTools(tools: readonly WireTool[], choice: z.infer<typeof toolChoiceSchema> | null | undefined): Tool[] {
  const foreign = tools.findIndex((tool) => !isOwn(tool));
  if (foreign !== -1 && !tools.some(isOwn)) refuse(tools[foreign] as WireTool, foreign);
  const demanded = tools.findIndex((tool) => choice?.type === 'tool' && tool.name === choice.name && !isOwn(tool));
  if (demanded !== -1) refuse(tools[demanded] as WireTool, demanded);
  return tools.filter(isOwn).map(({ name, description, input_schema: schema, strict }) => ({
    name,
    ...(typeof description === 'string' && { description }),
    ...(schema && { schema }),
    ...(typeof strict === 'boolean' && { strict }),
  }));
}

export function toToolChoice(choice: z.infer<typeof toolChoiceSchema> | null | undefined, tools: readonly Tool[]): ChatRequest['toolChoice'] {
  switch (choice?.type) {
    case undefined:
    case 'auto':
      return 'auto';
    case 'none':
      return 'none';
    case 'any':
      checkToolChoice('required', tools);
      return 'required';
    case 'tool': {
      const { name } = choice;
      if (!name || !tools.some((tool) => tool.name === name)) throw field('tool_choice.name', "'tool_choice.name' must be the name of one of the tools.");
      return { name };
    }
  }
}
