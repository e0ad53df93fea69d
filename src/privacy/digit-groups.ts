import { isDigitAt } from './text.ts';

/** Groups of digits with single separators between them, as numbers that people write are made of. */
export interface DigitGroups {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** What stands before each group: '' for the first, else '-', '.', ' ', ')' or '(' where brackets take part. */
  readonly separators: readonly string[];
  /** Offset of a plus or an opening bracket that belongs to the first group, else of its first digit. */
  readonly start: number;
  readonly plus: boolean;
  /** Where reading went on no further. */
  readonly end: number;
}

/** Longer rows of groups are tables; they are read in pieces of this many. */
const MAX_GROUPS = 24;

const isSeparator = (code: number): boolean => code === 32 || code === 45 || code === 46;

/** Reads the groups from the first digit, plus or opening bracket on. */
export function readGroups(text: string, start: number): DigitGroups {
  const starts: number[] = [];
  const ends: number[] = [];
  const separators: string[] = [];
  let at = start;
  const plus = text.charCodeAt(at) === 43;
  if (plus) at += 1;
  if (text.charCodeAt(at) === 40) at += 1;
  let separator = '';
  let end = at;
  while (starts.length < MAX_GROUPS && isDigitAt(text, at)) {
    starts.push(at);
    separators.push(separator);
    while (isDigitAt(text, at)) at += 1;
    ends.push(at);
    end = at;
    separator = '';
    if (text.charCodeAt(at) === 41) {
      separator = ')';
      at += 1;
    }
    if (text.startsWith(' - ', at) && isDigitAt(text, at + 3) && separator === '') {
      // Spaced hyphens are arithmetic, but for numbers told by their own check digits.
      separator = '\u2010';
      at += 3;
    } else if (isSeparator(text.charCodeAt(at))) {
      if (separator === '') separator = text.charAt(at);
      at += 1;
    }
    if (separator === '') break;
    if (text.charCodeAt(at) === 40 && isDigitAt(text, at + 1)) {
      separator = '(';
      at += 1;
    }
  }
  return { starts, ends, separators, start, plus, end };
}

/** Digits of the groups `from` to `to`, inclusive, in one piece. */
export function digitsOf(text: string, groups: DigitGroups, from: number, to: number): string {
  let digits = '';
  for (let group = from; group <= to; group += 1) digits += text.slice(groups.starts[group], groups.ends[group]);
  return digits;
}

export const lengthOf = (groups: DigitGroups, group: number): number => (groups.ends[group] ?? 0) - (groups.starts[group] ?? 0);

/** Whether the lengths of the groups from `from` on are these, with one and the same separator between them. */
export function hasShape(groups: DigitGroups, from: number, shape: readonly number[], separators: string): boolean {
  if (from + shape.length > groups.starts.length) return false;
  const first = groups.separators[from + 1] ?? '';
  for (let at = 0; at < shape.length; at += 1) {
    if (lengthOf(groups, from + at) !== shape[at]) return false;
    if (at > 0 && (groups.separators[from + at] !== first || !separators.includes(first))) return false;
  }
  return true;
}
