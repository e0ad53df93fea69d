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
  app.post('/orchestrator/compare', app.compare);
  app.get<{ Querystring: { limit?: string } }>('/orchestrator/decisions', { config: { access: 'admin' } }, (request) => ({
    decisions: services.decisions(Math.min(500, Math.max(1, Number(request.query.limit) || 50))),
  }));
}
