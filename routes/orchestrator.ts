import type { FastifyInstance } from 'fastify';
import { decodePrompt } from '../src/dialects/orchestrator/prompt.ts';
import { toRouteAnswer } from '../src/dialects/orchestrator/route.ts';
import { parseJson } from '../src/stream/json.ts';

export default async function orchestrator(app: FastifyInstance): Promise<void> {
  const { services } = app;
  app.post('/orchestrator/route', async (request) => {
    const { request: asked } = decodePrompt(parseJson(request.body as Buffer));
    return toRouteAnswer(await services.gateway.plan(asked, request.caller, request.id));
  });
}
