import { type Message, textOf } from '../core/chat.ts';
import type { Language } from '../core/plan.ts';

/** What stands beside the request and says something about it without being it. */
export interface Evidence {
  /** Fenced code, or lines that look like code. */
  readonly hasCode: boolean;
  /** Nothing but code: no words that ask for something. */
  readonly onlyCode: boolean;
  readonly hasFormula: boolean;
  /** Characters of fenced or pasted text that were left out of the request. */
  readonly pastedChars: number;
  readonly hasImage: boolean;
  /** Characters of the last user turn as it came. */
  readonly totalChars: number;
  /** User turns in the whole conversation. */
  readonly userTurns: number;
}

/** What a classifier reads. */
export interface ClassifierInput {
  /** What the person asks for in the last turn, at most 2,000 characters. */
  readonly text: string;
  /** The two turns before it when the last one only continues them; else empty. At most 1,000 characters. */
  readonly context: string;
  readonly evidence: Evidence;
  /** Language of `text`, where somebody looked already. */
  readonly language?: Language;
}

const RAW_HEAD = 8_000;
const RAW_TAIL = 4_000;
const HEAD = 1_500;
const TAIL = 500;
const CONTEXT = 500;
const FOLLOW_UP = 60;

const FENCE = /(```|~~~)([\w+#.-]*)[^\n]*\n([\s\S]*?)(?:\1|$)/g;
const CODE_LANGUAGE = /^(?!te?xt$|markdown$|md$|plain)\w/i;
const CODE_LINE =
  /^\s*(?:def |class \w+[(:{]|import [\w.{*]|from [\w.]+ import |#include|function\b.*[({]|(?:const|let|var) \w+\s*=|public |private |fn \w+|func \w+|return\b.*;?$|if ?\(.*\{?$|for ?\(.*\{?$|SELECT\b.*|INSERT INTO|CREATE TABLE|<\/?[a-z][\w-]*[^<>]*>$|\w[\w.]*\(.*\);?$|[\w.[\]]+\s*[-+*/]?=\s*\S.*;?$|[})\]];?,?$|.*[;{]\s*$|\$ ?\w|sudo |@\w+\()/;
const FORMULA =
  /\\(?:frac|sqrt|sum|int|begin|left|overline|cdot|times|mathbb|ln|log|sin|cos|lim|leq?|geq?)\b|\$[^$\n]{1,120}\$|[∫∑√π≤≥≠∞]|\b[a-z]\s*\^\s*\d|\d\s*[-+*×÷/^]\s*\d+\s*=|\b[xyn]\s*[-+]\s*\d+\s*=/;
const FOLLOW_UP_OPENING =
  /^(?:and |but |also |then |now |ok(?:ay)?\b|why\b|how so|really|again|more\b|continue|go on|shorter|longer|(?:please )?(?:make|do|try|turn|put|keep|explain|write|give|say|change|rewrite|translate|expand|add)\b.{0,20}\b(?:it|that|this|them|again|more|shorter|longer|another|one)\b|what about|how about|the same|same |in (?:english|korean|python|java\w*|short)|왜|이어서|계속|더 |좀 |다시|그럼|그러면|그래서|그리고|그거|그걸|그건|그게|이거|이걸|이건|이게|위 |방금|아까|짧게|길게|자세히|쉽게|간단히|요약|예시|예를|한 ?번 더|하나 더|영어로|한국어로|반말|존댓말|응|ㅇㅇ|네 |아니)/i;

/** Text of a message; other parts are skipped. Only the head and the tail of a very long text are looked at. */
const bounded = (text: string, head: number, tail: number): string => (text.length <= head + tail ? text : `${text.slice(0, head)}\n${text.slice(-tail)}`);

function looksLikeCode(block: string): boolean {
  const lines = block.split('\n', 60).filter((line) => line.trim() !== '');
  const hits = lines.reduce((sum, line) => sum + (line.length < 300 && CODE_LINE.test(line) ? 1 : 0), 0);
  return hits > 0 && hits * 3 >= lines.length;
}

interface Stripped {
  readonly request: string;
  readonly fencedChars: number;
  readonly hasCode: boolean;
}

/** Takes fenced blocks out; a fence that holds the whole message is the request itself. */
function stripFences(text: string): Stripped {
  if (!text.includes('```') && !text.includes('~~~')) return { request: text, fencedChars: 0, hasCode: false };
  let fencedChars = 0;
  let hasCode = false;
  const request = text.replace(FENCE, (_all, _mark: string, language: string, body: string) => {
    fencedChars += body.length;
    if (CODE_LANGUAGE.test(language) || looksLikeCode(body)) hasCode = true;
    return '\n';
  });
  if (request.trim() !== '') return { request, fencedChars, hasCode };
  return { request: text.replaceAll('```', ''), fencedChars: 0, hasCode };
}

function isFollowUp(request: string): boolean {
  const text = request.trim();
  return text !== '' && text.length <= FOLLOW_UP && (text.length <= 6 || FOLLOW_UP_OPENING.test(text));
}

/**
 * What the person wants, from canonical messages: the last user turn without fenced code and the middle of long pasted text;
 * with the two user turns before it when it is only a short follow-up ("make it shorter", "이어서").
 *
 * Time is bounded whatever the size: 12,000 characters of the last turn are read, 2,000 are kept.
 */
export function readRequest(messages: readonly Message[]): ClassifierInput {
  const users: string[] = [];
  let hasImage = false;
  let userTurns = 0;
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i];
    if (message?.role !== 'user') continue;
    userTurns += 1;
    if (users.length >= 3) continue;
    if (users.length === 0) hasImage = message.content.some((part) => part.type === 'image');
    users.push(textOf(message.content));
  }
  const raw = users[0] ?? '';
  const window = bounded(raw, RAW_HEAD, RAW_TAIL);
  const stripped = stripFences(window);
  const request = stripped.request.trim();
  const text = bounded(request, HEAD, TAIL);
  const unfencedCode = looksLikeCode(text);
  const context = isFollowUp(text)
    ? users
        .slice(1)
        .map((turn) => bounded(stripFences(bounded(turn, RAW_HEAD, RAW_TAIL)).request.trim(), CONTEXT - 150, 150))
        .join('\n')
    : '';
  return {
    text,
    context,
    evidence: {
      hasCode: stripped.hasCode || unfencedCode,
      onlyCode: unfencedCode && onlyCodeLines(text),
      hasFormula: FORMULA.test(text),
      pastedChars: raw.length - text.length,
      hasImage,
      totalChars: raw.length,
      userTurns,
    },
  };
}

function onlyCodeLines(text: string): boolean {
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || /^\s*(?:#|\/\/|\/?\*|"""|''')/.test(trimmed)) continue;
    if (!CODE_LINE.test(line.slice(0, 300))) return false;
  }
  return true;
}

/** The input for one bare prompt. */
export const readPrompt = (prompt: string): ClassifierInput => readRequest([{ role: 'user', content: [{ type: 'text', text: prompt }] }]);
