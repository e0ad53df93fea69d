import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** A span for every request that asks for work; registered only where traces are sent. */
export default fp(
  (app: FastifyInstance, _options, done) => {
    const { tracing } = app.services;
    if (tracing !== undefined) {
      app.addHook('onRequest', (request, _reply, next) => {
        if (request.method === 'POST') tracing.begin(request.id, request.method, request.routeOptions.url ?? 'unknown', request.headers);
        next();
      });
      app.addHook('onResponse', (request, reply, next) => {
        tracing.end(request.id, reply.raw.statusCode);
        next();
      });
    }
    done();
  },
  { name: 'tracing', dependencies: ['gateway'] },
);
