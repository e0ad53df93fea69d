import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { GatewayError } from '../src/core/errors.ts';
import { parseBody } from '../src/dialects/fields.ts';
import { ollamaChat } from '../src/dialects/ollama/chat.ts';
import { ollamaGenerate } from '../src/dialects/ollama/generate.ts';
import { displayName, toRunning, toShow, toTag } from '../src/dialects/ollama/models.ts';
import { parseJson } from '../src/stream/json.ts';

const showSchema = z.looseObject({ model: z.string().nullish(), name: z.string().nullish() });

export default async function ollama(app: FastifyInstance): Promise<void> {
  const { services } = app;
  const { catalogue } = services;

  app.get('/', { config: { access: 'public' } }, (_request, reply) => reply.type('text/plain; charset=utf-8').send('Ollama is running'));
  app.get('/api/version', () => ({ version: services.version() }));
  app.post('/api/chat', { config: { dialect: ollamaChat } }, app.answer);
  app.post('/api/generate', { config: { dialect: ollamaGenerate } }, app.answer);

  app.get('/api/tags', (request) => ({ models: catalogue.list(request.caller).map(toTag) }));
  app.get('/api/ps', (request) => ({ models: catalogue.running(request.caller).map(({ loaded, model }) => toRunning(loaded, model)) }));
  app.post('/api/show', (request) => {
    const body = parseBody(showSchema, parseJson(request.body as Buffer));
    const name = body.model || body.name;
    if (!name) throw new GatewayError('invalid-request', 'model is required', { param: 'model' });
    const model = catalogue.describe(name, request.caller);
    if (model === undefined) throw new GatewayError('model-not-found', `model '${displayName(name)}' not found`);
    return toShow(model);
  });
}
