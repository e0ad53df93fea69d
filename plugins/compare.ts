import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { z } from 'zod';
import { GatewayError } from '../src/core/errors.ts';
import type { ModelRef } from '../src/core/model.ts';
import { parseBody } from '../src/dialects/fields.ts';
import { decodePrompt } from '../src/dialects/orchestrator/prompt.ts';
import { wantedTokens } from '../src/policy/needs.ts';
import { parseJson } from '../src/stream/json.ts';
import { callSignal, deadlineMs } from './call-signal.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Handler of POST /orchestrator/compare: the same request to several models. */
    compare: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  }
}

/** Models compared when the client names none. */
const DEFAULT_MODELS = 4;

const schema = z.looseObject({ models: z.array(z.string().min(1).max(512)).min(1).max(16).optional() });

export default fp(
  (app: FastifyInstance, _options, done) => {
    const { services } = app;

    app.decorate('compare', async (request: FastifyRequest, reply: FastifyReply) => {
      const { models, ...rest } = parseBody(schema, parseJson(request.body as Buffer));
      const { request: asked } = decodePrompt(rest);
      const { signal, dispose } = callSignal(reply, deadlineMs(request.headers, services.config().server.total_ms), services.closing);
      reply.raw.once('close', dispose);
      const { candidates } = services.gateway.choose(asked, request.caller);
      const chosen = models?.map(refOf) ?? candidates.slice(0, DEFAULT_MODELS).map(({ ref }) => ref);
      const refused = chosen.find((ref) => !request.caller.allowed(ref));
      if (refused !== undefined) throw new GatewayError('forbidden', `This key may not use the model '${refused.model}'.`, { code: 'model_not_allowed' });
      const [input, output] = wantedTokens(asked);
      const { key } = request.caller;
      const reservation = key === undefined ? undefined : await services.budgets.reserve(key, input * chosen.length, output, chosen.length);
      let used = 0;
      try {
        const compared = await services.compare(chosen, asked, {
          requestId: request.id,
          signal,
          tenant: request.caller.tenant,
          background: false,
          buffered: true,
          cache: { read: false, write: false },
          allowed: request.caller.allowed,
        });
        used = (compared.usage.inputTokens ?? input * chosen.length) + (compared.usage.outputTokens ?? 0);
        return compared;
      } finally {
        reservation?.settle(used);
      }
    });

    const refOf = (name: string): ModelRef => {
      const resolution = services.gateway.resolve(name);
      const [ref] = resolution.kind === 'model' ? resolution.refs : [];
      if (ref === undefined) throw new GatewayError('invalid-request', `'${name}' is not a real model; compare takes real ones.`, { param: 'models' });
      return ref;
    };
    done();
  },
  { name: 'compare', dependencies: ['gateway', 'auth'] },
);
