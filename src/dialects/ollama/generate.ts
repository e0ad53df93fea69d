import { z } from 'zod';
import type { Message } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import { parseFirst } from '../../stream/json.ts';
import type { Decoded, Dialect } from '../dialect.ts';
import { rest, textPart } from '../fields.ts';
import { readBody } from './body.ts';
import { encodeNative, loadedAnswer, nativeFrames } from './encode.ts';
import { toParts } from './messages.ts';
import { optionsSchema, thinkLevel, toFormat, toKeepAlive, toLogprobs, toOptions, toThink } from './options.ts';

const shape = {
  model: z.string().trim().max(512).nullish(),
  prompt: z.string().nullish(),
  suffix: z.string().nullish(),
  system: z.string().nullish(),
  template: z.string().nullish(),
  context: z.array(z.number().int()).nullish(),
  stream: z.boolean().nullish(),
  raw: z.boolean().nullish(),
  format: z.unknown().optional(),
  keep_alive: z.unknown().optional(),
  images: z.array(z.string()).max(256).nullish(),
  options: optionsSchema.nullish(),
  think: z.unknown().optional(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().nullish(),
} as const;

const schema = z.looseObject(shape);
const known = new Set(Object.keys(shape));

/** POST /api/generate -> canonical request. An empty prompt asks to load (or unload) the model; the route sees to that. */
export function decodeGenerate(input: unknown): Decoded {
  const body = readBody(schema, input);
  const { model } = body;
  const raw = body.raw === true;
  if (raw && (body.template || body.system || body.context?.length)) {
    throw new GatewayError('invalid-request', 'raw mode does not support template, system, or context');
  }
  const keepAliveS = toKeepAlive(body.keep_alive);
  const think = toThink(body.think);
  const logprobs = toLogprobs(body.logprobs, body.top_logprobs);
  const { sampling, contextWindow, extra } = toOptions(body.options);
  if (!model) throw new GatewayError('model-not-found', "model '' not found", { param: 'model' });
  const prompt = body.prompt ?? '';
  const messages: Message[] = [];
  // Without a prompt the model is only loaded, whatever else is there.
  if (prompt !== '') {
    if (body.system) messages.push({ role: 'system', content: [textPart(body.system)] });
    messages.push({ role: 'user', content: toParts(prompt, body.images, '') });
  }
  return {
    request: {
      model,
      messages,
      completion: {
        prompt,
        raw,
        ...(body.suffix && { suffix: body.suffix }),
        ...(body.template && { template: body.template }),
        ...(body.context?.length && { context: body.context }),
      },
      sampling,
      tools: [],
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

/** POST /api/generate. */
export const ollamaGenerate: Dialect = {
  name: 'ollama',
  streamType: 'application/x-ndjson',
  parse: parseFirst,
  decode: decodeGenerate,
  encode: (results, context) => encodeNative('generate', results, context),
  frames: (context) => nativeFrames('generate', context),
  loaded: (context, reason) => loadedAnswer('generate', context, reason),
};
