import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';
import { toModelEntry as toAnthropicEntry, toModelPage } from '../src/dialects/anthropic/models.ts';
import { openaiChat } from '../src/dialects/openai/chat.ts';
import { openaiCompletions } from '../src/dialects/openai/completions.ts';
import { decodeEmbedding, encodeEmbedding } from '../src/dialects/openai/embeddings.ts';
import { toModelEntry } from '../src/dialects/openai/models.ts';
import { parseJson } from '../src/stream/json.ts';

export default async function openai(app: FastifyInstance): Promise<void> {
  const { services } = app;
  app.post('/v1/chat/completions', { config: { dialect: openaiChat, zstd: true } }, app.answer);
  app.post('/v1/completions', { config: { dialect: openaiCompletions, zstd: true } }, app.answer);
  app.post('/v1/embeddings', { config: { zstd: true, operation: 'embeddings' } }, async (request, reply) => {
    const decoded = decodeEmbedding(parseJson(request.body as Buffer));
    return encodeEmbedding(await app.embed(request, reply, decoded.request), decoded);
  });

  // Anthropic's clients ask under the same path; a header of theirs tells them apart.
  const fromAnthropic = (request: { readonly headers: FastifyRequest['headers'] }): boolean => request.headers['anthropic-version'] !== undefined;
  app.get('/v1/models', (request) => {
    const models = services.catalogue.list(request.caller);
    return fromAnthropic(request) ? toModelPage(models) : { object: 'list', data: models.map(toModelEntry) };
  });
  app.get<{ Params: { '*': string } }>('/v1/models/*', (request) => {
    const name = request.params['*'];
    const found = services.catalogue.describe(name, request.caller);
    if (found === undefined) throw new GatewayError('model-not-found', `model '${name}' not found.`, { param: 'model' });
    return fromAnthropic(request) ? toAnthropicEntry({ ...found, name }) : toModelEntry({ ...found, name });
  });
}
