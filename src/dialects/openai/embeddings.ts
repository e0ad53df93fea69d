import { z } from 'zod';
import type { EmbedRequest, EmbedResult } from '../../core/chat.ts';
import { bounds, field, parseBody, rest } from '../fields.ts';
import { toUnit } from '../vectors.ts';

/** Texts in one call; the hosted API's own limit. */
const MAX_INPUTS = 2_048;

const shape = {
  model: bounds.model,
  input: z.unknown(),
  encoding_format: z.string().nullish(),
  dimensions: z.number().int().min(1).max(65_536).nullish(),
} as const;

const schema = z.looseObject(shape);
const known = new Set(Object.keys(shape));

export interface DecodedEmbedding {
  readonly request: EmbedRequest;
  readonly format: 'float' | 'base64';
}

function toInputs(input: unknown): string[] {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input) || input.length === 0) throw field('input', "'input' must be a text or a list of texts, and the list must not be empty.");
  if (input.length > MAX_INPUTS) throw field('input', `'input' holds ${input.length} texts; ${MAX_INPUTS} are accepted in one call.`);
  return input.map((item: unknown, index) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'number' || Array.isArray(item)) {
      throw field('input', "'input' holds token numbers: models here have different tokenizers, so send the text itself.");
    }
    throw field(`input.${index}`, `'input.${index}' must be a text.`);
  });
}

/** POST /v1/embeddings -> canonical request. */
export function decodeEmbedding(input: unknown): DecodedEmbedding {
  const body = parseBody(schema, input);
  const format = (body.encoding_format ?? 'float').toLowerCase();
  if (format !== 'float' && format !== 'base64') throw field('encoding_format', "'encoding_format' must be float or base64.");
  return {
    request: {
      model: body.model,
      input: toInputs(body.input),
      ...(typeof body.dimensions === 'number' && { dimensions: body.dimensions }),
      extra: rest(body, known),
      dialect: 'openai',
    },
    format,
  };
}

/** Little-endian 32-bit floats in standard base64: what SDKs ask for by default and decode themselves. */
function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.allocUnsafe(vector.length * 4);
  for (let index = 0; index < vector.length; index++) bytes.writeFloatLE(vector[index] ?? 0, index * 4);
  return bytes.toString('base64');
}

/** A vector of the length asked for: not every model's server cuts it. */
const cut = (vector: readonly number[], dimensions: number | undefined): readonly number[] =>
  dimensions === undefined || vector.length <= dimensions ? vector : toUnit(vector, dimensions);

/** The answer of /v1/embeddings; `index` follows the order of the input. */
export function encodeEmbedding(result: EmbedResult, { request, format }: DecodedEmbedding): object {
  const tokens = result.inputTokens ?? 0;
  return {
    object: 'list',
    data: result.vectors.map((vector, index) => {
      const embedding = cut(vector, request.dimensions);
      return { object: 'embedding', index, embedding: format === 'base64' ? toBase64(embedding) : embedding };
    }),
    model: request.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}
