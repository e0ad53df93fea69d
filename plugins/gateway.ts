import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Services } from '../src/compose.ts';
import type { Dialect } from '../src/dialects/dialect.ts';
import type { Caller } from '../src/gateway.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Everything compose() built. */
    services: Services;
  }
  interface FastifyRequest {
    /** Who asks; set before any handler runs. */
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** The shape a chat route speaks. */
    dialect?: Dialect;
    /** Who may call a route; 'user' when nothing is said. */
    access?: 'public' | 'user' | 'admin';
  }
}

/** Makes the composed services known to routes, and says who asks. */
export default fp(
  (app: FastifyInstance, { services }: { services: Services }, done) => {
    app.decorate('services', services);
    app.decorateRequest('caller');
    app.addHook('onRequest', (request, _reply, next) => {
      request.caller = { tenant: request.ip, allowed: () => true };
      next();
    });
    done();
  },
  { name: 'gateway' },
);
