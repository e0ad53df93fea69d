export const DIGIT = 1;
const LOWER = 2;
const UPPER = 4;
export const UNDERSCORE = 8;
export const WORD = DIGIT | LOWER | UPPER | UNDERSCORE;
export const ALNUM = DIGIT | LOWER | UPPER;
export const LETTER = LOWER | UPPER;
/** The characters besides letters and digits that keys and tokens are made of. */
const TOKEN_MARK = 16;
/** What may stand in the part of an e-mail address before the @. */
const LOCAL_MARK = 32;
const BLANK = 64;
/** Signs that something to find may stand at. */
export const TELLING = 128;
export const TOKEN = WORD | TOKEN_MARK;
export const LOCAL = WORD | LOCAL_MARK;

const CLASSES: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  let bits = 0;
  if (/\d/.test(character)) bits |= DIGIT;
  if (/[a-z]/.test(character)) bits |= LOWER;
  if (/[A-Z]/.test(character)) bits |= UPPER;
  if (character === '_') bits |= UNDERSCORE;
  if (/[-.+/=~]/.test(character)) bits |= TOKEN_MARK;
  if (/[-.+%']/.test(character)) bits |= LOCAL_MARK;
  if (/\s/.test(character)) bits |= BLANK;
  if ('@([{<+-.~:=>,|%\\'.includes(character)) bits |= TELLING;
  return bits;
});

/** Class bits of the character at an offset; 0 outside ASCII and outside the text, so that Hangul is a boundary. */
export const classAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code < 128 ? (CLASSES[code] as number) : 0;
};

/** Class bits of every character: read once, so that the scan itself touches only bytes. */
export function classesOf(text: string): Uint8Array {
  const classes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 128) classes[at] = CLASSES[code] as number;
  }
  return classes;
}

export const isDigitAt = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
};

export const isWordAt = (text: string, at: number): boolean => (classAt(text, at) & WORD) !== 0;

export const isBlankAt = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code < 128
    ? ((CLASSES[code] as number) & BLANK) !== 0
    : code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029 || code === 0xfeff;
};

/** Whether a word may begin at an offset. The letter of an escape that was left in a text, as in `\\nname`, is none of the word. */
export const isBoundary = (text: string, at: number): boolean => !isWordAt(text, at - 1) || isEscape(text, at - 2);

/** Whether a `\\n`, `\\r` or `\\t` written out stands at an offset. */
export const isEscape = (text: string, at: number): boolean => {
  if (text.charCodeAt(at) !== 92) return false;
  const code = text.charCodeAt(at + 1);
  return code === 110 || code === 114 || code === 116;
};

/** First offset at or after `at`, before `limit`, whose character is not of the class. */
export const spanEnd = (text: string, at: number, bits: number, limit = text.length): number => {
  const stop = Math.min(limit, text.length);
  let end = at;
  while (end < stop && (classAt(text, end) & bits) !== 0) end += 1;
  return end;
};

/** Last offset at or before `at`, not below `floor`, from which the class runs up to `at`. */
export const spanStart = (text: string, at: number, bits: number, floor = 0): number => {
  let start = at;
  while (start > floor && (classAt(text, start - 1) & bits) !== 0) start -= 1;
  return start;
};

/** The words right before an offset: at most `most` characters, back to the last digit. */
export const wordsBefore = (text: string, start: number, most: number): string => {
  let from = start;
  while (from > 0 && start - from < most && !isDigitAt(text, from - 1)) from -= 1;
  return start - from < 2 ? '' : text.slice(from, start);
};

const FOLDABLE = /[\u00a0\u2000-\u200a\u2010-\u2015\u202f\u2212\u3000\uff01-\uff5e]/;

/**
 * Full-width letters, digits and signs, foreign hyphens and blanks as their ASCII counterparts.
 * One code unit becomes one, so that offsets hold in both texts.
 */
export function fold(text: string): string {
  if (!FOLDABLE.test(text)) return text;
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0xff01 && code <= 0xff5e) units[at] = code - 0xfee0;
    else if ((code >= 0x2010 && code <= 0x2015) || code === 0x2212) units[at] = 45;
    else if (code === 0xa0 || code === 0x3000 || code === 0x202f || (code >= 0x2000 && code <= 0x200a)) units[at] = 32;
    else units[at] = code;
  }
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(units);
}
