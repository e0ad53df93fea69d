import { z } from 'zod';
import type { ChatRequest, ReasoningEffort } from '../../core/chat.ts';
import type { Decoded } from '../dialect.ts';
import { bounds, defined, field, leftOut, parseBody, rest } from '../fields.ts';
import { contentSchema, messageSchema, toMessages, toSystem } from './blocks.ts';
import { hostedTools, toolChoiceSchema, toolSchema, toToolChoice, toTools } from './tools.ts';

const format = z.looseObject({ type: z.string(), schema: z.record(z.string(), z.unknown()).nullish() }).nullish();

const prompt = {
  model: bounds.model,
  messages: z.array(messageSchema).min(1, 'at least one message is required').max(100_000),
  system: contentSchema.nullish(),
  tools: z.array(toolSchema).max(2_048).nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  thinking: z.looseObject({ type: z.string(), budget_tokens: z.number().nullish() }).nullish(),
  output_config: z.looseObject({ effort: z.string().nullish(), format }).nullish(),
  output_format: format,
} as const;

const shape = {
  ...prompt,
  max_tokens: z.number({ error: 'max_tokens is required and must be greater than 0' }).int().min(1, 'must be greater than 0').max(100_000_000),
  stream: z.boolean().nullish(),
  temperature: bounds.temperature,
  top_p: bounds.topP,
  top_k: bounds.topK,
  stop_sequences: z.array(z.string()).max(64).nullish(),
} as const;

const schema = z.looseObject(shape);
const countSchema = z.looseObject(prompt);
const known = new Set(Object.keys(shape));

const EFFORTS: Readonly<Record<string, ReasoningEffort>> = { low: 'low', medium: 'medium', high: 'high', xhigh: 'max', max: 'max' };

/** Nothing said about thinking leaves the model its own habit, as in Ollama. */
function toReasoning({ thinking, output_config: config }: Pick<z.infer<typeof countSchema>, 'thinking' | 'output_config'>): ReasoningEffort | undefined {
  if (thinking?.type === 'disabled') return 'none';
  const effort = typeof config?.effort === 'string' && Object.hasOwn(EFFORTS, config.effort) ? EFFORTS[config.effort] : undefined;
  return thinking === null || thinking === undefined ? undefined : (effort ?? 'medium');
}

function toResponseFormat(asked: z.infer<typeof format>): ChatRequest['responseFormat'] {
  if (asked === null || asked === undefined) return { type: 'text' };
  if (asked.type !== 'json_schema' || !asked.schema) throw field('output_config.format', "'output_config.format' must be of type json_schema with a schema.");
  return { type: 'json', schema: asked.schema };
}

function toRequest(body: z.infer<typeof countSchema>, sampling: ChatRequest['sampling']): ChatRequest {
  const servers = (body as { mcp_servers?: unknown }).mcp_servers;
  if (Array.isArray(servers) && servers.length > 0) throw field('mcp_servers', "'mcp_servers': this gateway does not connect to MCP servers for a client.");
  const tools = toTools(body.tools ?? [], body.tool_choice);
  const reasoning = toReasoning(body);
  return {
    model: body.model,
    messages: [...toSystem(body.system), ...toMessages(body.messages)],
    sampling,
    tools,
    toolChoice: toToolChoice(body.tool_choice, tools),
    ...(body.tool_choice?.disable_parallel_tool_use === true && { parallelToolCalls: false }),
    responseFormat: toResponseFormat(body.output_config?.format ?? body.output_format),
    ...(reasoning !== undefined && { reasoning }),
    choices: 1,
    extra: rest(body, known),
    dialect: 'anthropic',
  };
}

/** POST /v1/messages -> canonical request. */
export function decodeMessages(input: unknown): Decoded {
  const body = parseBody(schema, input);
  const sampling = defined({
    temperature: body.temperature,
    topP: body.top_p,
    topK: body.top_k,
    maxOutputTokens: body.max_tokens,
    stop: body.stop_sequences,
  });
  return { request: toRequest(body, sampling), stream: body.stream ?? false, includeUsage: true, ...leftOut(hostedTools(body.tools ?? [])) };
}

/** POST /v1/messages/count_tokens -> the request whose prompt is to be counted. */
export const decodeCount = (input: unknown): ChatRequest => toRequest(parseBody(countSchema, input), {});
