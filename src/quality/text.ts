/** Longest text that is compared, in characters; of a longer one the head and the tail are kept. */
const MAX_COMPARED = 24_000;

const isInvisible = (code: number): boolean =>
  (code < 32 && code !== 9 && code !== 10) ||
  code === 0x00ad ||
  (code >= 0x200b && code <= 0x200f) ||
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2060 && code <= 0x2069) ||
  code === 0xfeff ||
  (code >= 0xe0000 && code <= 0xe007f);

/** Whether a text holds anything that may be invisible, so that most texts need no closer look. */
const MAYBE_INVISIBLE = /[^\t\n\P{C}]/u;

/** Drops control, zero-width, direction and tag characters, which can carry text that a reader never sees. */
export function dropInvisible(text: string): string {
  if (!MAYBE_INVISIBLE.test(text)) return text;
  let out = '';
  let from = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) as number;
    const width = code > 0xffff ? 2 : 1;
    if (isInvisible(code)) {
      out += text.slice(from, at);
      from = at + width;
    }
    at += width;
  }
  return from === 0 ? text : out + text.slice(from);
}

/** At most `max` characters of `text`: three quarters from its head and the rest from its tail, where final answers stand. */
export function capText(text: string, max: number, mark = '\n[...]\n'): string {
  if (text.length <= max) return text;
  const room = Math.max(0, max - mark.length);
  const head = Math.ceil(room * 0.75);
  return text.slice(0, head).toWellFormed() + mark + text.slice(text.length - (room - head)).toWellFormed();
}

function dropThinking(text: string): string {
  const close = text.lastIndexOf('</think>');
  if (close === -1) return text;
  const open = text.indexOf('<think>');
  const head = open === -1 || open > close ? '' : text.slice(0, open);
  return head + text.slice(close + 8);
}

const RAISED: Readonly<Record<string, string>> = {
  '⁰': '0',
  '¹': '1',
  '²': '2',
  '³': '3',
  '⁴': '4',
  '⁵': '5',
  '⁶': '6',
  '⁷': '7',
  '⁸': '8',
  '⁹': '9',
  '⁻': '-',
};

/** 'x²' as 'x^2' and '1½' as '1 1/2'; the compatibility forms would make 'x2' and '11/2' of them. */
const spelledOut = (text: string): string =>
  /[⁰¹²³⁴-⁹⁻¼-¾⅐-⅞]/.test(text)
    ? text
        .replace(/[⁰¹²³⁴-⁹⁻]+/g, (run) => `^${[...run].map((char) => RAISED[char] ?? char).join('')}`)
        .replace(
          /(\d)?([¼-¾⅐-⅞])/g,
          (_, before: string | undefined, fraction: string) => `${before === undefined ? '' : `${before} `}${fraction.normalize('NFKC').replace('⁄', '/')}`,
        )
    : text;

/** '<<9*2=18>>', as models that learned from GSM8K note their sums. */
const WORKED = /<<[-+*/().,\d\s%$]{1,60}=[-+.,\d\s%$]{1,20}>>/g;

/** The text as it is compared: reasoning block and invisible characters gone, compatibility forms unified, capped. Not for showing. */
export function comparable(text: string): string {
  return dropInvisible(spelledOut(dropThinking(capText(text, MAX_COMPARED))).normalize('NFKC'))
    .replaceAll('\r\n', '\n')
    .replace(WORKED, '')
    .trim();
}

const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]/g;
const LATIN = /[A-Za-z]/g;

/** The language a text is mostly written in. Code blocks are left out, because code is Latin in any language. */
export function languageOf(text: string): 'en' | 'ko' | 'other' {
  const prose = withoutCode(text.slice(0, 8_000));
  const hangul = prose.match(HANGUL)?.length ?? 0;
  const latin = prose.match(LATIN)?.length ?? 0;
  if (hangul > 0 && hangul * 2 >= latin) return 'ko';
  return latin * 2 > prose.replace(/[\s\d\p{P}\p{S}]/gu, '').length ? 'en' : 'other';
}

/** The text without fenced code. A fence that is never closed hides the rest. */
export function withoutCode(text: string): string {
  if (!text.includes('```')) return text;
  return text
    .split('```')
    .filter((_, index) => index % 2 === 0)
    .join('\n');
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** Words as a reader would count them; Korean by eojeol. */
export function countWords(text: string): number {
  let words = 0;
  // Two steps, because one pattern for both would try a long run of symbols from each of its characters.
  for (const [run] of text.matchAll(/\S+/g)) if (/[\p{L}\p{N}]/u.test(run)) words++;
  return words;
}

/** Words in lower case, without punctuation. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(WORD) ?? [];

const ABBREVIATION = /(?:^|[\s(])(?:e\.g|i\.e|vs|dr|mr|mrs|ms|prof|no|fig|approx|cf|al|st)\.$/i;

/** Sentences of prose, in order: list marks, headings' marks and table rules are gone, code blocks are left out. */
export function sentencesOf(text: string, max = 200): string[] {
  const out: string[] = [];
  for (const raw of withoutCode(text).split('\n')) {
    if (out.length >= max) break;
    const line = raw
      .trim()
      .replace(/^(?:#{1,6}\s+|>\s*|[-*+•]\s+|\(?\d{1,2}[.)]\s+)+/, '')
      .replace(/\*\*|__|`/g, '')
      .replaceAll('|', ' ')
      .trim();
    if (line === '' || /^[-=:\s]+$/.test(line)) continue;
    let held = '';
    for (const piece of line.split(/(?<=[.!?。！？])\s+/)) {
      held = held === '' ? piece : `${held} ${piece}`;
      if (ABBREVIATION.test(held)) continue;
      out.push(held);
      held = '';
    }
    if (held !== '') out.push(held);
  }
  return out.length > max ? out.slice(0, max) : out;
}

/** Blanks and line breaks in a row that an answer keeps. */
const MAX_BLANKS = 64;

/**
 * Text without long runs of blanks and line breaks: no reader needs them, and many of the patterns that read an answer try each
 * place of such a run to its end, which is quadratic.
 */
export const shortenBlanks = (text: string): string => text.replace(/\s{65,}/g, (run) => (run.includes('\n') ? '\n\n' : run.slice(0, MAX_BLANKS)));
