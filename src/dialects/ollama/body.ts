import type { z } from 'zod';
import { GatewayError } from '../../core/errors.ts';
import { parseBody } from '../fields.ts';

/** Parses what a client sent. Keys are matched whatever their case, as by Ollama. */
export const readBody = <S extends z.ZodObject>(schema: S, body: unknown): z.infer<S> => parseBody(schema, foldKeys(schema, body));

/** The object with every key that is a known one but for its case under the known name. Throws 'invalid-request' when both are there. */
export function foldKeys(schema: z.ZodObject, body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  let folded: Record<string, unknown> | undefined;
  for (const key in body) {
    if (Object.hasOwn(schema.shape, key)) continue;
    const known = key.toLowerCase();
    if (!Object.hasOwn(schema.shape, known)) continue;
    if (Object.hasOwn(folded ?? body, known)) throw new GatewayError('invalid-request', `The request body has the key '${known}' twice.`, { param: known });
    folded ??= { ...body };
    folded[known] = folded[key];
    delete folded[key];
  }
  return folded ?? body;
}
