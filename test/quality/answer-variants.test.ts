import { describe, expect, test } from 'vitest';
import { agreement } from '../../src/quality/agreement.ts';
import { best } from '../../src/quality/best.ts';
import { finalAnswer } from '../../src/quality/final-answer.ts';
import { sameFinal } from '../../src/quality/final-same.ts';
import type { FinalAnswer } from '../../src/quality/final-value.ts';
import { soundness } from '../../src/quality/soundness.ts';
import { vote } from '../../src/quality/vote.ts';
import { ADVERSARIAL, CORRECTNESS, LONGER_IS_RIGHT, type Pair } from './answer-pairs.ts';
import { VARIANTS } from './answer-variants.ts';

const groups = Object.values(VARIANTS).flat();
const meets = (a: FinalAnswer | undefined, b: FinalAnswer | undefined): boolean => a !== undefined && b !== undefined && sameFinal(a, b);

describe.each(groups.map((group) => [group.about, group] as const))('the same answer in many forms: %s', (_, { same, other }) => {
  test('is one answer to a vote', () => {
    expect(
      agreement(same)
        .clusters.map(({ members }) => members.length)
        .slice(0, 1),
    ).toEqual(agreement(same).mode === 'code' ? [] : [same.length]);
  });

  test('is told from every other answer', () => {
    const ours = same.map(finalAnswer);
    for (const text of other) expect({ text, joins: ours.findIndex((own) => meets(own, finalAnswer(text))) }).toEqual({ text, joins: -1 });
  });

  test('wins with two voices of three', () => {
    same.forEach((text, at) => {
      const second = same[(at + 1) % same.length] as string;
      expect([text, second]).toContain(vote([other[at % other.length] as string, text, second]).answer);
    });
  });
});

describe('a vote', () => {
  test('counts a refusal, an empty answer and one without an answer for nobody', () => {
    const found = vote(["I'm sorry, I can't help.", 'I cannot answer that.', '', 'It depends on many things that nobody knows.', 'The answer is 12.']);
    expect(found.value).toBe('12');
    expect(found.agreement.score).toBeLessThan(0.3);
  });

  test('counts no number out of the middle of an answer that was cut off', () => {
    const half = `First we count the ${'apples on the first and the second tree and '.repeat(8)} so that 7 of them and then the`;
    expect(finalAnswer(half)).toBeUndefined();
    expect(vote([half, 'The answer is 9.']).value).toBe('9');
  });

  test('gives the wording that most of the winners use', () => {
    expect(vote(['3.1416', '3.14', '3.14', '5']).value).toBe('3.14');
  });
});

const score = (pairs: readonly Pair[], choose: (first: string, second: string, question: string) => 0 | 1): number =>
  pairs.reduce((sum, { question, good, bad }) => sum + (choose(good, bad, question) === 0 ? 0.5 : 0) + (choose(bad, good, question) === 1 ? 0.5 : 0), 0) /
  pairs.length;
const byBest = (first: string, second: string, question: string): 0 | 1 => (best([first, second], { question }).index === 0 ? 0 : 1);
const bySoundness = (first: string, second: string, question: string): 0 | 1 => (soundness(first, question).score >= soundness(second, question).score ? 0 : 1);

describe('choosing between two answers', () => {
  test.each([
    ['that differ in being right', CORRECTNESS],
    ['of which the wrong one is longer, better laid out or surer', ADVERSARIAL],
    ['of which the right one is longer', LONGER_IS_RIGHT],
  ])('%s finds the right one, mostly without looking at length', (_, pairs) => {
    expect(score(pairs, byBest)).toBeGreaterThanOrEqual(0.9);
    expect(score(pairs, bySoundness)).toBeGreaterThanOrEqual(0.85);
  });
});
