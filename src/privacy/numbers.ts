import { isDate, passesBrn, passesLuhn, passesRrn } from './checksums.ts';
import { type DigitGroups, digitsOf, hasShape, lengthOf, readGroups } from './digit-groups.ts';
import type { Report } from './finding.ts';
import { scanIpv4 } from './network.ts';
import { findPhone, type Stretch } from './phone.ts';
import { DIGIT, isBoundary, isDigitAt, isWordAt, spanEnd, wordsBefore } from './text.ts';

/** Issuer prefixes with the lengths they come in (ISO/IEC 7812 registry, as the card networks publish them). */
const ISSUERS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:30[0-5]|3095|36|3[89])/, [14, 16, 17, 18, 19]],
  [/^(?:6011|64[4-9]|65)/, [16, 17, 18, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^(?:1800|2131)/, [15]],
  [/^62/, [16, 17, 18, 19]],
  [/^(?:50|5[6-9]|60|63|67|69)/, [12, 13, 14, 15, 16, 17, 18, 19]],
  [/^9[2-4]/, [16]],
];

const CARD_BEFORE = /(?:card|credit|debit|\bcc\b|visa|master|amex|payment|\bpan\b|카드|결제)[^0-9]{0,24}$/i;
const OTHER_BEFORE =
  /(?:order|invoice|tracking|ticket|account|\bid|\bref|serial|timestamp|\btime|epoch|주문|송장|운송장|접수|계좌|일련|번호표)[\w\s#:=."'()-]{0,16}(?:번호)?[^0-9a-z]{0,6}$/i;

function isCard(text: string, start: number, digits: string, grouped: boolean): boolean {
  if (!passesLuhn(digits) || /^(\d)\1+$/.test(digits)) return false;
  const before = wordsBefore(text, start, 60);
  if (CARD_BEFORE.test(before)) return true;
  const known = ISSUERS.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits));
  if (!known || OTHER_BEFORE.test(before)) return false;
  return grouped || (digits.length !== 13 && digits.length !== 12 && !/^(?:50|5[6-9]|60[2-9]|600|63|67|69|9)/.test(digits));
}

const CARD_SHAPES: readonly (readonly number[])[] = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
  [6, 13],
  [4, 4, 5],
  [4, 4, 4, 3],
];

function findCard(text: string, groups: DigitGroups, from: number): Stretch | undefined {
  const length = lengthOf(groups, from);
  const start = groups.starts[from] ?? 0;
  if (length >= 12) {
    return length <= 19 && isCard(text, start, digitsOf(text, groups, from, from), false) ? { from, to: from } : undefined;
  }
  if (length !== 4 && length !== 6) return undefined;
  // No issuer begins with these, and only the first of a row can have words before it.
  if (from > 0 && '0178'.includes(text.charAt(start))) return undefined;
  for (const shape of CARD_SHAPES) {
    if (!hasShape(groups, from, shape, '- ')) continue;
    const to = from + shape.length - 1;
    if (isCard(text, start, digitsOf(text, groups, from, to), true)) return { from, to };
  }
  return undefined;
}

const RRN_SHAPE = [6, 7] as const;
const RRN_BEFORE = /(?:주민|등록번호|외국인|\brrn\b|resident|registration)[^0-9]{0,24}$/i;

function isRrn(text: string, start: number, digits: string, hyphen: boolean): boolean {
  if (!isDate(Number(digits.slice(2, 4)), Number(digits.slice(4, 6)))) return false;
  const before = wordsBefore(text, start, 32);
  const told = RRN_BEFORE.test(before);
  // In one piece, numbers from 10 to 20 on may be milliseconds since 1970, and 0 and 9 are of people born before 1900.
  const plain = !/^(?:1\d|20)|^.{6}[09]/.test(digits) && !OTHER_BEFORE.test(before);
  if (passesRrn(digits)) return hyphen || told || plain;
  // Since October 2020 the last six digits are random: the newly born carry no checksum.
  const century = digits.charAt(6);
  return told && hyphen && '3478'.includes(century) && digits.slice(0, 4) >= '2010' && digits.slice(0, 2) <= '39';
}

function findRrn(text: string, groups: DigitGroups, from: number): Stretch | undefined {
  const start = groups.starts[from] ?? 0;
  if (lengthOf(groups, from) === 13) return isRrn(text, start, digitsOf(text, groups, from, from), false) ? { from, to: from } : undefined;
  if (!hasShape(groups, from, RRN_SHAPE, '- \u2010')) return undefined;
  const digits = digitsOf(text, groups, from, from + 1);
  return isRrn(text, start, digits, groups.separators[from + 1] !== ' ') ? { from, to: from + 1 } : undefined;
}

const BRN_SHAPE = [3, 2, 5] as const;
const BRN_BEFORE = /(?:사업자|등록번호|business (?:registration )?(?:number|no)|\bbrn\b)[^0-9]{0,24}$/i;

