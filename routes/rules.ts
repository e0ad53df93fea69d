import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { GatewayError } from '../src/core/errors.ts';
import { parseBody } from '../src/dialects/fields.ts';
import { parseJson } from '../src/stream/json.ts';

const limitSchema = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) });

/** Routing rules, the configuration they belong to, scheduled jobs: what an admin changes while the gateway runs. */
export default async function rules(app: FastifyInstance): Promise<void> {
  const { services } = app;
  const { live, schedules, care } = services;
  const admin = { config: { access: 'admin' as const } };

  app.get('/orchestrator/rules', admin, () => live.routing());
  app.put('/orchestrator/rules', admin, async (request) => {
    await refusing(live.putRouting(parseJson(request.body as Buffer)));
    return live.routing();
  });
  app.post('/orchestrator/reload', admin, async () => {
    await refusing(live.reload());
    services.cluster.tell('reload', true);
    return { reloaded: true, ...live.routing() };
  });
  app.get('/orchestrator/schedules', admin, () => ({ schedules: schedules.list() }));
  app.post<{ Params: { name: string } }>('/orchestrator/schedules/:name/run', admin, async (request) => {
    const result = await schedules.run(request.params.name);
    if (result === undefined) {
      const names = schedules.list().map(({ name }) => name);
      throw new GatewayError('not-found', `There is no schedule '${request.params.name}'${names.length > 0 ? `; there are ${names.join(', ')}` : ''}.`, {
        param: 'name',
      });
    }
    return { name: request.params.name, ...result };
  });
  app.get('/orchestrator/changes', admin, (request) => ({ changes: care.changes(parseBody(limitSchema, request.query).limit) }));
}

/** What is wrong with a configuration is the client's to mend. */
async function refusing(change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (error instanceof Error && error.name === 'ConfigError') {
      throw new GatewayError('invalid-request', error.message, {
        code: 'invalid_configuration',
        param: /^[\w.]+: ([\w.]+):/.exec(error.message)?.[1] ?? 'rules',
      });
    }
    throw error;
  }
}
