import { describe, expect, test } from 'vitest';
import { agreement, agreementByMeaning } from '../../src/quality/agreement.ts';

const RIVERS = [
  'The Nile is about 6,650 km long. It flows north into the Mediterranean Sea. Egypt depends on its water.',
  'The Nile flows northwards into the Mediterranean Sea. Egypt depends on the water of the Nile. Its sources were long unknown.',
  'The Nile flows north into the Mediterranean Sea. Crocodiles live on its banks in large numbers.',
];

describe('agreement', () => {
  test('of answers with the same final answer is high whatever their wording', () => {
    const found = agreement(['Nine times two is 18.\n#### 18', 'The answer is 18.', 'She earns 9*2, therefore 18 dollars.']);
    expect(found.mode).toBe('closed');
    expect(found.agreed).toBe(true);
    expect(found.score).toBeGreaterThan(0.9);
    expect(found.support).toEqual([1, 1, 1]);
  });

  test('falls with each answer that differs', () => {
    const score = (...values: number[]) => agreement(values.map((value) => `The answer is ${value}.`)).score;
    const ladder = [score(1, 1, 1, 1), score(1, 1, 1, 2), score(1, 1, 2, 3), score(1, 1, 2, 2), score(1, 2, 3, 4)];
    expect(ladder).toEqual([...ladder].sort((a, b) => b - a));
    expect(agreement(['Answer: 1', 'Answer: 2']).agreed).toBe(false);
    expect(agreement(['Answer: 1', 'Answer: 2', 'Answer: 1']).agreed).toBe(false);
  });

  test('in prose names the claims that two or more make and keeps the others apart', () => {
    const found = agreement(RIVERS);
    expect(found.mode).toBe('open');
    const sea = found.claims.find((claim) => claim.text.includes('Mediterranean'));
    expect(sea?.supporters).toEqual([0, 1, 2]);
    expect(sea?.share).toBe(1);
    expect(found.claims.find((claim) => claim.text.includes('Egypt'))?.supporters).toEqual([0, 1]);
    expect(found.minority.map((claim) => claim.text)).toContain('Crocodiles live on its banks in large numbers.');
  });

  test('in Korean survives particles and endings', () => {
    const found = agreement(['한강은 서울을 가로질러 흐른다. 서울 시민은 한강에서 물을 얻는다.', '한강이 서울을 가로질러 흐릅니다. 강가에는 공원이 많습니다.']);
    expect(found.claims.map((claim) => claim.supporters)).toEqual([[0, 1]]);
  });

  test.each([
    ['other numbers', 'The tower is 300 metres high and made of iron.', 'The tower is 330 metres high and made of iron.'],
    ['a negation', 'The drug is approved for children under two.', 'The drug is not approved for children under two.'],
    ['opposite words', 'Prices of houses increased in the whole region.', 'Prices of houses decreased in the whole region.'],
    ['a Korean negation', '이 약은 아이에게 써도 되는 안전한 약이다.', '이 약은 아이에게 써도 되는 안전한 약이 아니다.'],
  ])('is not seen where sentences differ by %s', (_, a, b) => {
    expect(agreement([a, b]).claims).toEqual([]);
  });

  test('leaves empty answers out', () => {
    const found = agreement(['The answer is 4.', '', 'The answer is 4.', '  ']);
    expect(found.agreed).toBe(true);
    expect(found.support).toEqual([1, 0, 1, 0]);
  });

  test('of one answer or none is nothing', () => {
    expect(agreement(['The answer is 4.'])).toMatchObject({ score: 0, agreed: false });
    expect(agreement([])).toMatchObject({ score: 0, agreed: false, claims: [] });
  });

  test('by meaning joins sentences that share no word', async () => {
    const embed = (texts: readonly string[]) => Promise.resolve(texts.map((text) => (/Hund|dog/.test(text) ? [1, 0] : [0, 1])));
    const found = await agreementByMeaning(['The dog sleeps under a table.', 'Ein Hund schläft am Boden.'], embed);
    expect(found.claims).toHaveLength(1);
    expect(agreement(['The dog sleeps under a table.', 'Ein Hund schläft am Boden.']).claims).toHaveLength(0);
  });

  test('goes on without embeddings when they fail', async () => {
    const found = await agreementByMeaning(RIVERS, () => Promise.reject(new Error('down')));
    expect(found.claims.length).toBeGreaterThan(0);
    expect((await agreementByMeaning(RIVERS, () => Promise.resolve([[1]]))).claims.length).toBeGreaterThan(0);
  });

  test('of twenty megabyte answers is still found', () => {
    const answers = Array.from({ length: 20 }, (_, index) => `The sky is blue number ${index}. `.repeat(40_000));
    expect(agreement(answers).score).toBeGreaterThan(0);
  });
});
