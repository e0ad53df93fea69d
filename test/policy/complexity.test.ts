import { expect, test } from 'vitest';
import { estimateComplexity } from '../../src/policy/complexity.ts';
import { readPrompt } from '../../src/policy/text.ts';

test.each([
  ['', 'low'],
  ['What is the capital of France?', 'low'],
  ['프랑스의 수도는?', 'low'],
  ['Write a Python script that must read a CSV file, only keep rows of 2024 and include a test', 'medium'],
  ['마이크로서비스와 모놀리식을 비교하고 우리 팀 규모를 고려해서 장단점을 분석해줘', 'medium'],
  [
    'Design the architecture of a payment service.\n1. It must be idempotent\n2. It should survive a region failure\n3. Compare two databases for it\n4. Explain the trade-offs in detail\nEnsure that at least one option works without Kafka, and prove that no payment can be lost.',
    'high',
  ],
])('%s is %s', (text, complexity) => {
  expect(estimateComplexity(readPrompt(text))).toBe(complexity);
});
