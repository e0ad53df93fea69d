import cluster, { type Worker } from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { createBudgets } from '../access/budget.ts';
import type { Config } from '../config.ts';
import { addUpCounts } from '../metrics/metrics.ts';
import { openStore, type StateSettings, stateOver, sweepFiles } from '../state/open-state.ts';
import { createMemoryStore } from '../state-shared/memory-store.ts';
import type { SharedStore } from '../state-shared/redis.ts';
import { createSharedBudget } from '../state-shared/shared-budget.ts';
import { createHub, type Hub } from './hub.ts';
import { createRestarts } from './restarts.ts';

export interface Primary {
  /** The configuration is to be read anew, by all. */
  reload(): void;
  /** Lets the workers finish what is open, within `graceMs`, then closes the store. */
  close(graceMs: number): Promise<void>;
  /** Rejects with the reason when no worker can start. */
  readonly started: Promise<void>;
}

/** What the primary needs beside its workers' own arguments, which are those of this process. */
export interface PrimaryOptions {
  readonly config: Config;
  readonly size: number;
  readonly state: StateSettings;
  readonly leadSocket: string;
  /** The store that other gateways share too. */
  readonly beyond: SharedStore | undefined;
  /** What a worker finds in its environment. */
  readonly environmentOf: (worker: number) => Record<string, string>;
  readonly log: StateSettings['log'];
}

/**
 * Starts the workers, replaces those that die, and owns what they share. The primary answers no client and runs nothing that
 * could fail with a request; its end ends the workers, whose channel breaks.
 */
export async function startPrimary(options: PrimaryOptions): Promise<Primary> {
  const { config, size, log, beyond } = options;
  const { caching } = config.performance;
  const ttlMs = caching.ttl * 1_000;
  const store = await openStore(options.state);
  await sweepFiles(store, options.state.directory);
  const state = await stateOver(store, options.state);
  const gateway = String(await state.kv.setDefault('shared', 'gateway', randomBytes(8).toString('hex')));
  const started = Promise.withResolvers<void>();
  const running = new Map<number, Worker>();
  const restarts = createRestarts();
  let closing = false;

  const hub: Hub = createHub({
    store,
    shared: createMemoryStore({ maxEntries: caching.max_size, maxBytes: config.cache.max_bytes, beyond }),
    budgets: createBudgets({
      keys: state.keys,
      now: options.state.now,
      onError: (error) => log.error({ err: error }, 'token count could not be stored'),
      ...(beyond !== undefined && { shared: createSharedBudget(beyond, gateway, options.state.now) }),
    }),
    size,
    leadSocket: options.leadSocket,
    secret: randomBytes(32),
    answers: { ttlMs, maxBytes: config.cache.max_bytes },
    onReady: () => started.resolve(),
    onRefused: (reason) => started.reject(new Error(reason)),
    addUp: addUpCounts,
  });

  const fork = (number: number): void => {
    const worker = cluster.fork(options.environmentOf(number));
    const bornAt = options.state.now();
    const receive = hub.join(number, (items) => void (worker.isConnected() && worker.send(items as object)));
    running.set(number, worker);
    worker.on('message', receive);
    worker.once('exit', (code, signal) => {
      running.delete(number);
      void hub.leave(number);
      if (closing) return;
      const waitMs = restarts.pauseMs(number, options.state.now() - bornAt);
      log.error({ worker: number, code, signal, restartInMs: waitMs }, 'a worker ended and is replaced; its open requests failed');
      setTimeout(() => closing || fork(number), waitMs);
    });
  };

  cluster.setupPrimary({ serialization: 'advanced' });
  for (let number = 1; number <= size; number++) fork(number);

  const stop = async (graceMs: number): Promise<void> => {
    closing = true;
    hub.tell('order', 'drain');
    const ended = Promise.all([...running.values()].map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
    const late = setTimeout(() => {
      for (const worker of running.values()) worker.process.kill('SIGKILL');
    }, graceMs);
    await ended;
    clearTimeout(late);
    beyond?.close();
    await store.close();
  };

  return {
    reload: () => hub.tell('order', 'reload'),
    close: stop,
    started: started.promise.catch(async (error: unknown) => {
      closing = true;
      for (const worker of running.values()) worker.process.kill('SIGKILL');
      await store.close();
      throw error;
    }),
  };
}
