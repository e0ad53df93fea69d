import type { Fleet } from './profiles/fleet.ts';

export interface Readiness {
  readonly ready: boolean;
  /** What is missing, in words for a person. */
  readonly missing: readonly string[];
  readonly providers: ReturnType<Fleet['providers']>;
}

/** Whether requests can be answered now, and what is missing if not. `now`: epoch ms. */
export function readinessOf(fleet: Fleet, known: readonly string[], draining: boolean, now: number): Readiness {
  const providers = fleet.providers();
  const missing = [...known];
  if (draining) missing.push('The gateway is shutting down.');
  if (providers.length === 0) missing.push('No provider is configured.');
  for (const { name, reachable, error } of providers) {
    if (!reachable) missing.push(`Provider '${name}' cannot be reached${error === undefined ? '' : `: ${error}`}`);
  }
  if (fleet.profiles().length === 0) missing.push('No model is available.');
  return { ready: !draining && fleet.profiles().some(({ coolingUntil }) => coolingUntil <= now), missing, providers };
}
