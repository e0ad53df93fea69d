import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EmbedRequest } from '../src/core/chat.ts';
import { GatewayError } from '../src/core/errors.ts';
import { ollamaChat } from '../src/dialects/ollama/chat.ts';
import { decodeEmbed, decodeEmbeddings, encodeEmbed } from '../src/dialects/ollama/embed.ts';
import { pullFirst } from '../src/dialects/ollama/error.ts';
import { ollamaGenerate } from '../src/dialects/ollama/generate.ts';
import { decodeNamed } from '../src/dialects/ollama/manage.ts';
import { toRunning, toTag } from '../src/dialects/ollama/models.ts';
import { parseFirst } from '../src/stream/json.ts';
import account from './ollama-account.ts';
import models from './ollama-models.ts';
import show from './ollama-show.ts';

/** Ollama's own API. */
export default async function ollama(app: FastifyInstance): Promise<void> {
  const { services } = app;
  const { catalogue } = services;

  app.get('/', { config: { access: 'public' } }, (request, reply) => {
    void reply.header('vary', 'Accept, Authorization, Origin');
    // Browsers ask for HTML by name, clients of Ollama do not.
    if (/\btext\/html\b/.test(request.headers.accept ?? '')) return reply.redirect('/ui', 302);
    return reply.type('text/plain; charset=utf-8').send('Ollama is running');
  });
  app.get('/api/version', () => ({ version: services.version() }));
  app.get('/api/tags', (request) => ({ models: catalogue.list(request.caller).map(toTag) }));
  app.get('/api/ps', async ({ caller }) => ({ models: (await catalogue.running(caller)).map(({ loaded, model }) => toRunning(loaded, model)) }));

  app.post('/api/chat', { config: { dialect: ollamaChat } }, (request, reply) =>
    rendersOnly(request) ? render('/api/chat', request, reply) : app.answer(request, reply),
  );
  app.post('/api/generate', { config: { dialect: ollamaGenerate } }, (request, reply) =>
    rendersOnly(request) ? render('/api/generate', request, reply) : app.answer(request, reply),
  );

  app.post('/api/embed', { config: { operation: 'embeddings' } }, async (request, reply) => {
    const asked = decodeEmbed(parseFirst(request.body as Buffer));
    return encodeEmbed(asked, asked.input.length === 0 ? await load(asked, request) : await app.embed(request, reply, asked));
  });
  app.post('/api/embeddings', { config: { operation: 'embeddings' } }, async (request, reply) => {
    const asked = decodeEmbeddings(parseFirst(request.body as Buffer));
    const { vectors } = asked.input.length === 0 ? await load(asked, request) : await app.embed(request, reply, asked);
    return { embedding: vectors[0] ?? [] };
  });

  await app.register(show);
  await app.register(models);
  await app.register(account);

  const load = async (asked: EmbedRequest, { caller }: FastifyRequest): Promise<{ vectors: [] }> => {
    await services.management.load(asked.model, asked.keepAliveS, caller).catch(pullFirst(asked.model));
    return { vectors: [] };
  };

  /** The prompt as the model's template renders it; only its own Ollama host can tell. */
  const render = async (path: '/api/chat' | '/api/generate', request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { name, body } = decodeNamed(parseFirst(request.body as Buffer));
    const answer = await services.management.ask(path, name, (model) => ({ ...body, model, stream: false }), request.caller, app.longSignal(reply));
    if (answer === undefined) throw new GatewayError('invalid-request', `"${name}" cannot show its prompt: no Ollama host serves it`, { param: 'model' });
    return app.relay(reply, answer);
  };
}

const RENDER_ONLY = Buffer.from('"_debug_render_only"');

/** Asked of the bytes, since the flag is rare and the body may be long. */
function rendersOnly({ body }: FastifyRequest): boolean {
  if (!(body instanceof Buffer) || body.indexOf(RENDER_ONLY) === -1) return false;
  const parsed = parseFirst(body);
  return typeof parsed === 'object' && parsed !== null && '_debug_render_only' in parsed && parsed._debug_render_only === true;
}
