import { z } from 'zod';
import type { Tool } from '../../core/chat.ts';
import { checkToolChoice, field } from '../fields.ts';
import type { Choosing } from './messages.ts';

const base = { type: z.string(), name: z.string().min(1).max(256).nullish(), description: z.string().nullish() };

const functionSchema = z.looseObject({
  ...base,
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
  format: z.unknown().optional(),
});

export const toolSchema = z.looseObject({ ...functionSchema.shape, tools: z.array(functionSchema).max(2_048).nullish() });

export const toolChoiceSchema = z
  .union([
    z.enum(['auto', 'none', 'required']),
    z.looseObject({ type: z.string(), name: z.string().nullish(), mode: z.string().nullish(), tools: z.array(z.looseObject(base)).nullish() }),
  ])
  .nullish();

type WireTool = z.infer<typeof toolSchema>;
type WireFunction = z.infer<typeof functionSchema>;

/** A function inside a namespace under the one name a model sees; letters that every upstream takes. */
export const flatName = (namespace: string | null | undefined, name: string): string => (namespace ? `${namespace}__${name}` : name);

/** How a tool must be spoken of to the client: by namespace, or as a custom tool with plain text input. */
export interface ToolOrigin {
  readonly name: string;
  readonly namespace?: string;
  readonly custom: boolean;
}

/** Origin of each tool by the name the model knows. `tools` as the client sent them. */
export function originsOf(tools: unknown): ReadonlyMap<string, ToolOrigin> {
  const origins = new Map<string, ToolOrigin>();
  const parsed = z.array(toolSchema).safeParse(tools ?? []);
  for (const tool of parsed.data ?? []) {
    if (!tool.name) continue;
    if (tool.type === 'custom') origins.set(tool.name, { name: tool.name, custom: true });
    for (const { name } of tool.type === 'namespace' ? (tool.tools ?? []) : []) {
      if (name) origins.set(flatName(tool.name, name), { name, namespace: tool.name, custom: false });
    }
  }
  return origins;
}

function toFunction(tool: WireFunction, namespace: string | undefined, param: string): Tool {
  const { name, description, parameters, strict } = tool;
  if (!name) throw field(`${param}.name`, `'${param}.name' is missing.`);
  return {
    name: flatName(namespace, name),
    ...(typeof description === 'string' && { description }),
    ...(parameters && { schema: parameters }),
    ...(typeof strict === 'boolean' && { strict }),
  };
}

/** A custom tool takes free text; models here only know functions, so the text becomes a function's one argument. */
function toCustom(tool: WireFunction, param: string): Tool {
  const grammar = tool.format === undefined || tool.format === null ? '' : `\nThe input follows this format: ${JSON.stringify(tool.format)}`;
  return {
    ...toFunction({ ...tool, parameters: null, strict: null }, undefined, param),
    description: `${tool.description ?? ''}${grammar}`,
    schema: { type: 'object', properties: { input: { type: 'string', description: 'The whole input, as plain text.' } }, required: ['input'] },
  };
}

const OWN = new Set(['function', 'custom', 'namespace']);

/** Types of the tools that only the hosted service can run. */
export const hostedTools = (tools: readonly WireTool[]): string[] => tools.map(({ type }) => type).filter((type) => !OWN.has(type));

/** Tools the hosted service would run itself. Beside others they are left out, and the client is told; alone they are refused. */
export function toTools(tools: readonly WireTool[]): Tool[] {
  const own = tools.flatMap((tool, index): Tool[] => {
    const param = `tools.${index}`;
    switch (tool.type) {
      case 'function':
        return [toFunction(tool, undefined, param)];
      case 'custom':
        return [toCustom(tool, param)];
      case 'namespace':
        return (tool.tools ?? []).map((inner, position) => toFunction(inner, tool.name ?? undefined, `${param}.tools.${position}`));
      default:
        return [];
    }
  });
  const [hosted] = hostedTools(tools);
  if (own.length === 0 && hosted !== undefined) throw unable(hosted);
  return own;
}

const unable = (type: string): Error =>
  field('tools', `'tools': this gateway cannot run '${type.slice(0, 60)}', which the hosted service provides. Describe the tool as a function instead.`);

/** The choice, and the tools it leaves. */
export function toToolChoice(choice: z.infer<typeof toolChoiceSchema>, tools: readonly Tool[]): Choosing {
  const chosen = choose(choice, tools);
  checkToolChoice(chosen.toolChoice, chosen.tools);
  return chosen;
}

function choose(choice: z.infer<typeof toolChoiceSchema>, tools: readonly Tool[]): Choosing {
  if (choice === null || choice === undefined) return { toolChoice: 'auto', tools };
  if (typeof choice === 'string') return { toolChoice: choice, tools };
  if (choice.type === 'allowed_tools') {
    const names = new Set((choice.tools ?? []).map(({ name }) => name));
    return { toolChoice: choice.mode === 'required' ? 'required' : 'auto', tools: tools.filter(({ name }) => names.has(name)) };
  }
  if (choice.type !== 'function' && choice.type !== 'custom') throw unable(choice.type);
  const wanted = tools.find(({ name }) => name === choice.name);
  if (wanted === undefined) throw field('tool_choice.name', "'tool_choice.name' must be the name of one of the tools.");
  return { toolChoice: { name: wanted.name }, tools };
}
