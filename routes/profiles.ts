import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { GatewayError } from '../src/core/errors.ts';
import { BUILT_IN_TASKS } from '../src/core/model.ts';
import { parseBody } from '../src/dialects/fields.ts';
import { toProfileEntry } from '../src/dialects/orchestrator/profiles.ts';
import { findUnknown, settingsSchema } from '../src/dialects/orchestrator/settings.ts';
import { parseJson } from '../src/stream/json.ts';

const probeSchema = z.strictObject({ rounds: z.number().int().min(1).max(4).optional() });
const patchSchema = z.looseObject({ model: z.string().min(1).max(512) });

/** How old the list of loaded models may be when somebody reads it. */
const LOADED_MS = 4_000;

/** Profiles: what is known, set and measured of every model. */
export default async function profiles(app: FastifyInstance): Promise<void> {
  const { services } = app;
  const { fleet, gateway, settings } = services;
  const admin = { config: { access: 'admin' as const } };

  /** What is in memory changes between two looks at the providers; whoever reads again in a moment gets it fresh. */
  let lookedAt = 0;
  const lookAtLoaded = (): void => {
    if (services.now() - lookedAt < LOADED_MS) return;
    lookedAt = services.now();
    for (const { name, reachable } of fleet.providers()) if (reachable) void fleet.refreshLoaded(name).catch(() => undefined);
  };

  const isModel = (name: string): boolean => {
    try {
      return gateway.resolve(name).kind === 'model';
    } catch (error) {
      if (error instanceof GatewayError) return false;
      throw error;
    }
  };

  app.get('/orchestrator/profiles', (request) => {
    lookAtLoaded();
    return {
      profiles: fleet
        .profiles()
        .filter(({ ref }) => request.caller.allowed(ref))
        .map((profile) => ({ ...toProfileEntry(profile, services.now()), prior: services.learning.priors(profile.ref) })),
      providers: fleet.providers(),
    };
  });
  app.patch('/orchestrator/profiles', admin, async (request) => {
    const { model, ...change } = parseBody(patchSchema, parseJson(request.body as Buffer));
    const resolution = gateway.resolve(model);
    if (resolution.kind !== 'model')
      throw new GatewayError('invalid-request', `'${model}' is not a real model; only real ones have a profile.`, { param: 'model' });
    const edit = parseBody(settingsSchema, change);
    const { keywords, examples } = services.live.routing().rules;
    const tasks = [...BUILT_IN_TASKS, ...Object.keys(keywords), ...Object.keys(examples)];
    const problem = findUnknown(edit, tasks, isModel);
    if (problem !== undefined) throw new GatewayError('invalid-request', problem.message, { param: problem.param });
    await settings.edit(model, edit);
    return { profiles: resolution.refs.flatMap((ref) => fleet.profile(ref) ?? []).map((profile) => toProfileEntry(profile, services.now())) };
  });
  app.post<{ Params: { model: string } }>('/orchestrator/profiles/:model/probe', admin, async (request) => {
    const body = request.body as Buffer | undefined;
    const { rounds } = parseBody(probeSchema, body === undefined || body.length === 0 ? {} : parseJson(body));
    return { results: await services.probe(request.params.model, { rounds }, request.caller, services.closing) };
  });
  app.post('/orchestrator/profiles/refresh', admin, async () => {
    await fleet.refresh();
    return { profiles: fleet.profiles().length, providers: fleet.providers() };
  });
}
