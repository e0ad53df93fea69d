import { dateIn, timeIn } from './dates.ts';
import { constantOf, plainMath, probe } from './expression.ts';
import { assignmentsIn, predicateOf, trimmedClause, whenIn } from './final-clause.ts';
import { canonicalNumber, NUMBER_SOURCE, parseNumber } from './number.ts';
import { stem } from './similarity.ts';
import { countWords, wordsOf } from './text.ts';

/** The short answer that a text ends up with, in a form in which equal answers compare equal. */
export interface FinalAnswer {
  readonly kind: 'number' | 'option' | 'boolean' | 'expression' | 'date' | 'list' | 'json' | 'code' | 'text';
  readonly value: string;
  /** Wording beside an option letter ('B) Paris'), so that 'Paris' alone can match it. */
  readonly wording?: string;
  /** True for '50%', which is the same as 50 and as 0.5. */
  readonly percent?: boolean;
  /** What a formula is worth at fixed values of its letters. */
  readonly probe?: readonly number[];
  /** True when the text marks it as its answer; false when it is only the last number in it. */
  readonly explicit: boolean;
  /** True for a last number that calculations lead up to. */
  readonly worked?: boolean;
}

/** What may stand right behind a number without making it part of a formula. */
const UNIT =
  /^(?:[kcm]?m|[km]?g|m?l|k?w|s|ms|h|hrs?|mins?|mph|kmh|usd|th|st|nd|rd|am|pm|[cf]|in|ft|yd|lbs?|oz)(?:\^?\(?[23²³]\)?)?(?:[.,;)]|\s(?![-+*^=])|\/|$)/i;
const FORMULA =
  /^(?:[\\^*(<>:]|[A-Za-z](?![A-Za-z]{2})|\s?(?:pi|sqrt|cbrt|sin|cos|tan|ln|log)\b|\s?[\\^*+<>=/]|\s?-\s?[\dA-Za-z(]|,\s?[-\d]|\s[a-z](?:\s?[-+*^)]|$)|!)/;
const TRAILING_UNIT =
  /\s(?:(?:square|cubic|sq\.?|cu\.?)\s?)?(?:[kcm]?m|inch(?:es)?|in|ft|feet|foot|met(?:er|re)s?|units?|degrees?|radians?|cent?im(?:e|et)\w+|miles?|dollars?)(?:\^?\(?[23]\)?)?$/i;
const YES =
  /^(?:yes|yeah|yep|true|correct|absolutely(?! not)|indeed|certainly(?! not)|definitely(?! not)|of course(?! not)|물론입니다|물론이죠|예|네|넵|맞습니다|맞다|맞아요|참|옳다|옳습니다|그렇습니다|그렇다)(?=\s*(?:$|[,.!;:)\n—-]|(?:because|since|it|that|this|입니다|이다)(?![\p{L}])))/iu;
const NO =
  /^(?:no|nope|false|incorrect|(?:absolutely|certainly|definitely|of course) not|아니요|아니오|아니다|아닙니다|틀립니다|틀리다|틀렸습니다|거짓|그렇지 않습니다|그렇지 않다)(?=\s*(?:$|[,.!;:)\n—-]|(?:because|since|it|that|this|입니다|이다)(?![\p{L}])))/iu;
const IT_IS = /^(?:it|that|this|the (?:statement|claim|sentence))(?:'s| is)\s+(?:definitely |indeed )?(true|correct|false|incorrect|not true|not correct)\b/i;
const OPTION =
  /^(?:(?:[Oo]ption|[Cc]hoice|[Aa]nswer|[Ll]etter|보기|선택지)\s*)?(?:\(([A-Pa-p가나다라마])\)|\[([A-P])\]|([A-P])(?=\s*(?:$|[).:,\]]|[-–—]\s|번|입니다|이다|is\b|because\b|since\b|as\b|\())|([a-j])(?=\)\s)|([가나다라마])(?=\s*(?:$|[).:]|번|입니다)))[^\S\n]*[).:\]]?[^\S\n]*/;
