import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { State } from './state/state.ts';
import { connectRedis, type SharedStore } from './state-shared/redis.ts';
import { createSharedAnswers, type SharedAnswers } from './state-shared/shared-answers.ts';
import { createSharedLearning, type SharedLearning } from './state-shared/shared-learning.ts';

/** Between two rounds of exchange with the other gateways, ms. */
const ROUND_MS = 500;

export interface Shared {
  readonly store: SharedStore | undefined;
  readonly learning: SharedLearning;
  readonly answers: SharedAnswers | undefined;
  /** Does these in turn, again and again, until the gateway closes; one that fails does not keep the others from it. */
  keepUp(rounds: Readonly<Record<string, () => Promise<void>>>): void;
}

/** What several gateways have in common, where a store for it is configured; it ends when `closing` fires. */
export async function composeShared(options: {
  readonly config: Config;
  readonly state: State;
  readonly log: Logger;
  readonly now: () => number;
  readonly closing: AbortSignal;
}): Promise<Shared> {
  const { config, state, log, now, closing } = options;
  const gateway = String(await state.kv.setDefault('shared', 'gateway', randomBytes(8).toString('hex')));
  const store =
    config.redis === undefined
      ? undefined
      : connectRedis({
          ...config.redis,
          now,
          onChange: (usable) => (usable ? log.info('the shared store answers again') : log.warn('the shared store does not answer; going on without it')),
        });
  closing.addEventListener('abort', () => store?.close(), { once: true });
  return {
    store,
    learning: await createSharedLearning({ store, kv: state.kv, gateway }),
    answers: store === undefined ? undefined : createSharedAnswers(store),
    keepUp(rounds) {
      if (store === undefined) return;
      const failing = new Set<string>();
      const round = async (): Promise<void> => {
        for (const [name, work] of Object.entries(rounds)) {
          if (closing.aborted) return;
          try {
            await work();
            failing.delete(name);
          } catch (error) {
            if (!failing.has(name) && !closing.aborted)
              log.warn({ what: name, name: (error as Error).name, stack: (error as Error).stack }, 'exchange with other gateways failed');
            failing.add(name);
          }
        }
      };
      void (async () => {
        while (!closing.aborted) {
          await round();
          await delay(ROUND_MS, undefined, { signal: closing, ref: false }).catch(() => undefined);
        }
      })();
    },
  };
}
