/** Alternatives by slot name; a template is just an alternative of the slot `start`. */
export type Rules = Readonly<Record<string, readonly string[]>>;

const MAX_PASSES = 12;
const INNERMOST = /«([^«»]*)»/g;
const PARTICLE = /(\S)~([가-힣]+)\/([가-힣]*)/g;
const FINAL_CONSONANT_DIGITS = '013678';
const FINAL_CONSONANT_LETTERS = 'lmnrLMNR';

/** One alternative a line; blank lines are skipped. */
export const lines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Alternatives of several lines each, separated by a line `%%`. */
export const blocks = (text: string): readonly string[] =>
  text
    .split('\n%%\n')
    .map((block) => block.replace(/^\n+|\s+$/g, ''))
    .filter((block) => block !== '');

const pick = (from: readonly string[], random: () => number): string => from[Math.floor(random() * from.length)] ?? '';

/** 0 none, 1 a final consonant, 2 the final consonant ㄹ, as a Korean reader would say the character. */
const finalConsonant = (character: string): 0 | 1 | 2 => {
  const code = character.charCodeAt(0) - 0xac00;
  if (code >= 0 && code <= 11171) return code % 28 === 0 ? 0 : code % 28 === 8 ? 2 : 1;
  if ('178lLrR'.includes(character)) return 2;
  return FINAL_CONSONANT_DIGITS.includes(character) || FINAL_CONSONANT_LETTERS.includes(character) ? 1 : 0;
};

const agree = (text: string): string =>
  text.replace(PARTICLE, (_, before: string, closed: string, open: string) => {
    const final = finalConsonant(before);
    const takesClosed = closed === '으로' ? final === 1 : final !== 0;
    return before + (takesClosed ? closed : open);
  });

/**
 * Expands a template. `«name»` is a slot, `«3..20»` a whole number in that range, `«a|b|c»` one of the parts (`«?x»`: x or
 * nothing), `«K:…»` any of these remembered as K so that a later `«K»` repeats it. After Korean words `~을/를` (closed/open form)
 * agrees with the sound before it.
 */
export const fillSlots = (template: string, rules: Rules, random: () => number): string => {
  const remembered = new Map<string, string>();
  const expand = (text: string, depth: number): string => {
    if (depth > MAX_PASSES || !text.includes('«')) return text;
    return expand(
      text.replace(INNERMOST, (_, body: string) => resolve(body, depth)),
      depth + 1,
    );
  };
  const resolve = (body: string, depth: number): string => {
    const bound = /^([A-Z]\w?):(.*)$/s.exec(body);
    if (bound?.[1] !== undefined && bound[2] !== undefined) {
      const value = expand(resolve(bound[2], depth), depth + 1);
      remembered.set(bound[1], value);
      return value;
    }
    const known = remembered.get(body);
    if (known !== undefined) return known;
    const range = /^(-?\d+)\.\.(-?\d+)$/.exec(body);
    if (range !== null) {
      const low = Number(range[1]);
      return String(low + Math.floor(random() * (Number(range[2]) - low + 1)));
    }
    if (body.startsWith('?')) return random() < 0.5 ? body.slice(1) : '';
    if (body.includes('|')) return pick(body.split('|'), random);
    const alternatives = rules[body];
    return alternatives === undefined ? body : pick(alternatives, random);
  };
  return agree(expand(template, 0)).trim();
};

/** A fresh text from one of the templates, chosen evenly. */
export const fillOne = (templates: readonly string[], rules: Rules, random: () => number): string => fillSlots(pick(templates, random), rules, random);
