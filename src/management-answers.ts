import { GatewayError } from './core/errors.ts';
import type { ForwardAnswer } from './core/provider.ts';
import { statusError } from './providers/http.ts';
import { unwrapError } from './providers/ollama/error.ts';

/** Longest error text read of a host, bytes. */
const MAX_ERROR = 64 << 10;

/** Reads an answer to its end, at most `limit` bytes of it kept: what is left open holds a connection. */
export async function readBody(answer: ForwardAnswer, limit = MAX_ERROR): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size <= limit) parts.push(chunk);
  }
  return Buffer.concat(parts);
}

/** A host's refusal in its own words and, where it speaks of the request, with its own status. */
export async function hostFailure(answer: ForwardAnswer, host: string): Promise<GatewayError> {
  const error = statusError(answer.status, unwrapError((await readBody(answer)).toString('utf8')), host, undefined);
  return error.status >= 500 && answer.status >= 500 ? new GatewayError(error.kind, error.message, { ...error.details, status: answer.status }) : error;
}
