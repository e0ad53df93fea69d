import type { Logger } from 'pino';
import type { AnswerCache } from './cache/cache.ts';
import { type Catalogue, createCatalogue, lowestVersion } from './catalogue.ts';
import { alone, type Cluster } from './cluster.ts';
import { type Access, composeAccess } from './compose-access.ts';
import { composeBenchmarks } from './compose-benchmarks.ts';
import { composeCache } from './compose-cache.ts';
import { composeCall } from './compose-call.ts';
import { composeClassifier } from './compose-classifier.ts';
import { composeCli } from './compose-cli.ts';
import { composeDecisions } from './compose-decisions.ts';
import { composeEmbedded, type DownloadProgress } from './compose-embedded.ts';
import { composeFleet, type FleetCare } from './compose-fleet.ts';
import { composeJobs, type Jobs } from './compose-jobs.ts';
import { composeLearning, type Learning } from './compose-learning.ts';
import { composeLive, type Live } from './compose-live.ts';
import { linesOf } from './compose-log.ts';
import { composeOpinion } from './compose-opinion.ts';
import { composeProbe, type Probe } from './compose-probe.ts';
import { type BuildProvider, composeProviders } from './compose-providers.ts';
import { composeSchedules, type FleetJobs } from './compose-schedule.ts';
import { composeSettings, type Settings } from './compose-settings.ts';
import { composeShared } from './compose-shared.ts';
import { composeStrategies, type Strategies, targetOf } from './compose-strategies.ts';
import { composeTracing } from './compose-tracing.ts';
import type { Config } from './config.ts';
import type { ModelRef } from './core/model.ts';
import type { Observation, Observer } from './core/observation.ts';
import type { Provider } from './core/provider.ts';
import { createExecute } from './execution/execute.ts';
import { createRetryBudget, type RetryBudget } from './execution/retry-budget.ts';
import { type Caller, createGateway, type Gateway } from './gateway.ts';
import type { DecisionRecord, Decisions } from './learning/decisions.ts';
import { createManagement, type Management } from './management.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { createRequestLog } from './metrics/request-log.ts';
import { resolveName } from './policy/names.ts';
import type { Fleet } from './profiles/fleet.ts';
import { defaultEntries } from './providers-default.ts';
import { type Readiness, readinessOf } from './readiness.ts';
import type { State } from './state/state.ts';
import type { SharedStore } from './state-shared/redis.ts';
import type { Tracing } from './tracing/otlp.ts';

/** Everything the HTTP side needs; built once by compose(). */
export interface Services extends Access {
  /** The workers this one belongs to. */
  readonly cluster: Cluster;
  readonly config: () => Config;
  readonly gateway: Gateway;
  readonly fleet: Fleet;
  /** What the fleet lives on: log of changes, the machine it stands on. */
  readonly care: Pick<FleetCare, 'changes' | 'machine'>;
  /** The rules, and how to change them while running. */
  readonly live: Pick<Live, 'reload' | 'routing' | 'putRouting' | 'rules'>;
  readonly schedules: Pick<FleetJobs, 'list' | 'run'>;
  /** Measures a model while nothing else runs. */
  readonly probe: Probe;
  readonly cache: AnswerCache;
  /** What gateways with the same Redis have in common; absent without one. */
  readonly shared: SharedStore | undefined;
  readonly metrics: Metrics;
  /** Spans for an OpenTelemetry collector; absent without one. */
  readonly tracing: Tracing | undefined;
  /** The latest decisions, newest first. */
  decisions(limit: number, keyId?: string): readonly DecisionRecord[];
  /** Tells of decisions as they are made and end; the result stops it. */
  watchDecisions: Decisions['subscribe'];
  readonly learning: Learning;
  /** What people set for models, file and edits. */
  readonly settings: Settings;
  /** Batches at work. */
  readonly jobs: Jobs;
  /** True when only this machine can reach the gateway. */
  readonly loopback: boolean;
  /** What must not be forgotten. */
  readonly state: State;
  /** Engines of this process, for the other workers. */
  readonly embedded: (name: string) => Provider | undefined;
  readonly observe: Observer;
  readonly log: Logger;
  /** Epoch ms, with fractions. */
  readonly now: () => number;
  /** Fires when open answers must end. */
  readonly closing: AbortSignal;
  readonly catalogue: Catalogue;
  /** The same request to several models, side by side. */
  readonly compare: Strategies['compare'];
  /** The version clients are told: the lowest of the Ollama hosts, since clients switch features on by it. */
  version(): string;
  /** Calls that change what the Ollama hosts hold, and loading and unloading anywhere. */
  readonly management: Management;
  readiness(): Readiness;
  /** Resolves after the first look at every provider. */
  readonly discovered: Promise<void>;
  /** Stops accepting work: /readyz turns 503. */
  drain(): void;
  close(): Promise<void>;
}

