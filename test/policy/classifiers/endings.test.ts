import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEndings, findEndings } from '../../../src/policy/classifiers/endings.ts';

const PATTERN = /([가-힣]{1,8}|[a-z']{1,12})[\s"')\]]*([.?!:~ㅋㅎㅠ…]+|\n|$)/g;

/** The same by the regular expression that says what is meant. */
const expected = (text: string): unknown[] =>
  [...text.matchAll(PATTERN)]
    .slice(0, 12)
    .map((match) => [match[1], match[2] === '' ? 0 : match[2]?.charCodeAt(0), match.index + match[0].length >= text.length ? 1 : 0]);

const found = (text: string): unknown[] => {
  const out = createEndings();
  const count = findEndings(text, out);
  return Array.from({ length: count }, (_, index) => [text.slice(out.starts[index], out.ends[index]), out.marks[index], out.lasts[index]]);
};

describe('endings of sentences', () => {
  it('are the words before marks, line breaks and the end of the text', () => {
    expect(found('what is it? 그래요ㅋㅋ (yes)\nend')).toEqual(expected('what is it? 그래요ㅋㅋ (yes)\nend'));
    expect(found('what is it?').at(-1)).toEqual(['it', 63, 1]);
  });

  it('are exactly what the pattern finds, in any text', () => {
    const piece = fc.constantFrom(
      'a',
      'it',
      "'",
      "o'clock",
      'abcdefghijklmnop',
      '가',
      '안녕하세요반갑습니다',
      ' ',
      '\n',
      '.',
      '?!',
      'ㅋㅋ',
      ')',
      '"',
      '0',
      'é',
      '\u2003',
      ',',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(found(pieces.join(''))).toEqual(expected(pieces.join('')));
      }),
      { numRuns: 2_000 },
    );
  });
});