const NUMBERED = /^(?:(?:option|choice|보기|선택지)\s*\(?([1-9])\)?(?!\d)|\(?([1-9])\)?\s*번)/i;
const NUMBER = new RegExp(NUMBER_SOURCE, 'gi');
const LEADING = new RegExp(`^(?:about|approximately|around|roughly|exactly|nearly|a total of|약|대략|총|모두|[≈~])?\\s*(${NUMBER_SOURCE})`, 'i');
const LEAD =
  /^(?:[:=>\s]|is\b|are\b|therefore,?\s|thus,?\s|simply\s|clearly\s|just\s|most likely\s|likely\s|probably\s|either\s|just\s|equal to\s|the following:?\s|바로\s)+/i;
const UNKNOWN = /^(?:unknown|i (?:do not|don't) know|not sure|n\/a|unclear|undetermined|it depends|모르|알 수 없)/i;
const NOT_INITIALS = /^(?:It|The|This|That|Therefore|So|He|She|They|In|A|An|We|Thus|Since|Because|I|You|If|As|For|However|Option|Answer)\b/;

/** LaTeX and Markdown of a short answer as plain text. */
const plain = (text: string): string =>
  plainMath(text.replace(/\\(?:boxed|fbox)\s*\{([^{}]{0,120})\}/g, '$1'))
    .replace(/\\[()[\]]/g, ' ')
    .replace(/\$\$?/g, (dollar, at: number, all: string) => (dollar === '$' && /^\s?\d/.test(all.slice(at + 1)) ? '$' : ' '))
    .replace(/(\d)\s(?=,)/g, '$1')
    .replace(/\*\*|`|["“”]|(?<![\w)\s])\*|\*(?![\w(\s])/g, '')
    .replace(/([$€£]\s?\d[\d,.]*)\s?([kKmM])(?![a-zA-Z])/g, (_, amount: string, unit: string) => `${amount} ${/k/i.test(unit) ? 'thousand' : 'million'}`)
    .replace(/(\d{1,9})\s?분의\s?(\d{1,9})/g, '$2/$1')
    .replace(/(\d)\s:\s(?=\d)/g, '$1:')
    .replace(/[ \t]+/g, ' ')
    .replaceAll(' ^', '^')
    .trim();

/** The first sentence of a short piece; initials and titles do not end one. */
export function firstClause(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  for (const match of line.matchAll(/[.!?。;](?=\s|$)/g)) {
    const before = line.slice(0, match.index);
    const after = line.slice(match.index + 1).trimStart();
    if (match[0] === '!' && /\d$/.test(before)) continue;
    if (match[0] === '.' && /(?:^|[\s.])(?:Dr|Mr|Mrs|Ms|St|Mt|Jr|Sr|Ft|vs|Prof)$/.test(before)) continue;
    if (match[0] === '.' && /(?:^|[\s.])[A-Z]$/.test(before) && /^[A-Z]/.test(after) && !NOT_INITIALS.test(after)) continue;
    return before.trim();
  }
  return line.trim();
}

/** 'Bronte' of 'Brontë'. */
const unaccented = (text: string): string =>
  /[À-ɏ]/.test(text)
    ? text
        .normalize('NFD')
        .replace(/(?<=[A-Za-z])[\u0300-\u036f]+/g, '')
        .normalize('NFC')
    : text;

/** Words of a short answer without articles, titles and Korean endings, in lower case. */
export const bareWording = (text: string): string =>
  wordsOf(
    unaccented(text)
      .replace(/\b([A-Z])\.(?=[A-Z]\.|\s|$)/g, '$1')
      .replace(/(\p{L})['’]s\b/gu, '$1s'),
  )
    .filter((word) => !/^(?:the|a|an|is|are|was|were|it|its|he|she|mr|mrs|ms|dr|정답|답|sir)$/.test(word))
    .map((word) => (/[가-힣]/.test(word) ? stem(word) : word))
    .join(' ');

const canonicalFormula = (text: string): string =>
  text
    .replace(/\s+/g, '')
    .replace(/\^\((\w+)\)/g, '^$1')
    .replace(/[\\${}]/g, '')
    .replace(/[.,;]{1,8}$/, '')
    .toLowerCase();

function readFormula(side: string, explicit: boolean): FinalAnswer {
  const set = /^\{([^{}]*)\}$/.exec(side.trim())?.[1];
  if (set?.includes(',') === true) {
    const members = readList(set, explicit);
    if (members !== undefined) return members;
  }
  const bare = side.replace(TRAILING_UNIT, '').replace(/^\$|[.,;]{1,8}$/g, '');
  const constant = /pi|sqrt|cbrt/.test(bare) ? undefined : constantOf(bare);
  if (constant !== undefined) return { kind: 'number', value: canonicalNumber(constant), explicit };
  const worth = probe(bare);
  return { kind: 'expression', value: canonicalFormula(bare), explicit, ...(worth !== undefined && { probe: worth }) };
}

/** A tuple, an interval, a set, a matrix, or intervals joined. */
const BRACKETED = /^[([{].*,.*[)\]}]$/;

/** Whether a short piece is a formula and not a number with words: '5\\pi', '2x + 1', '(1, 2)', 'x^2'. */
function isFormula(side: string, behindNumber: string): boolean {
  if (side.length > 160 || /[가-힣]/.test(side)) return false;
  const wordy = side.replace(TRAILING_UNIT, '').replace(/\b(?:sqrt|cbrt|sin|cos|tan|log|ln|exp|inf|arcsin|arccos|arctan)\b/g, ' ');
  if (/[A-Za-z]{3,}/.test(wordy)) return false;
  if (behindNumber !== '') return FORMULA.test(behindNumber) && !UNIT.test(behindNumber.trimStart());
  return (
    !/^[-−+$]*[\d.]/.test(side) &&
    (BRACKETED.test(side) || /[\\^]|[\w)]\s?[+*/=]\s?[\w(]|\b(?:pi|sqrt|cbrt)\b|^\(\(?[-\d]|^-?[a-z]$/.test(side)) &&
    countWords(side) <= 14
  );
}

/** An equation that is itself the answer ('2x + y = 5'), not a result with its name ('x = 5', 'Area = 9'). */
const isEquation = (clause: string): boolean => {
  const [left = '', right, more] = clause.split('=');
  if (right === undefined || more !== undefined || !/[a-z]/i.test(left) || /[A-Za-z]{3,}/.test(left)) return false;
  return !/^\s*(?:[a-z]\w?|[a-z]\s?\([a-z]\))\s*$/i.test(left) && /[-+*^/]|\d[a-z]/i.test(left) && probe(clause)?.every(Number.isFinite) === true;
};

function readList(clause: string, explicit: boolean): FinalAnswer | undefined {
  if (/^[([{]/.test(clause)) return undefined;
  const parts = clause
    .replace(/\.$/, '')
    .split(/\s*,\s+(?:and\s+|or\s+)?|\s*,(?=\D)|\s+(?:and|or|및|또는|그리고)\s+|(?<=\d)(?:와|과|이고|또는)\s+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  // Sums one after the other are a calculation, not a list.
  if (parts.length < 2 || parts.length > 30 || parts.some((part) => /\d\s?[-+*/×÷]\s?[$€£₩]?\d[^=]*=/.test(part))) return undefined;
  const values = parts.map((part) => parseWhole(part.slice(part.lastIndexOf('=') + 1).trim()));
  if (values.every((value) => value !== undefined)) return { kind: 'list', value: values.map((value) => canonicalNumber(value as number)).join('|'), explicit };
  if (parts.length < 3 || parts.some((part) => countWords(part) > 4) || /\b(?:because|since|which|who|is|are|was)\b/.test(clause)) return undefined;
  return { kind: 'list', value: parts.map(bareWording).join('|'), explicit };
}

/** A number that is the whole of a text, formulas and percent signs allowed. */
function parseWhole(text: string): number | undefined {
  const match = LEADING.exec(text);
  if (match !== null && text.slice(match[0].length).trim() === '') return parseNumber(match[1] as string);
  return constantOf(text);
}

const CAME_TO = new RegExp(
  `\\b(?:is|are|was|were|paid|pays?|has|have|had|makes?|made|earns?|earned|costs?|spends?|spent|gets?|got|needs?|takes?|equals?|leaves?|leaving|a total of)\\s+(?:about\\s|approximately\\s|only\\s|a total of\\s)?(${NUMBER_SOURCE})`,
  'gi',
);

/** The number a short clause is about: the one after its last '=', or the only one in it. */
function soleNumber(clause: string): string | undefined {
  const equals = clause.lastIndexOf('=');
  const numbers = clause.slice(equals + 1).match(NUMBER);
  if (numbers === null) return undefined;
  if (equals !== -1) return numbers[0];
  if (numbers.length === 1) return countWords(clause) <= 8 ? numbers[0] : undefined;
  return countWords(clause) <= 14 ? [...clause.matchAll(CAME_TO)].at(-1)?.[1] : undefined;
}

const RATIO = /^(\d{1,6}(?:\.\d{1,3})?):(\d{1,6}(?:\.\d{1,3})?)$|\bratio\b.{1,60}?\b(?:is|of)\s(\d{1,6})\s?(?::|to)\s?(\d{1,6})$/i;

/** `behind` is what follows it: '25 cents' is a share like '25%'. */
const numberAnswer = (written: string, explicit: boolean, behind = ''): FinalAnswer | undefined => {
  const value = parseNumber(written);
  if (value === undefined) return undefined;
  return {
    kind: 'number',
    value: canonicalNumber(value),
    explicit,
    ...((/%|퍼센트|percent/i.test(written) || /^\s?(?:cents?\b|¢)/i.test(behind)) && { percent: true }),
  };
};

const IN_WORDS =
  /\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?)\b/gi;

/** The one number that a short sentence without figures names in words, with what belongs to it: 'It takes three bolts in total.' */
function numberInWords(clause: string, explicit: boolean): FinalAnswer | undefined {
  const found = [...clause.matchAll(IN_WORDS)];
  const first = found[0];
  if (first === undefined || found.length > 4 || countWords(clause) > 9) return undefined;
  const words = clause.slice(first.index).split(/\s+/);
  for (let count = Math.min(8, words.length); count > 0; count--) {
    const read = numberAnswer(words.slice(0, count).join(' '), explicit);
    if (read === undefined) continue;
    return found.length === words.slice(0, count).join(' ').match(IN_WORDS)?.length ? read : undefined;
  }
  return undefined;
}

/** The option or the yes or no that a plain text begins with. */
function chosen(text: string, explicit: boolean): FinalAnswer | undefined {
  const option = OPTION.exec(text);
  if (option !== null && !/^[A-Z](?:,\s?[A-J]\b|\.\s?[A-Z]\.)/.test(text)) {
    const value = (option[1] ?? option[2] ?? option[3] ?? option[4] ?? option[5] ?? '').toUpperCase();
    const wording = bareWording(firstClause(text.slice(option[0].length)));
    return { kind: 'option', value, explicit, ...(wording !== '' && wording.length <= 80 && { wording }) };
  }
  const numbered = NUMBERED.exec(text);
  if (numbered !== null) return { kind: 'option', value: (numbered[1] ?? numbered[2]) as string, explicit };
  if (YES.test(text)) return { kind: 'boolean', value: 'yes', explicit };
  if (NO.test(text)) return { kind: 'boolean', value: 'no', explicit };
  const stated = IT_IS.exec(text)?.[1];
  return stated === undefined ? undefined : { kind: 'boolean', value: /^(?:true|correct)$/i.test(stated) ? 'yes' : 'no', explicit };
}

/** The option or the yes or no that a piece begins with, or that its first clause says of its subject; a fraction of the work of `readAnswer`. */
export function readChoice(piece: string, explicit: boolean): FinalAnswer | undefined {
  const text = plain(piece).replace(LEAD, '');
  return chosen(text, explicit) ?? chosen(predicateOf(firstClause(text)), explicit);
}

/** Reads a captured piece ('(B) Paris.', '$1,200 per month', '예, 맞습니다') as an answer. */
export function readAnswer(piece: string, explicit: boolean): FinalAnswer | undefined {
  const text = plain(piece).replace(LEAD, '');
  if (text === '' || UNKNOWN.test(text)) return undefined;
  const date = dateIn(text) ?? timeIn(text);
  if (date !== undefined) return { kind: 'date', value: date, explicit };
  const choice = chosen(text, explicit);
  if (choice !== undefined) return choice;
  const clause = trimmedClause(firstClause(text));
  const solved = assignmentsIn(clause);
  if (solved?.tuple !== undefined) return readFormula(solved.tuple, explicit);
  if (solved?.list !== undefined) return { kind: 'list', value: solved.list.map(canonicalNumber).join('|'), explicit };
  const ratio = RATIO.exec(clause);
  if (ratio !== null) return { kind: 'expression', value: `${ratio[1] ?? ratio[3]}:${ratio[2] ?? ratio[4]}`, explicit };
  if (isEquation(clause)) return { kind: 'expression', value: canonicalFormula(clause), explicit, probe: probe(clause) as readonly number[] };
  const list = readList(clause, explicit);
  if (list !== undefined) return list;
  const side = clause.slice(clause.lastIndexOf('=') + 1).trim() || clause;
  const leading = LEADING.exec(side);
  const rest = leading === null ? '' : side.slice(leading[0].length);
  if (isFormula(side, rest)) return readFormula(side, explicit);
  const predicate = predicateOf(clause);
  if ((leading === null || /[은는]\s/.test(clause)) && predicate !== clause) return readAnswer(predicate, explicit);
  const when = leading === null ? whenIn(clause) : undefined;
  if (when !== undefined) return { kind: 'date', value: when, explicit };
  const bare = clause.replace(/[\s.]{1,8}$/, '');
  const written = leading?.[1] ?? soleNumber(clause);
  const number =
    (written === undefined ? undefined : numberAnswer(written, explicit, clause.slice(clause.lastIndexOf(written) + written.length))) ??
    numberAnswer(bare, explicit) ??
    numberAnswer(bare.replace(/\s[a-z]+$/, ''), explicit) ??
    (written === undefined ? numberInWords(clause, explicit) : undefined);
  if (number !== undefined) return number;
  const wording = bareWording(clause);
  return wording === '' || wording.length > 100 || wording.split(' ').length > 8 ? undefined : { kind: 'text', value: wording, explicit };
}

/** A sentence up to the words that say how, why or when, where a number stands before them, and without its remark in brackets. */
function mainClause(sentence: string): string {
  if (sentence.includes('=')) return sentence;
  const bare = trimmedClause(sentence.trim()).replace(/(?<=\d.*)\s\([^()]*[a-z]{3}[^()]*\)/gi, '');
  const at = bare.search(/(?<=\d.*)\s(?:by\s\w+ing|because|since|after|when|if she|if he|if they|which|where)\b/);
  return at > 0 ? bare.slice(0, at) : bare;
}

/** 'There are 5 of them: -2, -1, 0, 1 and 2', 'a, b and c, giving a total of 3': the count, not the last thing counted. */
const COUNTED = new RegExp(`(?:\\bthere (?:are|is)\\s+(?:exactly\\s)?(${NUMBER_SOURCE})(?=[^:\\d]{0,60}:)|\\ba total of\\s+(${NUMBER_SOURCE})(?!.*\\d))`, 'i');

/** The number that the end of a text comes to: after the last '=' of its last sentence with a figure, or the last one in it. */
export function lastNumber(text: string): FinalAnswer | undefined {
  const line = plain(text.slice(-600))
    .split('\n')
    .findLast((part) => /\d/.test(part));
  if (line === undefined) return undefined;
  const sentence = mainClause(
    line.split(/(?<=[^\d][.!?。])\s+|(?<=\d[.])\s+(?=\D)/).findLast((part) => /\d/.test(part) && !/^\(.*\)$/.test(part.trim())) ?? line,
  );
  const after = sentence.slice(sentence.lastIndexOf('=') + 1);
  const found = sentence.includes('=')
    ? after.match(NUMBER)?.[0]
    : COUNTED.exec(line)
        ?.slice(1)
        .find((count) => count !== undefined);
  const written = found ?? sentence.match(NUMBER)?.at(-1);
  return written === undefined ? undefined : numberAnswer(written, false);
}
