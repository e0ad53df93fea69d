import type { ClassifierInput } from '../text.ts';
import { createAutomaton } from './automaton.ts';
import { withoutClaims } from './claims.ts';
import { CUES } from './cues.ts';
import { createEndings, findEndings } from './endings.ts';
import { withoutHeaps } from './heaps.ts';
import { SHAPE_COUNT, shapeCues } from './shape.ts';

/** Sparse features of one input: the first `count` entries count. The arrays are reused by the next call. */
export interface Features {
  readonly ids: Int32Array;
  readonly values: Float32Array;
  count: number;
  /** Where the cue features begin; those before are n-grams. */
  cuesFrom: number;
}

export interface FeatureExtractor {
  extract(input: ClassifierInput): Features;
}

/** Number of buckets all features are hashed into. */
export const BUCKETS = 1 << 18;

const CUE_NAMES = Object.keys(CUES);
const ZONES = 3;
/** Cues have buckets of their own; hashed features begin behind them. */
export const CUE_BUCKETS = 1024;
const MAX_FEATURES = 16_384;
const EDGE_HEAD = 350;
const EDGE_TAIL = 250;

const NGRAM_WEIGHT = 1;
const BODY_WEIGHT = 0.6;
const CUE_WEIGHT = 0.25;
const PAIR_WEIGHT = 1;

const isHangul = (code: number): boolean => code >= 0xac00 && code <= 0xd7a3;
const isLatin = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 0xc0 && code <= 0x24f);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

const mix = (hash: number, value: number): number => {
  const next = Math.imul(hash ^ value, 0x01000193);
  return next ^ (next >>> 15);
};

const GREETING =
  /^(?:[\s,.!~]*(?:hi|hello|hey|hi there|please|pls|good morning|ok|okay|안녕하세요|안녕|혹시|저기요?|죄송한데|부탁인데|질문 있어요|질문이요)(?![a-z가-힣])[\s,.!~]*){1,3}/;
const THANKS =
  /[\s,.!~]*(?:(?:please|pls|plz|thanks(?: in advance| a lot)?|thank you(?: (?:so|very) much)?|thx|감사합니다|감사해요|고마워요?|고맙습니다|부탁해요?|부탁드려요|부탁드립니다|부탁합니다|미리 감사합니다|ㅎㅎ+|ㅠㅠ+|ㅋㅋ+|\^\^)[\s,.!~]*){1,3}$/;

/** Thanks are looked for in so many last characters; all of them are read only where they seem to go on before those. */
const THANKS_WINDOW = 120;

function withoutThanks(text: string): string {
  const from = Math.max(0, text.length - THANKS_WINDOW);
  const match = THANKS.exec(text.slice(from));
  if (match === null) return text;
  return match.index === 0 && from > 0 ? text.replace(THANKS, '') : text.slice(0, from + match.index);
}

/** Lower case, claims and heaps of keywords, greetings and thanks taken off, digits of a run as many zeros as it has up to four, runs of spaces as one, newlines kept. */
export function normalize(text: string): string {
  const lower = text.normalize('NFC').toLowerCase();
  const plain = withoutHeaps(withoutClaims(lower))
    .replace(/[’‘]/g, "'")
    .replace(/[\u3000\u00a0\t ]+/g, ' ')
    .replace(/\d+(?:[.,]\d+)*/g, (run) => '0000'.slice(0, Math.min(4, run.length)))
    .replace(GREETING, '');
  return withoutThanks(plain).trim();
}

interface Pattern {
  readonly cue: number;
  readonly text: string;
  readonly wordStart: boolean;
  readonly wordEnd: boolean;
}

function cuePatterns(): Pattern[] {
  const patterns: Pattern[] = [];
  CUE_NAMES.forEach((name, cue) => {
    for (const alternative of (CUES[name] ?? '').split('|')) {
      const prefix = alternative.endsWith('*');
      const text = prefix ? alternative.slice(0, -1) : alternative;
      const first = text.charCodeAt(0);
      const last = text.charCodeAt(text.length - 1);
      patterns.push({
        cue,
        text,
        wordStart: isLatin(first),
        wordEnd: !prefix && isLatin(last),
      });
    }
  });
  return patterns;
}

