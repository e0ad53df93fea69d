import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';

/** Largest body after decompression, bytes: as in Ollama, which takes zstd for Codex. */
const MAX_UNPACKED = 20 << 20;

const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+[ \t]*(?:;|$)/;

const decompress = promisify(zstdDecompress);

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True: the body may come compressed with zstd. */
    zstd?: boolean;
  }
}

/**
 * Bodies are read as bytes and parsed where they are understood. The content type is not looked at: Ollama's clients send JSON
 * as form data, as text, or without any type.
 */
export default fp(
  (app: FastifyInstance, _options, done) => {
    app.removeAllContentTypeParsers();
    app.addHook('onRequest', ({ raw: { headers } }, _reply, next) => {
      // A type that is none would be refused before anyone could ignore it.
      if (headers['content-type'] !== undefined && !MEDIA_TYPE.test(headers['content-type'])) headers['content-type'] = 'application/octet-stream';
      next();
    });
    const read = async (request: FastifyRequest, body: Buffer, encoding: string): Promise<Buffer> => {
      const accepted = request.routeOptions.config.zstd === true;
      if (encoding === 'zstd' && accepted) return unpack(body);
      throw new GatewayError(
        'unsupported-media',
        `Request bodies encoded as '${encoding.slice(0, 20)}' are not supported here; send them plain${accepted ? ' or as zstd' : ''}.`,
      );
    };
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (request: FastifyRequest, body: Buffer, parsed: (error: Error | null, body?: Buffer) => void) => {
      const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
      if (encoding === '' || encoding === 'identity') parsed(null, body);
      else read(request, body, encoding).then((plain) => parsed(null, plain), parsed);
    });
    done();
  },
  { name: 'body' },
);

/** Stops unpacking at the limit: a small body may claim to hold gigabytes. */
async function unpack(body: Buffer): Promise<Buffer> {
  try {
    return await decompress(body, { maxOutputLength: MAX_UNPACKED });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new GatewayError('too-large', `The request body is larger than ${MAX_UNPACKED >> 20} MiB once decompressed.`, { cause });
    }
    throw new GatewayError('invalid-request', 'The request body is not valid zstd data.', { cause });
  }
}
