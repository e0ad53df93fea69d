import type { Language } from '../core/plan.ts';

const WINDOW = 400;

const ENGLISH_WORDS = new Set(
  'the a an is are was were be of to in for on with and or not what how why who when where which can could would should do does did i you my me it this that please write give tell make explain from by about have has if'.split(
    ' ',
  ),
);
const OTHER_WORDS = new Set(
  'el la los las un una que de en por para con como der die das und ist nicht ein eine ich wie mit für auf le les des est une dans pour avec qui je comment il lo di che per non sono o os não uma você het een van niet ik yang dan untuk adalah bir ve bu için'.split(
    ' ',
  ),
);

const LONGEST_WORD = Math.max(...[...ENGLISH_WORDS, ...OTHER_WORDS].map((word) => word.length));

interface Letters {
  hangul: number;
  latin: number;
  other: number;
}

function countLetters(text: string): Letters {
  const letters: Letters = { hangul: 0, latin: 0, other: 0 };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code >= 0xac00 && code <= 0xd7a3) || (code >= 0x3131 && code <= 0x318e) || (code >= 0x1100 && code <= 0x11ff)) letters.hangul++;
    else if ((code | 32) >= 97 && (code | 32) <= 122) letters.latin++;
    else if ((code >= 0xc0 && code <= 0x24f) || (code >= 0x370 && code <= 0x10ff) || (code >= 0x3040 && code <= 0x30ff)) letters.other++;
    else if ((code >= 0x3400 && code <= 0x9fff) || (code >= 0x0e00 && code <= 0x0eff)) letters.other++;
  }
  return letters;
}

const LETTER = /\p{L}/u;

/** Letters of words in lower case: ASCII by range, others by Unicode's word. */
const isLetter = (code: number): boolean => (code < 128 ? code >= 97 && code <= 122 : LETTER.test(String.fromCharCode(code)));

function latinLanguage(text: string): Language {
  const lower = text.toLowerCase();
  let english = 0;
  let other = 0;
  for (let at = 0; at < lower.length; ) {
    const start = at;
    while (at < lower.length && isLetter(lower.charCodeAt(at))) at++;
    const length = at - start;
    at++;
    if (length === 0 || length > LONGEST_WORD) continue;
    const word = lower.slice(start, start + length);
    if (ENGLISH_WORDS.has(word)) english++;
    if (OTHER_WORDS.has(word)) other++;
  }
  return other > english && other >= 2 ? 'other' : 'en';
}

/**
 * The language a person writes in, judged on the first 400 and the last 200 characters. Korean counts more than its share of
 * letters: who writes a Korean request around English text or code writes Korean. Text without letters is 'other'.
 */
export function detectLanguage(text: string): Language {
  const window = text.length <= WINDOW + 200 ? text : `${text.slice(0, WINDOW)} ${text.slice(-200)}`;
  const { hangul, latin, other } = countLetters(window);
  const total = hangul + latin + other;
  if (total === 0) return 'other';
  if (hangul > 0 && hangul * 8 >= latin && hangul >= other) return 'ko';
  if (other * 2 > latin && other > hangul) return 'other';
  return latinLanguage(window);
}
