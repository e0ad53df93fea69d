import { LRUCache } from 'lru-cache';
import type { ChatEvent, ChatStream } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import type { Answer, Execute } from '../core/execute.ts';
import type { Observer } from '../core/observation.ts';
import type { RoutePlan } from '../core/plan.ts';
import { type Claims, reusedKey } from './claims.ts';
import { createFlight, type Flight, sizeOf } from './flight.ts';
import type { CachedAnswer } from './kept.ts';
import { cacheKey, isCacheable } from './key.ts';

/** Where answers are kept besides this process's memory (Redis); slow or broken must read as a miss. */
export interface SharedCache {
  get(key: string): Promise<CachedAnswer | undefined>;
  set(key: string, answer: CachedAnswer, ttlMs: number): void;
}

export interface CacheOptions {
  readonly enabled: boolean;
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly ttlMs: number;
  /** Whether answers of a temperature above 0 are kept too. */
  readonly sampled: boolean;
  /** Tells apart what the key must tell apart beside the request: digests of the models, version of the rules. */
  readonly scopeOf: (plan: RoutePlan) => string;
  readonly observe: Observer;
  readonly shared?: SharedCache;
  /** Idempotency keys over several processes; without, they hold in this one. */
  readonly claims?: Claims;
}

export interface AnswerCache {
  wrap(inner: Execute): Execute;
  stats(): { entries: number; bytes: number; hits: number; misses: number };
  clear(): void;
  /** Removes what is past its time; how many entries that were. */
  sweep(): number;
}

/** Bytes of an answer that are kept while it is under way; a longer one can be neither joined nor cached. */
const MAX_KEPT = 4 << 20;

/** Before the key of an answer to a request with an Idempotency-Key. */
const ONCE = 'once\n';
/** Idempotency keys remembered. */
const MAX_REPEATS = 10_000;

interface Leading {
  readonly flight: Flight;
  readonly answer: Answer;
}

