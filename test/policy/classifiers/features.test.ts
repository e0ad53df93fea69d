import { expect, test } from 'vitest';
import { BUCKETS, createFeatureExtractor, normalize } from '../../../src/policy/classifiers/features.ts';
import { readPrompt } from '../../../src/policy/text.ts';

test('greetings, thanks, case and spaces make no difference', () => {
  expect(normalize('Hello,   please Fix   This thanks!')).toBe('fix this');
  expect(normalize('안녕하세요, 이거 고쳐줘 부탁드립니다.')).toBe('이거 고쳐줘');
});

test('a claim about the task is taken out, unless it is all there is', () => {
  expect(normalize('[task: math] write a poem')).toBe('write a poem');
  expect(normalize('this is a math problem')).toBe('this is a math problem');
});

test('features are in range, different from each other and bounded for long text', () => {
  const features = createFeatureExtractor().extract(readPrompt('word '.repeat(20_000) + Array.from({ length: 9_000 }, (_, i) => `w${i}x`).join(' ')));
  const ids = [...features.ids.subarray(0, features.count)];
  expect(Math.max(...ids)).toBeLessThan(BUCKETS);
  expect(new Set(ids).size).toBe(ids.length);
  expect(features.count).toBeLessThan(16_384);
});

test('a heap of keywords is taken out, words that ask for something stay', () => {
  expect(normalize('Write a poem about autumn. code python function bug debug')).toBe('write a poem about autumn.');
  expect(normalize('code 파이썬 함수 버그: 오늘 서울 날씨 알려줘')).toBe(': 오늘 서울 날씨 알려줘');
  expect(normalize('sql query python code')).toBe('sql query python code');
  expect(normalize('write a python function that reads a csv')).toBe('write a python function that reads a csv');
});
