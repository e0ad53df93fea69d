import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { EmbedRequest, EmbedResult } from '../src/core/chat.ts';
import { GatewayError } from '../src/core/errors.ts';
import { pullFirst } from '../src/dialects/ollama/error.ts';
import { estimateTokens } from '../src/policy/needs.ts';
import { ascii } from '../src/policy/policy.ts';
import { callSignal, deadlineMs } from './call-signal.ts';
import { createReport } from './report.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Embeds by the gateway, tells headers and metrics who did it. Throws when there is not one vector for each text. */
    embed: (request: FastifyRequest, reply: FastifyReply, asked: EmbedRequest) => Promise<EmbedResult>;
  }
}

/** Embeddings for every face; the routes only decode and encode. */
export default fp(
  (app: FastifyInstance, _options, done) => {
    const { services } = app;
    app.decorate('embed', async (request: FastifyRequest, reply: FastifyReply, asked: EmbedRequest) => {
      const report = createReport(services, request.id, 'embeddings');
      request.counted = true;
      const { signal, dispose } = callSignal(reply, deadlineMs(request.headers, services.config().server.total_ms), services.closing);
      reply.raw.once('close', dispose);
      try {
        const result = await services.budgets.around(request.caller.key, estimateTokens(asked.input.join(' ')), () =>
          services.gateway.embed(asked, request.caller, signal, request.id).catch(pullFirst(asked.model)),
        );
        if (result.vectors.length !== asked.input.length || result.vectors.some((vector) => vector.length === 0)) {
          throw new GatewayError('upstream-failed', `'${result.served.provider}' answered with other embeddings than were asked for.`, {
            target: result.served.provider,
          });
        }
        report.begun({ served: result.served, cache: 'bypass', attempts: 1, events: nothing() });
        report.event({ type: 'finish', reason: 'stop', usage: result.inputTokens === undefined ? {} : { inputTokens: result.inputTokens } });
        report.finished();
        void reply.headers({ 'x-orchestrator-model': ascii(result.served.model), 'x-orchestrator-provider': result.served.provider });
        return result;
      } catch (thrown) {
        const error = GatewayError.from(thrown);
        report.failed(error);
        throw error;
      }
    });
    done();
  },
  { name: 'embed', dependencies: ['gateway', 'errors', 'refusals'] },
);

async function* nothing(): AsyncGenerator<never> {}
