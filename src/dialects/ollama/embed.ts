import { z } from 'zod';
import type { EmbedRequest, EmbedResult } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import { rest } from '../fields.ts';
import { toUnit } from '../vectors.ts';
import { readBody } from './body.ts';
import { toKeepAlive } from './options.ts';

/** Texts in one call. */
const MAX_INPUTS = 10_000;

const shared = {
  model: z.string().trim().max(512).nullish(),
  keep_alive: z.unknown().optional(),
  options: z.record(z.string(), z.unknown()).nullish(),
} as const;
const embedShape = { ...shared, input: z.unknown().optional(), truncate: z.boolean().nullish(), dimensions: z.number().int().min(0).max(65_536).nullish() };
const legacyShape = { ...shared, prompt: z.string().nullish() };
const embedSchema = z.looseObject(embedShape);
const legacySchema = z.looseObject(legacyShape);
const known = new Set([...Object.keys(embedShape), ...Object.keys(legacyShape)]);

function toInputs(input: unknown): string[] {
  if (input === undefined || input === null || input === '') return [];
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input) || input.some((item) => typeof item !== 'string'))
    throw new GatewayError('invalid-request', 'invalid input type', { param: 'input' });
  if (input.length > MAX_INPUTS)
    throw new GatewayError('invalid-request', `input holds ${input.length} texts; at most ${MAX_INPUTS} are accepted`, { param: 'input' });
  return input as string[];
}

/** POST /api/embed -> canonical request. No input at all asks to load the model. */
export function decodeEmbed(input: unknown): EmbedRequest {
  const body = readBody(embedSchema, input);
  if (!body.model) throw new GatewayError('model-not-found', "model '' not found", { param: 'model' });
  const keepAliveS = toKeepAlive(body.keep_alive);
  return {
    model: body.model,
    input: toInputs(body.input),
    ...(body.dimensions && { dimensions: body.dimensions }),
    ...(typeof body.truncate === 'boolean' && { truncate: body.truncate }),
    ...(keepAliveS !== undefined && { keepAliveS }),
    extra: { ...rest(body, known), ...(body.options && { options: body.options }) },
    dialect: 'ollama',
  };
}

/** POST /api/embeddings, the older route of one text whose vector is not normalised. */
export function decodeEmbeddings(input: unknown): EmbedRequest {
  const body = readBody(legacySchema, input);
  if (!body.model) throw new GatewayError('invalid-request', 'model is required', { param: 'model' });
  const keepAliveS = toKeepAlive(body.keep_alive);
  return {
    model: body.model,
    input: body.prompt ? [body.prompt] : [],
    ...(keepAliveS !== undefined && { keepAliveS }),
    extra: { ...rest(body, known), ...(body.options && { options: body.options }) },
    dialect: 'ollama-embeddings',
  };
}

/** The answer of /api/embed. Times in ms become nanoseconds; what is unknown or 0 is left out. */
export function encodeEmbed(request: EmbedRequest, result: Partial<EmbedResult> & Pick<EmbedResult, 'vectors'>): object {
  const { timings, inputTokens } = result;
  return {
    model: request.model,
    embeddings: result.vectors.map((vector) => toUnit(vector, request.dimensions)),
    ...(timings?.totalMs && { total_duration: Math.round(timings.totalMs * 1e6) }),
    ...(timings?.loadMs && { load_duration: Math.round(timings.loadMs * 1e6) }),
    ...(inputTokens && { prompt_eval_count: inputTokens }),
  };
}
