import type { FastifyInstance } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';
import { openaiChat } from '../src/dialects/openai/chat.ts';
import { openaiCompletions } from '../src/dialects/openai/completions.ts';
import { decodeEmbedding, encodeEmbedding } from '../src/dialects/openai/embeddings.ts';
import { toModelEntry } from '../src/dialects/openai/models.ts';
import { parseJson } from '../src/stream/json.ts';

export default async function openai(app: FastifyInstance): Promise<void> {
  const { services } = app;
  app.post('/v1/chat/completions', { config: { dialect: openaiChat, zstd: true } }, app.answer);
  app.post('/v1/completions', { config: { dialect: openaiCompletions, zstd: true } }, app.answer);
  app.post('/v1/embeddings', { config: { zstd: true } }, async (request, reply) => {
    const decoded = decodeEmbedding(parseJson(request.body as Buffer));
    return encodeEmbedding(await app.embed(request, reply, decoded.request), decoded);
  });

  app.get('/v1/models', (request) => ({ object: 'list', data: services.catalogue.list(request.caller).map(toModelEntry) }));
  app.get<{ Params: { '*': string } }>('/v1/models/*', (request) => {
    const name = request.params['*'];
    const found = services.catalogue.describe(name, request.caller);
    if (found === undefined) throw new GatewayError('model-not-found', `model '${name}' not found.`, { param: 'model' });
    return toModelEntry({ ...found, name });
  });
}
