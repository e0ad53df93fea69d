import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';

/** How many requests of one key or address may be answered at once, so that one client cannot take every slot. */
export default fp(
  (app: FastifyInstance, _options, done) => {
    const { concurrency } = app.services.config().limits;
    const running = new Map<string, number>();

    app.addHook('onRequest', (request, reply, next) => {
      if (request.routeOptions.config?.dialect === undefined) return next();
      const { tenant } = request.caller;
      const count = running.get(tenant) ?? 0;
      if (count >= concurrency) {
        return next(
          new GatewayError('rate-limited', `At most ${concurrency} requests at once are allowed here; wait for one to end.`, { retryAfterMs: 1_000 }),
        );
      }
      running.set(tenant, count + 1);
      reply.raw.once('close', () => {
        const left = (running.get(tenant) ?? 1) - 1;
        if (left === 0) running.delete(tenant);
        else running.set(tenant, left);
      });
      next();
    });
    done();
  },
  { name: 'concurrency', dependencies: ['auth'] },
);
