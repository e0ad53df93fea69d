import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { type Budgets, createBudgets } from './access/budget.ts';
import { createKeyring, type Keyring } from './access/keyring.ts';
import type { AnswerCache } from './cache/cache.ts';
import { type Catalogue, createCatalogue, lowestVersion } from './catalogue.ts';
import { composeBenchmarks } from './compose-benchmarks.ts';
import { composeCache } from './compose-cache.ts';
import { composeClassifier } from './compose-classifier.ts';
import { composeEmbedded, type DownloadProgress } from './compose-embedded.ts';
import { composeJobs, type Jobs } from './compose-jobs.ts';
import { composeLearning, type Learning } from './compose-learning.ts';
import { composePrivacy } from './compose-privacy.ts';
import { composeProviders, type Upstream } from './compose-providers.ts';
import { composeSettings, type Settings } from './compose-settings.ts';
import { composeShared } from './compose-shared.ts';
import { composeStrategies, type Strategies } from './compose-strategies.ts';
import type { Config } from './config.ts';
import { GatewayError } from './core/errors.ts';
import type { ModelRef } from './core/model.ts';
import type { Observation, Observer } from './core/observation.ts';
import type { RoutePlan } from './core/plan.ts';
import { createExecute } from './execution/execute.ts';
import { createRetryBudget, type RetryBudget } from './execution/retry-budget.ts';
import { createGateway, type Gateway, type Rules } from './gateway.ts';
import { createDecisions, type DecisionRecord, type Decisions } from './learning/decisions.ts';
import { createManagement, type Management } from './management.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { createRequestLog } from './metrics/request-log.ts';
import { fitRequest } from './policy/fit.ts';
import { createFleet, type Fleet } from './profiles/fleet.ts';
import { reviveLost } from './profiles/revive.ts';
import { defaultEntries } from './providers-default.ts';
import { openState } from './state/open-state.ts';
import type { State } from './state/state.ts';
import type { SharedStore } from './state-shared/redis.ts';

export interface Readiness {
  readonly ready: boolean;
  /** What is missing, in words for a person. */
  readonly missing: readonly string[];
  readonly providers: ReturnType<Fleet['providers']>;
}

/** Everything the HTTP side needs; built once by compose(). */
export interface Services {
  readonly config: () => Config;
  readonly gateway: Gateway;
  readonly fleet: Fleet;
  readonly cache: AnswerCache;
  /** What gateways with the same Redis have in common; absent without one. */
  readonly shared: SharedStore | undefined;
  readonly metrics: Metrics;
  /** The latest decisions, newest first. */
  decisions(limit: number, keyId?: string): readonly DecisionRecord[];
  /** Tells of decisions as they are made and end; the result stops it. */
  watchDecisions: Decisions['subscribe'];
  readonly learning: Learning;
  /** What people set for models, file and edits. */
  readonly settings: Settings;
  readonly keyring: Keyring;
  readonly budgets: Budgets;
  /** Batches at work. */
  readonly jobs: Jobs;
  /** True when only this machine can reach the gateway. */
  readonly loopback: boolean;
  /** What must not be forgotten. */
  readonly state: State;
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
  readonly stateDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly now: () => number;
  readonly random: () => number;
  /** Progress of a download, for whoever shows it. */
  readonly progress?: (event: DownloadProgress) => void;
}

