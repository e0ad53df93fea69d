import { GatewayError } from '../core/errors.ts';
import type { Capability, DiscoveredModel, LoadedModel, ModelFacts, ModelPreferences, ModelProfile, ModelRef, ModelStats } from '../core/model.ts';
import type { Provider } from '../core/provider.ts';

/** One provider as the fleet sees it. */
export interface FleetMember {
  readonly provider: Provider;
  readonly weight: number;
  readonly tags: readonly string[];
  readonly remote: boolean;
  /** Requests running there now. */
  readonly inFlight: () => number;
}

export interface FleetOptions {
  readonly members: readonly FleetMember[];
  readonly preferences: (ref: ModelRef, facts: ModelFacts) => ModelPreferences;
  readonly stats: (ref: ModelRef, facts: ModelFacts, preferences: ModelPreferences) => ModelStats;
  readonly coolingUntil: (ref: ModelRef) => number;
  /** Epoch ms of a provider's latest good answer; 0 without one. */
  readonly provenAt: (provider: string) => number;
  /** Epoch ms. */
  readonly now: () => number;
  readonly timeoutMs: number;
  /** Bytes a model needs on this machine; undefined when it runs elsewhere or nothing is known. */
  readonly memory?: (ref: ModelRef, facts: ModelFacts, preferences: ModelPreferences) => number | undefined;
  /** Whether a provider's models are still being fetched: until then one that is not there has not gone. */
  readonly preparing?: (provider: string) => boolean;
  /** Called after a refresh in which a provider's models changed. */
  readonly onChange: (change: FleetChange) => void;
}

