import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';

/**
 * Bodies are read as bytes and parsed where they are understood. The content type is not looked at: Ollama's clients send JSON
 * as form data, as text, or without any type.
 */
export default fp(
  (app: FastifyInstance, _options, done) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, next) => {
      const encoding = request.headers['content-encoding'];
      if (encoding !== undefined && encoding !== 'identity' && encoding !== 'zstd') {
        next(new GatewayError('unsupported-media', `Request bodies encoded as '${encoding.slice(0, 20)}' are not supported; send them plain or as zstd.`));
        return;
      }
      next(null, body);
    });
    done();
  },
  { name: 'body' },
);
