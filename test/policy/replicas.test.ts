import { describe, expect, it } from 'vitest';
import { type Balance, orderReplicas } from '../../src/policy/replicas.ts';
import { profile } from './fakes.ts';

const at = (provider: string, inFlight = 0, weight = 1) => profile('m', { provider, inFlight, weight });
const order = (replicas: ReturnType<typeof at>[], balance: Balance, more: { turn?: number; random?: number; prefix?: string } = {}): string =>
  orderReplicas(replicas, { balance, turn: 0, random: 0.5, prefix: 'p', ...more })
    .map(({ ref }) => ref.provider)
    .join('');

describe('replicas', () => {
  it.each([
    ['round robin takes turns', 'round-robin', [at('a'), at('b'), at('c')], { turn: 0 }, 'abc'],
    ['round robin goes on', 'round-robin', [at('a'), at('b'), at('c')], { turn: 4 }, 'bca'],
    ['least busy takes the one with the shortest queue', 'least-busy', [at('a', 5), at('b', 1), at('c', 3)], {}, 'bca'],
    ['least busy counts by weight', 'least-busy', [at('a', 4, 4), at('b', 2, 1)], {}, 'ab'],
    ['weighted by chance: low', 'weighted', [at('a', 0, 3), at('b', 0, 1)], { random: 0.7 }, 'ab'],
    ['weighted by chance: high', 'weighted', [at('a', 0, 3), at('b', 0, 1)], { random: 0.8 }, 'ba'],
    ['one alone is taken', 'prefix', [at('a', 99)], {}, 'a'],
  ] as const)('%s', (_, balance, replicas, more, expected) => expect(order([...replicas], balance, more)).toBe(expected));

  it('shares by weight over many requests', () => {
    const first = Array.from({ length: 1_000 }, (_, index) => order([at('a', 0, 3), at('b', 0, 1)], 'weighted', { random: index / 1_000 })[0]);
    expect(first.filter((name) => name === 'a')).toHaveLength(750);
  });

  it('keeps a prefix on its replica, whatever the order of the list', () => {
    for (const prefix of ['one', 'two', 'three'])
      expect(order([at('a'), at('b'), at('c')], 'prefix', { prefix })[0]).toBe(order([at('c'), at('a'), at('b')], 'prefix', { prefix })[0]);
  });

  it('spreads prefixes evenly, and moves only its share when a replica goes', () => {
    const prefixes = Array.from({ length: 900 }, (_, index) => `conversation ${index}`);
    const before = prefixes.map((prefix) => order([at('a'), at('b'), at('c')], 'prefix', { prefix })[0]);
    const after = prefixes.map((prefix) => order([at('a'), at('b')], 'prefix', { prefix })[0]);
    for (const name of ['a', 'b', 'c']) expect(before.filter((first) => first === name).length).toBeGreaterThan(220);
    expect(before.every((first, index) => first === 'c' || first === after[index])).toBe(true);
  });

  it('gives a prefix up for a replica that is much less busy', () => {
    const home = order([at('a'), at('b')], 'prefix')[0] ?? '';
    const busy = ['a', 'b'].map((name) => at(name, name === home ? 12 : 1));
    expect(order(busy, 'prefix')[0]).not.toBe(home);
  });
});
