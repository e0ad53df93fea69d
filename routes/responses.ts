import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';
import { openaiResponses } from '../src/dialects/openai/responses.ts';
import { createResponseMemory, type KeptResponse, responseNotFound, toItemPage } from '../src/dialects/openai/responses-memory.ts';
import { parseJson } from '../src/stream/json.ts';

type ById = FastifyRequest<{ Params: { id: string }; Querystring: Record<string, unknown> }>;

/** OpenAI's Responses API: answers are kept in the state store, each for its owner only. */
export default async function responses(app: FastifyInstance): Promise<void> {
  const store = app.services.state.responses;
  const memory = createResponseMemory(store);
  const kept = async ({ params, caller }: ById): Promise<KeptResponse> => {
    const found = await store.get(params.id, caller.tenant);
    if (found === undefined) throw responseNotFound(params.id);
    return found;
  };

  app.post('/v1/responses', { config: { dialect: openaiResponses, memory, zstd: true } }, app.answer);

  app.post('/v1/responses/input_tokens', { config: { zstd: true } }, async (request) => {
    const body = { model: 'auto', ...(parseJson(request.body as Buffer) as object) };
    const { request: asked } = await memory.decode(body, request.caller.tenant);
    return { object: 'response.input_tokens', input_tokens: app.countTokens(asked) };
  });

  app.get('/v1/responses/:id', async (request: ById) => {
    if (request.query['stream'] === 'true')
      throw new GatewayError('invalid-request', 'A kept response cannot be streamed; ask for it whole.', { param: 'stream' });
    return (await kept(request)).body;
  });
  app.delete('/v1/responses/:id', async (request: ById) => {
    const { id } = request.params;
    if (!(await store.delete(id, request.caller.tenant))) throw responseNotFound(id);
    return { id, object: 'response', deleted: true };
  });
  app.get('/v1/responses/:id/input_items', async (request: ById) => toItemPage((await kept(request)).inputItems, request.query));
  // Every answer here is complete before anyone can name it.
  app.post('/v1/responses/:id/cancel', async (request: ById) => {
    const { body } = await kept(request);
    throw new GatewayError('invalid-request', `Cannot cancel a response that is ${String((body as { status?: unknown }).status)}.`);
  });
}
