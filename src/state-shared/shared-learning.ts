import type { Learned, LearnedState, Rating } from '../state/records.ts';
import type { KvRepository } from '../state/state.ts';
import type { SharedStore } from './redis.ts';

/** How often each task, and '*' everything, was reset; the higher number is the later state. */
export type Resets = Readonly<Record<string, number>>;

/** All that one gateway learned by itself, as a whole: it is replaced, never added, so that nothing can count twice. */
export interface Contribution extends LearnedState {
  readonly resets: Resets;
}

const EVERYTHING = '*';
const SPACE = 'shared-learning';
const CLOCK_MS = 1_000;
/** Room for 10^12 answers below each reset in a number that stays exact. */
const STEP = 2 ** 40;

/** Takes a contribution only when it is newer than what is there: KEYS versions, contributions; ARGV gateway, version, JSON. */
const PUT = `local known = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '-1')
if known >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
return 1`;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Grows with every answer, rating and reset, and never shrinks: of two contributions of a gateway the higher one is later. */
export const versionOf = ({ resets, learned }: Contribution): number =>
  sum(Object.values(resets)) * STEP + sum(learned.map(({ answers, ratings }) => answers + ratings));

/** For each name the higher number. */
const latest = (all: readonly Resets[]): Resets => {
  const out: Record<string, number> = {};
  for (const resets of all) for (const [task, count] of Object.entries(resets)) out[task] = Math.max(out[task] ?? 0, count);
  return out;
};

/** Whether what was learned of a task is of the time after the last reset. */
const isCurrent = (resets: Resets, now: Resets, task: string): boolean =>
  (resets[EVERYTHING] ?? 0) === (now[EVERYTHING] ?? 0) && (resets[task] ?? 0) === (now[task] ?? 0);

const add = (a: Learned, b: Learned): Learned => ({
  task: a.task,
  model: a.model,
  answers: a.answers + b.answers,
  qualitySum: a.qualitySum + b.qualitySum,
  qualitySquares: a.qualitySquares + b.qualitySquares,
  secondsSum: a.secondsSum + b.secondsSum,
  scoreSum: a.scoreSum + b.scoreSum,
  ratings: a.ratings + b.ratings,
  ratingSum: a.ratingSum + b.ratingSum,
  at: Math.max(a.at, b.at),
});

/** What several gateways learned, together: a sum over gateways of the newest each of them told. */
export function merge(contributions: readonly Contribution[]): LearnedState {
  const now = latest(contributions.map(({ resets }) => resets));
  const cells = new Map<string, Learned>();
  const ratings: Rating[] = [];
  for (const { resets, learned, ratings: rated } of contributions) {
    for (const row of learned.filter(({ task }) => isCurrent(resets, now, task))) {
      const key = `${row.task}\n${row.model}`;
      const known = cells.get(key);
      cells.set(key, known === undefined ? row : add(known, row));
    }
    ratings.push(...rated.filter(({ task }) => isCurrent(resets, now, task)));
  }
  return { learned: [...cells.values()], ratings: ratings.sort((a, b) => a.at - b.at) };
}

export interface SharedLearning {
  /** What is known here together with what the others told. */
  whole(own: LearnedState): LearnedState;
  /** Takes up what another process of this gateway heard or reset. */
  reload(): Promise<void>;
  /** A reset here: from now on what others learned before it does not count either. */
  reset(task?: string): Promise<void>;
  /**
   * Tells what was learned here and hears what others learned. `forget` resets what is here when another gateway was reset. True when
   * the whole changed by others.
   */
  exchange(own: () => Promise<LearnedState>, forget: (task?: string) => Promise<void>): Promise<boolean>;
}

/**
 * Learned state of several gateways. Each one's own log is the truth about its own answers; the others' newest contributions are kept
 * here too, so that neither a lost store nor a restart lowers any count. Whoever finds the store behind what it knows puts it right.
 */
export async function createSharedLearning(options: {
  /** Absent: nothing is shared, but resets are still counted. */
  readonly store: SharedStore | undefined;
  readonly kv: KvRepository;
  /** This gateway's name among the others. */
  readonly gateway: string;
}): Promise<SharedLearning> {
  const { store, kv, gateway } = options;
  const others = new Map<string, Contribution>();
  let resets: Resets = {};
  const reload = async (): Promise<void> => {
    for (const [name, value] of await kv.entries(SPACE)) others.set(name, value as Contribution);
    resets = ((await kv.get('learning', 'resets')) ?? {}) as Resets;
  };
  await reload();

  const keepResets = async (now: Resets): Promise<void> => {
    await kv.set('learning', 'resets', now);
    resets = now;
  };
  const put = (name: string, contribution: Contribution): Promise<unknown> =>
    (store as SharedStore).run(
      (client) => client.eval(PUT, 2, 'learning:versions', 'learning:states', name, versionOf(contribution), JSON.stringify(contribution)),
      CLOCK_MS,
    );

  return {
    // What is told together still says where it was told: an import of it here is known for what it is.
    whole: (own) => ({ ...(own.origin !== undefined && { origin: own.origin }), ...merge([{ ...own, resets }, ...others.values()]) }),
    reload,
    async reset(task = EVERYTHING) {
      await keepResets({ ...resets, [task]: (resets[task] ?? 0) + 1 });
    },
    async exchange(own, forget) {
      if (store === undefined) return false;
      const versions = await store.run((client) => client.hgetall('learning:versions'), CLOCK_MS);
      if (versions === undefined) return false;
      const known = (name: string): number => Number(versions[name] ?? -1);
      let news = false;
      for (const name of Object.keys(versions)) {
        const before = others.get(name);
        if (name === gateway || (before !== undefined && versionOf(before) >= known(name))) continue;
        const text = await store.run((client) => client.hget('learning:states', name), CLOCK_MS);
        const told = text === undefined || text === null ? undefined : read(text);
        if (told === undefined || (before !== undefined && versionOf(before) >= versionOf(told))) continue;
        await kv.set(SPACE, name, told);
        others.set(name, told);
        news = true;
      }
      const now = latest([resets, ...[...others.values()].map((other) => other.resets)]);
      const late = Object.keys(now).filter((task) => (resets[task] ?? 0) < (now[task] ?? 0));
      for (const task of late) await forget(task === EVERYTHING ? undefined : task);
      if (late.length > 0) await keepResets(now);
      const mine: Contribution = { ...(await own()), resets };
      if (known(gateway) < versionOf(mine)) await put(gateway, mine);
      for (const [name, told] of others) if (known(name) < versionOf(told)) await put(name, told);
      return news || late.length > 0;
    },
  };
}

/** A contribution that another gateway wrote; undefined when it is not one. */
function read(text: string): Contribution | undefined {
  try {
    const value = JSON.parse(text) as Contribution;
    const rows = [...value.learned, ...value.ratings].every((row) => typeof row.task === 'string' && typeof row.model === 'string');
    const numbers = value.learned.every((row) => Number.isFinite(row.answers) && Number.isFinite(row.scoreSum) && row.answers >= 0);
    return rows && numbers && Object.values(value.resets).every(Number.isSafeInteger) ? value : undefined;
  } catch {
    return undefined;
  }
}