function findBrn(text: string, groups: DigitGroups, from: number): Stretch | undefined {
  const start = groups.starts[from] ?? 0;
  const whole = lengthOf(groups, from) === 10;
  if (!whole && !hasShape(groups, from, BRN_SHAPE, '- ')) return undefined;
  const to = whole ? from : from + 2;
  if (!passesBrn(digitsOf(text, groups, from, to))) return undefined;
  const told = BRN_BEFORE.test(wordsBefore(text, start, 32));
  return told || (!whole && groups.separators[from + 1] === '-') ? { from, to } : undefined;
}

const SSN_SHAPE = [3, 2, 4] as const;
const SSN_BEFORE = /(?:\bssn\b|social security|\bsocial\b|taxpayer)[^0-9]{0,28}$/i;

function findSsn(text: string, groups: DigitGroups, from: number): Stretch | undefined {
  const whole = lengthOf(groups, from) === 9;
  if (!whole && !hasShape(groups, from, SSN_SHAPE, '- .')) return undefined;
  const to = whole ? from : from + 2;
  const digits = digitsOf(text, groups, from, to);
  if (/^(?:000|666|9)|^...00|0000$/.test(digits)) return undefined;
  if (!whole && groups.separators[from + 1] === '-') return { from, to };
  const start = groups.starts[from] ?? 0;
  return SSN_BEFORE.test(wordsBefore(text, start, 40)) ? { from, to } : undefined;
}

/** A telephone extension after a number: x123, ext. 123. */
const EXTENSION = /\s?(?:x|ext\.?)\s?\d{1,6}(?!\w)/iy;

function extensionEnd(text: string, end: number): number {
  EXTENSION.lastIndex = end;
  return EXTENSION.test(text) ? EXTENSION.lastIndex : end;
}

/** Whether a stretch stands alone: no letter, digit, decimal or identifier goes on at either side. */
function standsAlone(text: string, start: number, end: number): boolean {
  const before = text.charCodeAt(start - 1);
  if (!isBoundary(text, start) || before === 47 || before === 36 || before === 35) return before === 47 && text.charCodeAt(start - 2) === 47;
  if ((before === 46 || before === 44 || before === 45 || before === 61) && isWordAt(text, start - 2) && before !== 61) return false;
  const after = text.charCodeAt(end);
  if (isWordAt(text, end)) return false;
  return !((after === 46 || after === 44 || after === 45) && isDigitAt(text, end + 1));
}

const FINDERS = [
  ['rrn', findRrn],
  ['card', findCard],
  ['brn', findBrn],
  ['ssn', findSsn],
  ['phone', findPhone],
] as const;

/**
 * Numbers people and things are known by, from the first digit, plus or bracket of a row of digit groups on.
 * Gives the offset to go on from.
 */
export function scanNumbers(text: string, start: number, report: Report): number {
  const alone = endOfShort(text, start);
  if (alone !== -1) return alone;
  const groups = readGroups(text, start);
  const count = groups.starts.length;
  let from = 0;
  while (from < count) {
    const next = takeAt(text, groups, from, report);
    from = next === -1 ? from + 1 : next;
  }
  return Math.max(groups.end, start + 1);
}

/** End of a number of up to six digits with nothing joined to it, as most are; -1 for any other. */
function endOfShort(text: string, start: number): number {
  const opened = text.charCodeAt(start) === 40;
  const first = isDigitAt(text, start) ? start : start + 1;
  const end = spanEnd(text, first, DIGIT);
  if (end - first > 6) return -1;
  const next = text.charCodeAt(end);
  // A bracket that closes elsewhere is none of the number.
  if (opened && next !== 41) return start + 1;
  if (end === first || next === 41) return -1;
  if (end - first === 6 && text.startsWith(' - ', end) && isDigitAt(text, end + 3)) return -1;
  return (next === 32 || next === 45 || next === 46) && (isDigitAt(text, end + 1) || text.charCodeAt(end + 1) === 40) ? -1 : end;
}

function takeAt(text: string, groups: DigitGroups, from: number, report: Report): number {
  const first = groups.starts[from] ?? 0;
  if (hasDottedQuad(groups, from)) {
    const end = groups.ends[from + 3] ?? 0;
    const before = text.charCodeAt(first - 1);
    if (!isWordAt(text, end) && before !== 46 && before !== 45 && !isWordAt(text, first - 1)) scanIpv4(text, first, end, report);
    return from + 4;
  }
  for (const [kind, find] of FINDERS) {
    const stretch = find(text, groups, from);
    if (stretch === undefined) continue;
    let start = from === 0 && (groups.plus || text.charCodeAt(groups.start) === 40) && kind === 'phone' ? groups.start : first;
    if (start > 0 && kind === 'phone' && text.charCodeAt(start - 1) === 40 && groups.separators[from + 1] === ')') start -= 1;
    let end = groups.ends[stretch.to] ?? 0;
    if (kind === 'phone') end = extensionEnd(text, end);
    if (!standsAlone(text, start, end)) continue;
    report(kind, start, end);
    return stretch.to + 1;
  }
  return -1;
}

function hasDottedQuad(groups: DigitGroups, from: number): boolean {
  for (let at = 0; at < 4; at += 1) {
    const length = lengthOf(groups, from + at);
    if (length < 1 || length > 3 || (at > 0 && groups.separators[from + at] !== '.')) return false;
  }
  return groups.separators[from + 4] !== '.' && (from === 0 || groups.separators[from] !== '.');
}
