import { entropy } from './checksums.ts';
import { ALNUM, classAt } from './text.ts';

/** Words that stand where a secret will be put one day. */
const STAND_IN =
  /x{5}|\*{4}|\.{3}|0{8}|#{4}|<|>|\$\{|\{\{|%s|your[-_ .]?|placeholder|change[-_]?me|redacted|insert|put_|_here|dummy|example|sample|abcdefgh|qwerty|0123456789|123456789012/i;

/** Letters in the order of the alphabet; drawn at random, so many in a row do not occur. */
const MOST_IN_ORDER = 9;

/** Whether a value was typed and not drawn: the alphabet, counted digits, or mostly one character after another held down. */
function isTyped(value: string): boolean {
  const lower = value.toLowerCase();
  let inOrder = 1;
  for (let at = 1; at < lower.length; at += 1) {
    inOrder = classAt(lower, at) & ALNUM && lower.charCodeAt(at) === lower.charCodeAt(at - 1) + 1 ? inOrder + 1 : 1;
    if (inOrder > MOST_IN_ORDER) return true;
  }
  if ('01234567890'.includes(value)) return true;
  const held = value.match(/(\w)\1{3,}/g)?.join('').length ?? 0;
  return held * 2 > value.length;
}

/** Whether a value of a documented format is a value and no stand-in for one. */
export function isReal(value: string): boolean {
  if (/x{5}|X{5}|\*{4}|#{4}|<|\$\{|\{\{|(?:your|insert|put)[-_]|_here|placeholder|redacted|example/i.test(value)) return false;
  return entropy(value.slice(0, 64)) >= 2 && !isTyped(value);
}

const HOST_OR_FILE = /^(?:[a-z0-9-]+\.)+[a-z]{2,6}(?:[:/].*)?$/i;
const VERSION_OR_DATE = /^v?\d[\d.\-_:/T]*(?:[a-z]{1,12}[.-]?\d{0,4})?$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (value: string): boolean => UUID.test(value);

const PIECE = /^(?:\d{1,4}|[A-Za-z]+\d{0,5}|[A-Za-z]{1,40}\d{1,3}[A-Za-z]{1,40}\d{0,3})$/;
const WORDS = /[A-Z]?[a-z]+|[A-Z]+/g;
/** Words have a vowel every few letters; random letters soon do not. */
const HARD = /[bcdfghjklmnpqrstvwxz]{5}/i;

/** Whether a value is spelled: words, numbers and the signs that join them. */
function isSpelled(value: string): boolean {
  const pieces = value.split(/[._\-/=+~]/).filter((piece) => piece !== '');
  // Signs between single characters are noise, not joints.
  if (pieces.join('').length < pieces.length * 2.2) return false;
  return pieces.every((piece) => {
    if (!PIECE.test(piece)) return false;
    if (/^\d/.test(piece)) return true;
    if (piece.length <= 4) return true;
    const words = piece.match(WORDS) ?? [];
    return piece.length / Math.max(1, words.length) >= 3 && !words.some((word) => word.length >= 7 && HARD.test(word));
  });
}

/**
 * Whether a value looks drawn at random, as keys are: letters and digits mixed, no name, path, host, version, date or stand-in.
 * `least` is the entropy asked for, in bits a character.
 */
export function looksRandom(value: string, least: number): boolean {
  if (value.length < 8 || STAND_IN.test(value)) return false;
  const digits = value.replace(/\D/g, '').length;
  if (digits === 0) return value.length >= 20 && mixedCase(value) && !isSpelled(value) && !/[./-]/.test(value) && entropy(value) >= Math.max(least, 3.7);
  if (digits === value.length) return false;
  if (VERSION_OR_DATE.test(value) || HOST_OR_FILE.test(value) || isSpelled(value)) return false;
  return entropy(value) >= least;
}

const mixedCase = (value: string): boolean => {
  const changes = value.match(/[a-z][A-Z]|[A-Z]{2}[a-z]/g)?.length ?? 0;
  return changes >= value.length / 8;
};
