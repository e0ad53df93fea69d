import { type AnswerCache, createCache } from './cache/cache.ts';
import type { Cluster } from './cluster.ts';
import type { Config } from './config.ts';
import type { Observer } from './core/observation.ts';
import type { RoutePlan } from './core/plan.ts';
import type { Fleet } from './profiles/fleet.ts';
import type { CommonStore } from './state-shared/redis.ts';
import { createSharedCache } from './state-shared/shared-cache.ts';

/** The answer cache as the configuration wants it. */
export function composeCache(options: {
  readonly config: Config;
  readonly fleet: Fleet;
  readonly observe: Observer;
  readonly shared: CommonStore | undefined;
  readonly cluster: Cluster;
}): AnswerCache {
  const { config, fleet, observe, shared, cluster } = options;
  const { caching } = config.performance;
  const cache = createCache({
    enabled: caching.enabled,
    maxEntries: caching.max_size,
    maxBytes: config.cache.max_bytes,
    ttlMs: caching.ttl * 1000,
    sampled: caching.sampled,
    scopeOf: (plan) => scopeOf(plan, fleet),
    observe,
    ...(cluster.claims !== undefined && { claims: cluster.claims }),
    ...(shared !== undefined && { shared: createSharedCache(shared) }),
  });
  cluster.onAsk('cache', () => cache.stats());
  return cache;
}

/** What a cached answer depends on beside the request: for a named model its digest, else the digests of the whole fleet. */
function scopeOf(plan: RoutePlan, fleet: Fleet): string {
  const profiles = plan.pinned && plan.strategy.kind === 'single' ? [fleet.profile(plan.strategy.target)] : fleet.profiles();
  const digests = profiles.map((profile) => (profile === undefined ? '' : `${profile.ref.model}@${profile.facts.digest ?? ''}`));
  return `${plan.pinned}\n${[...new Set(digests)].sort().join('\n')}`;
}
