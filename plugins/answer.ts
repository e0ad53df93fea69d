import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Services } from '../src/compose.ts';
import type { ChatEvent, ChatRequest } from '../src/core/chat.ts';
import { GatewayError } from '../src/core/errors.ts';
import type { Answer, RunContext } from '../src/core/execute.ts';
import type { RoutePlan } from '../src/core/plan.ts';
import type { Decoded, Dialect, EncodeContext, Memory } from '../src/dialects/dialect.ts';
import { wantedTokens } from '../src/policy/needs.ts';
import { ascii } from '../src/policy/policy.ts';
import { createCollector } from '../src/stream/collect.ts';
import { parseJson } from '../src/stream/json.ts';
import { cacheControl, countTokens, encodeContext, sendJson } from './answer-encode.ts';
import { answerHeaders } from './answer-headers.ts';
import { callSignal, deadlineMs } from './call-signal.ts';
import { sendError } from './errors.ts';
import { createRepeats, type Told } from './repeats.ts';
import { createReport, type Report } from './report.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Handler of every chat route: decodes by the route's dialect, plans, runs, and writes the answer. */
    answer: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
    /** Tokens of a request's prompt, estimated. */
    countTokens: (request: ChatRequest) => number;
  }
  interface FastifyContextConfig {
    /** What a chat route remembers between calls, where its API does. */
    memory?: Memory;
  }
}

interface Begun {
  readonly plan: RoutePlan;
  readonly answer: Answer;
}

export default fp(
  (app: FastifyInstance, _options, done) => {
    const { services } = app;
    const repeats = createRepeats(services);

    app.decorate('countTokens', countTokens);
    app.decorate('answer', async (request: FastifyRequest, reply: FastifyReply) => {
      const { dialect, memory } = request.routeOptions.config as { readonly dialect: Dialect; readonly memory?: Memory };
      const repeated = memory === undefined ? repeats.answer(request, reply, dialect) : undefined;
      if (repeated !== undefined) return repeated;
      const body = (dialect.parse ?? parseJson)(request.body as Buffer);
      const decoded = memory === undefined ? dialect.decode(body) : await memory.decode(body, request.caller.tenant);
      if (decoded.warning !== undefined) void reply.header('x-orchestrator-warning', ascii(decoded.warning));
      // An answer that could not be kept (a full disk) is still an answer.
      const keep = async (whole: object): Promise<void> =>
        memory
          ?.keep(whole, decoded, request.caller.tenant)
          .catch((error: unknown) => request.log.warn({ requestId: request.id, code: GatewayError.from(error).kind }, 'an answer could not be kept'));
      const context = encodeContext(request.id, decoded, services.now);
      if (dialect.loaded !== undefined && isLoad(decoded)) return load(decoded, dialect, context, request, services);
      const report = createReport(services, request.id, dialect.name, request.caller.key?.id);
      request.counted = true;
      const { total_ms } = services.config().server;
      const ms = deadlineMs(request.headers, total_ms);
      const { signal, dispose } = callSignal(reply, ms, services.closing);
      const deadlineAt = ms < total_ms ? services.now() + ms : undefined;
      reply.raw.once('close', dispose);
      try {
        const begin = async (): Promise<Begun> => {
          const plan = await services.gateway.plan(decoded.request, request.caller, request.id);
          report.planned(plan);
          const { key } = request.caller;
          if (key !== undefined) report.reserved(await services.budgets.reserve(key, ...wantedTokens(decoded.request)));
          const answer = await services.gateway.run(decoded.request, plan, runContext(request, decoded, signal, deadlineAt));
          report.begun(answer);
          return { plan, answer };
        };
        const withTrace = (answer: Answer): EncodeContext =>
          wantsTrace(decoded) && answer.trace !== undefined ? { ...context, trace: answer.trace } : context;
        if (!decoded.stream) {
          const told = await sendWhole(await begin(), decoded, dialect, withTrace, keep, reply, report);
          if (memory === undefined && decoded.warning === undefined) repeats.remember(request, told);
          return reply;
        }
        return await sendStream(begin(), dialect, withTrace, keep, context, reply, report, services.config().server.heartbeat_ms);
      } catch (thrown) {
        const error = GatewayError.from(thrown);
        report.failed(error);
        if (error.kind === 'client-closed') return reply.hijack();
        throw error;
      }
    });
    done();
  },
  { name: 'answer', dependencies: ['gateway', 'errors', 'refusals'] },
);

