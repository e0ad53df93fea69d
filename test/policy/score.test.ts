import { describe, expect, it } from 'vitest';
import { formatTerms, scoreOf } from '../../src/policy/score.ts';
import { type FakeProfile, profile } from './fakes.ts';

const score = (fake: FakeProfile, task = 'code', complexity: 'low' | 'medium' = 'medium') =>
  scoreOf(profile('m', { quality: { code: 70 }, ...fake }), { task, complexity, stayWith: undefined });

describe('the score', () => {
  const plain = score({}).score;
  it.each([
    ['priority', { set: { priority: 8 } }, 1],
    ['low priority', { set: { priority: 1 } }, -1],
    ['what it is made for', { set: { optimalFor: ['code'] } }, 1],
    ['what it is weak at', { set: { weakAt: ['code'] } }, -1],
    ['being in memory', { loaded: true }, 1],
    ['requests at its provider', { inFlight: 3 }, -1],
    ['failures', { stats: { failureRate: { mean: 0.5, weight: 10 } } }, -1],
    ['speed', { stats: { outputTokensPerSecond: { mean: 100, weight: 10 } } }, 1],
  ] satisfies [string, FakeProfile, number][])('moves with %s', (_, fake, sign) => expect(Math.sign(score(fake).score - plain)).toBe(sign));

  it('counts speed more for quick and simple requests, and never without bound', () => {
    const fast = { stats: { outputTokensPerSecond: { mean: 1e9, weight: 10 } } };
    expect(score(fast).terms['speed']).toBe(8);
    expect(score(fast, 'quick').terms['speed']).toBe(20);
    expect(score(fast, 'code', 'low').terms['speed']).toBe(20);
  });

  it('bounds what load can take', () => expect(score({ inFlight: 1e6 }).terms['load']).toBe(-9));
  it('writes terms as a sum', () => expect(formatTerms({ quality: 71, load: -3, loaded: 5 })).toBe('quality 71 - load 3 + loaded 5'));
});
