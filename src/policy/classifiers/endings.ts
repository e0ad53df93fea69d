/** How many endings of a text are looked at. */
const MOST = 12;
/** Characters of a word that count, by script. */
const HANGUL_WORD = 8;
const LATIN_WORD = 12;

const APOSTROPHE = 39;
const NEWLINE = 10;

/** Last words of sentences and lines: where they start and end, what stands behind them, and whether that is the end of the text. */
export interface Endings {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Code of the first mark; 0 where the text ends without one. */
  readonly marks: Int32Array;
  readonly lasts: Uint8Array;
}

export const createEndings = (): Endings => ({
  starts: new Int32Array(MOST),
  ends: new Int32Array(MOST),
  marks: new Int32Array(MOST),
  lasts: new Uint8Array(MOST),
});

const SPACE = /\s/;
const isHangul = (code: number): boolean => code >= 0xac00 && code <= 0xd7a3;
const isLatin = (code: number): boolean => (code >= 97 && code <= 122) || code === APOSTROPHE;
const isSpace = (code: number): boolean => (code < 128 ? code === 32 || (code >= 9 && code <= 13) : SPACE.test(String.fromCharCode(code)));
/** What may stand between a word and the mark behind it: blanks, quotes and closing brackets. */
const isCloser = (code: number): boolean => code === 34 || code === APOSTROPHE || code === 41 || code === 93 || isSpace(code);
/** . ? ! : ~ … and the letters Koreans end sentences with: ㅋ ㅎ ㅠ */
const isMark = (code: number): boolean =>
  code === 46 || code === 63 || code === 33 || code === 58 || code === 126 || code === 0x314b || code === 0x314e || code === 0x3160 || code === 0x2026;

/**
 * Finds what /([가-힣]{1,8}|[a-z']{1,12})[\s"')\]]*([.?!:~ㅋㅎㅠ…]+|\n|$)/g finds, its first twelve matches, without trying every
 * letter. Returns how many there are; the arrays of `out` hold them.
 */
export function findEndings(text: string, out: Endings): number {
  const { length } = text;
  let count = 0;
  for (let at = 0; at < length && count < MOST; ) {
    const code = text.charCodeAt(at);
    const hangul = isHangul(code);
    if (!hangul && !isLatin(code)) {
      at++;
      continue;
    }
    const start = at;
    if (hangul) while (at < length && isHangul(text.charCodeAt(at))) at++;
    else while (at < length && isLatin(text.charCodeAt(at))) at++;
    const wordEnd = at;
    let newline = -1;
    let end = at;
    for (; end < length; end++) {
      const closer = text.charCodeAt(end);
      if (closer === NEWLINE) newline = end;
      else if (!isCloser(closer)) break;
    }
    let after = end;
    while (after < length && isMark(text.charCodeAt(after))) after++;
    let mark = after > end ? text.charCodeAt(end) : 0;
    if (after === end && end < length) {
      if (newline === -1) continue;
      after = newline + 1;
      mark = NEWLINE;
    }
    // Apostrophes at the end of a long word may count as closing quotes.
    let letters = wordEnd;
    while (!hangul && letters > start && text.charCodeAt(letters - 1) === APOSTROPHE) letters--;
    const limit = hangul ? HANGUL_WORD : LATIN_WORD;
    const from = Math.max(start, letters - limit);
    out.starts[count] = from;
    out.ends[count] = Math.min(from + limit, wordEnd);
    out.marks[count] = mark;
    out.lasts[count] = after >= length ? 1 : 0;
    count++;
    at = after;
  }
  return count;
}
