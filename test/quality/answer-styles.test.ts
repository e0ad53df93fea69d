import { describe, expect, test } from 'vitest';
import { agreement } from '../../src/quality/agreement.ts';
import { best } from '../../src/quality/best.ts';
import { finalAnswer } from '../../src/quality/final-answer.ts';
import { sameFinal } from '../../src/quality/final-same.ts';
import { asChoice, choicesIn } from '../../src/quality/options.ts';
import { vote } from '../../src/quality/vote.ts';
import { STYLES } from './answer-styles.ts';

/** Stands for texts that answer nothing. */
const NOTHING = '-';

describe.each(STYLES.map((styles) => [styles.about, styles] as const))('answers in the styles of many models: %s', (_, { question, groups }) => {
  const choices = choicesIn(question);
  const read = (text: string) => asChoice(finalAnswer(text), choices, text);

  test('meet where they say the same', () => {
    for (const [label, texts] of Object.entries(groups)) {
      if (label === NOTHING || texts.length < 2) continue;
      const together = agreement(texts, { question }).clusters[0]?.members ?? [];
      expect({ label, apart: texts.filter((_text, at) => !together.includes(at)) }).toEqual({ label, apart: [] });
    }
  });

  test('never meet where they do not', () => {
    const all = Object.entries(groups).flatMap(([label, texts]) => texts.map((text) => ({ label, text, final: read(text) })));
    const met = all.flatMap((a) =>
      all.filter((b) => b.label > a.label && a.final !== undefined && b.final !== undefined && sameFinal(a.final, b.final)).map((b) => [a.text, b.text]),
    );
    expect(met).toEqual([]);
  });
});

test('a choice given by its wording counts as its letter when the question is known', () => {
  const question = 'What is the capital of Australia?\nA. Sydney\nB. Canberra\nC. Perth';
  expect(vote(['A', 'Canberra', 'The answer is B.'], { question })).toMatchObject({ value: 'B' });
  expect(vote(['Sydney', 'Canberra', 'A'], { question }).share).toBeCloseTo(2 / 3);
});

test('a megabyte of symbols is weighed against a real answer without getting stuck', () => {
  expect(best(['`'.repeat(1_000_000), 'The answer is 3.']).index).toBe(1);
});
