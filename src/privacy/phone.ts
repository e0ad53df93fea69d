import { isDate } from './checksums.ts';
import { type DigitGroups, digitsOf, hasShape, lengthOf } from './digit-groups.ts';
import { wordsBefore } from './text.ts';

/** A stretch of groups, both ends inclusive. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Country calling codes of ITU-T E.164, shortest form: one, two, and the beginnings of the three-digit ones. */
const CALLING_CODE =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|21[1-368]|22\d|23\d|24\d|25[0-8]|26\d|29[0178]|35\d|37\d|38[0-25-79]|42[0-13]|50\d|59\d|67[02-9]|68\d|69[0-2]|80[08]|85[02356]|88[0-6]|96\d|97[0-7]|99[2-68])/;

const NORTH_AMERICAN = [3, 3, 4] as const;
const YEAR_FIRST = [4, 2, 2] as const;
const YEAR_LAST = [2, 2, 4] as const;
const KOREAN_MOBILE = /^01[016789]\d{7,8}$/;
const KOREAN_AREA = /^(?:02|03[1-3]|04[1-4]|05[1-5]|06[1-4]|070|080|050[2-8])$/;

const BEFORE =
  /(?:phone|\btel(?:ephone)?\b|mobile|\bcell\b|\bfax\b|\bcall(?:ed|ing)?\b|\breach\b|\btext\b|\bsms|whatsapp|\bdesk\b|contact|registered|\bdial(?:ed)?\b|hotline|pager|landline|messages? to|answering at|ring me|전화|연락|휴대|핸드폰|팩스|모바일|대표번호|문의|콜센터|☎|📞)[^0-9]{0,24}$/i;
