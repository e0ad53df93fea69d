import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';

/** The caller's own deadline in ms, where a header tells one, else `totalMs`. OpenAI's SDKs send x-stainless-timeout in seconds. */
export function deadlineMs(headers: IncomingHttpHeaders, totalMs: number): number {
  const own = Number(headers['x-request-timeout-ms'] ?? Number(headers['x-stainless-timeout']) * 1000);
  return own > 0 && own < totalMs ? own : totalMs;
}

/**
 * The one cancel signal of a request: the client leaves, the deadline passes, or the gateway shuts down. Built on the reply's
 * socket, because Fastify's request.signal fires as soon as a POST body is read.
 */
export function callSignal(reply: FastifyReply, ms: number, closing: AbortSignal): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const gone = (): void => {
    if (!reply.raw.writableFinished) controller.abort(new GatewayError('client-closed', 'The client closed the connection.'));
  };
  const late = (): void => controller.abort(new GatewayError('upstream-timeout', `The answer was not complete within ${ms} ms.`, { code: 'total_timeout' }));
  const shut = (): void => controller.abort(new GatewayError('unavailable', 'The gateway is shutting down.', { code: 'shutting_down', retryAfterMs: 5_000 }));
  const timer = setTimeout(late, ms);
  if (reply.raw.destroyed) gone();
  reply.raw.once('close', gone);
  closing.addEventListener('abort', shut, { once: true });
  return {
    signal: controller.signal,
    dispose: () => {
      clearTimeout(timer);
      closing.removeEventListener('abort', shut);
    },
  };
}
