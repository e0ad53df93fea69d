import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';
import { decodeCopy, decodeCreation, decodeNamed } from '../src/dialects/ollama/manage.ts';
import { parseDigest } from '../src/dialects/ollama/names.ts';
import { parseFirst } from '../src/stream/json.ts';

/** Pull, push, create, copy, delete and blobs: calls that change what the Ollama hosts hold. */
export default async function ollamaModels(app: FastifyInstance): Promise<void> {
  const { management } = app.services;
  const config = { access: 'admin' } as const;

  /** Refuses a name in Ollama's words unless it can be that of a real model. */
  const manageable = (name: string, words: string): void => {
    if (management.nameKind(name) !== 'model') throw new GatewayError('invalid-request', words, { param: 'model' });
  };

  app.post('/api/pull', { config }, async (request, reply) => {
    const { name, stream, body } = decodeNamed(parseFirst(request.body as Buffer));
    manageable(name, 'invalid model name');
    return app.progress(reply, await management.progress('pull', { bodyOf: () => ({ ...body, model: name }), signal: app.longSignal(reply) }), stream);
  });

  app.post('/api/push', { config }, async (request, reply) => {
    const { name, stream, body } = decodeNamed(parseFirst(request.body as Buffer));
    if (name === '') throw new GatewayError('invalid-request', 'model is required', { param: 'model' });
    manageable(name, 'invalid model name');
    const call = { existing: name, bodyOf: (model: string) => ({ ...body, model }), signal: app.longSignal(reply) };
    return app.progress(reply, await management.progress('push', call), stream);
  });

  app.post('/api/create', { config }, async (request, reply) => {
    const sent = parseFirst(request.body as Buffer);
    manageable(decodeNamed(sent).name, 'invalid model name');
    const { name, from, stream, body } = decodeCreation(sent);
    if (from !== undefined) manageable(from, 'invalid model name');
    const call = {
      ...(from !== undefined && { existing: from }),
      bodyOf: (model: string) => ({ ...body, model: name, ...(from !== undefined && { from: model }) }),
      signal: app.longSignal(reply),
    };
    return app.progress(reply, await management.progress('create', call), stream);
  });

  app.post('/api/copy', { config }, async (request, reply) => {
    const { source, destination } = decodeCopy(parseFirst(request.body as Buffer));
    manageable(source, `source ${JSON.stringify(source)} is invalid`);
    manageable(destination, `destination ${JSON.stringify(destination)} is invalid`);
    await management.once('copy', { existing: source, bodyOf: (model) => ({ source: model, destination }), signal: app.longSignal(reply) });
    return reply.send();
  });

  app.delete('/api/delete', { config }, async (request, reply) => {
    const { name, body } = decodeNamed(parseFirst((request.body as Buffer | undefined) ?? Buffer.alloc(0)));
    if (name === '') throw new GatewayError('invalid-request', 'model is required', { param: 'model' });
    manageable(name, `name ${JSON.stringify(name)} is invalid`);
    await management.once('delete', { existing: name, bodyOf: (model) => ({ ...body, model }), signal: app.longSignal(reply) });
    return reply.send();
  });

  await app.register(async (scope) => {
    // Clients label the raw file as JSON; here nothing is parsed or kept, however long it is.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    const digestOf = (request: FastifyRequest): string => {
      const digest = parseDigest((request.params as { digest: string }).digest);
      if (digest === undefined) throw new GatewayError('invalid-request', 'invalid digest format', { param: 'digest' });
      return digest;
    };

    scope.head('/api/blobs/:digest', { config }, async (request, reply) => {
      const digest = digestOf(request);
      return reply.code((await management.hasBlob(digest, app.longSignal(reply))) ? 200 : 404).send();
    });
    scope.post('/api/blobs/:digest', { config: { ...config, upload: true } }, async (request, reply: FastifyReply) => {
      const digest = digestOf(request);
      const length = Number(request.headers['content-length']);
      const status = await management.putBlob(digest, piecesOf(request.raw), Number.isSafeInteger(length) ? length : undefined, app.longSignal(reply));
      await drained(request.raw);
      return reply.code(status).send();
    });
  });
}

/** The body in pieces as they come. Stopping early leaves the connection open for the answer. */
const piecesOf = (raw: IncomingMessage): AsyncIterable<Uint8Array> => raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;

/** What the host did not want any more is read to its end: many clients look for the answer only then, and the connection can be used again. */
const drained = (raw: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    if (raw.readableEnded || raw.destroyed) return resolve();
    raw.once('end', resolve).once('close', resolve).resume();
  });
