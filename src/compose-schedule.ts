import type { Logger } from 'pino';
import { z } from 'zod';
import type { AnswerCache } from './cache/cache.ts';
import type { Benchmarks } from './compose-benchmarks.ts';
import type { Upstream } from './compose-providers.ts';
import { type Config, ConfigError } from './config.ts';
import { formatRef, type ModelRef } from './core/model.ts';
import type { Observer } from './core/observation.ts';
import { createSchedules, cronProblem, type ScheduleEntry, type ScheduleResult, type Schedules } from './jobs/schedule.ts';
import type { Fleet } from './profiles/fleet.ts';
import type { State } from './state/state.ts';
import { parseJson } from './stream/json.ts';
import { createLineSplitter } from './stream/lines.ts';

export type Job = Config['schedules'][number]['job'];

/** A model that nobody asked for this long is idle, ms. */
const IDLE_MS = 15 * 60_000;
const WORK_MS = 6 * 3_600_000;

const lineSchema = z.looseObject({ error: z.string().optional() });
const resultSchema = z.record(z.string(), z.object({ at: z.number(), durationMs: z.number(), ok: z.boolean(), message: z.string() }));

export interface FleetJobs extends Schedules<Job> {
  /** Sees which models are used, for the job that unloads the others. */
  readonly observe: Observer;
  /** Brings models into memory, one after the other. Never throws. */
  warmUp(models: readonly string[]): Promise<void>;
}

/** The configured schedules, and the warm-up at start. Throws ConfigError for a time that cannot be read or a name used twice. */
export async function composeSchedules(options: {
  readonly config: Config;
  readonly fleet: Fleet;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly cache: AnswerCache;
  readonly benchmarks: Benchmarks;
  readonly load: (model: string) => Promise<void>;
  readonly state: State;
  readonly log: Logger;
  /** Whole epoch ms. */
  readonly now: () => number;
  readonly closing: AbortSignal;
}): Promise<FleetJobs> {
  const { config, fleet, upstreams, state, log, now, closing } = options;
  for (const [index, { name, cron }] of config.schedules.entries()) {
    const problem = cronProblem(cron);
    if (problem !== undefined) throw new ConfigError(`gateway.yaml: schedules.${index}.cron: '${cron}' is not a time: ${problem}`);
    if (config.schedules.findIndex((other) => other.name === name) !== index)
      throw new ConfigError(`gateway.yaml: schedules.${index}.name: '${name}' stands there twice`);
  }
  const usedAt = new Map<string, number>();
  const startedAt = now();

  const pull = async (models: readonly string[]): Promise<string> => {
    if (models.length === 0) throw new Error("no models are named; pulling needs 'models:'");
    const hosts = [...upstreams.values()].filter(({ provider }) => provider.kind === 'ollama' && provider.forward !== undefined);
    if (hosts.length === 0) throw new Error('there is no Ollama host to pull to');
    for (const { provider } of hosts) {
      for (const model of models) {
        const signal = AbortSignal.any([closing, AbortSignal.timeout(WORK_MS)]);
        const answer = await provider.forward?.({
          method: 'POST',
          path: '/api/pull',
          body: JSON.stringify({ model }),
          headers: { 'content-type': 'application/json' },
          signal,
        });
        if (answer === undefined) continue;
        const problem = await errorIn(answer.body);
        if (problem !== undefined) throw new Error(`${provider.name}: ${model}: ${problem}`);
      }
      await fleet.refresh(provider.name);
    }
    return `pulled ${models.join(', ')} at ${hosts.map(({ provider }) => provider.name).join(', ')}`;
  };

  const unloadIdle = async (): Promise<string> => {
    const unloaded: string[] = [];
    for (const [name, { provider, gauge }] of upstreams) {
      if (provider.load === undefined || gauge.inFlight > 0) continue;
      for (const loaded of await fleet.refreshLoaded(name).catch(() => [])) {
        const ref: ModelRef = { provider: name, model: loaded.name };
        if (now() - (usedAt.get(formatRef(ref)) ?? startedAt) < IDLE_MS) continue;
        await provider.load({ model: loaded.name, keepAliveS: 0, signal: closing });
        unloaded.push(formatRef(ref));
      }
      await fleet.refreshLoaded(name).catch(() => []);
    }
    return unloaded.length === 0 ? 'nothing was idle' : `unloaded ${unloaded.join(', ')}`;
  };

  const work = async ({ job, models }: ScheduleEntry<Job>): Promise<string> => {
    switch (job) {
      case 'refresh': {
        await fleet.refresh();
        return `${fleet.profiles().length} models at ${fleet.providers().filter(({ reachable }) => reachable).length} providers`;
      }
      case 'pull':
        return pull(models);
      case 'benchmarks': {
        const { rows, source } = await options.benchmarks.refresh();
        return `${rows} rows from ${source}`;
      }
      case 'cache-sweep': {
        const files = await state.files.deleteExpired(now());
        return `${options.cache.sweep()} stale answers and ${files} expired files removed`;
      }
      case 'unload-idle':
        return unloadIdle();
    }
  };

  const last: Record<string, ScheduleResult> = { ...resultSchema.safeParse(await state.kv.get('schedules', 'last')).data };
  const schedules = createSchedules<Job>({
    entries: config.schedules,
    work,
    now,
    last,
    done: (entry, result) => {
      last[entry.name] = result;
      log[result.ok ? 'info' : 'warn']({ schedule: entry.name, job: entry.job, ok: result.ok, result: result.message }, 'a scheduled job ended');
      void state.kv.set('schedules', 'last', last).catch(() => undefined);
    },
  });

  return {
    ...schedules,
    observe: (item) => {
      if (item.type === 'call') usedAt.set(formatRef(item.target), now());
    },
    async warmUp(models) {
      for (const model of models) {
        const began = now();
        try {
          await options.load(model);
          log.info({ model, durationMs: now() - began }, 'model warmed up');
        } catch (error) {
          log.warn({ model, reason: (error as Error).message }, 'model could not be warmed up');
        }
      }
    },
  };
}

/** The error that a stream of progress lines ends with; undefined when it ends well. */
async function errorIn(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const splitter = createLineSplitter();
  let problem: string | undefined;
  const read = (line: string): void => {
    const parsed = lineSchema.safeParse(line.trim() === '' ? {} : parseJson(Buffer.from(line)));
    problem = parsed.data?.error ?? problem;
  };
  for await (const part of body) for (const line of splitter.push(part)) read(line);
  read(splitter.end());
  return problem;
}