const isLoad = ({ request }: Decoded): boolean => request.messages.length === 0 && (request.completion?.prompt ?? '') === '';

const wantsTrace = ({ request }: Decoded): boolean => request.extra['orchestrator'] !== undefined && request.extra['orchestrator'] !== false;

/** An empty request loads the model, or with keep_alive 0 unloads it: one plain object, even when a stream was asked for. */
async function load(decoded: Decoded, dialect: Dialect, context: EncodeContext, request: FastifyRequest, services: Services): Promise<unknown> {
  const { model, keepAliveS, contextWindow } = decoded.request;
  await services.management.load(model, keepAliveS, request.caller, contextWindow);
  return dialect.loaded?.(context, keepAliveS === 0 ? 'unload' : 'load');
}

function runContext(request: FastifyRequest, decoded: Decoded, signal: AbortSignal, deadlineAt: number | undefined): RunContext {
  return {
    requestId: request.id,
    signal,
    ...(deadlineAt !== undefined && { deadlineAt }),
    tenant: request.caller.tenant,
    background: false,
    buffered: !decoded.stream,
    cache: cacheControl(request.headers),
    allowed: request.caller.allowed,
    ...(typeof request.headers['idempotency-key'] === 'string' && { idempotencyKey: request.headers['idempotency-key'].slice(0, 256) }),
  };
}

async function sendWhole(
  { plan, answer }: Begun,
  decoded: Decoded,
  dialect: Dialect,
  withTrace: (answer: Answer) => EncodeContext,
  keep: (whole: object) => Promise<void>,
  reply: FastifyReply,
  report: Report,
): Promise<Told> {
  const collector = createCollector(answer.served?.model ?? '');
  const events: ChatEvent[] = [];
  for await (const batch of answer.events) {
    for (const event of batch) {
      collector.add(event);
      report.event(event);
      events.push(event);
    }
  }
  const results = collector.results();
  const whole = dialect.encode(results, withTrace(answer));
  await keep(whole);
  const body = JSON.stringify(whole);
  report.finished();
  const headers = answerHeaders(plan, answer);
  sendJson(reply, headers, body);
  return { dialect, decoded, plan, answer, events, results, headers };
}

async function sendStream(
  beginning: Promise<Begun>,
  dialect: Dialect,
  withTrace: (answer: Answer) => EncodeContext,
  keep: (whole: object) => Promise<void>,
  context: EncodeContext,
  reply: FastifyReply,
  report: Report,
  heartbeatMs: number,
): Promise<FastifyReply> {
  const { raw } = reply;
  const commit = (headers: Record<string, string>): void => {
    if (raw.headersSent) return;
    reply.hijack();
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      ...headers,
      'content-type': dialect.streamType,
      'cache-control': 'no-cache, no-store',
      'x-accel-buffering': 'no',
    });
  };
  // A long silence (a cold load, a model that thinks) is bridged by comments, where the format has them.
  const { heartbeat } = dialect;
  let silent = true;
  const timer =
    heartbeat === undefined || heartbeatMs === 0
      ? undefined
      : setInterval(() => {
          commit({ connection: 'keep-alive' });
          if (silent && !raw.writableNeedDrain) raw.write(heartbeat);
          silent = true;
        }, heartbeatMs);
  let encoder = dialect.frames(context);
  try {
    const { plan, answer } = await beginning;
    encoder = dialect.frames(withTrace(answer));
    commit(answerHeaders(plan, answer));
    for await (const batch of answer.events) {
      let frames = '';
      for (const event of batch) {
        frames += encoder.event(event);
        report.event(event);
      }
      // Events without a frame (a call that is held back) are silence to the client.
      if (frames === '') continue;
      silent = false;
      if (!raw.write(frames)) await drained(raw);
    }
    const last = encoder.end();
    if (encoder.answer !== undefined) await keep(encoder.answer());
    report.finished();
    raw.end(last);
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    report.failed(error);
    if (!raw.headersSent) {
      if (error.kind === 'client-closed') return reply.hijack();
      return sendError(reply, error);
    }
    if (!raw.destroyed) raw.end(encoder.fail(error));
  } finally {
    clearInterval(timer);
  }
  return reply;
}

/** Resolves when the client has read enough to go on, or has left. */
const drained = (raw: FastifyReply['raw']): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      raw.off('drain', go);
      raw.off('close', go);
      resolve();
    };
    if (raw.destroyed) resolve();
    else raw.once('drain', go).once('close', go);
  });
