import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';
import { decodeFilePage, decodeUpload, fileNotFound, MAX_BATCH_BYTES, toFileObject, toPage } from '../src/dialects/openai/files.ts';

type ById = FastifyRequest<{ Params: { id: string } }>;

/** What a form may hold beside its one file; the file itself is bounded by the store. */
const LIMITS = { files: 1, fields: 20, parts: 21, fieldNameSize: 100, fieldSize: 4_096, headerPairs: 50, fileSize: Number.POSITIVE_INFINITY };

/** OpenAI's files: streamed to the state store, each seen by its owner only. */
export default async function files(app: FastifyInstance): Promise<void> {
  const { state, now } = app.services;
  // Only here: other routes read JSON whatever the header says, as Ollama does.
  await app.register(multipart, { limits: LIMITS });

  const own = async (id: string, owner: string) => {
    const file = await state.files.get(id);
    if (file === undefined || file.owner !== owner || (file.expiresAt ?? Infinity) <= now()) throw fileNotFound(id);
    return file;
  };

  app.post('/v1/files', async (request) => {
    if (!request.isMultipart()) throw new GatewayError('invalid-request', 'A file is uploaded as multipart/form-data with the parts `purpose` and `file`.');
    const fields: Record<string, string> = {};
    const parts = request.parts({ limits: LIMITS });
    let filename: string | undefined;
    let found = false;

    // Fields may come before the file or after it: SDKs send them in the order their caller wrote them.
    async function* content(): AsyncGenerator<Uint8Array> {
      let bytes = 0;
      for await (const part of parts) {
        if (part.type === 'field') {
          fields[part.fieldname] = String(part.value);
          continue;
        }
        if (part.fieldname !== 'file') throw new GatewayError('invalid-request', "The part with the file must be called 'file'.", { param: 'file' });
        found = true;
        filename = part.filename;
        for await (const chunk of part.file) {
          bytes += (chunk as Buffer).length;
          if (fields['purpose'] === 'batch' && bytes > MAX_BATCH_BYTES) break;
          yield chunk as Buffer;
        }
      }
      if (!found) throw new GatewayError('invalid-request', "The part 'file' is missing.", { param: 'file' });
      if (fields['purpose'] === 'batch' && bytes > MAX_BATCH_BYTES) {
        throw new GatewayError('too-large', `A batch file holds at most ${MAX_BATCH_BYTES >> 20} MiB.`, { param: 'file' });
      }
    }
    const owner = request.caller.tenant;
    try {
      return toFileObject(await state.files.create(() => ({ owner, ...decodeUpload(fields, filename, Math.floor(now())) }), content()));
    } catch (error) {
      // The form reader throws plain errors for what a client got wrong; the store never does.
      const plain = error instanceof Error && !(error instanceof GatewayError) && !('statusCode' in error);
      throw plain ? new GatewayError('invalid-request', `The form cannot be read: ${error.message.slice(0, 200)}.`, { cause: error }) : error;
    }
  });

  app.get('/v1/files', async (request) => {
    const { items, hasMore } = await state.files.list({ ...decodeFilePage(request.query), owner: request.caller.tenant });
    return toPage(items, hasMore, toFileObject);
  });

  app.get('/v1/files/:id', async ({ params, caller }: ById) => toFileObject(await own(params.id, caller.tenant)));

  app.get('/v1/files/:id/content', async (request: ById, reply) => {
    const file = await own(request.params.id, request.caller.tenant);
    // Never shown by a browser as what its bytes claim to be.
    return reply
      .headers({
        'content-type': 'application/octet-stream',
        'content-length': file.bytes,
        'x-content-type-options': 'nosniff',
        'content-disposition': 'attachment',
      })
      .send(Readable.from(state.files.content(file.id)));
  });

  app.delete('/v1/files/:id', async ({ params, caller }: ById) => {
    const { id } = await own(params.id, caller.tenant);
    if (!(await state.files.delete(id))) throw fileNotFound(id);
    return { id, object: 'file', deleted: true };
  });
}
