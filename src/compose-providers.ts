import type { Cluster } from './cluster.ts';
import type { Config } from './config.ts';
import type { Clocks, ProviderConfig } from './config-schema.ts';
import type { ChatRequest } from './core/chat.ts';
import type { Observer } from './core/observation.ts';
import type { Provider } from './core/provider.ts';
import { needsOf } from './policy/needs.ts';
import type { FleetMember } from './profiles/fleet.ts';
import { createHealth, type Health } from './providers/health.ts';
import { createOllamaProvider } from './providers/ollama/provider.ts';
import { createOpenAiProvider } from './providers/openai/provider.ts';
import { withBreaker } from './providers/wraps/breaker.ts';
import { withClocks } from './providers/wraps/clocks.ts';
import { createLimiter, type Gauge } from './providers/wraps/limit.ts';
import { withObserver } from './providers/wraps/observed.ts';
import { ALL_RESIDENT, createResidency } from './providers/wraps/residency.ts';

/** Requests at once where nobody configured it: batched engines take many, Ollama and the embedded engine have few slots. */
const CONCURRENCY: Readonly<Record<ProviderConfig['type'], number>> = { ollama: 8, openai: 256, 'llama-cpp': 8, cli: 4 };

/** How long an upstream may take to say whether it is loading a model, ms. */
const LOADING_MS = 1_000;

export interface Upstream {
  readonly entry: ProviderConfig;
  readonly member: FleetMember;
  /** The provider with its clocks, breaker, slots and observer around it. */
  readonly provider: Provider;
  readonly gauge: Gauge;
}

/** What builds a provider that needs more than this module knows (the embedded engine, command-line tools). */
export type BuildProvider = (entry: ProviderConfig) => Provider | undefined;

