import type { FastifyInstance } from 'fastify';

export default async function metrics(app: FastifyInstance): Promise<void> {
  const { services } = app;
  app.get('/metrics', { config: { access: services.config().auth.public_metrics ? 'public' : 'admin' } }, async (_request, reply) =>
    reply.type(services.metrics.contentType).send(await services.metrics.render(await services.cluster.ask('metrics'))),
  );
}
