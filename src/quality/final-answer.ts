import { canonicalNumber, NUMBER_SOURCE, parseNumber, sameNumber } from './number.ts';
import { featuresOf, likeness, stem } from './similarity.ts';
import { comparable, countWords, withoutCode, wordsOf } from './text.ts';

/** The short answer that a text ends up with, in a form in which equal answers compare equal. */
export interface FinalAnswer {
  readonly kind: 'number' | 'option' | 'boolean' | 'expression' | 'text';
  readonly value: string;
  /** Wording beside an option letter ('B) Paris'), so that 'Paris' alone can match it. */
  readonly wording?: string;
  /** True when the text marks it as its answer; false when it is only the last number in it. */
  readonly explicit: boolean;
}

const MARKERS: readonly RegExp[] = [
  /(?:\b(?:final|correct|right|best|my)\s+)?\b(?:answer|choice|option)\b(?:\s+(?:to|for)\s[^.\n]{1,60}?)?\s*(?:is|would be|should be|must be|[:=]|=>|→)\s*:?\s*/gi,
  /^(?:#+\s*)?(?:final\s+)?answer\s*\n/gim,
  /(?:정답|최종\s?답|해답|답변|답)\s*(?:은|는|이|[:=]|→)\s*:?\s*/g,
];
/** A letter named as the choice, where nothing marks the answer more plainly. */
const NAMED_OPTION =
  /(?:\b(?:choose|select|pick|go with)\s+(?:option\s+)?\(?([A-J])\)?(?![\w'])|\b(?:option\s+)?\(?([A-J])\)?\s+is\s+(?:the\s+)?(?:correct|right|best|true)\b|\(([A-J])\)[.\s]*$)/g;
/** What may stand right behind a number without making it part of a formula. */
const UNIT = /^(?:[kcm]?m|[km]?g|m?l|k?w|s|ms|h|hrs?|mins?|mph|kmh|usd|th|st|nd|rd|am|pm|[cf])(?:[²³]|\b)/i;
const FORMULA = /^(?:[\\^*(<>π√:A-Za-z]|\s?[\\^*+<>=]|\s?-\s?\d|,\s?[-\d])/;
const CONCLUSIONS: readonly RegExp[] = [
  /(?:^|[\n.;,]\s{0,8})(?:therefore|thus|hence|so|in conclusion|in total|altogether)\b[,:]?\s{0,8}/gi,
  /(?:따라서|그러므로|결론적으로|즉|결국)[,:]?\s*/g,
];
const YES = /^(?:yes|true|correct|예|네|맞습니다|맞다|참|그렇습니다|그렇다)(?=\s*(?:$|[,.!;:)\n—-]|(?:because|since|it|that|this|입니다|이다)(?![\p{L}])))/iu;
const NO =
  /^(?:no|false|incorrect|아니요|아니오|아니다|아닙니다|틀립니다|틀리다|거짓|그렇지 않습니다|그렇지 않다)(?=\s*(?:$|[,.!;:)\n—-]|(?:because|since|it|that|this|입니다|이다)(?![\p{L}])))/iu;
const OPTION =
  /^(?:(?:option|choice|answer|보기|선택지)\s*)?(?:\(([A-Ja-j가나다라마])\)|\[([A-J])\]|([A-J])(?=\s*(?:$|[).:,\]]|[-–—]\s|번|입니다|이다|is\b|because\b|since\b|\()))\s*[).:\]]?\s*/;
const NUMBERED_OPTION = /^(?:(?:option|choice|보기|선택지)\s*)?\(?([1-9])\)?\s*번/;
const NUMBER = new RegExp(NUMBER_SOURCE, 'gi');
const LEADING_NUMBER = new RegExp(`^(?:about|approximately|around|roughly|약|대략|총|[≈~])?\\s*(${NUMBER_SOURCE})`, 'i');

function lastBoxed(text: string): string | undefined {
  const start = Math.max(text.lastIndexOf('\\boxed{'), text.lastIndexOf('\\fbox{'));
  if (start === -1) return undefined;
  const open = text.indexOf('{', start);
  let depth = 0;
  for (let at = open; at < Math.min(text.length, open + 2_000); at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return text.slice(open + 1, at);
  }
  return undefined;
}

