import type { GatewayError } from '../core/errors.ts';
import { formatRef, type ModelRef } from '../core/model.ts';

/** Failures in a row that open the breaker. */
const THRESHOLD = 3;
/** First and longest time a breaker stays open, ms; it doubles in between. */
const OPEN_MS = 1_000;
const MAX_OPEN_MS = 30_000;
/** A breaker that opens again within this time after it closed opens for longer: a provider that comes and goes is trusted less each time. */
const CALM_MS = 60_000;
/** A provider that gives no sign of life stays out this much longer, ms; it is asked every second. */
const GONE_MS = 2_000;
/** When nobody else is left, one call this often looks whether an open breaker still tells the truth, ms. */
const INSIST_MS = 250;
/** How long a provider that is busy is left alone while others are not, ms: at least, when it does not say, and at most. */
const BUSY_MS = { least: 250, usual: 500, most: 60_000 } as const;
/** How long a model is looked for elsewhere after its provider said it has none, ms. */
const MISSING_MS = 30_000;

interface Breaker {
  failures: number;
  /** 0 when closed. */
  openUntil: number;
  openedAt: number;
  openMs: number;
  closedAt: number;
  /** A half-open breaker lets one attempt through; this is when it went, 0 when none is out. */
  probeAt: number;
  /** The provider could not be reached, or did not begin to answer: a health check without inference can tell whether it is back. */
  silent: boolean;
  /** It answers, but with failures: sending the same again soon is useless. */
  failing: boolean;
}

/** Why a call is not admitted. */
export interface Refused {
  /** Epoch ms to come back at. */
  readonly until: number;
  readonly failing: boolean;
}

export interface Health {
  /** Epoch ms until which others should be asked first; 0 when it may be called. */
  coolingUntil(ref: ModelRef): number;
  /**
   * Asks to call the model; undefined means yes. A half-open breaker admits one caller at a time. With `insist`, because nobody
   * else is left, an open one admits a caller now and then.
   */
  admit(ref: ModelRef, insist?: boolean): Refused | undefined;
  succeeded(ref: ModelRef): void;
  failed(ref: ModelRef, error: GatewayError): void;
  /** The attempt ended without telling anything about the upstream (the client left): frees the probe. */
  undecided(ref: ModelRef): void;
  /** Epoch ms of the provider's latest good answer; 0 without one. */
  provenAt(provider: string): number;
  /** Providers that are out because they were silent: what a health check should look at. */
  silent(): string[];
  /** A health check found the provider alive: what it was out for is over, unless it comes and goes. */
  alive(provider: string): void;
  /** The provider was removed or is another one now. */
  forget(provider: string): void;
  /** A health check found nobody: no request is spent on finding that out again. */
  gone(provider: string): void;
}

