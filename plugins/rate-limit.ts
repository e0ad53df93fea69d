import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';

/** Addresses and keys remembered at once; the oldest are forgotten first. */
const MAX_TENANTS = 10_000;

/** One budget per key or address over all routes; off unless configured. */
export default fp(
  async (app: FastifyInstance) => {
    const { rate } = app.services.config().limits;
    if (!rate.enabled) return;
    await app.register(rateLimit, {
      global: true,
      max: rate.requests,
      timeWindow: rate.window * 1000,
      cache: MAX_TENANTS,
      keyGenerator: (request) => request.caller.tenant,
      allowList: (request) => request.routeOptions.config.access === 'public',
      errorResponseBuilder: (_request, { ttl }) =>
        new GatewayError(
          'rate-limited',
          `Too many requests: at most ${rate.requests} in ${rate.window} s are allowed. Try again in ${Math.ceil(ttl / 1000)} s.`,
          {
            retryAfterMs: ttl,
          },
        ),
    });
  },
  { name: 'rate-limit', dependencies: ['gateway'] },
);
