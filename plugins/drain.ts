import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Refuses new work from now on; resolves when the work that was there is done. Probes and pages are still answered. */
    drained: () => Promise<void>;
  }
}

/** The end of a gateway: what began is finished, what comes is sent elsewhere, and /readyz can still say so. */
export default fp(
  (app: FastifyInstance, _options, done) => {
    let draining = false;
    let working = 0;
    let finished: (() => void) | undefined;

    app.addHook('onRequest', (request, reply, next) => {
      if (draining) void reply.header('connection', 'close');
      if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return next();
      if (draining) return next(new GatewayError('unavailable', 'The gateway is shutting down.', { code: 'shutting_down', retryAfterMs: 5_000 }));
      working += 1;
      reply.raw.once('close', () => {
        working -= 1;
        if (working === 0) finished?.();
      });
      next();
    });

    app.decorate('drained', () => {
      draining = true;
      return new Promise<void>((resolve) => {
        finished = resolve;
        if (working === 0) resolve();
      });
    });
    done();
  },
  { name: 'drain' },
);
