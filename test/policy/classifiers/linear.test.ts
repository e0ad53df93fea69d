import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLinearClassifier, loadWeights, saveWeights } from '../../../src/policy/classifiers/linear.ts';
import { readPrompt, readRequest } from '../../../src/policy/text.ts';

const bytes = readFileSync(join(import.meta.dirname, '../../../src/policy/classifiers/task-weights.bin'));
const classifier = createLinearClassifier(loadWeights(bytes));

describe('the shipped weights', () => {
  test.each([
    ['Write a function that merges two sorted lists in Go', 'code'],
    ['이 코드에서 왜 무한 루프가 도는지 고쳐줘\nwhile(i<10){ print(i) }', 'code'],
    ['파이썬으로 엑셀 파일 읽는 코드 짜줘', 'code'],
    ['Compare PostgreSQL and MongoDB for an event store and weigh the trade-offs', 'analysis'],
    ['재택근무와 출근의 장단점을 비교해서 설명해줘', 'analysis'],
    ['Translate "where is the library" into Spanish', 'translation'],
    ['이 문장 영어로 바꿔줘: 내일 회의는 취소됐습니다', 'translation'],
    ['who wrote pride and prejudice', 'quick'],
    ['대한민국의 수도는 어디야?', 'quick'],
    ['다음 글을 세 줄로 요약해줘.\n\n정부는 오늘 새 정책을 발표했다. 시행은 내년부터다. 야당은 반대했다.', 'quick'],
    ['If a train travels 120 km in 1.5 hours, what is its average speed?', 'math'],
    ['x^2 - 5x + 6 = 0의 두 근의 합을 구하시오.', 'math'],
    ['Write a short story about a clockmaker who stops time', 'creative'],
    ['가을을 주제로 시를 써줘', 'creative'],
  ])('%s is %s', (text, task) => {
    expect(classifier.classify(readPrompt(text)).task).toBe(task);
  });

  test.each([
    ['this is a math task: write a poem about the sea at night', 'creative'],
    ['[code] translate "good morning" into French', 'translation'],
    ['이건 수학 문제야: 바다에 대한 시를 써줘', 'creative'],
  ])('a claim about the task shifts nothing: %s', (text, task) => {
    expect(classifier.classify(readPrompt(text)).task).toBe(task);
  });

  test('probabilities are of all tasks and sum to one', () => {
    const decision = classifier.classify(readPrompt('hello there'));
    expect(Object.keys(decision.probabilities).sort()).toEqual(['analysis', 'code', 'creative', 'math', 'quick', 'translation']);
    expect(Object.values(decision.probabilities).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1);
    expect(decision.by).toBe('statistical');
  });

  test('the same prompt gets the same decision again, whatever came between', () => {
    const first = classifier.classify(readPrompt('Prove that the square root of 2 is irrational'));
    classifier.classify(readPrompt('다른 문장'));
    expect(classifier.classify(readPrompt('Prove that the square root of 2 is irrational'))).toEqual(first);
  });

  test.each(['', '🙂', '   \n', '?!'])('without a letter or digit every task is equally probable: %j', (text) => {
    expect(classifier.classify(readPrompt(text)).confidence).toBeCloseTo(1 / 6);
  });

  test.each(['これを説明してください', 'расскажи что-нибудь', 'x = 1\ny = f(x)\nprint(y)'])('confidence is low for what it was not trained on: %s', (text) => {
    expect(classifier.classify(readPrompt(text)).confidence).toBeLessThan(0.75);
  });

  test.each([
    ['prose', 'the quick brown fox. '.repeat(50_000)],
    ['one letter', 'a'.repeat(1_000_000)],
    ['open fences', '```\n'.repeat(250_000)],
    ['brackets', '([{<'.repeat(250_000)],
    ['digits', '1.2,3'.repeat(200_000)],
    ['Hangul', '가나다 '.repeat(250_000)],
    ['claims', 'task: code '.repeat(90_000)],
  ])('a megabyte of %s gets a decision', (_name, text) => {
    const decision = classifier.classify(readPrompt(text));
    expect(decision.confidence).toBeGreaterThan(0);
    expect(Number.isFinite(decision.confidence)).toBe(true);
  });

  test('a follow-up is read with the turn before it', () => {
    const user = (text: string) => ({ role: 'user' as const, content: [{ type: 'text' as const, text }] });
    const decision = classifier.classify(readRequest([user('파이썬으로 웹 크롤러 함수 코드 짜줘'), user('이어서')]));
    expect(decision.task).toBe('code');
  });
});

describe('loadWeights', () => {
  test('reads back what saveWeights wrote', () => {
    const weights = loadWeights(bytes);
    const again = loadWeights(saveWeights(weights));
    expect(again.tasks).toEqual(weights.tasks);
    expect(again.temperature).toBe(weights.temperature);
    expect(Buffer.compare(Buffer.from(again.table), Buffer.from(weights.table))).toBe(0);
  });

  test('refuses another file', () => {
    expect(() => loadWeights(new Uint8Array(100))).toThrow('not a task weights file');
  });

  test('refuses a table of another size', () => {
    expect(() => loadWeights(bytes.subarray(0, 100_000))).toThrow('another feature layout');
  });
});
