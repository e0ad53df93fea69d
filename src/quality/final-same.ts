import { sameProbe } from './expression.ts';
import { bareWording, type FinalAnswer, readAnswer } from './final-value.ts';
import { sameNumber } from './number.ts';
import { featuresOf, likeness } from './similarity.ts';

/** Lists shorter than this are compared without their order; longer ones are mostly sorted on purpose. */
const ORDERED_FROM = 5;

/** Whether two final answers say the same. */
export function sameFinal(a: FinalAnswer, b: FinalAnswer): boolean {
  if (a.kind === b.kind) return sameKind(a, b);
  return crosses(a, b) || crosses(b, a);
}

function sameKind(a: FinalAnswer, b: FinalAnswer): boolean {
  if (a.value === b.value) return true;
  switch (a.kind) {
    case 'number':
      return sameNumber(a.value, b.value) || (a.percent !== b.percent && sameShare(a, b));
    case 'expression':
      return (
        a.probe !== undefined && b.probe !== undefined && a.probe.length === b.probe.length && sameBrackets(a.value, b.value) && sameProbe(a.probe, b.probe)
      );
    case 'text':
      return sameWording(a.value, b.value);
    case 'list':
      return sameItems(a.value.split('|'), b.value.split('|'));
    case 'date':
      return sameDate(a.value, b.value);
    case 'option':
    case 'boolean':
    case 'json':
    case 'code':
      return false;
  }
}

/** '50%' and 0.5. */
function sameShare(a: FinalAnswer, b: FinalAnswer): boolean {
  const [share, other] = a.percent === true ? [a, b] : [b, a];
  return Math.abs(Number(share.value) / 100 - Number(other.value)) < 1e-6;
}

/** An interval is another one when it is open; a tuple is none. */
function sameBrackets(a: string, b: string): boolean {
  const around = (text: string): string => (text.includes(',') ? `${/^[([{]/.exec(text)?.[0]}${/[)\]}]$/.exec(text)?.[0]}` : '');
  return around(a) === around(b);
}

const NUMERIC = /^-?[\d.]+(?:e[-+]?\d+)?$/;
const sameItem = (a: string, b: string): boolean => a === b || (NUMERIC.test(a) && NUMERIC.test(b) ? sameNumber(a, b) : sameWording(a, b));

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  if (a.length >= ORDERED_FROM) return a.every((item, at) => sameItem(item, b[at] as string));
  const left = [...b];
  return a.every((item) => {
    const at = left.findIndex((other) => sameItem(item, other));
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  });
}

/** Dates agree when what both of them name agrees. */
const sameDate = (a: string, b: string): boolean => {
  if (a.includes(':') || b.includes(':')) return a.replace(/:00$/, '') === b.replace(/:00$/, '');
  const left = a.split('-');
  const right = b.split('-');
  return left.every((part, at) => part === right[at] || Number(part) === 0 || Number(right[at]) === 0);
};

/** Answers of different kinds that can still be the same: a letter and its wording, a number and a formula, a year and a date. */
function crosses(a: FinalAnswer, b: FinalAnswer): boolean {
  switch (a.kind) {
    case 'option':
      if ((b.kind === 'number' && a.value === b.value) || (b.kind === 'expression' && a.value.toLowerCase() === b.value)) return true;
      return a.wording !== undefined && matchesWording(a.wording, b);
    case 'expression':
      if (b.kind !== 'number' || a.probe === undefined || a.probe.length !== 3) return false;
      return (
        sameProbe(
          a.probe,
          [1, 1, 1].map(() => Number(b.value)),
        ) ||
        (isConstant(a.probe) && sameNumber(String(a.probe[0]), b.value))
      );
    case 'text':
      return b.kind === 'list' && sameItems(a.value.split(/ (?:and|or) /), b.value.split('|'));
    case 'date':
      // A year alone agrees with a day in it.
      return b.kind === 'number' && /^\d{4}$/.test(b.value) && a.value.startsWith(`${b.value}-`);
    case 'json':
      return b.kind === 'expression' && a.value === b.value;
    case 'number':
    case 'boolean':
    case 'list':
    case 'code':
      return false;
  }
}

const isConstant = (probe: readonly number[]): boolean => probe.every((value) => value === probe[0]);

function matchesWording(wording: string, other: FinalAnswer): boolean {
  if (other.kind === 'option') return false;
  if (other.kind === 'text') return sameWording(wording, other.value);
  const read = readAnswer(wording, true);
  return read !== undefined && read.kind === other.kind && sameKind(read, other);
}

const NEGATED = /\b(?:not|no|never|non|without)\b|않|아니|없/;

/** 'usa' of 'united states of america'. */
const initials = (words: string): string =>
  words
    .split(' ')
    .filter((word) => word !== 'of' && word !== 'and')
    .map((word) => word[0])
    .join('');

function sameWording(a: string, b: string): boolean {
  if (a === b) return true;
  if (NEGATED.test(a) !== NEGATED.test(b) || /\d/.test(a) !== /\d/.test(b)) return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.replaceAll(' ', '') === long.replaceAll(' ', '')) return true;
  if (short.length >= 2 && long.startsWith(short) && /^\s?(?:산|시|강|섬|도|어|인|국|씨)$/.test(long.slice(short.length))) return true;
  if (short.length >= 3 && long.split(' ').length <= 8 && ` ${long} `.includes(` ${short} `)) return true;
  if (!short.includes(' ') && /^[a-z]{2,5}$/.test(short) && long.includes(' ') && initials(long) === short) return true;
  const numbers = (text: string): string => (text.match(/\d+/g) ?? []).join();
  return numbers(a) === numbers(b) && likeness(featuresOf(bareWording(a)), featuresOf(bareWording(b))) >= 0.8;
}
