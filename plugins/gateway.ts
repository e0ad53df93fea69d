import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Services } from '../src/compose.ts';
import type { Dialect } from '../src/dialects/dialect.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Everything compose() built. */
    services: Services;
  }
  interface FastifyContextConfig {
    /** The shape a chat route speaks. */
    dialect?: Dialect;
  }
}

/** Makes the composed services known to plugins and routes. */
export default fp(
  (app: FastifyInstance, { services }: { services: Services }, done) => {
    app.decorate('services', services);
    done();
  },
  { name: 'gateway' },
);
