import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../src/core/errors.ts';
import { formatRef } from '../src/core/model.ts';
import type { Caller } from '../src/gateway.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler runs. */
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** Who may call a route; 'user' when nothing is said. */
    access?: 'public' | 'user' | 'admin';
  }
}

/** Wrong keys one address may send in a minute before it is told to wait. */
const MAX_WRONG = 60;
const MINUTE = 60_000;

/** The key a client sent: Bearer for OpenAI's and Ollama's clients, x-api-key for Anthropic's. Two different ones are refused. */
function secretOf(request: FastifyRequest): string | undefined {
  const { authorization, 'x-api-key': apiKey } = request.headers;
  const bearer = authorization === undefined ? undefined : /^bearer +(\S+) *$/i.exec(authorization.slice(0, 512))?.[1];
  if (authorization !== undefined && bearer === undefined) return '';
  if (typeof apiKey === 'string' && bearer !== undefined && apiKey !== bearer) return '';
  return bearer ?? (typeof apiKey === 'string' ? apiKey : undefined);
}

/**
 * Every route wants a key unless it is marked public. Without any key made, a gateway that listens on loopback lets its own
 * machine in as admin; on any other address nobody gets in until a key exists.
 */
export default fp(
  (app: FastifyInstance, _options, done) => {
    const { services } = app;
    const { required } = services.config().auth;
    const wrong = new LRUCache<string, number>({ max: 10_000, ttl: MINUTE });
    app.decorateRequest('caller');

    const open = (): boolean => required === 'never' || (required === 'auto' && services.loopback && !services.keyring.any());

    app.addHook('onRequest', (request, _reply, next) => {
      const access = request.routeOptions.config?.access ?? 'user';
      const secret = secretOf(request);
      const key = secret === undefined ? undefined : services.keyring.identify(secret);
      if (key !== undefined) {
        const allowed = new Set(key.allowedModels.map((name) => name.toLowerCase()));
        request.caller = {
          tenant: key.id,
          key,
          role: key.role,
          allowed: (ref) => allowed.size === 0 || allowed.has(ref.model.toLowerCase()) || allowed.has(formatRef(ref).toLowerCase()),
        };
      } else {
        // SDKs send some key even where none is needed, so on an open gateway an unknown one is no offence.
        request.caller = { tenant: request.ip, role: open() ? 'admin' : 'user', allowed: () => true };
      }
      if (access === 'public') return next();
      if (key === undefined && !open()) return next(refuse(request, secret));
      if (access === 'admin' && request.caller.role !== 'admin') {
        return next(new GatewayError('forbidden', 'This needs an admin key.', { code: 'admin_only' }));
      }
      next();
    });

    const refuse = (request: FastifyRequest, secret: string | undefined): GatewayError => {
      const count = (wrong.get(request.ip) ?? 0) + (secret === undefined ? 0 : 1);
      wrong.set(request.ip, count, { ttl: wrong.getRemainingTTL(request.ip) || MINUTE });
      if (count > MAX_WRONG) return new GatewayError('rate-limited', 'Too many wrong keys came from this address. Wait a minute.', { retryAfterMs: MINUTE });
      const hint = services.keyring.any()
        ? ''
        : " No key exists yet: make one with 'orchestrator keys create --offline' while the gateway is stopped, or start it with ORCHESTRATOR_ADMIN_KEY set.";
      return new GatewayError(
        'unauthorized',
        `${secret === undefined ? 'An API key is needed: send it as Authorization: Bearer KEY.' : 'This API key is not valid.'}${hint}`,
      );
    };
    done();
  },
  { name: 'auth', dependencies: ['gateway', 'errors'] },
);