export interface FleetChange {
  readonly provider: string;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface ProviderState {
  readonly name: string;
  readonly reachable: boolean;
  readonly version?: string;
  readonly error?: string;
  readonly models: number;
}

/** The window assumed for a model whose provider does not tell, tokens. */
const DEFAULT_WINDOW = 8_192;

/** Everything known about the models of all providers. Reading never waits: lists come from the last refresh. */
export interface Fleet {
  profiles(): readonly ModelProfile[];
  profile(ref: ModelRef): ModelProfile | undefined;
  providers(): readonly ProviderState[];
  provider(name: string): Provider | undefined;
  /** Looks at every provider (or one) anew; a dead one costs at most the timeout and hides nothing of the others. */
  refresh(name?: string): Promise<void>;
  /** Looks only at which models are in memory. */
  refreshLoaded(name: string): Promise<readonly LoadedModel[]>;
  /** Preferences or stats changed: profiles are put together again at the next read. */
  invalidate(): void;
  /** Adds providers, or puts others in the place of those with the same names, and looks at them. */
  add(members: readonly FleetMember[]): Promise<void>;
  /** Forgets every provider that is not named. */
  keep(names: readonly string[]): void;
  /** Takes in what an earlier run knew, so that a start need not wait for the network. */
  restore(models: Readonly<Record<string, readonly DiscoveredModel[]>>): void;
  /** What restore() takes. */
  snapshot(): Record<string, readonly DiscoveredModel[]>;
}

interface Known {
  readonly member: FleetMember;
  models: readonly DiscoveredModel[];
  /** The models as they were when changes were last told. */
  told: readonly DiscoveredModel[];
  loaded: ReadonlyMap<string, LoadedModel>;
  reachable: boolean;
  /** When a look found nobody, epoch ms; 0 when the latest one got an answer, be it an error: then real calls decide. */
  goneAt: number;
  version?: string;
  error?: string;
  looking: Promise<void>;
}

export function createFleet(options: FleetOptions): Fleet {
  const unseen = (member: FleetMember, told: readonly DiscoveredModel[] = []): Known => ({
    ...{ member, told, models: [], loaded: new Map(), reachable: false, goneAt: 0, looking: Promise.resolve() },
  });
  const known = new Map<string, Known>(options.members.map((member) => [member.provider.name, unseen(member)]));
  let built: readonly ModelProfile[] | undefined;

  const build = (): readonly ModelProfile[] =>
    [...known.values()].flatMap((entry) =>
      entry.models.map((model): ModelProfile => {
        const { member } = entry;
        const ref: ModelRef = { provider: member.provider.name, model: model.name };
        const facts: ModelFacts = {
          ...model,
          capabilities: model.capabilities ?? guessCapabilities(model.name),
          capabilitiesKnown: model.capabilities !== undefined,
          contextWindow: model.contextWindow ?? DEFAULT_WINDOW,
          windowKnown: model.contextWindow !== undefined,
        };
        const preferences = options.preferences(ref, facts);
        const loaded = entry.loaded.get(model.name);
        const memoryBytes = loaded?.vramBytes ?? options.memory?.(ref, facts, preferences);
        return {
          ref,
          facts,
          preferences,
          stats: options.stats(ref, facts, preferences),
          ...(loaded !== undefined && { loaded }),
          ...(memoryBytes !== undefined && memoryBytes > 0 && { memoryBytes }),
          get coolingUntil() {
            const gone = entry.goneAt !== 0 && options.provenAt(ref.provider) < entry.goneAt;
            return gone ? Number.POSITIVE_INFINITY : options.coolingUntil(ref);
          },
          get inFlight() {
            return member.inFlight();
          },
          weight: member.weight,
          tags: member.tags,
          remote: member.remote,
        };
      }),
    );

  /** One look at a time per provider: an older look that ends later must not undo a newer one. */
  const refreshOne = (entry: Known): Promise<void> => {
    entry.looking = entry.looking.then(() => look(entry));
    return entry.looking;
  };

  const look = async (entry: Known): Promise<void> => {
    const { provider } = entry.member;
    const signal = AbortSignal.timeout(options.timeoutMs);
    try {
      // One after the other: a dead provider costs one dial.
      const models = await provider.models(signal);
      const [loaded, health] = await Promise.all([
        provider.loaded(signal).catch(() => undefined),
        provider.health(signal).catch(() => ({}) as { version?: string }),
      ]);
      const prepared = options.preparing?.(provider.name) !== true;
      const change = compare(entry.told, models);
      entry.models = models;
      if (prepared) entry.told = models;
      if (loaded !== undefined) entry.loaded = new Map(loaded.map((model) => [model.name, model]));
      entry.reachable = true;
      entry.goneAt = 0;
      delete entry.error;
      if (health.version !== undefined) entry.version = health.version;
      built = undefined;
      if (prepared && change.added.length + change.changed.length + change.removed.length > 0) options.onChange({ provider: provider.name, ...change });
    } catch (error) {
      // The models stay listed as they were: a host that is away for a moment must not vanish from every client.
      entry.reachable = false;
      entry.goneAt = answered(error) ? 0 : options.now();
      entry.error = error instanceof Error ? error.message : String(error);
    }
  };

  return {
    profiles: () => {
      built ??= build();
      return built;
    },
    profile(ref) {
      return this.profiles().find((profile) => profile.ref.provider === ref.provider && profile.ref.model === ref.model);
    },
    providers: () =>
      [...known.values()].map(({ member, models, reachable, version, error }) => ({
        name: member.provider.name,
        reachable,
        models: models.length,
        ...(version !== undefined && { version }),
        ...(error !== undefined && { error }),
      })),
    provider: (name) => known.get(name)?.member.provider,
    async refresh(name) {
      const entries = [...known.values()].filter((entry) => name === undefined || entry.member.provider.name === name);
      await Promise.all(entries.map(refreshOne));
    },
    async refreshLoaded(name) {
      const entry = known.get(name);
      if (entry === undefined) return [];
      const loaded = await entry.member.provider.loaded(AbortSignal.timeout(options.timeoutMs));
      entry.loaded = new Map(loaded.map((model) => [model.name, model]));
      built = undefined;
      return loaded;
    },
    invalidate: () => {
      built = undefined;
    },
    async add(members) {
      // One that stands in for another is looked at before it takes its place, so that no model vanishes for a moment.
      const entries = members.map((member) => unseen(member, known.get(member.provider.name)?.told));
      for (const entry of entries) if (!known.has(entry.member.provider.name)) known.set(entry.member.provider.name, entry);
      await Promise.all(entries.map(refreshOne));
      for (const entry of entries) known.set(entry.member.provider.name, entry);
      built = undefined;
    },
    keep(names) {
      for (const [name, entry] of known) {
        if (names.includes(name)) continue;
        known.delete(name);
        const removed = entry.models.map((model) => model.name);
        if (removed.length > 0) options.onChange({ provider: name, added: [], changed: [], removed });
      }
      built = undefined;
    },
    restore(models) {
      for (const [name, list] of Object.entries(models)) {
        const entry = known.get(name);
        if (entry === undefined || entry.models.length > 0) continue;
        entry.models = list;
        entry.told = list;
        // Believed until the first look says otherwise: a start with a warm cache serves at once.
        entry.reachable = true;
      }
      built = undefined;
    },
    snapshot: () => Object.fromEntries([...known].map(([name, entry]) => [name, options.preparing?.(name) === true ? entry.told : entry.models])),
  };
}

/** Whether a failed look still got an answer: lists may fail where generation works, and calls themselves say more. */
const answered = (error: unknown): boolean => error instanceof GatewayError && error.kind === 'upstream-failed';

/** What a model can probably do, by its name, for providers that do not tell. */
function guessCapabilities(name: string): readonly Capability[] {
  if (/embed|bge-|e5-|gte-|minilm/i.test(name)) return ['embedding'];
  if (/llava|vision|-vl\b|[-_]vl[-_:]|gpt-4o|gpt-5|gemini|claude|pixtral|minicpm-v/i.test(name)) return ['completion', 'tools', 'vision'];
  return ['completion', 'tools'];
}

function compare(before: readonly DiscoveredModel[], after: readonly DiscoveredModel[]): Omit<FleetChange, 'provider'> {
  const old = new Map(before.map((model) => [model.name, model]));
  const names = new Set(after.map((model) => model.name));
  return {
    added: after.filter((model) => !old.has(model.name)).map((model) => model.name),
    changed: after.filter((model) => old.has(model.name) && old.get(model.name)?.digest !== model.digest).map((model) => model.name),
    removed: before.filter((model) => !names.has(model.name)).map((model) => model.name),
  };
}
