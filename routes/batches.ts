import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';
import { BATCH_WINDOW_MS, batchNotFound, decodeBatch, toBatchObject } from '../src/dialects/openai/batches.ts';
import { decodeBatchPage, toPage } from '../src/dialects/openai/files.ts';
import { parseJson } from '../src/stream/json.ts';

type ById = FastifyRequest<{ Params: { id: string } }>;

/** OpenAI's batches: thousands of requests in a file, run when nothing interactive waits. Each belongs to the key that made it. */
export default async function batches(app: FastifyInstance): Promise<void> {
  const { state, jobs, now } = app.services;
  const own = async (id: string, owner: string) => {
    const batch = await state.batches.get(id);
    if (batch === undefined || batch.owner !== owner) throw batchNotFound(id);
    return batch;
  };

  app.post('/v1/batches', async (request) => {
    const asked = decodeBatch(parseJson(request.body as Buffer));
    const owner = request.caller.tenant;
    const file = await state.files.get(asked.inputFileId);
    if (file === undefined || file.owner !== owner || (file.expiresAt ?? Infinity) <= now()) {
      throw new GatewayError('invalid-request', `There is no file '${asked.inputFileId}'.`, { param: 'input_file_id', code: 'invalid_input_file' });
    }
    if (file.purpose !== 'batch') {
      throw new GatewayError('invalid-request', `The file '${file.id}' was uploaded with purpose '${file.purpose}'; a batch needs one with purpose 'batch'.`, {
        param: 'input_file_id',
        code: 'invalid_input_file',
      });
    }
    const createdAt = Math.floor(now());
    const batch = await state.batches.create({ ...asked, owner, createdAt, expiresAt: createdAt + BATCH_WINDOW_MS });
    jobs.wake(batch.id);
    return toBatchObject(batch);
  });

  app.get('/v1/batches', async (request) => {
    const { purpose: _purpose, ...page } = decodeBatchPage(request.query);
    const { items, hasMore } = await state.batches.list({ ...page, owner: request.caller.tenant });
    return toPage(items, hasMore, toBatchObject);
  });

  app.get('/v1/batches/:id', async ({ params, caller }: ById) => toBatchObject(await own(params.id, caller.tenant)));

  app.post('/v1/batches/:id/cancel', async ({ params, caller }: ById) => {
    const { id } = await own(params.id, caller.tenant);
    const batch = await state.batches.cancel(id, Math.floor(now()));
    jobs.cancel(id);
    return toBatchObject(batch);
  });
}
