import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Cluster } from './cluster.ts';
import type { Upstreams } from './compose-providers.ts';
import type { Config } from './config.ts';
import type { ProviderConfig } from './config-schema.ts';
import type { DiscoveredModel } from './core/model.ts';
import { createFleet, type Fleet, type FleetChange, type FleetOptions } from './profiles/fleet.ts';
import { detectMachine, type Machine, modelMemory } from './profiles/machine.ts';
import { createReviver } from './profiles/revive.ts';
import { estimateMemory } from './profiles/vram.ts';
import type { State } from './state/state.ts';

export interface LoggedChange extends FleetChange {
  /** Epoch ms. */
  readonly at: number;
}

export interface FleetCare {
  readonly fleet: Fleet;
  /** Resolves when models are known: at once after a start with a fresh cache, else after the first look at every provider. */
  readonly discovered: Promise<void>;
  /** What came, went and changed, newest first. */
  changes(limit: number): readonly LoggedChange[];
  /** What this machine has; undefined until it was looked at. */
  machine(): Machine | undefined;
  /** Bytes that models may take on this machine; undefined while unknown. */
  memoryBytes(): number | undefined;
  close(): Promise<void>;
}

/** How long what an earlier run found counts as known, ms. */
const FRESH_MS = 3_600_000;
const CHANGES_KEPT = 200;
/** A model's memory is estimated for a window of this many tokens at most: engines do not reserve a million. */
const USUAL_WINDOW = 8_192;
const PROGRAM_MS = 5_000;

const snapshotSchema = z.object({ at: z.number(), models: z.record(z.string(), z.array(z.looseObject({ name: z.string() }))) });
const changesSchema = z.array(
  z.object({ at: z.number(), provider: z.string(), added: z.array(z.string()), changed: z.array(z.string()), removed: z.array(z.string()) }),
);

/** The fleet with what keeps it: the cache of an earlier run, the timers that look again, the log of changes, the machine's memory. */
export async function composeFleet(options: {
  readonly config: Config;
  readonly upstreams: Upstreams;
  readonly preferences: FleetOptions['preferences'];
  readonly stats: FleetOptions['stats'];
  readonly preparing: (provider: string) => boolean;
  readonly state: State;
  readonly cluster: Cluster;
  readonly log: Logger;
  /** Whole epoch ms. */
  readonly now: () => number;
}): Promise<FleetCare> {
  const { config, upstreams, state, cluster, log, now } = options;
  const { health } = upstreams;
  const local = (name: string): boolean => {
    const entry = upstreams.current.get(name)?.entry;
    return entry !== undefined && isLocal(entry);
  };
  let changes: readonly LoggedChange[] = changesSchema.safeParse(await state.kv.get('profiles', 'changes')).data ?? [];
  let machine: Machine | undefined;

  const store = async (): Promise<void> => {
    await state.profiles.saveSnapshot({ at: now(), models: fleet.snapshot() });
    await state.kv.set('profiles', 'changes', changes);
  };
  const save = (): void => void store().catch((error: Error) => log.warn({ reason: error.message }, 'profiles could not be stored'));

  const fleet = createFleet({
    members: [...upstreams.current.values()].map(({ member }) => member),
    preferences: options.preferences,
    stats: options.stats,
    preparing: options.preparing,
    coolingUntil: health.coolingUntil,
    provenAt: health.provenAt,
    now,
    timeoutMs: config.discovery.timeout_ms,
    memory: (ref, facts, preferences) => {
      if (preferences.vramRequiredGb !== undefined) return preferences.vramRequiredGb * 1e9;
      return local(ref.provider) ? estimateMemory(facts, Math.min(facts.contextWindow, USUAL_WINDOW)).totalBytes : undefined;
    },
    onChange: (change) => {
      // The lead tells and keeps what all workers find.
      if (!cluster.lead) return;
      changes = [{ at: now(), ...change }, ...changes].slice(0, CHANGES_KEPT);
      log.info(change, 'models changed');
      save();
    },
  });

  const known = snapshotSchema.safeParse(await state.profiles.snapshot()).data;
  if (known !== undefined) fleet.restore(known.models as unknown as Record<string, DiscoveredModel[]>);
  const warm = known !== undefined && now() - known.at < FRESH_MS && fleet.profiles().length > 0;
  const first = fleet.refresh();
  void readMachine().then((found) => {
    machine = found;
  });

  const revive = createReviver(fleet, health, config.discovery.timeout_ms);
  const timers = [
    // The other workers look when the lead has looked, below.
    ...(cluster.lead ? [setInterval(() => void fleet.refresh().then(save), config.discovery.interval_s * 1000)] : []),
    // A provider that was unreachable is asked for a sign of life every second, so that it is back within two.
    setInterval(() => void revive(), 1_000),
  ];
  for (const timer of timers) timer.unref();

  cluster.onStateChange(({ name, args }) => {
    if (name === 'kv.set' && args[0] === 'profiles' && args[1] === 'snapshot') void fleet.refresh();
  });
  cluster.on('loaded', (provider: string) => void fleet.refreshLoaded(provider).catch(() => []));

  return {
    fleet,
    discovered: warm ? Promise.resolve() : first,
    changes: (limit) => changes.slice(0, limit),
    machine: () => machine,
    memoryBytes: () => (machine === undefined ? undefined : modelMemory(machine)),
    async close() {
      for (const timer of timers) clearInterval(timer);
      if (cluster.lead && fleet.profiles().length > 0) await store().catch(() => undefined);
    },
  };
}

/** Whether a provider's models take this machine's memory. */
function isLocal(entry: ProviderConfig): boolean {
  if (entry.type === 'llama-cpp') return true;
  if (entry.type === 'cli') return false;
  return /^(localhost|127\.|\[::1\])/.test(new URL(entry.url).hostname);
}

/** What this machine has, by the makers' own tools. */
export const readMachine = (): Promise<Machine> =>
  detectMachine({
    run: (program, args) =>
      new Promise((resolve) => {
        execFile(program, [...args], { timeout: PROGRAM_MS, maxBuffer: 4 << 20, windowsHide: true }, (error, stdout) =>
          resolve(error === null ? stdout : undefined),
        );
      }),
    read: (path) => readFile(path, 'utf8').catch(() => undefined),
    platform: process.platform,
    arch: process.arch,
    ramBytes: totalmem(),
    freeRamBytes: freemem(),
    cores: availableParallelism(),
  });
