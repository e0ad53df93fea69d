import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { connectRedis, type SharedStore } from './state-shared/redis.ts';

/** The store that several gateways share, where one is configured; it ends when `closing` fires. */
export function composeShared(options: {
  readonly config: Config;
  readonly log: Logger;
  readonly now: () => number;
  readonly closing: AbortSignal;
}): SharedStore | undefined {
  const { config, log, now, closing } = options;
  if (config.redis === undefined) return undefined;
  const store = connectRedis({
    ...config.redis,
    now,
    onChange: (usable) => (usable ? log.info('the shared store answers again') : log.warn('the shared store does not answer; going on without it')),
  });
  closing.addEventListener('abort', () => store.close(), { once: true });
  return store;
}
