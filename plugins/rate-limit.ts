import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';

/** Addresses and keys remembered at once; the oldest are forgotten first. */
const MAX_TENANTS = 10_000;

/** One budget per key or address over all routes; off unless configured, here or for a key. */
export default fp(
  async (app: FastifyInstance) => {
    const { rate } = app.services.config().limits;
    await app.register(rateLimit, {
      global: true,
      // A key's own limit goes before the general one.
      max: (request) => request.caller.key?.rate?.requests ?? rate.requests,
      timeWindow: (request) => request.caller.key?.rate?.windowMs ?? rate.window * 1000,
      cache: MAX_TENANTS,
      keyGenerator: (request) => request.caller.tenant,
      allowList: (request) => request.routeOptions.config.access === 'public' || (!rate.enabled && request.caller.key?.rate === undefined),
      errorResponseBuilder: (_request, { ttl, max }) =>
        new GatewayError('rate-limited', `Too many requests: the limit is ${max}. Try again in ${Math.ceil(ttl / 1000)} s.`, {
          retryAfterMs: ttl,
        }),
    });
  },
  { name: 'rate-limit', dependencies: ['gateway', 'auth'] },
);