/** The only constructor: configuration in, a running gateway out. */
export async function compose(options: ComposeOptions): Promise<Services> {
  const { log, now } = options;
  const config = options.config;
  const closing = new AbortController();
  const observers: Observer[] = [];
  const observe = (observation: Observation): void => {
    for (const observer of observers) observer(observation);
  };

  // What is stored counts in whole milliseconds.
  const epochMs = (): number => Math.floor(now());
  const state = await openState({ directory: options.stateDirectory, log, now: epochMs });
  const keyring = await createKeyring({ keys: state.keys, kv: state.kv, now: epochMs, randomBytes });
  const budgets = createBudgets({ keys: state.keys, now: epochMs, onError: (error) => log.error({ err: error }, 'token count could not be stored') });
  const entries = config.providers ?? (await defaultEntries(options.env));
  const embedded = composeEmbedded({ ...options, signal: closing.signal, changed: (provider) => void fleet.refresh(provider) });
  const { upstreams, health } = composeProviders({ config, entries, build: embedded.build, observe, now });

  const changed = (): void => fleet.invalidate();
  const benchmarks = await composeBenchmarks({ config, state, log, changed });
  const learning = await composeLearning({ config: () => config, benchmarks: benchmarks.table, state, log, now: epochMs, changed });
  const settings = await composeSettings({ config, state, benchmarks: benchmarks.table, changed });
  const fleet: Fleet = createFleet({
    members: [...upstreams.values()].map(({ member }) => member),
    preferences: settings.preferences,
    stats: learning.stats,
    coolingUntil: health.coolingUntil,
    timeoutMs: config.discovery.timeout_ms,
    onChange: (change) => log.info(change, 'models changed'),
  });

  const rules = (): Rules => ({
    mapping: config.routing.task_model_mapping,
    override: config.routing.priority_override,
    balance: config.routing.balance,
    ensemble: { ...config.routing.ensemble, judge: config.routing.ensemble.judge },
    exploration: config.routing.learning ? config.routing.exploration : 0,
    aliases: config.aliases,
    tasks: [...new Set([...Object.keys(config.routing.keywords), ...Object.keys(config.routing.examples)])],
    workflows: strategies.workflows.map(({ name }) => name),
  });

  const shared = composeShared({ config, log, now, closing: closing.signal });
  const cache = composeCache({ config, fleet, observe, shared });

  const retryBudgets = new Map<string, RetryBudget>();
  const budgetOf = (target: ModelRef): RetryBudget => {
    const known = retryBudgets.get(target.model) ?? createRetryBudget(now);
    retryBudgets.set(target.model, known);
    return known;
  };
  const providerOf = (ref: ModelRef): Upstream => {
    const upstream = upstreams.get(ref.provider);
    if (upstream === undefined) throw new GatewayError('unavailable', `The provider '${ref.provider}' is gone.`, { target: ref.provider });
    return upstream;
  };
  const privacy = composePrivacy({
    config,
    secretKey: randomBytes(32),
    isRemote: ({ provider }) => upstreams.get(provider)?.member.remote ?? true,
    log,
  });
  const call = privacy.wrap((target, request, context, signal) => {
    if (!context.allowed(target)) throw new GatewayError('forbidden', `This key may not use the model '${target.model}'.`, { code: 'model_not_allowed' });
    const { requestId, tenant, background, buffered } = context;
    const asked = fitRequest(request, target, fleet.profile(target)?.facts);
    return providerOf(target).provider.chat({ model: target.model, request: asked, signal, requestId, tenant, background, buffered });
  });

  const strategies = composeStrategies({
    config,
    call,
    fleet,
    now,
    random: options.random,
    route: (request, { tenant, allowed }) => targetOf(gateway.choose(request, { tenant, allowed, role: 'user' })),
  });
  const execute = createExecute({ call, strategies: strategies.run, budgetOf, maxCalls: config.limits.calls_per_request });

  const metrics = createMetrics({
    providers: () => fleet.providers().map(({ name, reachable }) => ({ name, reachable, ...(upstreams.get(name)?.gauge ?? { inFlight: 0, queued: 0 }) })),
    cooling: () => fleet.profiles().map(({ ref, coolingUntil }) => ({ ...ref, open: coolingUntil > now() })),
    cache: () => cache.stats(),
  });
  const decisions = createDecisions(now);
  observers.push(metrics.observe, decisions.observe, learning.observe, createRequestLog(log));

  const classifier = await composeClassifier();
  const gateway = createGateway({
    fleet,
    rules,
    classify: classifier.of(config),
    execute: cache.wrap(execute),
    embed: (ref, request, tenant, signal) => {
      const { provider } = providerOf(ref);
      if (provider.embed === undefined) throw new GatewayError('invalid-request', `'${ref.provider}' cannot make embeddings.`, { param: 'model' });
      return provider.embed({ model: ref.model, request: privacy.maskEmbed(ref, request, tenant), signal });
    },
    observe,
    now,
    random: options.random,
  });

  const jobs = composeJobs({ config, state, gateway, budgets, keyring, metrics, observe, log, now });
  const discovered = fleet.refresh().finally(() => void jobs.resume());
  const timers = [
    setInterval(() => void fleet.refresh(), config.discovery.interval_s * 1000),
    // A provider that was unreachable is asked for a sign of life every second, so that it is back within two.
    setInterval(() => void reviveLost(fleet, health, config.discovery.timeout_ms), 1_000),
  ];

  let draining = false;
  return {
    config: () => config,
    gateway,
    fleet,
    cache,
    shared,
    metrics,
    state,
    decisions: decisions.latest,
    watchDecisions: decisions.subscribe,
    learning,
    settings,
    keyring,
    budgets,
    jobs,
    loopback: /^(127\.|::1$|localhost$)/.test(options.host),
    observe,
    log,
    now,
    closing: closing.signal,
    discovered,
    compare: strategies.compare,
    catalogue: createCatalogue(fleet, gateway, now()),
    version: () => lowestVersion(fleet.providers().flatMap(({ version }) => version ?? [])),
    management: createManagement({ fleet, gateway, policy: config.discovery.management, closing: closing.signal }),
    readiness() {
      const providers = fleet.providers();
      const missing = [...embedded.missing()];
      if (draining) missing.push('The gateway is shutting down.');
      if (providers.length === 0) missing.push('No provider is configured.');
      for (const { name, reachable, error } of providers)
        if (!reachable) missing.push(`Provider '${name}' cannot be reached${error === undefined ? '' : `: ${error}`}`);
      if (fleet.profiles().length === 0) missing.push('No model is available.');
      return { ready: !draining && fleet.profiles().some(({ coolingUntil }) => coolingUntil <= now()), missing, providers };
    },
    drain: () => {
      draining = true;
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      closing.abort();
      await jobs.close();
      await Promise.all([...upstreams.values()].map(({ provider }) => provider.close().catch(() => undefined)));
      await learning.close();
      await state.close();
    },
  };
}

/** The model that answers a plan, or that leads it. */
function targetOf({ strategy, candidates }: RoutePlan): ModelRef {
  const target = strategy.kind === 'single' ? strategy.target : candidates[0]?.ref;
  if (target === undefined) throw new GatewayError('unavailable', 'No model can answer now.');
  return target;
}
