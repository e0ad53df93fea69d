import type { GatewayError } from '../core/errors.ts';
import { formatRef, type ModelRef } from '../core/model.ts';

/** Failures in a row that open the breaker. */
const THRESHOLD = 3;
/** First and longest time a breaker stays open, ms; it doubles in between. */
const OPEN_MS = 1_000;
const MAX_OPEN_MS = 30_000;

interface Breaker {
  failures: number;
  openUntil: number;
  openMs: number;
  /** A half-open breaker lets one attempt through; this is when it went, 0 when none is out. */
  probeAt: number;
  /** The upstream could not be reached at all, so a health check can prove it is back. */
  dead: boolean;
}

export interface Health {
  /** Epoch ms until which the model is skipped; 0 when it may be called. */
  coolingUntil(ref: ModelRef): number;
  /** Asks to call the model: true, or the epoch ms to come back at. A half-open breaker admits one caller at a time. */
  admit(ref: ModelRef): true | number;
  succeeded(ref: ModelRef): void;
  failed(ref: ModelRef, error: GatewayError): void;
  /** The attempt ended without telling anything about the upstream (the client left): frees the probe. */
  undecided(ref: ModelRef): void;
  /** Providers that count as unreachable now: what a health check should look at. */
  dead(): string[];
  /** A health check found the provider alive: its breaker goes half-open at once. */
  revive(provider: string): void;
}

/** Passive health per provider and per model: only real calls count, and what a client did wrong never does. */
export function createHealth(now: () => number): Health {
  const breakers = new Map<string, Breaker>();
  const keys = (ref: ModelRef): [string, string] => [ref.provider, formatRef(ref)];

  const admitOne = (key: string): true | number => {
    const breaker = breakers.get(key);
    if (breaker === undefined || breaker.openUntil === 0) return true;
    if (breaker.openUntil > now()) return breaker.openUntil;
    // A probe that never reported back must not hold the door for ever.
    if (breaker.probeAt !== 0 && now() - breaker.probeAt < MAX_OPEN_MS) return now() + OPEN_MS;
    return true;
  };

  return {
    coolingUntil: (ref) =>
      Math.max(
        ...keys(ref)
          .map((key) => breakers.get(key)?.openUntil ?? 0)
          .map((until) => (until > now() ? until : 0)),
      ),
    admit(ref) {
      for (const key of keys(ref)) {
        const answer = admitOne(key);
        if (answer !== true) return answer;
      }
      for (const key of keys(ref)) {
        const breaker = breakers.get(key);
        if (breaker !== undefined && breaker.openUntil !== 0) breaker.probeAt = now();
      }
      return true;
    },
    succeeded(ref) {
      for (const key of keys(ref)) breakers.delete(key);
    },
    undecided(ref) {
      for (const key of keys(ref)) {
        const breaker = breakers.get(key);
        if (breaker !== undefined) breaker.probeAt = 0;
      }
    },
    failed(ref, error) {
      const code = error.details.code;
      const counts = error.kind === 'upstream-failed' || error.kind === 'upstream-timeout' || (error.kind === 'unavailable' && code === 'connect_failed');
      if (!counts) {
        this.undecided(ref);
        return;
      }
      const dead = code === 'connect_failed';
      const key = dead ? ref.provider : formatRef(ref);
      const breaker = breakers.get(key) ?? { failures: 0, openUntil: 0, openMs: OPEN_MS / 2, probeAt: 0, dead };
      breakers.set(key, breaker);
      const wasProbe = breaker.probeAt !== 0;
      breaker.probeAt = 0;
      breaker.dead = dead;
      breaker.failures += 1;
      const alreadyOpen = breaker.openUntil > now();
      if (!alreadyOpen && (breaker.failures >= THRESHOLD || wasProbe)) {
        breaker.openMs = Math.min(breaker.openMs * 2, MAX_OPEN_MS);
        breaker.openUntil = Math.max(breaker.openUntil, now() + breaker.openMs);
      }
    },
    dead: () => [...breakers].filter(([key, breaker]) => breaker.dead && breaker.openUntil !== 0 && !key.includes('/')).map(([key]) => key),
    revive(provider) {
      const breaker = breakers.get(provider);
      if (breaker !== undefined && breaker.openUntil > now()) breaker.openUntil = now();
    },
  };
}
