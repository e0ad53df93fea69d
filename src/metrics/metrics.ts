import { AggregatorRegistry, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Observation } from '../core/observation.ts';
import { createCounter, createHistogram } from './series.ts';
import { createStrategyMetrics } from './strategy-metrics.ts';

/** Buckets of OpenTelemetry's GenAI conventions, seconds. */
const DURATION = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const FIRST_TOKEN = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60];
const PER_TOKEN = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144];
const DECISION = [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.1, 1];

/** Numbers read when somebody scrapes. */
export interface Gauges {
  readonly providers: () => readonly { readonly name: string; readonly inFlight: number; readonly queued: number; readonly reachable: boolean }[];
  readonly cooling: () => readonly { readonly model: string; readonly provider: string; readonly open: boolean }[];
  readonly cache: () => { readonly entries: number; readonly bytes: number };
}

/** Prometheus metrics. Label values come from configuration and discovered models only, never from a client's text. */
export function createMetrics(gauges: Gauges) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const duration = createHistogram({
    name: 'gen_ai_server_request_duration_seconds',
    help: 'Time of a whole request.',
    labelNames: ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_response_model', 'error_type'],
    buckets: DURATION,
    registry,
  });
  const firstToken = createHistogram({
    name: 'gen_ai_server_time_to_first_token_seconds',
    help: 'Time from the request to the first content.',
    labelNames: ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_response_model'],
    buckets: FIRST_TOKEN,
    registry,
  });
  const perToken = createHistogram({
    name: 'gen_ai_server_time_per_output_token_seconds',
    help: 'Time between output tokens after the first.',
    labelNames: ['gen_ai_provider_name', 'gen_ai_response_model'],
    buckets: PER_TOKEN,
    registry,
  });
  const tokens = createHistogram({
    name: 'gen_ai_client_token_usage',
    help: 'Tokens of a model call.',
    labelNames: ['gen_ai_provider_name', 'gen_ai_response_model', 'gen_ai_token_type'],
    buckets: TOKENS,
    registry,
  });
  const calls = createCounter({
    name: 'orchestrator_calls_total',
    help: 'Model calls by how they ended.',
    labelNames: ['gen_ai_provider_name', 'gen_ai_response_model', 'outcome'],
    registry,
  });
  const plans = createCounter({ name: 'orchestrator_plans_total', help: 'Decisions.', labelNames: ['strategy', 'task'], registry });
  const decision = createHistogram({ name: 'orchestrator_plan_duration_seconds', help: 'Time of a decision.', buckets: DECISION, registry });
  const cache = createCounter({ name: 'orchestrator_cache_requests_total', help: 'Requests by what the cache did.', labelNames: ['outcome'], registry });
  let inFlight = 0;
  new Gauge({
    name: 'orchestrator_requests_in_flight',
    help: 'Requests being answered.',
    registers,
    collect() {
      this.set(inFlight);
    },
  });

  const onCombined = createStrategyMetrics(registry);

  const provider = ['provider'];
  new Gauge({
    name: 'orchestrator_provider_inflight',
    help: 'Calls running at a provider.',
    labelNames: provider,
    registers,
    collect() {
      for (const item of gauges.providers()) this.set({ provider: item.name }, item.inFlight);
    },
  });
  new Gauge({
    name: 'orchestrator_provider_queued',
    help: 'Calls waiting for a slot at a provider.',
    labelNames: provider,
    registers,
    collect() {
      for (const item of gauges.providers()) this.set({ provider: item.name }, item.queued);
    },
  });
  new Gauge({
    name: 'orchestrator_provider_up',
    help: '1 when the last look at the provider succeeded.',
    aggregator: 'max',
    labelNames: provider,
    registers,
    collect() {
      for (const item of gauges.providers()) this.set({ provider: item.name }, item.reachable ? 1 : 0);
    },
  });
  new Gauge({
    name: 'orchestrator_breaker_open',
    help: '1 while a model is skipped after failures.',
    aggregator: 'max',
    labelNames: ['provider', 'model'],
    registers,
    collect() {
      this.reset();
      for (const item of gauges.cooling()) this.set({ provider: item.provider, model: item.model }, item.open ? 1 : 0);
    },
  });
  new Gauge({
    name: 'orchestrator_cache_entries',
    help: 'Answers kept in memory.',
    registers,
    collect() {
      this.set(gauges.cache().entries);
    },
  });
  new Gauge({
    name: 'orchestrator_cache_bytes',
    help: 'Bytes of the answers kept in memory.',
    registers,
    collect() {
      this.set(gauges.cache().bytes);
    },
  });

  const onCall = (item: Extract<Observation, { type: 'call' }>): void => {
    const { provider: name, model } = item.target;
    calls.inc(name, model, item.outcome);
    const { inputTokens, outputTokens } = item.usage;
    if (inputTokens !== undefined) tokens.observe(inputTokens, name, model, 'input');
    if (outputTokens === undefined) return;
    tokens.observe(outputTokens, name, model, 'output');
    if (item.timeToFirstTokenMs !== undefined && outputTokens > 1) {
      perToken.observe((item.durationMs - item.timeToFirstTokenMs) / 1000 / (outputTokens - 1), name, model);
    }
  };

  const onFinished = (item: Extract<Observation, { type: 'finished' }>): void => {
    inFlight -= 1;
    const name = item.target?.provider ?? 'none';
    const model = item.target?.model ?? item.strategy;
    duration.observe(item.durationMs / 1000, item.operation, name, model, item.outcome === 'ok' ? '' : item.outcome);
    if (item.timeToFirstTokenMs !== undefined) firstToken.observe(item.timeToFirstTokenMs / 1000, item.operation, name, model);
  };

  return {
    contentType: registry.contentType,
    /** The text of a scrape; `others` are snapshots of other workers, added up with what is counted here. */
    render: async (others: readonly unknown[] = []): Promise<string> =>
      others.length === 0 ? registry.metrics() : addUp([await registry.getMetricsAsJSON(), ...others]).metrics(),
    /** Everything counted here, for another process to add up. */
    snapshot: (): Promise<unknown> => registry.getMetricsAsJSON(),
    /** A request came in; its end is observed as 'finished'. */
    started: (): void => {
      inFlight += 1;
    },
    observe: (item: Observation): void => {
      switch (item.type) {
        case 'planned':
          plans.inc(item.plan.strategy.kind, item.plan.pinned ? 'pinned' : item.plan.decision.task);
          decision.observe(item.decisionMs / 1000);
          break;
        case 'cache':
          cache.inc(item.outcome);
          break;
        case 'call':
          onCall(item);
          break;
        case 'combined':
          onCombined(item);
          break;
        case 'finished':
          onFinished(item);
          break;
      }
    },
  };
}

const addUp = (snapshots: readonly unknown[]): Registry => AggregatorRegistry.aggregate(snapshots as object[]) as Registry;

/** What processes counted that are gone: sums stay, what they showed of the moment goes. */
export const addUpCounts = async (snapshots: readonly unknown[]): Promise<unknown> => {
  const metrics = await addUp(snapshots).getMetricsAsJSON();
  return metrics.filter(({ type }) => String(type) !== 'gauge');
};

export type Metrics = ReturnType<typeof createMetrics>;
