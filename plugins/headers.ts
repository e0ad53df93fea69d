import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** What every answer says: which request it was, that nobody may keep it, and that its type is what it claims to be. */
export default fp(
  (app: FastifyInstance, _options, done) => {
    app.addHook('onRequest', (request, reply, next) => {
      void reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store', vary: 'Authorization, Origin', 'x-content-type-options': 'nosniff' });
      next();
    });
    done();
  },
  { name: 'headers' },
);
