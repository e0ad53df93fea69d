import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { SharedBudget } from './access/budget.ts';
import { type Keyring, sharedPepperOf } from './access/keyring.ts';
import type { Cluster } from './cluster.ts';
import type { Learning } from './compose-learning.ts';
import type { Config } from './config.ts';
import { ALONE, type BatchExchange } from './jobs/batch-exchange.ts';
import type { BatchJobs } from './jobs/batch-jobs.ts';
import type { StoredKey } from './state/records.ts';
import type { State } from './state/state.ts';
import type { CommonStore, SharedStore } from './state-shared/redis.ts';
import { createSharedAnswers, type SharedAnswers } from './state-shared/shared-answers.ts';
import { shareBatches } from './state-shared/shared-batches.ts';
import { createSharedBudget } from './state-shared/shared-budget.ts';
import { shareFiles } from './state-shared/shared-files.ts';
import { createSharedKeys, type SharedKeys } from './state-shared/shared-keys.ts';
import { createSharedLearning, type SharedLearning } from './state-shared/shared-learning.ts';

/** Between two rounds of exchange with the other gateways, ms: a key revoked elsewhere is refused here within a second. */
const ROUND_MS = 400;

export interface Shared {
  readonly store: SharedStore | undefined;
  /** Kept answers and counted windows: those of this host's workers, else the store's. */
  readonly common: CommonStore | undefined;
  readonly learning: SharedLearning;
  readonly answers: SharedAnswers | undefined;
  readonly budget: SharedBudget | undefined;
  /** What the keyring needs so that keys hold everywhere; empty unless the gateways have a secret in common. */
  readonly access: { readonly sharedPepper?: Buffer; readonly tell?: (stored: StoredKey) => void };
  /** The state with the batches and files of all gateways, and how the work at them is divided. */
  work(keyring: Keyring, jobs: () => BatchJobs): { readonly state: State; readonly exchange: BatchExchange };
  /** Exchanges with the others, again and again, until the gateway closes. */
  keepUp(learning: Pick<Learning, 'exchange'>, keyring: Keyring): void;
}

type Rounds = Record<string, () => Promise<unknown>>;

/** The configured store; undefined where none is. */
export async function connectStore(options: { readonly config: Config; readonly log: Logger; readonly now: () => number }): Promise<SharedStore | undefined> {
  const { config, log, now } = options;
  if (config.redis === undefined) return undefined;
  // Its client is loaded where there is a Redis to speak to.
  const { connectRedis } = await import('./state-shared/redis.ts');
  const onChange = (usable: boolean): void =>
    usable ? log.info('the shared store answers again') : log.warn('the shared store does not answer; going on without it');
  return connectRedis({ ...config.redis, now, onChange });
}

/** What several gateways have in common, where a store for it is configured; it ends when `closing` fires. */
export async function composeShared(options: {
  readonly config: Config;
  readonly state: State;
  readonly cluster: Cluster;
  readonly log: Logger;
  /** Whole epoch ms. */
  readonly now: () => number;
  readonly closing: AbortSignal;
}): Promise<Shared> {
  const { config, state, cluster, log, now, closing } = options;
  const gateway = String(await state.kv.setDefault('shared', 'gateway', randomBytes(8).toString('hex')));
  const store = await connectStore({ config, log, now });
  closing.addEventListener('abort', () => store?.close(), { once: true });
  const learning = await createSharedLearning({ store, kv: state.kv, gateway });
  if (store === undefined) {
    return {
      store,
      common: cluster.store,
      learning,
      answers: undefined,
      budget: undefined,
      access: {},
      work: () => ({ state, exchange: ALONE }),
      keepUp: () => undefined,
    };
  }

  const rounds: Rounds = {};
  const secret = config.redis?.secret;
  const keys = secret === undefined ? undefined : createSharedKeys(store, secret);
  const random = (): string => randomBytes(8).toString('hex');
  return {
    store,
    common: cluster.store ?? store,
    learning,
    answers: createSharedAnswers(store),
    budget: createSharedBudget(store, gateway, now),
    access: secret === undefined ? {} : { sharedPepper: sharedPepperOf(secret), tell: (stored) => void keys?.tell(stored) },
    work(keyring, jobs) {
      const files = shareFiles({ local: state.files, store, kv: state.kv, now, random });
      const batches = shareBatches({
        local: state.batches,
        files,
        store,
        gateway,
        leaseMs: (config.redis?.lease_s ?? 15) * 1_000,
        now,
        random,
        mayRun: (owner) => !owner.startsWith('key_') || keyring.byId(owner) !== undefined,
        came: (id) => jobs().wake(id),
        cancelled: (id) => jobs().cancel(id),
        pause: (ms) => delay(ms, undefined, { signal: closing, ref: false }).catch(() => undefined),
      });
      rounds['files'] = files.exchange;
      rounds['batches'] = batches.exchange;
      return { state: { ...state, files, batches: batches.repository }, exchange: batches };
    },
    keepUp(learned, keyring) {
      if (keys !== undefined) rounds['keys'] = () => exchangeKeys(keys, keyring);
      rounds['learning'] = learned.exchange;
      // Of the workers of a host one speaks for all.
      if (cluster.lead) void repeat(rounds, log, closing);
    },
  };
}

async function exchangeKeys(keys: SharedKeys, keyring: Keyring): Promise<void> {
  const told = await keys.exchange(keyring.shared);
  if (told.length > 0) await keyring.adopt(told);
}

/** Each kind of exchange goes on by itself; one that fails says so once and does not keep the others from theirs. */
async function repeat(rounds: Rounds, log: Logger, closing: AbortSignal): Promise<void> {
  await Promise.all(
    Object.entries(rounds).map(async ([what, round]) => {
      let failing = false;
      while (!closing.aborted) {
        try {
          await round();
          failing = false;
        } catch (error) {
          if (!failing && !closing.aborted)
            log.warn({ what, name: (error as Error).name, stack: (error as Error).stack }, 'exchange with other gateways failed');
          failing = true;
        }
        await delay(ROUND_MS, undefined, { signal: closing, ref: false }).catch(() => undefined);
      }
    }),
  );
}