/** Exact answers by key, and one upstream call for equal requests in flight. Only complete answers are kept. */
export function createCache(options: CacheOptions): AnswerCache {
  const entries = new LRUCache<string, CachedAnswer>({
    max: options.maxEntries,
    maxSize: options.maxBytes,
    maxEntrySize: Math.ceil(options.maxBytes / 4),
    sizeCalculation: (answer) => 256 + sizeOf(answer.events),
    ttl: options.ttlMs,
  });
  const flights = new Map<string, Promise<Leading>>();
  /** Bytes that answers under way keep for those who may still join them, and for the cache. */
  let flying = 0;
  const repeats = new LRUCache<string, string>({ max: MAX_REPEATS, ttl: options.ttlMs });
  let hits = 0;
  let misses = 0;

  const wrap =
    (inner: Execute): Execute =>
    async (request, plan, context) => {
      const outcome = (value: 'hit' | 'miss' | 'bypass'): void => options.observe({ type: 'cache', requestId: context.requestId, outcome: value });
      const repeated = context.idempotencyKey;
      if (repeated !== undefined) return once(`${context.tenant}\n${repeated}`, inner, request, plan, context);
      if (!options.enabled || !isCacheable(request, options.sampled) || (!context.cache.read && !context.cache.write)) {
        outcome('bypass');
        return { ...(await inner(request, plan, context)), cache: 'bypass' };
      }
      const key = cacheKey(request, `${context.tenant}\n${options.scopeOf(plan)}`);
      if (context.cache.read) {
        const own = entries.get(key);
        const found = own ?? (await options.shared?.get(key));
        if (found !== undefined && (found.served === undefined || context.allowed(found.served))) {
          hits += 1;
          outcome('hit');
          return own === undefined ? again(found) : { ...again(own), again: () => stillKept(key, own) };
        }
        // A leader that failed is replaced by one of its followers, once; after that the failure is everyone's.
        for (let failures = 0, leading = flights.get(key); leading !== undefined; leading = flights.get(key)) {
          try {
            const answer = await follow(key, leading, context.signal);
            hits += 1;
            outcome('hit');
            return answer;
          } catch (error) {
            failures += 1;
            if (context.signal.aborted || failures > 1 || !GatewayError.from(error).retryable) throw error;
          }
        }
      }
      misses += 1;
      outcome('miss');
      return lead(key, inner, request, plan, context);
    };

  const stillKept = (key: string, entry: CachedAnswer): boolean => {
    if (entries.get(key) !== entry) return false;
    hits += 1;
    return true;
  };

  /** A request with an idempotency key: while it runs, and for a while after, the same key gets the same answer. */
  const once = async (key: string, inner: Execute, ...[request, plan, context]: Parameters<Execute>): Promise<Answer> => {
    const body = cacheKey(request, '');
    const known = repeats.get(key);
    if (known !== undefined && known !== body) throw reusedKey();
    repeats.set(key, body);
    const entry = ONCE + key;
    const kept = entries.get(entry);
    if (kept !== undefined) return again(kept);
    const running = flights.get(entry);
    if (running !== undefined) return follow(entry, running, context.signal);
    const { claims } = options;
    if (claims === undefined) return lead(entry, inner, request, plan, context);
    const claim = await claims.claim(entry, body);
    if (!claim.yours) return again(claim.answer);
    const settle = (): void => claims.settle(entry, entries.get(entry));
    try {
      context.signal.throwIfAborted();
      return await lead(entry, inner, request, plan, context, settle);
    } catch (error) {
      settle();
      throw error;
    }
  };

  const again = ({ served, events }: CachedAnswer): Answer => ({
    ...(served !== undefined && { served }),
    cache: 'hit',
    attempts: 0,
    events: replay(events),
  });

  /** Makes the call; `ended` is told once it is over, however it ended after it began. */
  const lead = async (key: string, inner: Execute, ...[request, plan, context, ended]: [...Parameters<Execute>, ended?: () => void]): Promise<Answer> => {
    // The call belongs to everyone who waits for it: it ends when the last reader leaves, not when the first one does.
    const controller = new AbortController();
    let waiting = true;
    const leave = (): void => {
      if (waiting && joined(key) <= 1) controller.abort(context.signal.reason);
    };
    context.signal.addEventListener('abort', leave, { once: true });
    const begun = (async (): Promise<Leading> => {
      const answer = await inner(request, plan, { ...context, signal: controller.signal });
      let own = 0;
      const flight = createFlight({
        source: answer.events,
        stop: () => controller.abort(new GatewayError('client-closed', 'Every reader left.')),
        keep: (bytes) => {
          own += bytes;
          flying += bytes;
          return own <= MAX_KEPT && flying <= options.maxBytes;
        },
        onEnd: (batches) => {
          flying -= own;
          if (flights.get(key) === begun) flights.delete(key);
          if (batches !== undefined && context.cache.write) keep(key, answer, batches.flat());
          ended?.();
        },
      });
      return { answer, flight };
    })();
    flights.set(key, begun);
    followers.set(key, (followers.get(key) ?? 0) + 1);
    try {
      const { answer, flight } = await begun;
      return { ...answer, cache: 'miss', events: flight.read(context.signal) };
    } catch (error) {
      if (flights.get(key) === begun) flights.delete(key);
      throw error;
    } finally {
      waiting = false;
      context.signal.removeEventListener('abort', leave);
      drop(key);
    }
  };

  /** Requests that wait for the same key's answer to begin. */
  const followers = new Map<string, number>();
  const joined = (key: string): number => followers.get(key) ?? 0;
  const drop = (key: string): void => {
    const left = joined(key) - 1;
    if (left <= 0) followers.delete(key);
    else followers.set(key, left);
  };

  /** The answer of a call that is under way; throws what that call threw before it began. */
  const follow = async (key: string, leading: Promise<Leading>, signal: AbortSignal): Promise<Answer> => {
    followers.set(key, joined(key) + 1);
    try {
      const { answer, flight } = await Promise.race([leading, rejectOn(signal)]);
      return { ...answer, cache: 'hit', events: flight.read(signal) };
    } finally {
      drop(key);
    }
  };

  const keep = (key: string, answer: Answer, events: readonly ChatEvent[]): void => {
    const finishes = events.filter((event) => event.type === 'finish');
    if (finishes.length === 0 || finishes.some((event) => event.reason !== 'stop')) return;
    if (isDegraded(answer.trace?.())) return;
    const entry: CachedAnswer = { ...(answer.served !== undefined && { served: answer.served }), events: compact(events) };
    entries.set(key, entry);
    if (!key.startsWith(ONCE)) options.shared?.set(key, entry, options.ttlMs);
  };

  const sweep = (): number => {
    const before = entries.size;
    entries.purgeStale();
    return before - entries.size;
  };

  return { wrap, stats: () => ({ entries: entries.size, bytes: entries.calculatedSize, hits, misses }), clear: () => entries.clear(), sweep };
}

const isDegraded = (trace: object | undefined): boolean => trace !== undefined && 'degraded' in trace && trace.degraded === true;

/** Joins neighbouring text deltas, so that an entry costs the text and not its tokens; replayed streams then come in larger pieces. */
function compact(events: readonly ChatEvent[]): ChatEvent[] {
  const out: ChatEvent[] = [];
  for (const event of events) {
    const last = out.at(-1);
    const joinable = event.type === 'text' || event.type === 'reasoning';
    if (joinable && last?.type === event.type && last.choice === event.choice && !('logprobs' in event) && !('logprobs' in last) && last.delta.length < 1_024) {
      out[out.length - 1] = { type: event.type, delta: last.delta + event.delta, ...(event.choice !== undefined && { choice: event.choice }) };
    } else if (joinable) {
      const { json: _json, ...plain } = event;
      out.push(plain);
    } else {
      out.push(event);
    }
  }
  return out;
}

async function* replay(events: readonly ChatEvent[]): ChatStream {
  yield events;
}

const rejectOn = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