/** LaTeX and Markdown of a short answer as plain text. */
function plain(text: string): string {
  return text
    .replace(/\\[dt]?frac\s*\{([^{}]{1,40})\}\s*\{([^{}]{1,40})\}/g, '$1/$2')
    .replace(/\\(?:text|mathrm|mathbf|textbf|boxed|mbox)\s*\{([^{}]{0,120})\}/g, '$1')
    .replace(/\\(?:left|right|displaystyle|,|;|!|:|quad|qquad|\(|\)|\[|\])/g, ' ')
    .replace(/\\times|\\cdot/g, '×')
    .replace(/\^\{?\\circ\}?|°/g, ' ')
    .replace(/\\([$%&#])/g, '$1')
    .replace(/\$\$?/g, (dollar, at: number, all: string) => (dollar === '$' && /\d/.test(all[at + 1] ?? '') ? '$' : ' '))
    .replace(/[*`"“”]/g, '')
    .trim();
}

const bareWording = (text: string): string =>
  wordsOf(text)
    .filter((word) => !/^(?:the|a|an|is|are|it|정답|답)$/.test(word))
    .map((word) => (/[가-힣]/.test(word) ? stem(word) : word))
    .join(' ');

/** Reads a captured piece ('(B) Paris.', '$1,200 per month', '예, 맞습니다') as an answer. */
function readAnswer(piece: string, explicit: boolean): FinalAnswer | undefined {
  const text = plain(piece).replace(/^(?:[:=>\s]|is\b)+/, '');
  if (text === '') return undefined;
  const option = OPTION.exec(text);
  if (option !== null) {
    const value = (option[1] ?? option[2] ?? option[3] ?? '').toUpperCase();
    const wording = bareWording(firstClause(text.slice(option[0].length)));
    return { kind: 'option', value, explicit, ...(wording !== '' && wording.length <= 80 && { wording }) };
  }
  const numbered = NUMBERED_OPTION.exec(text);
  if (numbered !== null) return { kind: 'option', value: numbered[1] as string, explicit };
  if (YES.test(text)) return { kind: 'boolean', value: 'yes', explicit };
  if (NO.test(text)) return { kind: 'boolean', value: 'no', explicit };
  const clause = firstClause(text);
  const side = clause.slice(clause.lastIndexOf('=') + 1).trim() || clause;
  const leading = LEADING_NUMBER.exec(side);
  const rest = leading === null ? '' : side.slice(leading[0].length);
  if (isFormula(side, rest)) return { kind: 'expression', value: canonicalFormula(side), explicit };
  const number = leading?.[1] ?? soleNumber(clause);
  const value =
    number === undefined
      ? parseNumber(
          clause
            .trimEnd()
            .replace(/\.{1,8}$/, '')
            .trimEnd(),
        )
      : parseNumber(number);
  if (value !== undefined) return { kind: 'number', value: canonicalNumber(value), explicit };
  const wording = bareWording(predicateOf(clause));
  return wording === '' || wording.length > 100 || wording.split(' ').length > 6 ? undefined : { kind: 'text', value: wording, explicit };
}

/** What a short sentence says of its subject: 'Tokyo' of 'The capital of Japan is Tokyo', '파리입니다' of '프랑스의 수도는 파리입니다'. */
function predicateOf(clause: string): string {
  const english = /^[^,]{2,80}\s(?:is|are|was|were)\s+(?:called\s+|known as\s+)?(?!not\b|n't)([^,]{1,40})$/i.exec(clause)?.[1];
  if (english !== undefined && countWords(english) <= 4) return english;
  return /^.{2,40}[은는]\s+(\S.{0,30}(?:입니다|이다|이에요|예요))$/.exec(clause)?.[1] ?? clause;
}

/** Whether a short piece is a formula and not a number with words: '5\\pi', '2x + 1', '(1, 2)', 'x^2'. */
function isFormula(side: string, behindNumber: string): boolean {
  if (side.length > 120 || /[가-힣]/.test(side) || /[A-Za-z]{3,}/.test(side.replace(/\\[A-Za-z]+|\b(?:sqrt|sin|cos|tan|log|exp)\b/g, ' '))) return false;
  if (behindNumber !== '') return FORMULA.test(behindNumber) && !UNIT.test(behindNumber);
  return !/^[-−+$]*[\d.]/.test(side) && /[\\^]|[\w)]\s?[+*/=]\s?[\w(]|^[([{][-\d.,\s\w\\/]+[)\]}]$/.test(side) && countWords(side) <= 10;
}

const canonicalFormula = (text: string): string =>
  text
    .replace(/\s+/g, '')
    .replace(/\\(?:sqrt)\{([^{}]*)\}/g, 'sqrt($1)')
    .replace(/\{([^{}])\}/g, '$1')
    .replace(/[\\$]/g, '')
    .replace(/[.,;]{1,8}$/, '')
    .toLowerCase();

const firstClause = (text: string): string => (text.split(/\n|(?<=[^\d\s])[.!?。](?:\s|$)|(?<=\d)[.](?:\s|$)|;/)[0] ?? '').trim();

/** The number a short clause is about: the one after its last '=', or the only one in it. */
function soleNumber(clause: string): string | undefined {
  const equals = clause.lastIndexOf('=');
  const numbers = clause.slice(equals + 1).match(NUMBER);
  if (numbers === null) return undefined;
  if (equals !== -1) return numbers[0];
  return numbers.length === 1 && countWords(clause) <= 8 ? numbers[0] : undefined;
}

function lastAfter(text: string, patterns: readonly RegExp[]): string | undefined {
  let best = -1;
  let end = 0;
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      if (match.index < best) continue;
      best = match.index;
      end = match.index + match[0].length;
    }
  }
  if (best === -1) return undefined;
  const rest = text.slice(end, end + 400).trimStart();
  return rest === '' ? undefined : rest;
}

function lastNumber(text: string): string | undefined {
  const tail = text.slice(-400);
  const lines = tail.split('\n').filter((line) => /\d/.test(line));
  const line = lines.at(-1);
  if (line === undefined) return undefined;
  const sentence = line.split(/(?<=[^\d][.!?。])\s+|(?<=\d[.])\s+(?=\D)/).findLast((part) => /\d/.test(part)) ?? line;
  const equals = sentence.lastIndexOf('=');
  const after = equals === -1 ? null : sentence.slice(equals + 1).match(NUMBER);
  return after?.[0] ?? sentence.match(NUMBER)?.at(-1);
}

/**
 * The short answer a text ends up with: `\boxed{18}`, `#### 18`, 'The answer is (B)', '정답: 3번', a JSON `answer` field, a text that is
 * itself short, a leading 'Yes' or 'B.', what follows the last 'therefore' / '따라서', or else the last number of its end.
 * Undefined for open prose.
 */
export function finalAnswer(answer: string): FinalAnswer | undefined {
  const text = comparable(answer);
  if (text === '') return undefined;
  const boxed = lastBoxed(text);
  if (boxed !== undefined) return readAnswer(boxed, true);
  const hashes = /(?:^|\n)####\s+([^\n]{1,200})(?![\s\S]*\n####\s)/.exec(text.slice(-2_000));
  if (hashes !== null && (/\d/.test(hashes[1] as string) || countWords(hashes[1] as string) <= 3)) return readAnswer(hashes[1] as string, true);
  const field = /"(?:final_)?answer"\s*:\s*(?:"([^"\n]{1,200})"|(-?[\d.]{1,20}|true|false))/i.exec(text);
  if (field !== null) return readAnswer(field[1] ?? field[2] ?? '', true);
  const bare = withoutCode(text).replace(/[*`]/g, '');
  const marked = lastAfter(bare, MARKERS);
  if (marked !== undefined) {
    const read = readAnswer(marked, true);
    if (read !== undefined) return read;
  }
  const named = [...bare.slice(-1_200).matchAll(NAMED_OPTION)].at(-1);
  if (named !== undefined) return { kind: 'option', value: (named[1] ?? named[2] ?? named[3]) as string, explicit: true };
  const leading = readLeading(bare.trim());
  if (leading !== undefined) return leading;
  const concluded = lastAfter(bare.slice(-400), CONCLUSIONS);
  if (concluded !== undefined) {
    const number = lastNumber(firstClause(concluded));
    const value = number === undefined ? undefined : parseNumber(number);
    if (value !== undefined) return { kind: 'number', value: canonicalNumber(value), explicit: true };
    const read = readAnswer(concluded, true);
    if (read !== undefined && read.kind !== 'text') return read;
  }
  if (text.length <= 60 && countWords(text) <= 8) return readAnswer(text, true);
  const number = lastNumber(bare);
  const value = number === undefined ? undefined : parseNumber(number);
  return value === undefined ? undefined : { kind: 'number', value: canonicalNumber(value), explicit: false };
}

/** An answer that comes first and is explained afterwards. A list of options does not count: it answers nothing. */
function readLeading(text: string): FinalAnswer | undefined {
  const listed = text.match(/^[ \t]{0,16}\(?[A-J][).:]\s/gm)?.length ?? 0;
  const head = firstClause(text.slice(0, 300));
  if (listed <= 1 && OPTION.test(head)) return readAnswer(head, true);
  if (YES.test(head) || NO.test(head)) return readAnswer(head, true);
  return undefined;
}

/** Whether two final answers say the same. */
export function sameFinal(a: FinalAnswer, b: FinalAnswer): boolean {
  if (a.kind === b.kind) {
    if (a.value === b.value) return true;
    if (a.kind === 'number') return sameNumber(a.value, b.value);
    if (a.kind === 'text') return sameWording(a.value, b.value);
    return false;
  }
  if (a.kind === 'option' && a.wording !== undefined) return matchesWording(a.wording, b);
  if (b.kind === 'option' && b.wording !== undefined) return matchesWording(b.wording, a);
  return false;
}

function matchesWording(wording: string, other: FinalAnswer): boolean {
  if (other.kind === 'text') return sameWording(wording, other.value);
  if (other.kind === 'number') {
    const value = parseNumber(wording);
    return value !== undefined && sameNumber(canonicalNumber(value), other.value);
  }
  return false;
}

function sameWording(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length >= 3 && long.split(' ').length <= 8 && ` ${long} `.includes(` ${short} `)) return true;
  return likeness(featuresOf(a), featuresOf(b)) >= 0.8;
}
