import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';
import { CLIENT_ADDRESS } from '../src/lead-server.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True: one worker answers for all, because it knows or changes what there is once. */
    lead?: boolean;
  }
}

/** Headers of one connection, which mean nothing on the next. */
const HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'proxy-connection', 'expect'];

const onward = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.includes(name) || name === 'transfer-encoding'));

/**
 * Where several workers answer: what an admin does or asks, batches, MCP sessions and the like go to the lead as they came, before
 * anything of them is counted or checked here.
 */
export default fp(
  (app: FastifyInstance, _options, done) => {
    const { cluster } = app.services;
    if (cluster.lead || cluster.leadSocket === undefined) return done();
    const socketPath = cluster.leadSocket;
    const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

    const relay = (request: FastifyRequest, reply: FastifyReply, fail: (error: Error) => void): void => {
      const { raw } = reply;
      const call = httpRequest({
        socketPath,
        agent,
        method: request.method,
        path: request.raw.url,
        headers: { ...onward(request.headers), [CLIENT_ADDRESS]: request.ip },
      });
      call.once('response', (answer) => {
        reply.hijack();
        const headers = answer.rawHeaders.reduce<[string, string][]>((pairs, text, index, all) => {
          if (index % 2 === 0 && !HOP.includes(text.toLowerCase())) pairs.push([text, all[index + 1] ?? '']);
          return pairs;
        }, []);
        raw.writeHead(answer.statusCode ?? 502, headers.flat());
        raw.flushHeaders();
        answer.pipe(raw);
        answer.once('error', () => raw.destroy());
      });
      call.once('error', () => {
        if (reply.sent || raw.headersSent) return void raw.destroy();
        fail(new GatewayError('unavailable', 'The worker that answers this is being replaced. Try again.', { code: 'lead_unavailable', retryAfterMs: 1_000 }));
      });
      raw.once('close', () => {
        if (!raw.writableFinished) call.destroy();
      });
      request.raw.pipe(call);
    };

    app.addHook('onRequest', (request, reply, next) => {
      const { access, lead } = request.routeOptions.config ?? {};
      if (access !== 'admin' && lead !== true) return next();
      relay(request, reply, next);
    });
    done();
  },
  { name: 'lead', dependencies: ['gateway', 'errors'] },
);
