import { dateIn, timeIn } from './dates.ts';
import { constantOf } from './expression.ts';
import { countWords } from './text.ts';

/** Longer clauses are no short answer, and too long for patterns that look back and forth. */
const MAX_CLAUSE = 400;

/** '입니다' and its kin behind something that is not Korean: '24π cm²입니다', '3:2이다'. */
const COPULA = /(?<=[^가-힣\s])\s?(?:입니다|이다|이에요|예요)\.?$/;
/** A remark at the end: '160 minutes (2 hours and 40 minutes)', 'Jane Austen (1775-1817)', '에베레스트산(해발 8,848m)입니다'. A tuple is none. */
const REMARK = /(?<=[\p{L}\p{N}%$*"”])(?:\s\((?=[^()]*(?:[A-Za-z]{4}|\d{4}\s?[-–]))|\s?\((?=[^()]*[가-힣]))[^()]{2,80}\)(?=\s*(?:[.!]?$|입니다|이다))/u;
const APPROXIMATELY = /\s*(?:≈|≒|\\approx)\s*/;

/** A clause without what does not belong to its answer: a closing remark in brackets, the Korean copula, the rounded form behind an exact one. */
export function trimmedClause(clause: string): string {
  if (clause.length > MAX_CLAUSE) return clause;
  const bare = clause.replace(REMARK, '').replace(COPULA, '');
  const [exact = '', rounded] = bare.split(APPROXIMATELY);
  if (rounded === undefined) return bare;
  return /^\s*(?:[A-Za-z]\w?|.{0,60}\b[A-Za-z]{3,}.{0,60})\s*$/.test(exact.replace(/\b(?:sqrt|cbrt|pi)\b/g, '1')) ? rounded : exact;
}

const ARTICLE_START = /^(?:the|a|an|it|this|that|these|those|there|he|she|they|we|i|you|what|which|who|in|on|at|for|if|so|as|one|both|each|all|statement)\b/i;
const DEED = /\s(?:wrote|painted|composed|invented|discovered|founded|directed|won|developed|created|designed)\s/;

/** The name that a sentence begins with, where the rest restates the question: 'Paris is the capital of France', 'Jane Austen wrote it'. */
function leadingName(clause: string): string | undefined {
  const cleft = /^it\s(?:is|was)\s([^,]{2,40}?)\s(?:who|that|which)\s/i.exec(clause)?.[1];
  if (cleft !== undefined && countWords(cleft) <= 4) return cleft;
  const split =
    /^(.{2,40}?)\s(?:is|was|are|were)\s(?:also\s)?the\s\S/.exec(clause) ??
    (DEED.test(clause) ? /^(.{2,40}?)\s(?:wrote|painted|composed|invented|discovered|founded|directed|won|developed|created|designed)\s/.exec(clause) : null);
  const name = split?.[1];
  return name !== undefined && /^["“]?\p{Lu}/u.test(name) && countWords(name) <= 4 && !ARTICLE_START.test(name) ? name : undefined;
}

/** A tuple, an interval or a set at the end of a clause that says something is it. */
const ENDS_IN_BRACKETS =
  /\s(?:is|are|be|of|at|in|to|prints|outputs|returns|equals?|as|=|:)\s*\$?\s?((?:[([{][^()[\]{}]*(?:\([^()]*\)[^()[\]{}]*)*,[^()[\]{}]*(?:\([^()]*\)[^()[\]{}]*)*[)\]}](?:\s?(?:U|or|and)\s?)?){1,4}|\[\[[^\n]{1,200}\]\])\s?\$?$/;
const KOREAN_BRACKETS = /[은는]\s*\$?\s?([([{][^[\]{}]*,[^[\]{}]*[)\]}])\s?\$?$/;

/** What a short sentence says of its subject: 'Tokyo' of 'The capital of Japan is Tokyo', '파리입니다' of '프랑스의 수도는 파리입니다'. The clause where it says nothing. */
export function predicateOf(clause: string): string {
  if (clause.length > MAX_CLAUSE) return clause;
  const brackets = ENDS_IN_BRACKETS.exec(clause)?.[1] ?? KOREAN_BRACKETS.exec(clause)?.[1];
  if (brackets !== undefined) return brackets;
  const korean = /^.{2,60}[은는]\s+(-?[\d,.]{1,20}\s?\S{0,4})$/.exec(clause)?.[1];
  if (korean !== undefined) return korean;
  const name = leadingName(clause);
  if (name !== undefined) return name;
  const english = /^[^,]{2,80}\s(?:is|are|was|were|would be|will be)\s+(?:called\s+|known as\s+|named\s+|in\s+)?(?!not\b|n't)([^,]{1,40})$/i.exec(clause)?.[1];
  if (english !== undefined && countWords(english) <= 4) return english;
  const by =
    /^[^,]{2,80}\s(?:written|painted|composed|invented|discovered|directed|founded)\s+by\s+(?:the\s+(?:\p{L}+\s){1,4}?(?=\p{Lu}\p{Ll}+\s?\p{Lu}?[\p{L}\s.]*$))?([^,]{1,40})$/u.exec(
      clause,
    )?.[1];
  if (by !== undefined) return by;
  return /^.{1,40}[은는]\s+(\S.{0,30})$/.exec(clause)?.[1] ?? clause;
}

const ASSIGNED = /(?<![\w^)])([A-Za-z])\s*(?:=|는|is)\s*([-\d(][^,;=가-힣]*?)(?=\s*(?:$|[,;.]\s|[,;]|\.$|\band\b|\bor\b|와|과|이고|또는|그리고))/g;

/**
 * What the letters of a solved system are: '(2,-1)' of 'x = 2, y = -1', whose letters differ, and the list '-2|3' of 'x = -2 or x = 3', whose letter is
 * one. Undefined for a single one and for anything that is no number.
 */
export function assignmentsIn(clause: string): { readonly tuple?: string; readonly list?: readonly number[] } | undefined {
  if (clause.length > 160 || /[-+*/^]\s*[A-Za-z]\s*=/.test(clause)) return undefined;
  const found = [...clause.matchAll(ASSIGNED)].map(([, letter = '', written = '']) => ({ letter, value: constantOf(written.trim()) }));
  if (found.length < 2 || found.length > 6 || found.some(({ value }) => value === undefined)) return undefined;
  const letters = new Set(found.map(({ letter }) => letter));
  if (letters.size === 1) return { list: found.map(({ value }) => value as number) };
  if (letters.size !== found.length) return undefined;
  const sorted = found.toSorted((a, b) => (a.letter < b.letter ? -1 : 1));
  return { tuple: `(${sorted.map(({ value }) => value).join(',')})` };
}

/** The one full date or time of day that a short sentence names behind 'on', 'at' or 'is': 'It arrives at 3:45 p.m.'. */
export function whenIn(clause: string): string | undefined {
  if (clause.length > 120 || countWords(clause) > 16) return undefined;
  const found = [...clause.matchAll(/(?:\b(?:on|at|by|is|was|until)|[은는])\s+/g)].flatMap(({ index, 0: lead }) => {
    const rest = clause.slice(index + lead.length);
    const date = /\d/.test(rest.slice(0, 16)) ? (dateIn(rest) ?? timeIn(rest)) : undefined;
    return date === undefined || date.endsWith('-00') ? [] : [date];
  });
  const distinct = [...new Set(found)];
  return distinct.length === 1 ? distinct[0] : undefined;
}
