import { expect, test } from 'vitest';
import { createClassifierChain } from '../../../src/policy/classifiers/chain.ts';
import type { Classifier } from '../../../src/policy/classifiers/classifier.ts';
import { decide } from '../../../src/policy/classifiers/classifier.ts';
import { DEFAULT_KEYWORDS } from '../../../src/policy/classifiers/default-keywords.ts';
import { readPrompt } from '../../../src/policy/text.ts';

const fixed = (probabilities: Record<string, number>): Classifier => ({ name: 'fixed', classify: () => decide(probabilities, 'statistical') });
const sure = fixed({ code: 0.7, analysis: 0.2, quick: 0.1 });
const unsure = fixed({ code: 0.25, analysis: 0.2, quick: 0.2, math: 0.2, creative: 0.15 });

test('the statistical decision stands when the user added nothing', () => {
  const decision = createClassifierChain({ statistical: sure, keywords: DEFAULT_KEYWORDS }).classify(readPrompt('translate this poem'));
  expect(decision).toMatchObject({ task: 'code', by: 'statistical' });
  expect(decision.confidence).toBeCloseTo(0.7);
});

test('below the threshold it abstains to the default task and says so', () => {
  const decision = createClassifierChain({ statistical: unsure, keywords: {} }).classify(readPrompt('hm'));
  expect(decision).toMatchObject({ task: 'analysis', by: 'default' });
  expect(decision.confidence).toBeCloseTo(0.2);
});

test('threshold and default task can be set', () => {
  const decision = createClassifierChain({ statistical: sure, keywords: {}, threshold: 0.9, defaultTask: 'quick' }).classify(readPrompt('hm'));
  expect(decision).toMatchObject({ task: 'quick', by: 'default' });
});

test("a user's task is found by its keywords", () => {
  const chain = createClassifierChain({ statistical: unsure, keywords: { legal: ['계약서', 'indemnify'] } });
  expect(chain.classify(readPrompt('이 계약서 봐줘'))).toMatchObject({ task: 'legal', by: 'keywords' });
  expect(chain.classify(readPrompt('hello')).probabilities['legal']).toBe(0);
});

test("a user's task is found by its examples", () => {
  const chain = createClassifierChain({
    statistical: unsure,
    keywords: {},
    examples: { recipe: ['How do I cook a risotto with mushrooms?', 'Give me a recipe for lentil soup', '김치찌개 끓이는 법 알려줘'] },
  });
  expect(chain.classify(readPrompt('give me a recipe for onion soup'))).toMatchObject({ task: 'recipe', by: 'examples' });
  expect(chain.classify(readPrompt('된장찌개 끓이는 법 알려줘')).task).toBe('recipe');
  expect(chain.classify(readPrompt('What year did the war end?')).task).not.toBe('recipe');
});

test("a user's own word for a built-in task moves it", () => {
  const chain = createClassifierChain({ statistical: unsure, keywords: { ...DEFAULT_KEYWORDS, math: [...(DEFAULT_KEYWORDS['math'] ?? []), 'kwadratuur'] } });
  expect(chain.classify(readPrompt('kwadratuur van vijf')).task).toBe('math');
});

test('probabilities sum to one with user tasks', () => {
  const chain = createClassifierChain({ statistical: sure, keywords: { legal: ['contract'], code: ['contract'] } });
  const { probabilities } = chain.classify(readPrompt('a contract'));
  expect(Object.values(probabilities).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1);
});
