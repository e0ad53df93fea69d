import { describe, expect, it } from 'vitest';
import { createGuard } from '../../src/state-shared/guard.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const broken = (): Promise<never> => Promise.reject(new Error('x'));
const good = (): Promise<string> => Promise.resolve('v');

function setup() {
  let at = 0;
  const changes: boolean[] = [];
  const guard = createGuard({ clockMs: 10, now: () => at, onChange: (usable) => changes.push(usable) });
  return {
    guard,
    changes,
    pass: (ms: number) => {
      at += ms;
    },
  };
}

describe('the guard of a shared store', () => {
  it('gives undefined for what fails or is late, and never throws', async () => {
    const { guard } = setup();
    expect(await guard.run(good)).toBe('v');
    expect(await guard.run(never)).toBeUndefined();
    expect(await guard.run(broken)).toBeUndefined();
  });

  it('leaves the store alone after three failures, longer each time, with one try in between', async () => {
    const { guard, changes, pass } = setup();
    let tries = 0;
    const counted = (): Promise<never> => {
      tries += 1;
      return broken();
    };
    for (let turn = 0; turn < 10; turn++) await guard.run(counted);
    expect(tries).toBe(3);
    pass(500);
    await Promise.all([guard.run(counted), guard.run(counted), guard.run(counted)]);
    expect(tries).toBe(4);
    pass(500);
    await guard.run(counted);
    expect(tries).toBe(4);
    pass(500);
    await guard.run(counted);
    expect(tries).toBe(5);
    expect(guard.open).toBe(false);
    expect(changes).toEqual([false]);
  });

  it('takes the store back with its first answer', async () => {
    const { guard, changes, pass } = setup();
    for (let turn = 0; turn < 3; turn++) await guard.run(never);
    pass(500);
    expect(await guard.run(good)).toBe('v');
    expect(await guard.run(good)).toBe('v');
    expect(guard.open).toBe(true);
    expect(changes).toEqual([false, true]);
  });
});
