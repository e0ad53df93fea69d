import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';
import { fromFramework } from './errors.ts';
import { createReport } from './report.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** True once a report counts the request. */
    counted: boolean;
  }
  interface FastifyContextConfig {
    /** What metrics call a route that asks models without a dialect. */
    operation?: string;
  }
}

/** Requests to models that were refused before anything was decided (no key, too many, a body that cannot be read) are counted too. */
export default fp(
  (app: FastifyInstance, _options, done) => {
    const { services } = app;
    app.decorateRequest('counted', false);
    app.addHook('onError', (request, _reply, error, next) => {
      const { dialect, operation = dialect?.name } = request.routeOptions.config ?? {};
      if (operation !== undefined && !request.counted) {
        createReport(services, request.id, operation).failed(error instanceof GatewayError ? error : fromFramework(error));
      }
      next();
    });
    done();
  },
  { name: 'refusals', dependencies: ['gateway', 'errors'] },
);
