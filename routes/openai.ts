import type { FastifyInstance } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';
import { openaiChat } from '../src/dialects/openai/chat.ts';
import { toModelEntry } from '../src/dialects/openai/models.ts';

export default async function openai(app: FastifyInstance): Promise<void> {
  const { services } = app;
  app.post('/v1/chat/completions', { config: { dialect: openaiChat } }, app.answer);

  app.get('/v1/models', (request) => ({ object: 'list', data: services.catalogue.list(request.caller).map(toModelEntry) }));
  app.get<{ Params: { '*': string } }>('/v1/models/*', (request) => {
    const name = request.params['*'];
    const found = services.catalogue.describe(name, request.caller);
    if (found === undefined) throw new GatewayError('model-not-found', `model '${name}' not found.`, { param: 'model' });
    return toModelEntry({ ...found, name });
  });
}
