import { z } from 'zod';
import type { ChatRequest, Message } from '../../core/chat.ts';
import type { Decoded } from '../dialect.ts';
import { bounds, defined, field, leftOut, parseBody, rest, textPart } from '../fields.ts';
import { toEffort, toResponseFormat } from './chat-decode.ts';
import { type Item, itemSchema, toMessages } from './responses-input.ts';
import { hostedTools, toolChoiceSchema, toolSchema, toToolChoice, toTools } from './responses-tools.ts';

const shape = {
  model: bounds.model,
  input: z.union([z.string(), z.array(itemSchema).max(100_000)]).nullish(),
  instructions: z.string().nullish(),
  previous_response_id: z.string().nullish(),
  conversation: z.unknown().optional(),
  prompt: z.unknown().optional(),
  background: z.boolean().nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.unknown().optional(),
  include: z.array(z.string()).nullish(),
  max_output_tokens: bounds.tokens,
  max_tool_calls: z.number().nullish(),
  temperature: bounds.temperature,
  top_p: bounds.topP,
  top_logprobs: bounds.topLogprobs,
  tools: z.array(toolSchema).max(2_048).nullish(),
  tool_choice: toolChoiceSchema,
  parallel_tool_calls: z.boolean().nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  text: z
    .looseObject({
      format: z
        .looseObject({ type: z.string(), name: z.string().nullish(), schema: z.record(z.string(), z.unknown()).nullish(), strict: z.boolean().nullish() })
        .nullish(),
    })
    .nullish(),
  truncation: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  user: z.string().nullish(),
  service_tier: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
} as const;

const schema = z.looseObject(shape);
const known = new Set(Object.keys(shape));
/** What an answer repeats of its request. */
const ECHOED = Object.keys(shape).filter((key) => !['model', 'input', 'stream', 'stream_options', 'conversation', 'prompt'].includes(key));

/** Turns before this one, each as one list of its input and its output items. */
export type Earlier = readonly (readonly unknown[])[];

const itemsSchema = z.array(itemSchema);

function toItems(input: z.infer<typeof schema>['input']): Item[] {
  if (input === null || input === undefined || input === '') return [];
  return typeof input === 'string' ? [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }] : input;
}

function refuseForeign({ conversation, prompt }: z.infer<typeof schema>): void {
  if (conversation !== undefined && conversation !== null) {
    throw field('conversation', "'conversation' is not supported; carry a conversation on by previous_response_id.");
  }
  if (prompt !== undefined && prompt !== null) throw field('prompt', "'prompt' templates are kept by the hosted service only; send the text itself.");
}

function toFormat(format: NonNullable<z.infer<typeof schema>['text']>['format']): ChatRequest['responseFormat'] {
  if (format?.type !== 'json_schema') return toResponseFormat(format);
  return toResponseFormat({ type: 'json_schema', json_schema: format });
}

/** POST /v1/responses -> canonical request; `earlier` are the turns that previous_response_id stands for. */
export function decodeResponse(input: unknown, earlier: Earlier = []): Decoded {
  const body = parseBody(schema, input);
  refuseForeign(body);
  const items = toItems(body.input);
  const messages: Message[] = [
    ...(body.instructions ? [{ role: 'system' as const, content: [textPart(body.instructions)] }] : []),
    ...toMessages([...parseBody(itemsSchema, earlier.flat()), ...items], 'input'),
  ];
  if (messages.length === 0) throw field('input', "'input' is missing: send a text or a list of items.");
  const { tools, toolChoice } = toToolChoice(body.tool_choice, toTools(body.tools ?? []));
  const logprobs = body.include?.includes('message.output_text.logprobs') || typeof body.top_logprobs === 'number' ? (body.top_logprobs ?? 0) : undefined;
  const effort = body.reasoning?.effort;
  return {
    request: {
      model: body.model,
      messages,
      sampling: defined({ temperature: body.temperature, topP: body.top_p, maxOutputTokens: body.max_output_tokens }),
      tools,
      toolChoice,
      ...(typeof body.parallel_tool_calls === 'boolean' && { parallelToolCalls: body.parallel_tool_calls }),
      responseFormat: toFormat(body.text?.format),
      ...(typeof effort === 'string' && { reasoning: toEffort(effort, 'reasoning.effort') }),
      choices: 1,
      ...(logprobs !== undefined && { logprobs }),
      extra: rest(body, known),
      dialect: 'responses',
    },
    stream: body.stream ?? false,
    includeUsage: true,
    echo: Object.fromEntries(ECHOED.map((key) => [key, body[key]])),
    items,
    ...leftOut(hostedTools(body.tools ?? [])),
  };
}
