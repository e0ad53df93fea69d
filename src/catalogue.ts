import type { DiscoveredModel, LoadedModel } from './core/model.ts';
import type { Caller, Gateway } from './gateway.ts';
import type { Fleet } from './profiles/fleet.ts';

/** What clients see listed: every real model once, then the virtual ones. */
export interface Catalogue {
  list(caller: Caller): readonly DiscoveredModel[];
  /** One model by any name a client may send; undefined when there is none or the caller may not use it. */
  describe(name: string, caller: Caller): DiscoveredModel | undefined;
  /** Models in memory over all providers, each once, with what is known of it. */
  running(caller: Caller): Promise<readonly { readonly loaded: LoadedModel; readonly model: DiscoveredModel }[]>;
}

/** How long a host may take to say what it has in memory, ms; then what it said last is told. */
const LOOK_MS = 500;

/** Asks the hosts that load models by themselves. */
const lookAtLoaded = (fleet: Fleet): Promise<unknown> =>
  Promise.all(
    fleet
      .providers()
      .filter(({ name, reachable }) => reachable && fleet.provider(name)?.load !== undefined)
      .map(({ name }) => fleet.refreshLoaded(name).catch(() => [])),
  );

export function createCatalogue(fleet: Fleet, gateway: Gateway, startedAt: number): Catalogue {
  /** What has no date goes behind what has one, but is not of 1970: as old as the oldest model, or the gateway. */
  const oldest = (): number => Math.min(startedAt, ...fleet.profiles().flatMap(({ facts }) => facts.modifiedAt ?? []));
  const dated = (facts: DiscoveredModel): DiscoveredModel => (facts.modifiedAt === undefined ? { ...facts, modifiedAt: oldest() } : facts);
  let looking: Promise<unknown> | undefined;
  const real = (caller: Caller): DiscoveredModel[] => {
    const seen = new Map<string, DiscoveredModel>();
    for (const { ref, facts, preferences } of fleet.profiles()) {
      const key = keyOf(ref.model);
      if (preferences.enabled && caller.allowed(ref) && !seen.has(key)) seen.set(key, dated(facts));
    }
    return [...seen.values()].sort((a, b) => (b.modifiedAt ?? 0) - (a.modifiedAt ?? 0));
  };

  /** A virtual model can do what the best of the fleet can, and is as large as the largest: clients sort, filter and warn by such facts. */
  const virtual = (name: string, caller: Caller): DiscoveredModel => {
    const models = real(caller).filter((model) => model.capabilities?.includes('completion') !== false);
    const largest = models.toSorted((a, b) => (b.parameters ?? 0) - (a.parameters ?? 0) || (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0))[0];
    return {
      name,
      family: 'orchestrator',
      families: ['orchestrator'],
      format: 'virtual',
      parameterSize: largest?.parameterSize ?? '',
      ...(largest?.parameters !== undefined && { parameters: largest.parameters }),
      quantization: largest?.quantization ?? '',
      ownedBy: 'orchestrator',
      // Lists go by age, newest first, and a person's own models stand before these.
      modifiedAt: oldest(),
      sizeBytes: Math.max(1, ...models.map((model) => model.sizeBytes ?? 0)),
      contextWindow: Math.max(4_096, ...models.map((model) => model.contextWindow ?? 0)),
      capabilities: (['completion', 'tools', 'vision', 'thinking', 'insert'] as const).filter(
        (capability) => capability === 'completion' || models.some((model) => model.capabilities?.includes(capability)),
      ),
    };
  };

  return {
    list: (caller) => [...real(caller), ...gateway.virtualModels().map((name) => virtual(name, caller))],
    describe(name, caller) {
      const resolution = gateway.resolve(name);
      if (resolution.kind !== 'model') return virtual(name, caller);
      const ref = resolution.refs.find(caller.allowed);
      const profile = ref === undefined ? undefined : fleet.profile(ref);
      return profile === undefined ? undefined : dated(profile.facts);
    },
    async running(caller) {
      looking ??= lookAtLoaded(fleet).finally(() => {
        looking = undefined;
      });
      await Promise.race([looking, new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref())]);
      const seen = new Map<string, { loaded: LoadedModel; model: DiscoveredModel }>();
      for (const { ref, facts, loaded } of fleet.profiles()) {
        const key = keyOf(ref.model);
        if (loaded !== undefined && caller.allowed(ref) && !seen.has(key)) seen.set(key, { loaded, model: facts });
      }
      return [...seen.values()].sort((a, b) => (b.loaded.expiresAt ?? Number.MAX_SAFE_INTEGER) - (a.loaded.expiresAt ?? Number.MAX_SAFE_INTEGER));
    },
  };
}

/** The Ollama version whose API this gateway speaks, for fleets without an Ollama. */
const OWN_VERSION = '0.33.0';

/** The lowest of the hosts' versions in the plain form that clients parse. */
export function lowestVersion(versions: readonly string[]): string {
  const numbers = (version: string): number[] =>
    version
      .replace(/^v|-.*$/g, '')
      .split('.')
      .map(Number);
  const plain = versions.filter((version) => /^v?\d+(\.\d+)*/.test(version));
  const lowest = plain.toSorted((a, b) => {
    const [left, right] = [numbers(a), numbers(b)];
    return left.map((part, index) => part - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
  })[0];
  return lowest?.replace(/^v|-.*$/g, '') ?? OWN_VERSION;
}

/** 'm', 'M' and 'm:latest' are one model to a client. */
const keyOf = (name: string): string => name.toLowerCase().replace(/:latest$/, '');