export interface Upstreams {
  /** By name, as configured now. */
  readonly current: ReadonlyMap<string, Upstream>;
  readonly health: Health;
  /** Also finds one that was removed a moment ago: plans made before may still name it. */
  find(name: string): Upstream | undefined;
  /**
   * Takes up other entries. An entry that did not change keeps its provider; what is removed finishes its calls and is closed then.
   * Throws before anything changes when one cannot be built. `ready` is awaited before the old ones stop being listed.
   */
  replace(entries: readonly ProviderConfig[], ready: (added: readonly FleetMember[]) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** How long a removed provider still takes calls of plans made before, and how often it is asked whether it is idle, ms. */
const RETIRE_MS = 1_000;

/** Constructs every configured provider and wraps it: observed(limit(breaker(clocks(provider)))). */
export function composeProviders(options: {
  readonly config: Config;
  readonly entries: readonly ProviderConfig[];
  readonly build: BuildProvider;
  readonly observe: Observer;
  readonly now: () => number;
  /** 0-1. */
  readonly random: () => number;
  readonly cluster: Cluster;
}): Upstreams {
  const { config, cluster, now } = options;
  const health = createHealth(now, options.random);

  const make = (entry: ProviderConfig): Upstream => {
    const clocks: Clocks = { ...config.server, ...definedOnly(entry.timeouts) };
    const bare = options.build(entry) ?? buildHttp(entry, clocks, now);
    const residency = entry.type === 'ollama' ? createResidency({ apart: entry.tags.includes('single-model'), now }) : ALL_RESIDENT;
    const concurrency = entry.concurrency ?? CONCURRENCY[entry.type];
    const limiter = createLimiter(
      {
        concurrency,
        slots: cluster.slots(`${concurrency} calls of ${entry.name}`, concurrency),
        queue: Math.ceil(config.limits.queue / cluster.size),
        queueMs: clocks.queue_ms,
        residency,
        now,
      },
      entry.name,
    );
    const loading = async (model: string, since: number): Promise<boolean> => {
      // Only Ollama loads while a request waits, and it answers this at once even then; an upstream that hangs must not win time by it.
      if (bare.kind !== 'ollama') return false;
      residency.seen(await bare.loaded(AbortSignal.timeout(Math.min(LOADING_MS, config.discovery.timeout_ms))));
      return residency.loading(model, since);
    };
    const timed = withClocks({ firstTokenMs: clocks.first_token_ms, loadMs: clocks.load_ms, idleMs: clocks.idle_ms }, loading, now)(bare);
    const provider = withObserver(options.observe, now)(limiter.wrap(withBreaker(health, now)(timed)));
    return {
      entry,
      provider,
      gauge: limiter.gauge,
      member: {
        provider,
        weight: entry.weight,
        tags: entry.tags,
        remote: entry.remote ?? isRemote(entry),
        inFlight: () => limiter.gauge.inFlight + limiter.gauge.queued,
      },
    };
  };

  const current = new Map(options.entries.map((entry) => [entry.name, make(entry)]));
  const retiring = new Map<string, Upstream>();

  const retire = (upstream: Upstream): void => {
    const { entry, gauge, provider } = upstream;
    retiring.set(entry.name, upstream);
    health.forget(entry.name);
    const timer = setInterval(() => {
      if (gauge.inFlight + gauge.queued > 0) return;
      clearInterval(timer);
      if (retiring.get(entry.name) === upstream) retiring.delete(entry.name);
      void provider.close().catch(() => undefined);
    }, RETIRE_MS).unref();
  };

  return {
    current,
    health,
    find: (name) => current.get(name) ?? retiring.get(name),
    async replace(entries, ready) {
      const same = (entry: ProviderConfig): boolean => JSON.stringify(current.get(entry.name)?.entry) === JSON.stringify(entry);
      const added = entries.filter((entry) => !same(entry)).map(make);
      const gone = [...current.values()].filter(({ entry }) => !entries.some((other) => other.name === entry.name && same(other)));
      for (const upstream of added) if (!current.has(upstream.entry.name)) current.set(upstream.entry.name, upstream);
      await ready(added.map(({ member }) => member));
      for (const upstream of gone) {
        current.delete(upstream.entry.name);
        retire(upstream);
      }
      for (const upstream of added) current.set(upstream.entry.name, upstream);
    },
    async close() {
      await Promise.all([...current.values(), ...retiring.values()].map(({ provider }) => provider.close().catch(() => undefined)));
    },
  };
}

function buildHttp(entry: ProviderConfig, clocks: Clocks, now: () => number): Provider {
  const common = { name: entry.name, connectMs: clocks.connect_ms, now };
  switch (entry.type) {
    case 'ollama':
      return createOllamaProvider({ ...common, url: entry.url, promptTokens, ...(entry.api_key !== undefined && { apiKey: entry.api_key }) });
    case 'openai':
      return createOpenAiProvider({
        ...common,
        url: entry.url,
        ...(entry.api_key !== undefined && { apiKey: entry.api_key }),
        ...(entry.models !== undefined && { models: entry.models }),
        ...(entry.context_window !== undefined && { contextWindow: entry.context_window }),
        ...(entry.capabilities !== undefined && { capabilities: entry.capabilities }),
      });
    case 'llama-cpp':
    case 'cli':
      throw new Error(`no builder for providers of type ${entry.type}`);
  }
}

/** An address that is neither this machine nor a private network is outside the user's trust; so is a hosted command-line tool. */
function isRemote(entry: ProviderConfig): boolean {
  if (entry.type === 'llama-cpp') return false;
  if (entry.type === 'cli') return true;
  const { hostname } = new URL(entry.url);
  return !/^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\]|\[f[cd])|\.(local|internal|lan|localhost)$|^[^.]+$/.test(hostname);
}

/** The prompt alone, without the room for an answer. */
const promptTokens = (request: ChatRequest): number => needsOf({ ...request, sampling: {} }).contextTokens;

const definedOnly = (clocks: Partial<Clocks> | Record<string, number | undefined>): Partial<Clocks> =>
  Object.fromEntries(Object.entries(clocks).filter(([, value]) => value !== undefined));
