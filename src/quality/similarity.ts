import { remember } from './remember.ts';
import { comparable, wordsOf } from './text.ts';

/** What a text is compared by. All arrays are sorted hashes without duplicates. */
export interface Features {
  readonly words: Uint32Array;
  readonly grams: Uint32Array;
  /** Share of the grams that come from scripts written without spaces or with particles (Hangul, Han, Kana). */
  readonly syllabic: number;
  readonly numbers: ReadonlySet<string>;
  readonly negated: boolean;
  readonly poles: ReadonlySet<string>;
}

const STOP = new Set(
  (
    'a an the is are was were be been being of to in on at by for from with and or as it its this that these those there which who what when where how ' +
    'has have had do does did will would can could should may might must i you he she we they them his her their our your my me us so then than also ' +
    'very just about into over such if but because while more most some any each other both all only own same too here 그 이 저 것 수 등 및 또는 그리고 ' +
    '하지만 그러나 또한 때문에 있는 하는 되는 있다 한다 된다 합니다 있습니다 됩니다 입니다'
  ).split(' '),
);
const PARTICLES =
  /(?:입니다|습니다|합니다|됩니다|이에요|예요|이다|한다|된다|하는|되는|에서|에게|으로|부터|까지|처럼|보다|이며|이고|라고|은|는|이|가|을|를|에|의|로|와|과|도|만|다)$/;
