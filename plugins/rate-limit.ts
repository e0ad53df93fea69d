import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';
import type { Rates } from '../src/core/rates.ts';

/** One budget per key or address over all routes; off unless configured, here or for a key. */
export default fp(
  async (app: FastifyInstance) => {
    const { rate } = app.services.config().limits;
    const { rates, now } = app.services;
    await app.register(rateLimit, {
      // Most requests have no limit, and the plugin's own hook costs each of them several turns of the event loop's queue.
      global: false,
      // A key's own limit goes before the general one.
      max: (request) => request.caller.key?.rate?.requests ?? rate.requests,
      timeWindow: (request) => request.caller.key?.rate?.windowMs ?? rate.window * 1000,
      store: storeOver(rates, () => Math.floor(now())),
      keyGenerator: (request) => request.caller.tenant,
      errorResponseBuilder: (_request, { ttl, max }) =>
        new GatewayError('rate-limited', `Too many requests: the limit is ${max}. Try again in ${Math.ceil(ttl / 1000)} s.`, {
          retryAfterMs: ttl,
        }),
    });
    const limit = app.rateLimit();
    app.addHook('onRequest', function (request, reply, next) {
      if (!rate.enabled && request.caller.key?.rate === undefined) return next();
      const { url, config } = request.routeOptions;
      if (request.is404 || config.access === 'public' || url === '/metrics') return next();
      limit.call(this, request, reply).then(() => next(), next);
    });
  },
  { name: 'rate-limit', dependencies: ['gateway', 'auth'] },
);

interface Counts {
  incr(key: string, done: Counted, windowMs: number): void;
  child(): Counts;
}

type Counted = (error: Error | null, result: { current: number; ttl: number }) => void;

/** The gateway's counts as a store of the plugin. */
function storeOver(rates: Rates, now: () => number): new () => Counts {
  return class implements Counts {
    incr(key: string, done: Counted, windowMs: number): void {
      void rates.count(key, windowMs).then(({ count, endsAt }) => done(null, { current: count, ttl: Math.max(0, endsAt - now()) }));
    }
    child(): Counts {
      return this;
    }
  };
}
