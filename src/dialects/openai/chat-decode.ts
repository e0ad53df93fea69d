import { z } from 'zod';
import type { ChatRequest, ReasoningEffort } from '../../core/chat.ts';
import type { Decoded } from '../dialect.ts';
import { bounds, defined, field, parseBody, rest } from '../fields.ts';
import { isPlainChat } from './chat-plain.ts';
import { checkEngineFields } from './engine-fields.ts';
import { messageSchema, toMessages, toolChoiceSchema, toolSchema, toToolChoice, toTools } from './messages.ts';

const shape = {
  model: bounds.model,
  messages: z.array(messageSchema).min(1, "[] is too short - 'messages'").max(100_000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: bounds.tokens,
  max_completion_tokens: bounds.tokens,
  temperature: bounds.temperature,
  top_p: bounds.topP,
  top_k: bounds.topK,
  min_p: bounds.topP,
  seed: bounds.seed,
  stop: bounds.stop,
  frequency_penalty: bounds.penalty,
  presence_penalty: bounds.penalty,
  response_format: z
    .looseObject({
      type: z.string(),
      json_schema: z.looseObject({ name: z.string().nullish(), schema: z.record(z.string(), z.unknown()).nullish(), strict: z.boolean().nullish() }).nullish(),
    })
    .nullish(),
  tools: z.array(toolSchema).max(2_048).nullish(),
  tool_choice: toolChoiceSchema,
  parallel_tool_calls: z.boolean().nullish(),
  reasoning_effort: z.string().nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: bounds.topLogprobs,
  n: bounds.choices,
} as const;

const schema = z.looseObject(shape);
const known = new Set(Object.keys(shape));

const EFFORTS: Readonly<Record<string, ReasoningEffort>> = {
  none: 'none',
  minimal: 'minimal',
  low: 'low',
  medium: 'medium',
  high: 'high',
  max: 'max',
  xhigh: 'max',
  ultra: 'max',
};

/** OpenAI's effort words -> ours; an unknown word is refused. */
export function toEffort(effort: string, param: string): ReasoningEffort {
  const found = Object.hasOwn(EFFORTS, effort) ? EFFORTS[effort] : undefined;
  if (found === undefined) throw field(param, `'${param}' must be one of ${Object.keys(EFFORTS).join(', ')}.`);
  return found;
}

export function toResponseFormat(
  format: { type: string; json_schema?: { name?: unknown; schema?: unknown; strict?: unknown } | null | undefined } | null | undefined,
): ChatRequest['responseFormat'] {
  switch (format?.type) {
    case undefined:
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json' };
    case 'json_schema': {
      const { name, schema: json, strict } = format.json_schema ?? {};
      if (json === undefined || json === null) throw field('response_format.json_schema.schema', "'response_format.json_schema.schema' is missing.");
      return {
        type: 'json',
        schema: json as Record<string, unknown>,
        ...(typeof name === 'string' && { name }),
        ...(typeof strict === 'boolean' && { strict }),
      };
    }
    default:
      throw field('response_format.type', "'response_format.type' must be text, json_object or json_schema.");
  }
}

export const toStop = (stop: string | readonly string[] | null | undefined): readonly string[] | undefined =>
  stop === null || stop === undefined ? undefined : typeof stop === 'string' ? [stop] : stop;

/** What would be ignored silently, or whose answer could not be carried back. */
function refuseForeign(body: z.infer<typeof schema>): void {
  for (const name of ['functions', 'function_call'] as const) {
    if (body[name] !== undefined && body[name] !== null) throw field(name, `'${name}' is the form before tools; send tools and tool_choice.`);
  }
  const wantsAudio = Array.isArray(body['modalities']) && body['modalities'].includes('audio');
  if (wantsAudio || (body['audio'] !== undefined && body['audio'] !== null)) {
    throw field(wantsAudio ? 'modalities' : 'audio', 'Audio answers are not supported; ask for text.');
  }
}

/** POST /v1/chat/completions -> canonical request. */
export function decodeChat(input: unknown): Decoded {
  const body = isPlainChat(input) ? (input as z.infer<typeof schema>) : parseBody(schema, input);
  refuseForeign(body);
  checkEngineFields(body);
  const effort = body.reasoning?.effort ?? body.reasoning_effort;
  const logprobs = body.logprobs === true ? (body.top_logprobs ?? 0) : undefined;
  const request: ChatRequest = {
    model: body.model,
    messages: toMessages(body.messages),
    sampling: defined({
      temperature: body.temperature,
      topP: body.top_p,
      topK: body.top_k,
      minP: body.min_p,
      seed: body.seed,
      maxOutputTokens: body.max_completion_tokens ?? body.max_tokens,
      stop: toStop(body.stop),
      presencePenalty: body.presence_penalty,
      frequencyPenalty: body.frequency_penalty,
    }),
    ...toToolChoice(body.tool_choice, toTools(body.tools ?? [])),
    ...(typeof body.parallel_tool_calls === 'boolean' && { parallelToolCalls: body.parallel_tool_calls }),
    responseFormat: toResponseFormat(body.response_format),
    ...(typeof effort === 'string' && { reasoning: toEffort(effort, 'reasoning_effort') }),
    choices: body.n ?? 1,
    ...(logprobs !== undefined && { logprobs }),
    extra: rest(body, known),
    dialect: 'openai',
  };
  return { request, stream: body.stream ?? false, includeUsage: body.stream_options?.include_usage === true };
}