const DIRECT =
  /(?:phone|\btel(?:ephone)?\b|mobile|\bcell\b|\bfax\b|\bdesk\b|office|call(?: me)?(?: at| on)?|전화(?:번호)?|연락처|휴대(?:폰|전화)|핸드폰|팩스)(?: number| no\.?| #)?(?: is|는|은)?\s{0,2}[:=：]?\s{0,3}[("']?$/i;
const AFTER = /^[\s\-,;(]{0,3}(?:office|fax|mobile|cell|desk|phone|home\b|work\b|로 (?:전화|연락|문자))/i;

/** Whether a sentence around a number speaks of telephones. */
const speaksOfPhones = (text: string, start: number, end: number): boolean =>
  BEFORE.test(wordsBefore(text, start, 48)) || AFTER.test(text.slice(end, end + 14));

const isDateShape = (text: string, groups: DigitGroups, from: number): boolean => {
  const values = [0, 1, 2].map((at) => Number(text.slice(groups.starts[from + at], groups.ends[from + at])));
  const [a, b, c] = values as [number, number, number];
  if (hasShape(groups, from, YEAR_FIRST, '-. ')) return a >= 1800 && a <= 2200 && isDate(b, c);
  return hasShape(groups, from, YEAR_LAST, '-. ') && c >= 1800 && c <= 2200 && (isDate(a, b) || isDate(b, a));
};

/** Forms that are telephone numbers whatever stands around them. Gives the last group, or -1. */
function plainForm(text: string, groups: DigitGroups, from: number): number {
  const length = lengthOf(groups, from);
  const second = lengthOf(groups, from + 1);
  if (length > 4 && length < 10) return -1;
  const first = text.slice(groups.starts[from], groups.ends[from]);
  if (length < 10 && first !== '82' && (second < 3 || second > 8)) return -1;
  if (hasShape(groups, from, NORTH_AMERICAN, '-.')) return from + 2;
  const zero = first.startsWith('0');
  const bracketed = text.charAt((groups.starts[from] ?? 0) - 1) === '(' && groups.separators[from + 1] === ')';
  if (first === '82' && groups.separators[from + 1] === '-' && /^0?10$/.test(text.slice(groups.starts[from + 1], groups.ends[from + 1]))) {
    return lengthOf(groups, from + 2) === 4 && lengthOf(groups, from + 3) === 4 ? from + 3 : -1;
  }
  if (zero && length >= 10 && KOREAN_MOBILE.test(first)) return from;
  if (zero && /^01[016789]$/.test(first)) {
    if (second === 8 && groups.separators[from + 1] === '-') return from + 1;
    if ((second === 3 || second === 4) && lengthOf(groups, from + 2) === 4) return from + 2;
  }
  if (zero && KOREAN_AREA.test(first) && groups.separators[from + 1] !== '.' && groups.separators[from + 1] !== ' ') {
    if ((second === 3 || second === 4) && lengthOf(groups, from + 2) === 4 && groups.separators[from + 2] === '-') return from + 2;
  }
  if (length === 3 && bracketed && second === 3 && lengthOf(groups, from + 2) === 4) return from + 2;
  if ((first === '1' || first === '001') && second === 3 && lengthOf(groups, from + 2) === 3 && lengthOf(groups, from + 3) === 4) {
    if (groups.separators[from + 3] === '-' || groups.separators[from + 3] === '.') return from + 3;
  }
  return -1;
}

/** A number with a plus: calling code and 8 to 15 digits in all, in groups, or in one piece where that is unmistakable. */
function international(text: string, groups: DigitGroups): number {
  const last = groups.starts.length - 1;
  for (let to = Math.min(last, 6); to >= 0; to -= 1) {
    const digits = digitsOf(text, groups, 0, to);
    if (digits.length < 8 || digits.length > 15 || !CALLING_CODE.test(digits)) continue;
    const start = groups.start;
    if (to === 0) {
      const korean = /^82(?:10\d{8}|[2-6]\d{7,9})$/.test(digits);
      return digits.length >= 10 && (korean || digits.length >= 11 || speaksOfPhones(text, start, groups.end)) ? 0 : -1;
    }
    const country = lengthOf(groups, 0);
    if (country > 3 && digits.length < 11) continue;
    if (digits.length < 9 && !speaksOfPhones(text, start, groups.end)) continue;
    return to;
  }
  return -1;
}

/** Other forms count only where the sentence speaks of telephones. */
function toldForm(text: string, groups: DigitGroups, from: number): number {
  const start = groups.starts[from] ?? 0;
  const left = groups.starts.length - from;
  let to = from + Math.min(left, 6) - 1;
  let digits = digitsOf(text, groups, from, to);
  while (to > from && digits.length > 14) {
    to -= 1;
    digits = digitsOf(text, groups, from, to);
  }
  const end = groups.ends[to] ?? start;
  if (digits.length < 7 || digits.length > 14) return -1;
  const before = wordsBefore(text, start, 48);
  if (!(before.length > 2 && (BEFORE.test(before) || DIRECT.test(before))) && !AFTER.test(text.slice(end, end + 14))) return -1;
  if (isDateShape(text, groups, from)) return -1;
  // Ten digits from 14 to 19 on are seconds since 1970.
  if (to === from)
    return (digits.length === 7 || (digits.length >= 9 && digits.length <= 12)) && !/^1[4-9]\d{8}$/.test(digits) && DIRECT.test(before) ? to : -1;
  for (let group = from; group <= to; group += 1) if (lengthOf(groups, group) < (group === from ? 1 : 2) || lengthOf(groups, group) > 8) return -1;
  return to;
}

/** Finds the telephone number that begins with a group; undefined when there is none. */
export function findPhone(text: string, groups: DigitGroups, from: number): Stretch | undefined {
  if (groups.plus && from === 0) {
    const to = international(text, groups);
    return to === -1 ? undefined : { from, to };
  }
  const plain = plainForm(text, groups, from);
  if (plain !== -1 && !continues(groups, from, plain)) return { from, to: plain };
  if (from > 0) return undefined;
  const told = toldForm(text, groups, from);
  return told === -1 ? undefined : { from, to: told };
}

/** Whether the same separator goes on before or after a stretch: then it is a piece of something longer. */
function continues(groups: DigitGroups, from: number, to: number): boolean {
  const inside = to > from ? groups.separators[to] : '-';
  const before = groups.separators[from];
  const after = groups.separators[to + 1];
  return (from > 0 && before === inside && inside !== ' ') || (after !== undefined && after === inside && inside !== ' ');
}
