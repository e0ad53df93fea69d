import { expect, test } from 'vitest';
import { DEFAULT_KEYWORDS } from '../../../src/policy/classifiers/default-keywords.ts';
import { createKeywordClassifier, createKeywordScanner } from '../../../src/policy/classifiers/keywords.ts';
import { readPrompt } from '../../../src/policy/text.ts';

test.each([
  ['Please refactor this function', 'code'],
  ['이 문장을 영어로 번역해줘', 'translation'],
  ['Write a haiku', 'creative'],
  ['이 방정식을 풀어줘', 'math'],
])('the default table knows: %s', (text, task) => {
  const decision = createKeywordClassifier(DEFAULT_KEYWORDS).classify(readPrompt(text));
  expect(decision.task).toBe(task);
  expect(decision.by).toBe('keywords');
});

test('text without a keyword gets equal probabilities', () => {
  const decision = createKeywordClassifier(DEFAULT_KEYWORDS).classify(readPrompt('hmm'));
  expect(decision.confidence).toBeCloseTo(1 / 6);
});

test('a Latin keyword matches whole words only', () => {
  const scanner = createKeywordScanner({ code: ['api', 'c++'] });
  expect(scanner.scores('the capital of rapid rapids').size).toBe(0);
  expect(scanner.scores('API를 호출').get('code')).toBe(1);
  expect(scanner.scores('in C++, please').get('code')).toBe(1);
});

test('a Hangul keyword matches inside words', () => {
  expect(
    createKeywordScanner({ math: ['적분'] })
      .scores('부정적분하기')
      .get('math'),
  ).toBe(1);
});

test('a keyword counts once however often it stands there, with its weight', () => {
  const scanner = createKeywordScanner({ legal: [{ word: 'contract', weight: 2 }, 'clause'] });
  expect(scanner.scores('contract contract clause').get('legal')).toBe(3);
});

test('overlapping keywords are all found', () => {
  const scanner = createKeywordScanner({ a: ['he', 'hers'], b: ['she', '번역', '역사'] });
  expect([...scanner.scores('she hers 번역사').entries()]).toEqual([
    ['b', 3],
    ['a', 1],
  ]);
});