/**
 * Turns an input into hashed features, four blocks, each scaled to a fixed length so that no block drowns another:
 * word 1-2-grams and character n-grams of the edges of the text (the first 350 and the last 250 characters), the same of the
 * whole when it is longer, positional words (how it opens, how its sentences end), and cues with their pairs.
 */
export function createFeatureExtractor(): FeatureExtractor {
  const patterns = cuePatterns();
  const automaton = createAutomaton(patterns.map((pattern) => pattern.text));
  // A bit for every bucket: 32 KB, which stay in a core's own cache.
  const taken = new Int32Array(BUCKETS >>> 5);
  const out: Features = {
    ids: new Int32Array(MAX_FEATURES),
    values: new Float32Array(MAX_FEATURES),
    count: 0,
    cuesFrom: 0,
  };
  const { ids, values } = out;
  const endings = createEndings();
  const cueZones = new Uint8Array(CUE_NAMES.length);
  const shape = new Uint8Array(SHAPE_COUNT);
  const active = new Int32Array(CUE_NAMES.length * 2 + SHAPE_COUNT);

  const push = (hash: number): void => {
    const id = CUE_BUCKETS + (((hash ^ (hash >>> 13)) >>> 0) % (BUCKETS - CUE_BUCKETS));
    const word = taken[id >>> 5] as number;
    const bit = 1 << (id & 31);
    if ((word & bit) !== 0 || out.count >= MAX_FEATURES) return;
    taken[id >>> 5] = word | bit;
    ids[out.count++] = id;
  };
  const pushCue = (id: number, weight: number): void => {
    if (out.count >= MAX_FEATURES) return;
    ids[out.count] = id;
    values[out.count++] = weight;
  };
  /** Gives the features from `from` on the length `weight`. */
  const scale = (from: number, weight: number): void => {
    const value = weight / Math.sqrt(Math.max(1, out.count - from));
    values.fill(value, from, out.count);
  };

  /** Code units of the text at hand: reading them from an array costs a third of reading them from a string that was put together. */
  let codes = new Uint16Array(4_096);
  const load = (text: string): number => {
    if (text.length > codes.length) codes = new Uint16Array(text.length);
    for (let i = 0; i < text.length; i++) codes[i] = text.charCodeAt(i);
    return text.length;
  };

  function words(text: string, namespace: number): void {
    const length = load(text);
    const opening = mix(namespace, 1);
    let previous = 0;
    let i = 0;
    while (i < length) {
      const code = codes[i] as number;
      if (code === 32 || code === 10) {
        i++;
        continue;
      }
      let hash = opening;
      const start = i;
      if (isLatin(code)) while (i < length && (isLatin(codes[i] as number) || codes[i] === 39)) hash = mix(hash, codes[i++] as number);
      else if (isHangul(code)) while (i < length && isHangul(codes[i] as number)) hash = mix(hash, codes[i++] as number);
      else if (isDigit(code)) while (i < length && isDigit(codes[i] as number)) hash = mix(hash, codes[i++] as number);
      else hash = mix(hash, codes[i++] as number);
      push(hash);
      if (previous !== 0) push(mix(mix(previous, 7), hash));
      previous = hash;
      if (isLatin(code)) latinGrams(start, i, namespace);
      else if (isHangul(code)) hangulGrams(start, i, namespace);
    }
  }

  function latinGrams(start: number, end: number, namespace: number): void {
    const length = end - start;
    if (length < 4 || length > 40) return;
    const opening = mix(namespace, 2);
    for (let at = start - 1; at <= end - 3; at++) {
      let hash = opening;
      for (let n = 0; n < 5 && at + n <= end; n++) {
        const position = at + n;
        hash = mix(hash, position < start || position >= end ? 32 : (codes[position] as number));
        if (n >= 3) push(hash);
      }
    }
  }

  function hangulGrams(start: number, end: number, namespace: number): void {
    const opening = mix(namespace, 3);
    for (let at = start - 1; at < end; at++) {
      let hash = opening;
      for (let n = 0; n < 4 && at + n <= end; n++) {
        const position = at + n;
        hash = mix(hash, position < start || position >= end ? 32 : (codes[position] as number));
        if (n >= 1) push(hash);
      }
    }
  }

  /** The opening words and the endings of sentences: imperatives open in English and close in Korean. */
  function positions(text: string): void {
    let previous = mix(11, 0);
    let taken = 0;
    for (const match of text.slice(0, 120).matchAll(/[a-z']+|[가-힣]+|0+/g)) {
      let hash = mix(12, taken);
      for (let i = 0; i < match[0].length; i++) hash = mix(hash, match[0].charCodeAt(i));
      push(hash);
      previous = mix(previous, hash);
      push(previous);
      if (++taken === 4) break;
    }
    const { starts, ends, marks, lasts } = endings;
    const count = findEndings(text, endings);
    for (let index = 0; index < count; index++) {
      const start = starts[index] as number;
      const end = ends[index] as number;
      let hash = mix(13, 0);
      for (let i = end - 1, n = 0; i >= start && n < 5; i--, n++) {
        hash = mix(hash, text.charCodeAt(i));
        if (n === 0 && text.charCodeAt(i) < 128) continue;
        push(hash);
        push(mix(hash, 1000 + (marks[index] as number)));
        if ((lasts[index] as number) === 1) push(mix(hash, 1));
      }
    }
  }

  function cues(text: string, input: ClassifierInput): void {
    cueZones.fill(0);
    automaton.scan(text, (index, end) => {
      const pattern = patterns[index] as Pattern;
      const start = end - pattern.text.length;
      if (pattern.wordStart && start > 0 && isLatin(text.charCodeAt(start - 1))) return;
      if (pattern.wordEnd && end < text.length && isLatin(text.charCodeAt(end))) return;
      cueZones[pattern.cue] = (cueZones[pattern.cue] as number) | (start < 60 ? 1 : 2) | (text.length - end < 40 ? 4 : 0);
    });
    out.cuesFrom = out.count;
    let count = 0;
    for (let cue = 0; cue < CUE_NAMES.length; cue++) {
      const zones = cueZones[cue] as number;
      if (zones === 0) continue;
      pushCue(cue, CUE_WEIGHT);
      active[count++] = cue;
      if (zones & 1) pushCue(CUE_NAMES.length + cue, CUE_WEIGHT);
      if (zones & 4) pushCue(CUE_NAMES.length * 2 + cue, CUE_WEIGHT);
    }
    shapeCues(input, shape);
    for (let i = 0; i < SHAPE_COUNT; i++) {
      if (shape[i] === 0) continue;
      pushCue(CUE_NAMES.length * ZONES + i, CUE_WEIGHT);
      active[count++] = CUE_NAMES.length + i;
    }
    const from = out.count;
    for (let a = 0; a < count; a++) {
      for (let b = a + 1; b < count; b++) push(mix(mix(17, active[a] as number), active[b] as number));
    }
    scale(from, PAIR_WEIGHT);
  }

  return {
    extract(input) {
      for (let i = 0; i < out.count; i++) taken[(ids[i] as number) >>> 5] = 0;
      out.count = 0;
      const text = normalize(input.text);
      const long = text.length > EDGE_HEAD + EDGE_TAIL;
      const edge = long ? `${text.slice(0, EDGE_HEAD)}\n${text.slice(-EDGE_TAIL)}` : text;
      words(edge, 101);
      scale(0, NGRAM_WEIGHT);
      let from = out.count;
      positions(edge);
      scale(from, NGRAM_WEIGHT);
      if (long) {
        from = out.count;
        words(text.slice(EDGE_HEAD, -EDGE_TAIL), 202);
        scale(from, BODY_WEIGHT);
      }
      if (input.context !== '') {
        from = out.count;
        words(normalize(input.context), 101);
        scale(from, BODY_WEIGHT);
      }
      cues(edge, input);
      return out;
    },
  };
}
