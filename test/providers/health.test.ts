import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { createHealth } from '../../src/providers/health.ts';

const ref = { provider: 'p', model: 'm' };
const refused = new GatewayError('unavailable', 'refused', { code: 'connect_failed' });
const boom = new GatewayError('upstream-failed', 'boom');
const silent = new GatewayError('upstream-timeout', 'silent', { code: 'first_token_timeout' });

function start() {
  let at = 1_000_000;
  const health = createHealth(
    () => at,
    () => 0.5,
  );
  const pass = (ms: number): void => {
    at += ms;
  };
  const fail = (error: GatewayError, times = 3): void => {
    for (let turn = 0; turn < times; turn++) health.failed(ref, error);
  };
  const admits = (): boolean => health.admit(ref) === undefined;
  return { health, pass, fail, admits, now: () => at };
}

describe('health of a provider', () => {
  it('opens after three failures in a row, and one that is good in between starts the count anew', () => {
    const { health, fail, admits } = start();
    fail(boom, 2);
    health.succeeded(ref);
    fail(boom, 2);
    expect(admits()).toBe(true);
    fail(boom, 1);
    expect(admits()).toBe(false);
    expect(health.coolingUntil(ref)).toBeGreaterThan(0);
  });

  it('lets one caller through once the time is over; its success closes the breaker', () => {
    const { health, pass, fail, admits } = start();
    fail(boom);
    pass(1_001);
    expect(admits()).toBe(true);
    expect(admits()).toBe(false);
    health.succeeded(ref);
    expect(admits()).toBe(true);
    expect(admits()).toBe(true);
  });

  it('stays open for longer each time it opens again soon, and forgets that after a quiet minute', () => {
    const { health, pass, fail, now } = start();
    const lengths: number[] = [];
    for (let turn = 0; turn < 7; turn++) {
      fail(boom);
      lengths.push(health.coolingUntil(ref) - now());
      pass(30_001);
      health.admit(ref);
      health.succeeded(ref);
      pass(100);
    }
    expect(lengths).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    pass(60_001);
    health.succeeded(ref);
    fail(boom);
    expect(health.coolingUntil(ref) - now()).toBe(1_000);
  });

  it('counts failures to connect against the whole provider, others against one model', () => {
    const { health, fail } = start();
    const other = { provider: 'p', model: 'other' };
    fail(boom);
    expect(health.admit(other)).toBeUndefined();
    fail(refused);
    expect(health.admit(other)).toBeDefined();
  });

  it('counts nothing that a client did wrong, nor that it left', () => {
    const { fail, admits } = start();
    fail(new GatewayError('invalid-request', 'no'), 1_000);
    fail(new GatewayError('client-closed', 'left'), 1_000);
    expect(admits()).toBe(true);
  });

  it('asks others first while one is busy or lacks the model, but does not refuse it', () => {
    const { health, fail, admits, pass, now } = start();
    fail(new GatewayError('unavailable', 'server busy'), 10);
    expect(health.coolingUntil(ref) - now()).toBe(375);
    expect(admits()).toBe(true);
    pass(400);
    expect(health.coolingUntil(ref)).toBe(0);
    fail(new GatewayError('rate-limited', 'slow down', { retryAfterMs: 1e9 }), 1);
    expect(health.coolingUntil(ref) - now()).toBe(45_000);
    health.succeeded(ref);
    expect(health.coolingUntil(ref)).toBe(0);
    fail(new GatewayError('model-not-found', 'no such model'), 1);
    expect(health.coolingUntil({ provider: 'p', model: 'other' })).toBe(0);
    expect(health.coolingUntil(ref) - now()).toBe(30_000);
  });

  it('says when trying again is useless: where it answers with failures, not where nobody answers', () => {
    const one = start();
    one.fail(boom);
    expect(one.health.admit(ref)?.failing).toBe(true);
    const two = start();
    two.fail(refused);
    expect(two.health.admit(ref)?.failing).toBe(false);
  });

  it('spends no call on a provider whose health check finds nobody, and calls it at once when one finds it alive', () => {
    const { health, pass, fail, admits } = start();
    fail(refused);
    expect(health.silent()).toEqual(['p']);
    for (let second = 0; second < 100; second++) {
      pass(1_000);
      health.gone('p');
      expect(admits()).toBe(false);
    }
    health.alive('p');
    expect(admits()).toBe(true);
    health.succeeded(ref);
    expect(health.silent()).toEqual([]);
  });

  it('does not let a health check cut short the time of one that comes and goes', () => {
    const { health, pass, fail, admits } = start();
    for (const ms of [1_000, 2_000, 4_000]) {
      fail(silent);
      pass(ms - 100);
      health.alive('p');
      expect(admits()).toBe(false);
      pass(101);
      expect(admits()).toBe(true);
      health.succeeded(ref);
    }
  });

  it('admits a caller four times a second when nobody else is left', () => {
    const { health, pass, fail } = start();
    fail(boom);
    let admitted = 0;
    for (let ms = 0; ms < 1_000; ms += 10) {
      pass(10);
      if (health.admit(ref, true) !== undefined) continue;
      admitted += 1;
      health.failed(ref, boom);
    }
    expect(admitted).toBe(4);
    expect(health.admit(ref)).toBeDefined();
  });

  it('does not wait for ever for a probe that never came back', () => {
    const { pass, fail, admits } = start();
    fail(boom);
    pass(1_001);
    expect(admits()).toBe(true);
    pass(29_000);
    expect(admits()).toBe(false);
    pass(1_001);
    expect(admits()).toBe(true);
  });
});
