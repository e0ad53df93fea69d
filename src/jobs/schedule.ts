import { Cron } from 'croner';

/** A job that runs by itself at set times. */
export interface ScheduleEntry<Job extends string> {
  readonly name: string;
  /** Five fields, or six with seconds first; local time of the machine. */
  readonly cron: string;
  readonly job: Job;
  readonly models: readonly string[];
}

export interface ScheduleResult {
  /** Epoch ms. */
  readonly at: number;
  readonly durationMs: number;
  readonly ok: boolean;
  /** What it did, or why it failed, in words. */
  readonly message: string;
}

export interface ScheduleState<Job extends string> extends ScheduleEntry<Job> {
  readonly running: boolean;
  /** Epoch ms; null when it never runs again. */
  readonly next: number | null;
  readonly last: ScheduleResult | null;
}

export interface Schedules<Job extends string> {
  list(): readonly ScheduleState<Job>[];
  /** Runs a job now; undefined when there is none of that name. While it runs already, its own run is waited for. */
  run(name: string): Promise<ScheduleResult | undefined>;
  close(): void;
}

/** Jobs at their times. A job never runs twice at once; one that fails is told and tried again at its next time. */
export function createSchedules<Job extends string>(options: {
  readonly entries: readonly ScheduleEntry<Job>[];
  readonly work: (entry: ScheduleEntry<Job>) => Promise<string>;
  /** Epoch ms. */
  readonly now: () => number;
  readonly last: Readonly<Record<string, ScheduleResult>>;
  readonly done: (entry: ScheduleEntry<Job>, result: ScheduleResult) => void;
}): Schedules<Job> {
  const { now } = options;
  const last = new Map(Object.entries(options.last));
  const running = new Map<string, Promise<ScheduleResult>>();

  const start = (entry: ScheduleEntry<Job>): Promise<ScheduleResult> => {
    const already = running.get(entry.name);
    if (already !== undefined) return already;
    const startedAt = now();
    const run = options
      .work(entry)
      .then((message) => ({ ok: true, message }))
      .catch((error: unknown) => ({ ok: false, message: error instanceof Error ? error.message : String(error) }))
      .then((outcome): ScheduleResult => {
        const result = { at: startedAt, durationMs: Math.round(now() - startedAt), ...outcome };
        running.delete(entry.name);
        last.set(entry.name, result);
        options.done(entry, result);
        return result;
      });
    running.set(entry.name, run);
    return run;
  };

  const crons = new Map(options.entries.map((entry) => [entry.name, new Cron(entry.cron, { unref: true, protect: true }, () => void start(entry))]));
  return {
    list: () =>
      options.entries.map((entry) => ({
        ...entry,
        running: running.has(entry.name),
        next: crons.get(entry.name)?.nextRun()?.getTime() ?? null,
        last: last.get(entry.name) ?? null,
      })),
    run: async (name) => {
      const entry = options.entries.find((candidate) => candidate.name === name);
      return entry === undefined ? undefined : await start(entry);
    },
    close: () => {
      for (const cron of crons.values()) cron.stop();
    },
  };
}

/** Why a time cannot be read; undefined when it can. */
export function cronProblem(cron: string): string | undefined {
  try {
    new Cron(cron, { paused: true }).stop();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
