import type { Row } from './data.ts';
import { createRandom, pick } from './random.ts';

/** Label of text that asks for nothing: every task is to be equally probable. */
export const NOTHING = 'nothing';

const JAMO = 'ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎㅏㅑㅓㅕㅗㅛㅜㅠㅡㅣ';
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

const times = (least: number, most: number, random: () => number, make: () => string): string[] =>
  Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, make);

const letter = (random: () => number): string => String.fromCharCode(97 + Math.floor(random() * 26));
const syllable = (random: () => number): string => String.fromCharCode(0xac00 + Math.floor(random() * 11_172));

const KINDS: readonly ((random: () => number, words: readonly string[]) => string)[] = [
  // Random letters.
  (random) => times(1, 12, random, () => times(2, 9, random, () => letter(random)).join('')).join(' '),
  // Fingers on one row of the keyboard.
  (random) => times(1, 6, random, () => times(3, 9, random, () => pick([...pick(ROWS, random)], random)).join('')).join(pick([' ', ''], random)),
  // Random syllables and loose letters.
  (random) => times(1, 10, random, () => times(1, 5, random, () => syllable(random)).join('')).join(' '),
  (random) => times(2, 14, random, () => pick([...JAMO], random)).join(''),
  // Syllables that are pronounceable but mean nothing.
  (random) => times(1, 9, random, () => times(1, 4, random, () => pick([...'bdfgklmnprstvz'], random) + pick([...'aeiou'], random)).join('')).join(' '),
  // Numbers, hexadecimal, marks.
  (random) => times(1, 6, random, () => String(Math.floor(random() * 10 ** (1 + Math.floor(random() * 9))))).join(' '),
  (random) => times(8, 40, random, () => pick([...'0123456789abcdef'], random)).join(''),
  // One sound again and again.
  (random) =>
    pick(['a', 'ㅋ', 'ㅎ', 'lol', '아', '음', 'test', '테스트', 'hmm', 'ok', '네', 'ㅇㅇ', '.a', 'la '], random).repeat(1 + Math.floor(random() * 12)),
  // Words of all kinds of prompts in no order.
  (random, words) => times(2, 14, random, () => pick(words, random)).join(' '),
];

/** `count` texts that ask for nothing, for the confidence to be low there. */
export function nonsense(rows: readonly Row[], count: number, seed: number): Row[] {
  const random = createRandom(seed);
  const words = { en: [] as string[], ko: [] as string[] };
  for (const row of rows) {
    for (const word of row.text.split(/\s+/, 12)) if (word.length > 1) (row.lang === 'ko' ? words.ko : words.en).push(word);
  }
  return Array.from({ length: count }, (_, n) => ({
    text: (KINDS[n % KINDS.length] as (typeof KINDS)[number])(random, random() < 0.5 ? words.en : words.ko),
    label: NOTHING,
    lang: 'en',
    source: 'grammar',
    weight: 1,
  }));
}
