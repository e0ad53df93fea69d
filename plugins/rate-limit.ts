import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../src/core/errors.ts';
import type { CommonStore } from '../src/state-shared/redis.ts';

/** Addresses and keys remembered at once; the oldest are forgotten first. */
const MAX_TENANTS = 10_000;

/** One budget per key or address over all routes; off unless configured, here or for a key. */
export default fp(
  async (app: FastifyInstance) => {
    const { rate } = app.services.config().limits;
    const { shared, cluster } = app.services;
    await app.register(rateLimit, {
      // Most requests have no limit, and the plugin's own hook costs each of them several turns of the event loop's queue.
      global: false,
      // A key's own limit goes before the general one.
      max: (request) => request.caller.key?.rate?.requests ?? rate.requests,
      timeWindow: (request) => request.caller.key?.rate?.windowMs ?? rate.window * 1000,
      cache: MAX_TENANTS,
      ...(cluster.store !== undefined ? { store: sharedCounts(cluster.store, true) } : shared !== undefined && { store: sharedCounts(shared, false) }),
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

/**
 * Counts in the shared store and here. The higher count rules, so that the limit holds over all gateways while the store answers,
 * and over this one when it does not. An exact one, the workers' own, counts alone.
 */
function sharedCounts(shared: CommonStore, exact: boolean): new () => Counts {
  const own = new LRUCache<string, number>({ max: MAX_TENANTS });
  /** The last counts over all gateways, carried on here while the store is late. */
  const known = new LRUCache<string, number>({ max: MAX_TENANTS });
  return class implements Counts {
    incr(key: string, done: Counted, windowMs: number): void {
      const ttl = own.getRemainingTTL(key) || windowMs;
      const current = (own.get(key) ?? 0) + 1;
      own.set(key, current, { ttl });
      void shared.count(`rate:${key}`, windowMs).then((all) => {
        const everywhere = all?.current ?? (known.get(key) ?? 0) + 1;
        known.set(key, everywhere, { ttl: all?.ttlMs ?? (known.getRemainingTTL(key) || ttl) });
        done(null, everywhere > current || (exact && all !== undefined) ? { current: everywhere, ttl: all?.ttlMs ?? ttl } : { current, ttl });
      });
    }
    child(): Counts {
      return this;
    }
  };
}
