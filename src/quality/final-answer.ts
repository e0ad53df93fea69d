import { codeIn, codeTokens } from './code.ts';
import { predicateOf, trimmedClause } from './final-clause.ts';
import { type FinalAnswer, firstClause, lastNumber, readAnswer, readChoice } from './final-value.ts';
import { jsonAnswer } from './json-answer.ts';
import { programResult } from './program.ts';
import { remember } from './remember.ts';
import { isCutOff, isRefusal } from './signs.ts';
import { comparable, countWords, withoutCode } from './text.ts';

const MARKERS: readonly RegExp[] = [
  /(?:\b(?:final|correct|right|best|my)\s+)?\b(?:answer|choice|option)\b(?:\s+(?:to|for)\s[^.\n]{1,60}?)?(?:\s+(?:here|then|therefore|thus))?\s*(?:,\s*)?(?:is|would be|should be|must be|[:=]|=>|→)\s*:?\s*/gi,
  /(?:^|\n)\s*(?:#+\s*)?(?:final\s+)?answer\s*:?\s*\n/gi,
  /(?:^|\n)\s*(?:ans|result|final result|output|conclusion)\s*[:=]\s*/gi,
  /(?:정답|최종\s?답|해답|답변|답|결과)\s*(?:은|는|이|[:=]|→)\s*:?\s*/g,
];
/** A letter named as the choice, where nothing marks the answer more plainly. */
const NAMED_OPTION =
  /(?:\b(?:choose|select|pick|go with|(?:is|be)\s+(?=option|choice))\s*(?:option\s+)?\(?([A-P])\)?(?![\w'])|\b(?:option\s+|choice\s+)?\(?([A-P])\)?\s+is\s+(?:the\s+)?(?:correct|right|best|true|most\s+\w+)\b|\b(?:corresponds?\s+to|matches)\s+(?:option\s+|choice\s+)?\(?([A-P])\)?(?![\w'])|\(([A-P])\)[.\s]*$)/g;
const CONCLUSIONS: readonly RegExp[] = [
  /(?:^|[\n.;,]\s{0,8})(?:therefore|thus|hence|so|in conclusion|in total|altogether|finally)\b[,:]?\s{0,8}/gi,
  /(?:따라서|그러므로|결론적으로|즉|결국)[,:]?\s*/g,
];
/** What makes the list behind 'therefore' an answer and not two parts of a story. */
const SOLVED = /=|\b(?:solutions?|roots?|zeros|values|intercepts)\b|[해근]는/;
/** Letters written five times over, which some questions ask for. */
const REPEATED = /(?<![A-Za-z])([A-P])\1{3,5}(?![A-Za-z])/g;
/** Where a text model goes on to ask itself the next question. */
const RUNAWAY = /\n\s*(?:Q|Question|Human|User|Problem|질문|문제)\s?\d{0,3}\s?[:.]\s/;
const DENIED = /^(?:not\b|n't\b|that\b|as follows|given by|obtained|found|(?:in)?correct|wrong|based on|아니)/i;

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

/** '3, -2' of a last line that boxes both: 'The roots are $\\boxed{3}$ and $\\boxed{-2}$.' */
function severalBoxed(text: string): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', text.lastIndexOf('\\boxed{')) + 1);
  const found = [...line.slice(0, 600).matchAll(/\\boxed\{([^{}]{1,40})\}/g)];
  const joined =
    found.length > 1 &&
    found
      .slice(1)
      .every(({ index }, at) =>
        /^[$\s\\()]*(?:,|and|or|또는|와|과|,\s?and)[$\s\\()]*$/.test(
          line.slice((found[at]?.index ?? 0) + (found[at]?.[0].length ?? 0), index).replace(/\b[a-z]\s?=/, ''),
        ),
      );
  return joined ? found.map((match) => match[1]).join(', ') : undefined;
}

/** Every piece that the text marks as its answer, in order; those that deny something left out. */
function marked(text: string, patterns: readonly RegExp[]): string[] {
  return patterns
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map((match) => ({ at: match.index, rest: text.slice(match.index + match[0].length, match.index + match[0].length + 400).trimStart() }))
    .filter(({ rest }) => rest !== '' && !DENIED.test(rest))
    .sort((a, b) => a.at - b.at)
    .map(({ rest }) => rest);
}

const stripLabel = (text: string): string => text.replace(/^\s*A\s?:\s+(?=\S+\s+\S+\s+\S+|[-$]?\d)/, '');

/** The text up to where its writer goes on with another question, once it has answered this one. */
function withoutRunaway(text: string): string {
  const at = text.search(RUNAWAY);
  return at > 0 && text.slice(0, at).trim() !== '' ? text.slice(0, at).trim() : text;
}

/** A single short piece in bold at the end: 'She earns **$18** a day.' */
function lastBold(text: string): FinalAnswer | undefined {
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  const bold = [...line.matchAll(/\*\*([^*]{1,60})\*\*/g)].map((match) => match[1] as string);
  if (bold.length !== 1 || countWords(bold[0] as string) > 6) return undefined;
  const read = readAnswer(bold[0] as string, true);
  return read === undefined || (read.kind === 'text' && countWords(line) > 12) ? undefined : read;
}

/**
 * The short answer a text ends up with: `\boxed{18}`, `#### 18`, 'The answer is (B)', 'BBBBB', '정답: 3번', a JSON `answer` field, code, a text that
 * is itself short, a leading 'Yes' or 'B.', what follows the last 'therefore' / '따라서', or else the last number of its end.
 * Undefined for open prose, for refusals, and for a text that was cut off before it came to an answer.
 */
export const finalAnswer = remember(readFinal);

function readFinal(answer: string): FinalAnswer | undefined {
  const text = stripLabel(withoutRunaway(comparable(answer)));
  if (text === '') return undefined;
  const boxed = lastBoxed(text);
  const shown = boxed === undefined ? undefined : readAnswer(severalBoxed(text) ?? boxed, true);
  if (shown !== undefined) return shown;
  const hashes = /(?:^|\n)####\s+([^\n]{1,200})(?![\s\S]*\n####\s)/.exec(text.slice(-2_000));
  if (hashes !== null && (/\d/.test(hashes[1] as string) || countWords(hashes[1] as string) <= 3)) return readAnswer(hashes[1] as string, true);
  const tagged = /<(?:final_?)?answer>\s*([^<]{1,200})<\//i.exec(text)?.[1];
  if (tagged !== undefined) return readAnswer(tagged, true);
  const json = jsonAnswer(text);
  if (json !== undefined) return json;
  const code = codeIn(text);
  if (code === text) return readCode(code);
  const bare = withoutCode(text).replace(/`/g, '');
  const unstarred = bare.replace(/\*\*/g, '');
  const repeated = [...unstarred.slice(-600).matchAll(REPEATED)].at(-1);
  if (repeated !== undefined) return { kind: 'option', value: repeated[1] as string, explicit: true };
  for (const piece of marked(unstarred, MARKERS).reverse().slice(0, 3)) {
    const read = readAnswer(piece, true);
    if (read !== undefined) return read;
  }
  if (code !== undefined) return readCode(code);
  const named = [...unstarred.slice(-1_200).matchAll(NAMED_OPTION)].at(-1);
  if (named !== undefined) return { kind: 'option', value: (named[1] ?? named[2] ?? named[3] ?? named[4]) as string, explicit: true };
  if (isRefusal(text)) return undefined;
  return readLeading(unstarred.trim()) ?? readEnd(text, bare, unstarred);
}

/** Of code that only calculates, what it comes to; of any other, its structure. */
function readCode(code: string): FinalAnswer | undefined {
  const result = programResult(code);
  if (result !== undefined) return readAnswer(result, true);
  const tokens = codeTokens(code);
  return tokens.length < 4 ? undefined : { kind: 'code', value: tokens.join(' '), explicit: true };
}

function readEnd(text: string, bare: string, unstarred: string): FinalAnswer | undefined {
  const concluded = marked(unstarred.slice(-400), CONCLUSIONS).at(-1);
  // A calculation that goes on behind it was not concluded yet.
  if (concluded !== undefined && !/=\s?[$€£₩]?-?\d/.test(concluded.slice(firstClause(concluded).length))) {
    const read = readAnswer(concluded, true);
    if (read !== undefined && read.kind !== 'text' && (read.kind !== 'list' || SOLVED.test(firstClause(concluded)))) return read;
    const number = lastNumber(firstClause(concluded));
    if (number !== undefined) return { ...number, explicit: true };
  }
  if (text.length <= 80 && countWords(text) <= 9) {
    const read = readAnswer(text, true);
    // A short sentence that says nothing in particular is no answer to count.
    return read?.kind === 'text' && read.value.split(' ').length > 5 ? undefined : read;
  }
  if (text.length <= 120 && countWords(text) <= 14 && !text.includes('\n')) {
    const read = readAnswer(text, true);
    if (read?.kind === 'expression' || read?.kind === 'date') return read;
  }
  const bold = lastBold(bare);
  if (bold !== undefined) return bold;
  if (isCutOff(text)) return undefined;
  const calculated = /[-+*/×÷]\s?[$€£₩]?\d[\d,.]*\s?%?\s?=\s?[$€£₩]?-?\d/.test(unstarred);
  const opened = calculated ? undefined : openingName(bare, unstarred);
  if (opened !== undefined) return opened;
  const number = lastNumber(unstarred);
  return number !== undefined && calculated ? { ...number, worked: true } : number;
}

/** A name, date or year that the first sentence of a short text gives, with more about it behind: 'The capital is **Paris**. It has 2.1 million people.' */
function openingName(bare: string, unstarred: string): FinalAnswer | undefined {
  if (countWords(unstarred) > 60 || (unstarred.match(/\d[\d,.]*/g)?.length ?? 0) > 4) return undefined;
  const sentence = firstClause(unstarred);
  const bold = [...bare.slice(0, sentence.length + 8).matchAll(/\*\*([^*]{1,60})\*\*/g)].map((match) => match[1] as string);
  const said =
    bold.length === 1 && countWords(bold[0] as string) <= 5
      ? (bold[0] as string)
      : predicateOf(trimmedClause(sentence.split(/,\s(?:which|who|a|the)\s/, 1)[0] ?? ''));
  if (said === sentence || !/^["“']?(?:\p{Lu}|\d{4}\b|[가-힣])/u.test(said) || countWords(said) > 5) return undefined;
  return readAnswer(said, true);
}

/** An answer that comes first and is explained afterwards. A list of options does not count: it answers nothing. */
function readLeading(text: string): FinalAnswer | undefined {
  const listed = text.match(/^[ \t]{0,16}\(?[A-P][).:]\s/gm)?.length ?? 0;
  const head = firstClause(text.slice(0, 300)) || text.slice(0, 300);
  const read = readChoice(/^[A-P]\s?[.]$/.test(text.slice(0, 2)) ? text.slice(0, 300) : head, true);
  if (read === undefined) return undefined;
  if (read.kind === 'boolean') return read;
  return read.kind === 'option' && listed <= 1 && /^\W{0,3}(?:option\s|choice\s|보기|선택지)?\s?\W?(?:[A-Pa-j가나다라마]|[1-9]\s?번)/i.test(head)
    ? read
    : undefined;
}

/** Most marked answers of one text that are read; one that repeats itself for pages says nothing more by it. */
const MOST_MARKED = 12;

/** The answers that the text marks as final, the last ones where there are many, for telling whether it contradicts itself. */
export function markedAnswers(answer: string): FinalAnswer[] {
  const text = withoutCode(withoutRunaway(comparable(answer))).replace(/`|\*\*/g, '');
  return marked(text, MARKERS)
    .slice(-MOST_MARKED)
    .flatMap((piece) => readAnswer(piece, true) ?? []);
}
