import type { Upstream } from './compose-providers.ts';
import { GatewayError } from './core/errors.ts';
import { formatRef } from './core/model.ts';
import type { Caller, Gateway } from './gateway.ts';
import { type ProbeResult, probeModel } from './profiles/probe.ts';

/** How long one model may be measured, ms. */
const PROBE_MS = 600_000;
const MAX_ROUNDS = 4;

export type Probe = (model: string, options: { readonly rounds?: number | undefined }, caller: Caller, signal: AbortSignal) => Promise<readonly ProbeResult[]>;

/**
 * Measures a model at each of its replicas, one after the other, while its provider has nothing else to do. What is measured
 * flows into the profile like that of any call. Throws 'conflict' when the provider is busy or measured already.
 */
export function composeProbe(options: {
  readonly gateway: Gateway;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly now: () => number;
  readonly closing: AbortSignal;
}): Probe {
  const { gateway, upstreams } = options;
  const running = new Set<string>();
  return async (model, { rounds }, caller, signal) => {
    const resolution = gateway.resolve(model);
    if (resolution.kind !== 'model')
      throw new GatewayError('invalid-request', `'${model}' is not a real model; only real ones can be measured.`, { param: 'model' });
    const refs = resolution.refs.filter(caller.allowed);
    for (const { provider } of refs) {
      const gauge = upstreams.get(provider)?.gauge;
      if (running.has(provider)) throw busy(provider, 'is being measured already');
      if (gauge !== undefined && gauge.inFlight + gauge.queued > 0) throw busy(provider, `works on ${gauge.inFlight + gauge.queued} requests`);
    }
    const results: ProbeResult[] = [];
    for (const ref of refs) {
      const upstream = upstreams.get(ref.provider);
      if (upstream === undefined || signal.aborted) continue;
      running.add(ref.provider);
      try {
        const loaded = gateway.fleet.profile(ref)?.loaded !== undefined;
        const until = AbortSignal.any([signal, options.closing, AbortSignal.timeout(PROBE_MS)]);
        results.push(
          await probeModel({
            provider: upstream.provider,
            ref,
            loaded,
            now: options.now,
            signal: until,
            rounds: Math.max(1, Math.min(MAX_ROUNDS, rounds ?? MAX_ROUNDS)),
          }),
        );
      } finally {
        running.delete(ref.provider);
        gateway.fleet.invalidate();
      }
      await gateway.fleet.refreshLoaded(ref.provider).catch(() => []);
    }
    if (results.length > 0 && results.every(({ failures, rounds: asked }) => failures === asked)) {
      throw new GatewayError('upstream-failed', `${refs.map(formatRef).join(', ')} did not answer: ${results[0]?.error ?? 'no answer'}`, { retryable: false });
    }
    return results;
  };
}

const busy = (provider: string, why: string): GatewayError =>
  new GatewayError('conflict', `The provider '${provider}' ${why}; a model is measured only while nothing else runs.`, {
    code: 'provider_busy',
    retryAfterMs: 5_000,
  });
