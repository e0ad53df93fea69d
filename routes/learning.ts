import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseBody } from '../src/dialects/fields.ts';
import { parseJson } from '../src/stream/json.ts';

const feedbackSchema = z.strictObject({ id: z.string().min(1).max(200), rating: z.number().int().min(1).max(5), comment: z.string().max(4_000).optional() });
const resetSchema = z.strictObject({ task: z.string().min(1).max(40).optional() });
const freezeSchema = z.strictObject({ frozen: z.boolean() });
const count = z.number().int().min(0);
const importSchema = z.strictObject({
  mode: z.enum(['replace', 'merge']).default('merge'),
  origin: z.string().min(1).max(64).exactOptional(),
  learned: z
    .array(
      z.strictObject({
        task: z.string().min(1).max(40),
        model: z.string().min(1).max(600),
        answers: count,
        qualitySum: z.number().min(0),
        qualitySquares: z.number().min(0),
        secondsSum: z.number().min(0),
        scoreSum: z.number().min(0),
        ratings: count,
        ratingSum: z.number().min(0),
        at: count,
      }),
    )
    .max(100_000),
  ratings: z
    .array(
      z.strictObject({
        task: z.string().min(1).max(40),
        model: z.string().min(1).max(600),
        rating: z.number().int().min(1).max(5),
        keyId: z.string().max(100).exactOptional(),
        at: count,
      }),
    )
    .max(100_000)
    .default([]),
});

/** What was learned, and what people say about answers. */
export default async function learning(app: FastifyInstance): Promise<void> {
  const { services } = app;
  const { learning: learner } = services;
  const admin = { config: { access: 'admin' as const } };

  app.post('/orchestrator/feedback', async (request) => {
    const vote = parseBody(feedbackSchema, parseJson(request.body as Buffer));
    const { comment, ...rest } = vote;
    const { task, model, taskRatings } = await learner.rate({ ...rest, ...(comment !== undefined && { comment }) }, request.caller);
    return { id: vote.id, task, model, task_ratings: taskRatings };
  });
  app.get('/orchestrator/stats', admin, async () => {
    const others = (await services.cluster.ask('cache')) as ReturnType<typeof services.cache.stats>[];
    const sum = (name: keyof (typeof others)[number]): number => [services.cache.stats(), ...others].reduce((all, stats) => all + stats[name], 0);
    return { ...learner.table(), cache: { entries: sum('entries'), bytes: sum('bytes'), hits: sum('hits'), misses: sum('misses') } };
  });
  app.get('/orchestrator/learning/export', admin, () => learner.export());
  app.post('/orchestrator/learning/import', admin, async (request) => {
    const { mode, ...state } = parseBody(importSchema, parseJson(request.body as Buffer));
    await learner.import(state, mode);
    return { imported: state.learned.length, mode };
  });
  app.post('/orchestrator/learning/reset', admin, async (request) => {
    const body = request.body as Buffer | undefined;
    const { task } = parseBody(resetSchema, body === undefined || body.length === 0 ? {} : parseJson(body));
    await learner.reset(task);
    return { reset: task ?? 'all' };
  });
  app.post('/orchestrator/learning/freeze', admin, async (request) => {
    const { frozen } = parseBody(freezeSchema, parseJson(request.body as Buffer));
    await learner.freeze(frozen);
    return { frozen };
  });
}
