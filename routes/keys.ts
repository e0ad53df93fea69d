import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseBody } from '../src/dialects/fields.ts';
import { parseJson } from '../src/stream/json.ts';

const schema = z.strictObject({
  name: z.string().min(1).max(100),
  role: z.enum(['user', 'admin']).default('user'),
  allowed_models: z.array(z.string().min(1).max(512)).max(1_000).default([]),
  rate: z.strictObject({ requests: z.number().int().min(1), window_s: z.number().positive() }).optional(),
  token_budget: z.number().int().min(1).optional(),
  defaults: z.record(z.string(), z.unknown()).optional(),
});

/** Keys: made once, shown once, revoked at once. Admin only. */
export default async function keys(app: FastifyInstance): Promise<void> {
  const { keyring } = app.services;
  const admin = { config: { access: 'admin' as const } };

  app.get('/orchestrator/keys', admin, async () => ({ keys: await keyring.list() }));
  app.post('/orchestrator/keys', admin, async (request, reply) => {
    const { name, role, allowed_models: allowedModels, rate, token_budget: tokenBudget, defaults } = parseBody(schema, parseJson(request.body as Buffer));
    const made = await keyring.create({
      name,
      role,
      allowedModels,
      ...(rate !== undefined && { rate: { requests: rate.requests, windowMs: rate.window_s * 1000 } }),
      ...(tokenBudget !== undefined && { tokenBudget }),
      ...(defaults !== undefined && { defaults }),
    });
    return reply.code(201).send(made);
  });
  app.delete<{ Params: { id: string } }>('/orchestrator/keys/:id', admin, async (request) => {
    await keyring.revoke(request.params.id);
    return { id: request.params.id, revoked: true };
  });
}
