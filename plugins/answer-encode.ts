import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { ChatRequest } from '../src/core/chat.ts';
import type { RunContext } from '../src/core/execute.ts';
import type { Decoded, EncodeContext } from '../src/dialects/dialect.ts';
import { needsOf } from '../src/policy/needs.ts';

/** Tokens of a request's prompt, estimated. */
export const countTokens = (request: ChatRequest): number => needsOf({ ...request, sampling: {} }).contextTokens;

/** What an answer to a decoded request is written from. `now` is epoch ms. */
export const encodeContext = (id: string, decoded: Decoded, now: () => number): EncodeContext => ({
  id,
  now,
  model: decoded.request.model,
  startedAt: now(),
  request: decoded.request,
  includeUsage: decoded.includeUsage,
  inputTokens: () => countTokens(decoded.request),
  ...(decoded.echo !== undefined && { echo: decoded.echo }),
});

/** What a request's Cache-Control allows. */
export function cacheControl(headers: IncomingHttpHeaders): RunContext['cache'] {
  const control = headers['cache-control'];
  return control === undefined ? FREE : { read: !/no-cache|no-store/.test(control), write: !control.includes('no-store') };
}

const FREE: RunContext['cache'] = { read: true, write: true };

/** Written straight to the socket: everything a request passes on its way out has been done by then. */
export function sendJson(reply: FastifyReply, headers: Readonly<Record<string, string>>, body: string): void {
  const { raw } = reply;
  const flat: string[] = ['content-type', 'application/json; charset=utf-8', 'content-length', String(Buffer.byteLength(body))];
  const common = reply.getHeaders() as Record<string, string>;
  for (const name in common) if (headers[name] === undefined) flat.push(name, common[name] as string);
  for (const name in headers) flat.push(name, headers[name] as string);
  reply.hijack();
  raw.writeHead(200, flat);
  raw.end(body);
}
