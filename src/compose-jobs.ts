import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createReport } from '../plugins/report.ts';
import type { Budgets } from './access/budget.ts';
import type { Keyring } from './access/keyring.ts';
import type { Config } from './config.ts';
import { GatewayError } from './core/errors.ts';
import { formatRef } from './core/model.ts';
import type { Observer } from './core/observation.ts';
import type { Rates } from './core/rates.ts';
import type { Dialect } from './dialects/dialect.ts';
import { openaiChat } from './dialects/openai/chat.ts';
import { openaiCompletions } from './dialects/openai/completions.ts';
import { decodeEmbedding, encodeEmbedding } from './dialects/openai/embeddings.ts';
import { openaiError } from './dialects/openai/error.ts';
import { openaiResponses } from './dialects/openai/responses.ts';
import { createResponseMemory } from './dialects/openai/responses-memory.ts';
import type { Caller, Gateway } from './gateway.ts';
import type { BatchExchange } from './jobs/batch-exchange.ts';
import { type BatchJobs, createBatchJobs } from './jobs/batch-jobs.ts';
import { createPace } from './jobs/batch-pace.ts';
import type { LineAnswer, LineGateway } from './jobs/batch-run.ts';
import { createSlots } from './jobs/batch-slots.ts';
import type { Metrics } from './metrics/metrics.ts';
import { estimateTokens, wantedTokens } from './policy/needs.ts';
import type { State } from './state/state.ts';
import { createCollector } from './stream/collect.ts';

/** How often files past their expiry are deleted, ms. */
const SWEEP_MS = 600_000;

const DIALECTS: Readonly<Record<string, Dialect>> = {
  '/v1/chat/completions': openaiChat,
  '/v1/completions': openaiCompletions,
  '/v1/responses': openaiResponses,
};

/** Batch work: lines of `/v1/batches` through the same gateway as everybody's requests, after them. */
export function composeJobs(options: {
  readonly config: Config;
  readonly state: State;
  /** One worker carries out batches. */
  readonly lead: boolean;
  readonly gateway: Gateway;
  readonly budgets: Budgets;
  readonly rates: Rates;
  readonly keyring: Keyring;
  /** Other gateways that work at the same batches. */
  readonly exchange: BatchExchange;
  readonly metrics: Metrics;
  readonly observe: Observer;
  readonly log: Logger;
  /** Epoch ms, with fractions. */
  readonly now: () => number;
}): BatchJobs & { close(): Promise<void> } {
  const { state, gateway, budgets, keyring, log, now } = options;
  const memory = createResponseMemory(state.responses);

  /** Who a batch runs for, as the keys stand now: what was revoked or taken away since counts. */
  const callerOf = (owner: string): Caller => {
    if (!owner.startsWith('key_')) return { tenant: owner, role: 'user', allowed: () => true };
    const key = keyring.byId(owner);
    if (key === undefined) throw new GatewayError('unauthorized', 'The key that made this batch was revoked.');
    const allowed = new Set(key.allowedModels.map((name) => name.toLowerCase()));
    const may: Caller['allowed'] = (ref) => allowed.size === 0 || allowed.has(ref.model.toLowerCase()) || allowed.has(formatRef(ref).toLowerCase());
    return { tenant: owner, key, role: key.role, allowed: may };
  };

  const embed = async (body: unknown, caller: Caller, requestId: string, signal: AbortSignal): Promise<LineAnswer> => {
    const decoded = decodeEmbedding(body);
    const result = await budgets.around(caller.key, estimateTokens(decoded.request.input.join(' ')), () =>
      gateway.embed(decoded.request, caller, signal, requestId),
    );
    return {
      status: 200,
      body: encodeEmbedding(result, decoded),
      ...(result.inputTokens !== undefined && { inputTokens: result.inputTokens }),
    };
  };

  const answer = async (dialect: Dialect, body: unknown, caller: Caller, requestId: string, signal: AbortSignal): Promise<LineAnswer> => {
    const remembers = dialect === openaiResponses;
    const decoded = remembers ? await memory.decode(body, caller.tenant) : dialect.decode(body);
    const report = createReport(options, requestId, 'batch', caller.key?.id);
    try {
      const plan = await gateway.plan(decoded.request, caller, requestId);
      report.planned(plan);
      if (caller.key !== undefined) report.reserved(await budgets.reserve(caller.key, ...wantedTokens(decoded.request)));
      const begun = await gateway.run(decoded.request, plan, {
        requestId,
        signal,
        tenant: caller.tenant,
        background: true,
        buffered: true,
        cache: { read: true, write: true },
        allowed: caller.allowed,
      });
      report.begun(begun);
      const collector = createCollector(begun.served?.model ?? '');
      for await (const events of begun.events) {
        for (const event of events) {
          collector.add(event);
          report.event(event);
        }
      }
      const results = collector.results();
      const whole = dialect.encode(results, {
        id: requestId,
        now,
        model: decoded.request.model,
        startedAt: now(),
        request: decoded.request,
        includeUsage: false,
        ...(decoded.echo !== undefined && { echo: decoded.echo }),
      });
      if (remembers) await memory.keep(whole, decoded, caller.tenant).catch(() => undefined);
      report.finished();
      return {
        status: 200,
        body: whole,
        inputTokens: results[0]?.usage.inputTokens ?? 0,
        outputTokens: results.reduce((sum, { usage }) => sum + (usage.outputTokens ?? 0), 0),
      };
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      report.failed(error);
      const cause = error.details.cause as Error | undefined;
      if (error.kind === 'internal') log.error({ name: cause?.name, stack: cause?.stack }, 'batch line failed');
      throw error;
    }
  };

  const lines: LineGateway = {
    async run(batch, body, requestId, signal) {
      const caller = callerOf(batch.owner);
      const dialect = DIALECTS[batch.endpoint];
      return dialect === undefined ? embed(body, caller, requestId, signal) : answer(dialect, body, caller, requestId, signal);
    },
    fail: openaiError,
  };

  const { batch_concurrency: concurrency, rate: general } = options.config.limits;
  const whole = (): number => Math.floor(now());
  const sleep = async (ms: number, signal: AbortSignal): Promise<void> => void (await delay(ms, undefined, { signal }));
  const jobs = createBatchJobs({
    state,
    gateway: lines,
    slots: createSlots(concurrency),
    concurrency,
    exchange: options.exchange,
    createId: randomUUID,
    pace: createPace({
      rates: options.rates,
      rateOf: (owner) => keyring.byId(owner)?.rate ?? (general.enabled ? { requests: general.requests, windowMs: general.window * 1000 } : undefined),
      now: whole,
      sleep,
    }),
    now: whole,
    sleep,
    log,
  });
  const sweep = (): void =>
    void state.files
      .deleteExpired(Math.floor(now()))
      .catch((error: unknown) => log.warn({ kind: GatewayError.from(error).kind }, 'expired files could not be deleted'));
  if (options.lead) sweep();
  const timer = setInterval(() => options.lead && sweep(), SWEEP_MS);
  return {
    ...jobs,
    async close() {
      clearInterval(timer);
      await jobs.close();
    },
  };
}

export type Jobs = ReturnType<typeof composeJobs>;
