import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';
import { anthropicErrorForm } from '../src/dialects/anthropic/error.ts';
import type { ErrorForm } from '../src/dialects/dialect.ts';
import { ollamaErrorForm } from '../src/dialects/ollama/error.ts';
import { openaiErrorForm } from '../src/dialects/openai/error.ts';

/** The path of a request target as the router reads it: no origin, no query, no double or trailing slashes. */
export const routePath = (target: string): string =>
  (target.replace(/^https?:\/\/[^/]*/i, '').split(/[?#]/, 1)[0] as string).replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');

/** The form of an error follows the API that was called, whatever went wrong. */
export function errorForm(target: string, headers: FastifyRequest['headers'] = {}): ErrorForm {
  const path = routePath(target);
  // The list of models is one path of two APIs; Anthropic's clients send a header of theirs.
  if (path.startsWith('/v1/messages') || (path.startsWith('/v1/models') && headers['anthropic-version'] !== undefined)) return anthropicErrorForm;
  return path.startsWith('/api/') ? ollamaErrorForm : openaiErrorForm;
}

/** Errors of Fastify itself -> ours. */
export function fromFramework(error: FastifyError): GatewayError {
  switch (error.statusCode) {
    case 413:
      return new GatewayError('too-large', 'The request body is larger than this gateway accepts (limits.body in gateway.yaml).');
    case 415:
      return new GatewayError('unsupported-media', 'The request body has a content encoding or type that is not supported here.');
    case 404:
      return new GatewayError('not-found', 'There is no such route.');
    case 429:
      return new GatewayError('rate-limited', error.message);
    default:
      if (error.statusCode !== undefined && error.statusCode < 500) {
        return new GatewayError('invalid-request', error.message, { cause: error, status: error.statusCode });
      }
      return GatewayError.from(error);
  }
}

/** Headers that tell an SDK whether and when to try again. */
export function retryHeaders(error: GatewayError): Record<string, string> {
  const headers: Record<string, string> = {};
  const { retryAfterMs } = error.details;
  const tellWhen = error.status === 429 || error.status === 503;
  if (tellWhen) headers['retry-after'] = String(Math.max(1, Math.min(60, Math.ceil((retryAfterMs ?? 1_000) / 1000))));
  // SDKs repeat every 5xx by themselves; the gateway has already tried what could help.
  if (error.status >= 500) headers['x-should-retry'] = tellWhen && error.details.useless !== true ? 'true' : 'false';
  return headers;
}

export function sendError(reply: FastifyReply, error: GatewayError): FastifyReply {
  return reply
    .code(error.status)
    .headers(retryHeaders(error))
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorForm(reply.request.url, reply.request.headers)(error, reply.request.id)));
}

/** Errors the router raises before any hook runs (a target that cannot be decoded, a parameter that is too long). */
export const frameworkErrors = (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void => void sendError(reply, fromFramework(error));

export default fp(
  (app: FastifyInstance, _options, done) => {
    app.setErrorHandler((thrown: FastifyError, request, reply) => {
      const error = thrown instanceof GatewayError ? thrown : fromFramework(thrown);
      if (error.status >= 500 && error.kind === 'internal') {
        const cause = error.details.cause as Error | undefined;
        const { code } = (cause ?? {}) as { code?: string };
        request.log.error({ requestId: request.id, code, name: cause?.name, stack: cause?.stack }, 'request failed');
      }
      return sendError(reply, error);
    });
    const routes = createRouteTable();
    app.addHook('onRoute', ({ method, url }) => routes.add([method].flat(), url));
    app.setNotFoundHandler((request, reply) => {
      const path = routePath(request.url);
      const allowed = routes.methods(path);
      if (allowed.length > 0) void reply.header('allow', allowed.join(', '));
      // Outside the APIs, in Ollama's words; inside, clients read the form of their API.
      if (!API.test(path)) return plain(reply, allowed.length > 0 ? [405, '405 method not allowed'] : [404, '404 page not found']);
      if (allowed.length > 0) {
        return sendError(
          reply,
          new GatewayError('method-not-allowed', `405 method not allowed: ${request.method} is not possible here; ${allowed.join(', ')} is.`),
        );
      }
      return sendError(
        reply,
        new GatewayError('not-found', `404 page not found: there is no route ${request.method} ${path.slice(0, 200)}. /docs lists all routes.`),
      );
    });
    done();
  },
  { name: 'errors' },
);

const API = /^\/(api|v1|orchestrator|mcp)(\/|$)/;

const plain = (reply: FastifyReply, [status, text]: readonly [number, string]): FastifyReply => reply.code(status).type('text/plain').send(text);

/** Which methods a path has, for the Allow header of a 405; the router itself tells only whether one method matches. */
function createRouteTable() {
  const routes: { readonly methods: readonly string[]; readonly parts: readonly string[] }[] = [];
  const matches = (parts: readonly string[], asked: readonly string[]): boolean => {
    const open = parts.at(-1) === '*';
    if (open ? asked.length < parts.length : asked.length !== parts.length) return false;
    return parts.every((part, index) => part === '*' || (part.startsWith(':') && asked[index] !== '') || part === asked[index]);
  };
  return {
    add: (methods: readonly string[], url: string): void => void routes.push({ methods, parts: routePath(url).split('/') }),
    methods(path: string): string[] {
      const asked = path.split('/');
      return [...new Set(routes.filter(({ parts }) => matches(parts, asked)).flatMap(({ methods }) => methods))].sort();
    },
  };
}