export interface ComposeOptions {
  /** Where the gateway will listen. */
  readonly host: string;
  readonly config: Config;
  /** Reads the configuration anew, for a reload. */
  readonly loadConfig?: () => Promise<Config>;
  readonly stateDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly now: () => number;
  readonly random: () => number;
  /** The workers of this host; without, this process is the gateway. */
  readonly cluster?: Cluster;
  /** Progress of a download, for whoever shows it. */
  readonly progress?: (event: DownloadProgress) => void;
}

/** The only constructor: configuration in, a running gateway out. */
export async function compose(options: ComposeOptions): Promise<Services> {
  const { log, now } = options;
  const config = options.config;
  const cluster = options.cluster ?? alone();
  const closing = new AbortController();
  const observers: Observer[] = [];
  const observe = (observation: Observation): void => {
    for (const observer of observers) observer(observation);
  };

  // What is stored counts in whole milliseconds.
  const epochMs = (): number => Math.floor(now());
  const own = await cluster.openState({ directory: options.stateDirectory, log, now: epochMs });
  const shared = await composeShared({ config, state: own, cluster, log, now: epochMs, closing: closing.signal });
  const access = await composeAccess({ state: own, shared, cluster, env: options.env, log, now: epochMs });
  const { keyring, budgets, rates } = access;
  const { state, exchange } = shared.work(keyring, () => jobs);
  const entries = config.providers ?? (await defaultEntries(options.env));
  // What lies ready on the disk, models and what was learned of them, may be reported before the fleet stands.
  const standing = Promise.withResolvers<Fleet>();
  const modelsCame = (provider: string): void => void standing.promise.then((whole) => whole.refresh(provider));
  const embedded = composeEmbedded({ ...options, cluster, signal: closing.signal, changed: modelsCame });
  const cli = composeCli(options.env);
  const build: BuildProvider = (entry) => embedded.build(entry) ?? cli(entry);
  const upstreams = composeProviders({ config, entries, build, observe, now, random: options.random, cluster });

  let current = (): Config => config;
  const changed = (): void => void standing.promise.then((whole) => whole.invalidate());
  const benchmarks = await composeBenchmarks({ config, state, cluster, log, changed });
  const learning = await composeLearning({ config: () => current(), benchmarks: benchmarks.table, state, cluster, shared, log, now: epochMs, changed });
  const settings = await composeSettings({ config, state, cluster, benchmarks: benchmarks.table, changed });
  const { preferences } = settings;
  const care = await composeFleet({ config, upstreams, preferences, stats: learning.stats, preparing: embedded.preparing, state, cluster, log, now: epochMs });
  const { fleet } = care;
  standing.resolve(fleet);

  const cache = composeCache({ config, fleet, observe, shared: shared.common, cluster });

  const retryBudgets = new Map<string, RetryBudget>();
  const budgetOf = (target: ModelRef): RetryBudget => {
    const known = retryBudgets.get(target.model) ?? createRetryBudget(now);
    retryBudgets.set(target.model, known);
    return known;
  };
  const tracing = await composeTracing({ config, env: options.env, log, now });
  const { call, embed } = composeCall({ config, upstreams, fleet, tracing, secret: cluster.secret, log });

  const classifier = await composeClassifier();
  const live: Live = await composeLive({
    config,
    load: options.loadConfig,
    state,
    cluster,
    log,
    classifier,
    strategies: (wanted) =>
      composeStrategies({
        config: wanted,
        call,
        fleet,
        now,
        random: options.random,
        route: (request, { tenant, allowed }) => targetOf(gateway.choose(request, { tenant, allowed, role: 'user' })),
        embed: (input, { tenant, allowed, requestId }, signal) =>
          gateway.embed({ model: 'auto', input, extra: {}, dialect: 'orchestrator' }, { tenant, allowed, role: 'user' }, signal, requestId),
        observe,
      }),
    memoryBytes: care.memoryBytes,
    resolve: (name, rules) => resolveName(name, { ...rules, profiles: fleet.profiles() }),
    changed: (wanted) => {
      settings.reload(wanted);
      benchmarks.reload(wanted);
    },
    // Without a list the providers were found at the start, and stay.
    replaceProviders: async (wanted) => {
      if (wanted !== undefined) await upstreams.replace(wanted, fleet.add);
      fleet.keep([...upstreams.current.keys()]);
    },
  });
  current = live.config;
  const execute = createExecute({
    call,
    strategies: (...run) => live.strategies().run(...run),
    budgetOf,
    maxCalls: config.limits.calls_per_request,
  });

  const metrics = createMetrics({
    providers: () =>
      fleet.providers().map(({ name, reachable }) => ({ name, reachable, ...(upstreams.current.get(name)?.gauge ?? { inFlight: 0, queued: 0 }) })),
    cooling: () => fleet.profiles().map(({ ref, coolingUntil }) => ({ ...ref, open: coolingUntil > now() })),
    cache: () => cache.stats(),
  });
  const decisions = composeDecisions({ now, cluster });
  if (tracing !== undefined) observers.push(tracing.observe);
  observers.push(metrics.observe, decisions.observe, learning.observe, createRequestLog(log, linesOf(log), now));

  const gateway = createGateway({
    fleet,
    rules: live.rules,
    classify: live.classify,
    secondOpinion: composeOpinion({ config: live.config, call, resolve: (name) => gateway.resolve(name), log }),
    execute: cache.wrap(execute),
    embed,
    observe,
    now,
    random: options.random,
    turns: cluster.turns,
  });

  const jobs = composeJobs({ config, state, lead: cluster.lead, gateway, budgets, rates, keyring, exchange, metrics, observe, log, now });
  const management = createManagement({ fleet, gateway, policy: config.discovery.management, closing: closing.signal });
  const everybody: Caller = { tenant: 'gateway', role: 'admin', allowed: () => true };
  const load = (model: string): Promise<void> => management.load(model, undefined, everybody);
  const schedules = await composeSchedules({
    config: cluster.lead ? config : { ...config, schedules: [] },
    fleet,
    upstreams: upstreams.current,
    cache,
    benchmarks,
    load,
    state,
    log,
    now: epochMs,
    closing: closing.signal,
  });
  observers.push(schedules.observe);
  if (cluster.lead) void care.discovered.finally(() => void Promise.all([jobs.resume(), schedules.warmUp(config.warmup)]));

  shared.keepUp(learning, keyring);
  cluster.onAsk('metrics', () => metrics.snapshot());
  let draining = false;
  return {
    ...access,
    cluster,
    config: live.config,
    gateway,
    fleet,
    care,
    live,
    schedules,
    probe: composeProbe({ gateway, upstreams: upstreams.current, now, closing: closing.signal }),
    cache,
    shared: shared.store,
    metrics,
    tracing,
    state,
    decisions: decisions.latest,
    watchDecisions: decisions.subscribe,
    learning,
    settings,
    jobs,
    embedded: embedded.provider,
    loopback: /^(127\.|::1$|localhost$)/.test(options.host),
    observe,
    log,
    now,
    closing: closing.signal,
    discovered: care.discovered,
    compare: (...asked) => live.strategies().compare(...asked),
    catalogue: createCatalogue(fleet, gateway, now()),
    version: () => lowestVersion(fleet.providers().flatMap(({ version }) => version ?? [])),
    management,
    readiness: () => readinessOf(fleet, embedded.missing(), draining, now()),
    drain: () => {
      draining = true;
    },
    async close() {
      schedules.close();
      closing.abort();
      await jobs.close();
      await upstreams.close();
      await Promise.all([learning.close(), tracing?.close()]);
      await care.close();
      await state.close();
    },
  };
}
