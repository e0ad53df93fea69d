import { z } from 'zod';
import { parseFirst } from '../../stream/json.ts';
import type { Decoded, Dialect } from '../dialect.ts';
import { field, parseBody, rest } from '../fields.ts';
import { foldKeys } from './body.ts';
import { encodeNative, loadedAnswer, nativeFrames } from './encode.ts';
import { messageSchema, toMessages, toolSchema, toTool } from './messages.ts';
import { optionsSchema, thinkLevel, toFormat, toKeepAlive, toLogprobs, toOptions, toThink } from './options.ts';

const shape = {
  model: z.string().trim().max(512).nullish(),
  messages: z.array(messageSchema).max(100_000).nullish(),
  stream: z.boolean().nullish(),
  format: z.unknown().optional(),
  keep_alive: z.unknown().optional(),
  tools: z.array(toolSchema).max(2_048).nullish(),
  options: optionsSchema.nullish(),
  think: z.unknown().optional(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().nullish(),
} as const;

const schema = z.looseObject(shape);
const known = new Set(Object.keys(shape));

const foldMessages = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'messages' in body && Array.isArray(body.messages)
    ? { ...body, messages: body.messages.map((message) => foldKeys(messageSchema, message)) }
    : body;

/** POST /api/chat -> canonical request. No messages at all asks to load (or unload) the model; the route sees to that. */
export function decodeNativeChat(input: unknown): Decoded {
  const body = parseBody(schema, foldMessages(foldKeys(schema, input)));
  const { model } = body;
  const keepAliveS = toKeepAlive(body.keep_alive);
  const think = toThink(body.think);
  const logprobs = toLogprobs(body.logprobs, body.top_logprobs);
  const { sampling, contextWindow, extra } = toOptions(body.options);
  if (!model) throw field('model', 'model is required');
  return {
    request: {
      model,
      messages: toMessages(body.messages ?? []),
      sampling,
      tools: (body.tools ?? []).map(toTool),
      toolChoice: 'auto',
      responseFormat: toFormat(body.format),
      ...(think !== undefined && { reasoning: think }),
      choices: 1,
      ...(logprobs !== undefined && { logprobs }),
      ...(keepAliveS !== undefined && { keepAliveS }),
      ...(contextWindow !== undefined && { contextWindow }),
      extra: { ...rest(body, known), ...thinkLevel(body.think), ...(Object.keys(extra).length > 0 && { options: extra }) },
      dialect: 'ollama',
    },
    stream: body.stream ?? true,
    includeUsage: true,
  };
}

/** POST /api/chat. */
export const ollamaChat: Dialect = {
  name: 'ollama',
  streamType: 'application/x-ndjson',
  parse: parseFirst,
  decode: decodeNativeChat,
  encode: (results, context) => encodeNative('chat', results, context),
  frames: (context) => nativeFrames('chat', context),
  loaded: (context, reason) => loadedAnswer('chat', context, reason),
};
