import { expect, it } from 'vitest';
import { createRates } from '../../src/access/rates.ts';
import type { Rate } from '../../src/core/rates.ts';
import { createPace } from '../../src/jobs/batch-pace.ts';

/** A clock that only sleeping moves, and the times at which lines went. */
function bench(rateOf: (owner: string) => Rate | undefined) {
  let time = 1_000_000;
  const now = (): number => time;
  const rates = createRates({ now, store: undefined, exact: false });
  const sleeps: number[] = [];
  const pass = (ms: number): void => {
    time += ms;
  };
  const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    await Promise.resolve();
    signal.throwIfAborted();
    sleeps.push(ms);
    pass(ms);
  };
  const pace = createPace({ rates, rateOf, now, sleep });
  const never = new AbortController().signal;
  const line = async (owner: string, signal = never): Promise<number> => {
    await pace(owner, signal);
    return time - 1_000_000;
  };
  return { rates, sleeps, line, pass };
}
const TEN = { requests: 10, windowMs: 60_000 };

it('lets ten lines a minute go for a key of ten requests a minute, and keeps the others waiting', async () => {
  const { line, sleeps } = bench(() => TEN);
  const went = await Promise.all(Array.from({ length: 25 }, () => line('key_a')));
  expect(went).toEqual([...Array(10).fill(0), ...Array(10).fill(60_000), ...Array(5).fill(120_000)]);
  expect(sleeps).toEqual([60_000, 60_000]);
});

it('counts lines and interactive requests in one window, either way', async () => {
  const { line, rates, pass } = bench(() => TEN);
  for (let request = 0; request < 8; request += 1) await rates.count('key_a', TEN.windowMs);
  pass(10_000);
  expect(await Promise.all([line('key_a'), line('key_a'), line('key_a')])).toEqual([10_000, 10_000, 60_000]);
  expect((await rates.count('key_a', TEN.windowMs)).count).toBe(2);
});

it('does not hold the lines of one key back for another, nor any where there is no limit', async () => {
  const { line, sleeps } = bench((owner) => (owner === 'key_free' ? undefined : { requests: 1, windowMs: 60_000 }));
  expect(await Promise.all([line('key_a'), line('key_b')])).toEqual([0, 0]);
  await Promise.all(Array.from({ length: 100 }, () => line('key_free')));
  expect(sleeps).toEqual([]);
});

it('gives up the place of a batch that is cancelled while it waits, and lets the next batch go on', async () => {
  const { line } = bench(() => ({ requests: 1, windowMs: 60_000 }));
  await line('key_a');
  const stop = new AbortController();
  const cancelled = line('key_a', stop.signal);
  const other = line('key_a');
  stop.abort(new Error('cancelled'));
  await expect(cancelled).rejects.toThrow('cancelled');
  expect(await other).toBe(60_000);
});
