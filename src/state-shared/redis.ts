import { Redis } from 'ioredis';
import { createGuard } from './guard.ts';

const CONNECT_MS = 1_000;
const MAX_RECONNECT_MS = 2_000;

/** Counts a hit in a window; answers the count and the ms left. */
const COUNT = `local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) return {1, tonumber(ARGV[1])} end
local left = redis.call('PTTL', KEYS[1])
if left < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) left = tonumber(ARGV[1]) end
return {n, left}`;

/** Kept values and counted windows that several processes share; any of it may be lost at any time. */
export interface CommonStore {
  /** Undefined also when the store is slow or gone. */
  get(key: string): Promise<string | undefined>;
  /** Kept for `ttlMs`; not waited for. */
  set(key: string, value: string, ttlMs: number): void;
  /** Counts one hit of a window of `windowMs`; undefined when the store cannot say. */
  count(key: string, windowMs: number): Promise<{ readonly current: number; readonly ttlMs: number } | undefined>;
}

/** What several gateways share. Everything in it may be lost at any time: nothing here is the only copy of anything. */
export interface SharedStore extends CommonStore {
  /**
   * Any other commands, under the guard; undefined when the store failed, was late or is left alone. `clockMs` is for work in the
   * background, for which no request waits.
   */
  run<T>(commands: (client: Redis) => Promise<T>, clockMs?: number): Promise<T | undefined>;
  /** Whether it answers now. */
  usable(): boolean;
  close(): void;
}

/** A Redis or Valkey server as a store that never holds a request up. `now` is epoch ms; `onChange` tells of loss and return. */
export function connectRedis(options: {
  /** redis:// or rediss://, with credentials where it wants them. */
  readonly url: string;
  /** Before every key. */
  readonly prefix: string;
  /** How long any one operation may take before the gateway goes on without it, ms. */
  readonly timeout_ms: number;
  readonly now: () => number;
  readonly onChange: (usable: boolean) => void;
}): SharedStore {
  const client = new Redis(options.url, {
    lazyConnect: true,
    // A command that finds no connection fails at once: waiting is what must not happen.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_MS,
    keyPrefix: options.prefix,
    retryStrategy: (times) => Math.min(times * 100, MAX_RECONNECT_MS),
    // A replica that was promoted or demoted: the name may lead to the right one by now.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  // Its errors reach every command that was under way; unheard they would end the process.
  client.on('error', () => undefined);
  client.connect().catch(() => undefined);
  const guard = createGuard({ clockMs: options.timeout_ms, now: options.now, onChange: options.onChange });

  return {
    async get(key) {
      return (await guard.run(() => client.get(key))) ?? undefined;
    },
    set(key, value, ttlMs) {
      void guard.run(() => client.set(key, value, 'PX', Math.max(1, Math.floor(ttlMs))));
    },
    async count(key, windowMs) {
      const answer = (await guard.run(() => client.eval(COUNT, 1, key, Math.floor(windowMs)))) as [number, number] | undefined;
      return answer === undefined ? undefined : { current: answer[0], ttlMs: answer[1] };
    },
    run: (commands, clockMs) => guard.run(() => commands(client), clockMs),
    usable: () => guard.open && client.status === 'ready',
    close: () => client.disconnect(),
  };
}
