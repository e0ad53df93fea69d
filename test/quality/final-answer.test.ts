import { describe, expect, test } from 'vitest';
import { finalAnswer } from '../../src/quality/final-answer.ts';
import { sameFinal } from '../../src/quality/final-same.ts';

describe('the final answer of a text', () => {
  test.each([
    ['She sells 9 eggs at $2 each, so she makes 9 * 2 = $18 every day.\n#### 18', 'number', '18'],
    ['Adding it up, the final answer is $\\boxed{\\frac{3}{4}}$.', 'number', '0.75'],
    ['We compute the sum first.\n\nThe answer is $1,234.50.', 'number', '1234.5'],
    ['**Answer:** 42', 'number', '42'],
    ['Janet eats three and bakes with four.\nTherefore, she makes 18 dollars every day at the market.', 'number', '18'],
    ['x = 5', 'number', '5'],
    ['The total is 3 + 4 = 7 apples.', 'number', '7'],
    ['계산하면 3 × 4 = 12입니다. 따라서 사과는 모두 12개입니다.', 'number', '12'],
    ['정답: 1만 2천', 'number', '12000'],
    ['전체 인구는 다음과 같다.\n정답은 3억 명입니다.', 'number', '300000000'],
    ['The correct answer is (B) Paris, because it is the capital.', 'option', 'B'],
    ['B. Paris is the capital of France, which makes the others wrong.', 'option', 'B'],
    ['Let us consider each option in turn, since the question is tricky.\nAnswer: C', 'option', 'C'],
    ['지문에 따르면 두 번째가 맞다.\n정답은 2번입니다.', 'option', '2'],
    ['보기를 하나씩 살펴보면 ③이 가장 알맞다. 정답: ③', 'number', '3'],
    ['Yes, a square is a rectangle, since all its angles are right.', 'boolean', 'yes'],
    ['아니요, 고래는 물고기가 아니라 포유류입니다. 허파로 숨을 쉽니다.', 'boolean', 'no'],
    ['The answer is no.', 'boolean', 'no'],
    ['Paris', 'text', 'paris'],
    ['파리입니다', 'text', '파리'],
    ['프랑스의 수도는 파리입니다.', 'text', '파리'],
    ['The chemical symbol of gold is Au.', 'text', 'au'],
    ['{"reasoning": "two and two", "answer": 4}', 'number', '4'],
    ['<think>The answer is 3, or is it?</think>The answer is 4.', 'number', '4'],
    ['-7', 'number', '-7'],
    ['Hence \\boxed{5\\pi}.', 'expression', '5pi'],
    ['Hence $\\boxed{x^{2}-1}$.', 'expression', 'x^2-1'],
    ['The answer is $3\\sqrt{2}$.', 'expression', '3sqrt(2)'],
    ['\\boxed{(1, 2)}', 'expression', '(1,2)'],
    ['Answer: 2x + 1', 'expression', '2x+1'],
    ['The answer is 5km.', 'number', '5'],
    ['The answer is 7 (because 3 + 4 = 7).', 'number', '7'],
    ['After weighing the options I would choose D.', 'option', 'D'],
    ['Looking at each in turn, C is the correct one here, as shown.', 'option', 'C'],
    ['The other two fail, which leaves only the last (B).', 'option', 'B'],
    ['## Final answer\n\n42', 'number', '42'],
    ['\\[ \\boxed{12\\text{ cm}} \\]', 'number', '12'],
    ['So the answer is **\\$25**.', 'number', '25'],
    ['eighteen', 'number', '18'],
    ['The answer is 50%.', 'number', '50'],
    ['The speed of light is $3 \\times 10^8$ m/s, so the answer is $3 \\times 10^8$.', 'number', '300000000'],
  ])('of %j is the %s %s', (text, kind, value) => {
    const found = finalAnswer(text);
    expect({ kind: found?.kind, value: found?.value }).toEqual({ kind, value });
  });

  test('is absent from open prose', () => {
    expect(finalAnswer('Rivers shape the land around them. They carry sediment, and where they slow down they drop it.')).toBeUndefined();
    expect(finalAnswer('')).toBeUndefined();
  });

  test('that is only the last number counts as not marked', () => {
    expect(finalAnswer('First there were many of them in the old barn, and at the end of the long day she had only 12 left.')).toEqual({
      kind: 'number',
      value: '12',
      explicit: false,
    });
  });

  test.each([
    ['The answer is 18.', '$18.00'],
    ['The answer is 3.14', 'The answer is 3.1416'],
    ['Answer: B) Paris', 'Paris'],
    ['The answer is Paris.', 'The answer is Paris, France.'],
    ['Answer: 1/2', 'Answer: 0.5'],
    ['정답은 파리입니다.', '정답: 파리'],
    ['정답: 예', 'Yes'],
  ])('%j is the same as %j', (a, b) => {
    expect(sameFinal(finalAnswer(a) as never, finalAnswer(b) as never)).toBe(true);
  });

  test.each([
    ['The answer is 18.', 'The answer is 81.'],
    ['Answer: B', 'Answer: C'],
    ['Answer: yes', 'Answer: no'],
    ['Paris', 'London'],
    ['Answer: 5', 'Answer: -5'],
    ['\\boxed{x^2+1}', '\\boxed{x^2-1}'],
    ['\\boxed{5}', '\\boxed{5\\pi}'],
  ])('%j is another than %j', (a, b) => {
    expect(sameFinal(finalAnswer(a) as never, finalAnswer(b) as never)).toBe(false);
  });

  test('is found in a megabyte of hostile text without getting stuck', () => {
    for (const piece of ['<think>', '\\boxed{', 'the answer is ', '9 * 9 ', '((((', '1,111,', '답은 ', '"answer":"', '####  ']) {
      finalAnswer(piece.repeat(Math.ceil(1_000_000 / piece.length)));
    }
  });
});