/** Passive health per provider and per model: only real calls count, and what a client did wrong never does. `random` is 0-1. */
export function createHealth(now: () => number, random: () => number): Health {
  const breakers = new Map<string, Breaker>();
  const busy = new Map<string, number>();
  const proven = new Map<string, number>();
  const keys = (ref: ModelRef): [string, string] => [ref.provider, formatRef(ref)];
  const open = ({ openUntil }: Breaker): boolean => openUntil !== 0;

  const refusal = (breaker: Breaker, insist: boolean): Refused | undefined => {
    if (!open(breaker)) return undefined;
    const { openUntil, probeAt, failing } = breaker;
    // A probe that never reported back must not hold the door for ever.
    const probing = probeAt !== 0 && now() - probeAt < (insist ? OPEN_MS : MAX_OPEN_MS);
    if (openUntil > now()) {
      if (insist && !probing && now() - Math.max(breaker.openedAt, probeAt) >= INSIST_MS) return undefined;
      return { until: openUntil, failing };
    }
    return probing ? { until: now() + OPEN_MS, failing } : undefined;
  };

  const leaveAlone = (key: string, ms: number): void => {
    busy.set(key, Math.max(busy.get(key) ?? 0, now() + ms));
  };

  const openUp = (breaker: Breaker): void => {
    const again = breaker.openedAt !== 0 && (open(breaker) || now() - breaker.closedAt < CALM_MS);
    breaker.openMs = again ? Math.min(breaker.openMs * 2, MAX_OPEN_MS) : OPEN_MS;
    breaker.openedAt = now();
    breaker.openUntil = now() + breaker.openMs;
  };

  const outage = (error: GatewayError): 'silent' | 'failing' | undefined => {
    const { code } = error.details;
    if (code === 'connect_failed' || code === 'first_token_timeout') return 'silent';
    return error.kind === 'upstream-failed' || error.kind === 'upstream-timeout' ? 'failing' : undefined;
  };

  const silentOnes = (provider: string): Breaker[] =>
    [...breakers].flatMap(([key, breaker]) => (breaker.silent && open(breaker) && providerOf(key) === provider ? [breaker] : []));

  return {
    coolingUntil(ref) {
      if (breakers.size === 0 && busy.size === 0) return 0;
      const until = Math.max(...keys(ref).map((key) => Math.max(breakers.get(key)?.openUntil ?? 0, busy.get(key) ?? 0)));
      return until > now() ? until : 0;
    },
    admit(ref, insist = false) {
      if (breakers.size === 0) return undefined;
      const found = keys(ref).flatMap((key) => breakers.get(key) ?? []);
      for (const breaker of found) {
        const refused = refusal(breaker, insist);
        if (refused !== undefined) return refused;
      }
      for (const breaker of found) if (open(breaker)) breaker.probeAt = now();
      return undefined;
    },
    succeeded(ref) {
      proven.set(ref.provider, now());
      if (breakers.size === 0 && busy.size === 0) return;
      for (const key of keys(ref)) {
        busy.delete(key);
        const breaker = breakers.get(key);
        if (breaker === undefined) continue;
        if (breaker.openedAt === 0 || (!open(breaker) && now() - breaker.closedAt >= CALM_MS)) breakers.delete(key);
        else if (open(breaker)) Object.assign(breaker, { openUntil: 0, probeAt: 0, closedAt: now() });
        breaker.failures = 0;
      }
    },
    undecided(ref) {
      for (const key of keys(ref)) {
        const breaker = breakers.get(key);
        if (breaker !== undefined) breaker.probeAt = 0;
      }
    },
    failed(ref, error) {
      const [provider, model] = keys(ref);
      const { code, retryAfterMs } = error.details;
      if (error.kind === 'model-not-found') leaveAlone(model, MISSING_MS);
      else if (error.kind === 'rate-limited' || (error.kind === 'unavailable' && code === undefined)) {
        // Equal jitter: at least half of what was asked for, so that callers do not come back all at once.
        const wanted = Math.min(Math.max(retryAfterMs ?? BUSY_MS.usual, BUSY_MS.least), BUSY_MS.most);
        leaveAlone(model, wanted / 2 + (random() * wanted) / 2);
      }
      const kind = outage(error);
      if (kind === undefined) {
        this.undecided(ref);
        return;
      }
      const key = code === 'connect_failed' ? provider : model;
      const breaker = breakers.get(key) ?? { failures: 0, openUntil: 0, openedAt: 0, openMs: OPEN_MS, closedAt: 0, probeAt: 0, silent: false, failing: false };
      breakers.set(key, breaker);
      const wasProbe = breaker.probeAt !== 0;
      breaker.probeAt = 0;
      breaker.silent = kind === 'silent';
      breaker.failing = kind === 'failing';
      breaker.failures += 1;
      if (wasProbe || (breaker.failures >= THRESHOLD && breaker.openUntil <= now())) openUp(breaker);
    },
    provenAt: (provider) => proven.get(provider) ?? 0,
    silent: () => [...new Set([...breakers].flatMap(([key, breaker]) => (breaker.silent && open(breaker) ? [providerOf(key)] : [])))],
    alive(provider) {
      for (const breaker of silentOnes(provider)) breaker.openUntil = Math.min(breaker.openUntil, Math.max(now(), breaker.openedAt + breaker.openMs));
    },
    forget(provider) {
      proven.delete(provider);
      for (const key of [...breakers.keys(), ...busy.keys()]) {
        if (providerOf(key) !== provider) continue;
        breakers.delete(key);
        busy.delete(key);
      }
    },
    gone(provider) {
      for (const breaker of silentOnes(provider)) breaker.openUntil = Math.max(breaker.openUntil, now() + GONE_MS);
    },
  };
}

/** Keys are 'provider' or 'provider/model'; a provider's name has no slash. */
const providerOf = (key: string): string => key.split('/', 1)[0] as string;
