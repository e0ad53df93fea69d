import type { FastifyInstance } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';

/** Routes of ollama.com accounts, which a gateway of one's own models has none of; answered as Ollama does with its cloud turned off. */
export default async function ollamaAccount(app: FastifyInstance): Promise<void> {
  app.get('/api/status', () => ({ cloud: { disabled: true, source: 'config' } }));
  app.post('/api/me', (_request, reply) => reply.code(401).send({ error: 'unauthorized' }));
  app.post('/api/signout', (_request, reply) => reply.type('application/json; charset=utf-8').send('null'));
  app.delete('/api/user/keys/:encodedKey', (_request, reply) => reply.type('application/json; charset=utf-8').send('null'));

  const refuse = (what: string) => (): never => {
    throw new GatewayError('forbidden', `ollama cloud is disabled: ${what} is unavailable`, { code: 'cloud_disabled' });
  };
  app.post('/api/experimental/web_search', refuse('web search'));
  app.post('/api/experimental/web_fetch', refuse('web fetch'));
  app.get('/api/experimental/model-recommendations', () => ({ recommendations: [] }));
}
