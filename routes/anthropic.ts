import type { FastifyInstance } from 'fastify';
import { decodeCount } from '../src/dialects/anthropic/decode.ts';
import { anthropicMessages } from '../src/dialects/anthropic/messages.ts';
import { parseJson } from '../src/stream/json.ts';

export default async function anthropic(app: FastifyInstance): Promise<void> {
  // Anthropic's clients read the id of a request from a header of their own.
  app.addHook('onRequest', (request, reply, next) => {
    void reply.header('request-id', `req_${request.id}`);
    next();
  });

  app.post('/v1/messages', { config: { dialect: anthropicMessages, zstd: true } }, app.answer);
  app.post('/v1/messages/count_tokens', { config: { zstd: true } }, (request) => ({
    input_tokens: app.countTokens(decodeCount(parseJson(request.body as Buffer))),
  }));
}