const HANGUL_WORD = /^[\uac00-\ud7af]+$/;
const SYLLABIC = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const NEGATION =
  /\b(?:not|no|never|none|neither|cannot|without|isn|aren|wasn|weren|doesn|don|didn|won|can't|couldn|shouldn)\b|n't\b|않|없|아니|아닙|못하|못한|불가/gi;
const POLES: readonly (readonly [RegExp, RegExp])[] = [
  [/\bincreas|\bris(?:es|ing)|\bgrow|증가|상승|늘어/i, /\bdecreas|\bfall(?:s|ing)?\b|\bshrink|\bdeclin|감소|하락|줄어/i],
  [/\btrue\b|\bcorrect\b|맞다|맞습|옳/i, /\bfalse\b|\bincorrect\b|\bwrong\b|틀리|틀렸|거짓/i],
  [/\bfaster\b|\bbetter\b|더 빠|더 좋/i, /\bslower\b|\bworse\b|더 느|더 나쁘/i],
  [/\bbefore\b|이전/i, /\bafter\b|이후/i],
  [/\bmaximum\b|\bhighest\b|\blargest\b|최대|가장 큰/i, /\bminimum\b|\blowest\b|\bsmallest\b|최소|가장 작/i],
  [/\ballowed\b|\bsafe\b|가능|안전/i, /\bforbidden\b|\bprohibited\b|\bunsafe\b|\bdangerous\b|금지|위험/i],
];

function hash(text: string, seed = 0x811c9dc5): number {
  let value = seed;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

const sorted = (values: Iterable<number>): Uint32Array => Uint32Array.from(new Set(values)).sort();

/** A word without the endings that do not change what is claimed: English inflection, Korean particles. */
export function stem(word: string): string {
  if (HANGUL_WORD.test(word)) {
    const bare = word.replace(PARTICLES, '');
    return bare.length >= 2 ? bare : word;
  }
  if (word.length > 5) return word.replace(/(?:ings?|ed|ly|es|s)$/, '');
  return word.length > 3 ? word.replace(/s$/, '') : word;
}

const NUMBER = /\d+(?:[.,]\d+)*/g;
const toNumber = (text: string): string => {
  const bare = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text;
  const value = Number(bare);
  return Number.isFinite(value) ? String(value) : bare;
};

/** Numbers that stand in a text, thousands separators and trailing zeros removed. */
export const numbersOf = (text: string): Set<string> => new Set((text.match(NUMBER) ?? []).map(toNumber));

/** Content words, stemmed, in order. */
export const contentWords = (text: string): string[] =>
  wordsOf(text)
    .filter((word) => !STOP.has(word))
    .map(stem)
    .filter((word) => !STOP.has(word));

/** Computes once what a text is compared by. `text` should come from `comparable`. */
export const featuresOf = remember(makeFeatures);

function makeFeatures(text: string): Features {
  const words = new Set<number>();
  const grams = new Set<number>();
  let syllabic = 0;
  let total = 0;
  for (const word of wordsOf(text)) {
    const bare = STOP.has(word) ? word : stem(word);
    if (!STOP.has(bare)) words.add(hash(bare));
    const isSyllabic = SYLLABIC.test(word);
    const size = isSyllabic ? 2 : 3;
    const padded = isSyllabic ? bare : ` ${bare} `;
    if (padded.length < size) grams.add(hash(padded, 7));
    for (let at = 0; at + size <= padded.length; at++) grams.add(hash(padded.slice(at, at + size), 7));
    const count = Math.max(1, padded.length - size + 1);
    total += count;
    if (isSyllabic) syllabic += count;
  }
  const poles = new Set<string>();
  POLES.forEach(([one, other], index) => {
    const first = one.test(text);
    const second = other.test(text);
    if (first !== second) poles.add(`${index}${first ? '+' : '-'}`);
  });
  return {
    words: sorted(words),
    grams: sorted(grams),
    syllabic: total === 0 ? 0 : syllabic / total,
    numbers: numbersOf(text),
    negated: (text.match(NEGATION)?.length ?? 0) % 2 === 1,
    poles,
  };
}

function common(a: Uint32Array, b: Uint32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const left = a[i] as number;
    const right = b[j] as number;
    if (left === right) {
      shared++;
      i++;
      j++;
    } else if (left < right) i++;
    else j++;
  }
  return shared;
}

const dice = (shared: number, a: number, b: number): number => (a + b === 0 ? 0 : (2 * shared) / (a + b));

/** How alike two texts are, 0-1: overlap of words and of character n-grams, the latter counting more where particles vary (Korean). */
export function likeness(a: Features, b: Features): number {
  const gramWeight = 0.5 + 0.25 * Math.min(a.syllabic, b.syllabic);
  const words = dice(common(a.words, b.words), a.words.length, b.words.length);
  const grams = dice(common(a.grams, b.grams), a.grams.length, b.grams.length);
  return gramWeight * grams + (1 - gramWeight) * words;
}

/** Share of the smaller text that the larger one holds, 0-1; 0 when the smaller is too small to say anything. */
export function containment(a: Features, b: Features): number {
  const small = a.words.length <= b.words.length ? a : b;
  const large = small === a ? b : a;
  if (small.words.length < 3) return 0;
  return Math.min(common(small.words, large.words) / small.words.length, common(small.grams, large.grams) / Math.max(1, small.grams.length));
}

const subset = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].every((item) => b.has(item));

/** Whether two sentences cannot both be meant: other numbers, one of them negated, or opposite words. */
export function conflicting(a: Features, b: Features): boolean {
  if (a.numbers.size > 0 && b.numbers.size > 0 && !subset(a.numbers, b.numbers) && !subset(b.numbers, a.numbers)) return true;
  if (a.negated !== b.negated) return true;
  for (const pole of a.poles) {
    const opposite = pole.endsWith('+') ? `${pole.slice(0, -1)}-` : `${pole.slice(0, -1)}+`;
    if (b.poles.has(opposite)) return true;
  }
  return false;
}

/** @public How alike two texts are, 0-1. Character bigrams for Korean, trigrams and words elsewhere. */
export const similarity = (a: string, b: string): number => likeness(featuresOf(comparable(a)), featuresOf(comparable(b)));

/** Cosine of two vectors of the same length, 0 when either is empty. */
export function cosine(a: readonly number[], b: readonly number[]): number {
  let dot = 0;
  let left = 0;
  let right = 0;
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const x = a[at] as number;
    const y = b[at] as number;
    dot += x * y;
    left += x * x;
    right += y * y;
  }
  return left === 0 || right === 0 ? 0 : dot / Math.sqrt(left * right);
}
