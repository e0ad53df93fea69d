import type { FastifyInstance } from 'fastify';

export default async function health(app: FastifyInstance): Promise<void> {
  const { services } = app;
  app.get('/healthz', { config: { access: 'public' } }, () => ({ status: 'ok' }));
  app.get('/readyz', { config: { access: 'public', lead: true } }, (_request, reply) => {
    const { ready, missing, providers } = services.readiness();
    return reply.code(ready ? 200 : 503).send({ ready, missing, providers: providers.map(({ name, reachable, models }) => ({ name, reachable, models })) });
  });
}
