import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import answer from '../plugins/answer.ts';
import auth from '../plugins/auth.ts';
import body from '../plugins/body.ts';
import bodyClock from '../plugins/body-clock.ts';
import compare from '../plugins/compare.ts';
import concurrency from '../plugins/concurrency.ts';
import drain from '../plugins/drain.ts';
import embed from '../plugins/embed.ts';
import errors, { frameworkErrors } from '../plugins/errors.ts';
import gateway from '../plugins/gateway.ts';
import headers from '../plugins/headers.ts';
import lead from '../plugins/lead.ts';
import native from '../plugins/native.ts';
import origin from '../plugins/origin.ts';
import rateLimit from '../plugins/rate-limit.ts';
import refusals from '../plugins/refusals.ts';
import tracing from '../plugins/tracing.ts';
import transcribe from '../plugins/transcribe.ts';
import anthropic from '../routes/anthropic.ts';
import audio from '../routes/audio.ts';
import batches from '../routes/batches.ts';
import docs from '../routes/docs.ts';
import files from '../routes/files.ts';
import health from '../routes/health.ts';
import keys from '../routes/keys.ts';
import learning from '../routes/learning.ts';
import live from '../routes/live.ts';
import mcp from '../routes/mcp.ts';
import metrics from '../routes/metrics.ts';
import ollama from '../routes/ollama.ts';
import openai from '../routes/openai.ts';
import orchestrator from '../routes/orchestrator.ts';
import profiles from '../routes/profiles.ts';
import responses from '../routes/responses.ts';
import rules from '../routes/rules.ts';
import ui from '../routes/ui.ts';
import type { Services } from './compose.ts';

/** The whole house, in reading order: what every request passes, then what answers it. */
export async function createApp(services: Services): Promise<FastifyInstance> {
  const { server, limits } = services.config();
  const app = Fastify({
    loggerInstance: services.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger of its own for every request would cost more than its line; lines name the request themselves.
    childLoggerFactory: (logger) => logger,
    genReqId: () => randomUUID(),
    bodyLimit: limits.body,
    frameworkErrors,
    // Bodies have a clock of their own (plugins/body-clock.ts), since uploads of models take hours.
    requestTimeout: 0,
    keepAliveTimeout: server.keep_alive_ms,
    forceCloseConnections: 'idle',
    trustProxy: server.trust_proxy.length > 0 ? server.trust_proxy : false,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 2_048 },
    // Node looks for connections past their clock only this often.
    http: { headersTimeout: server.headers_ms, maxHeaderSize: 16_384, connectionsCheckingInterval: 1_000 },
  });
  app.server.maxConnections = Math.ceil(server.max_connections / services.cluster.size);

  await app.register(headers);
  await app.register(errors);
  await app.register(drain);
  await app.register(body);
  await app.register(gateway, { services });
  await app.register(lead);
  await app.register(tracing);
  await app.register(refusals);
  await app.register(origin);
  await app.register(auth);
  await app.register(rateLimit);
  await app.register(concurrency);
  await app.register(bodyClock, { ms: server.body_ms });
  await app.register(answer);
  await app.register(compare);
  await app.register(embed);
  await app.register(native);
  await app.register(transcribe);

  await app.register(health);
  await app.register(docs);
  await app.register(ollama);
  await app.register(openai);
  await app.register(responses);
  await app.register(audio);
  await app.register(files);
  await app.register(anthropic);
  await app.register(orchestrator);
  await app.register(ui);
  await app.register(ofTheLead);
  return app;
}

/** What one worker answers for all of them: what is there once, and what an admin changes. */
async function ofTheLead(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, lead: true };
  });
  await app.register(metrics);
  await app.register(batches);
  await app.register(mcp);
  await app.register(profiles);
  await app.register(rules);
  await app.register(learning);
  await app.register(live);
  await app.register(keys);
}
