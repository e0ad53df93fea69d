import { DEFAULT_KEYWORDS } from './default-keywords.ts';

const SMALL = new Set('a an the to of in for is it this that my me i you and or with by on from into as be do does how what please'.split(' '));

/** Single words of the keyword table: what someone heaps up who wants to move the label. */
const WORDS: ReadonlySet<string> = new Set(
  Object.values(DEFAULT_KEYWORDS)
    .flat()
    .flatMap((word) => word.toLowerCase().split(' '))
    .filter((word) => word.length > 1 && !SMALL.has(word)),
);

/** What ends a word: blanks and the marks , ; : | / . ! ? # ( ) [ ] " ' - */
const BREAKS = Uint8Array.from({ length: 0x10000 }, (_, code) => (/[\s,;:|/.!?#()[\]"'-]/.test(String.fromCharCode(code)) ? 1 : 0));
const LEAST_RUN = 4;
const LEAST_REST = 2;

/** Words by a hash of their letters, so that a word of the text becomes a string only where it may be one of them. */
const HASHES = new Uint8Array(1 << 14);
const step = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193);
const slotOf = (hash: number): number => (hash ^ (hash >>> 15)) & (HASHES.length - 1);
for (const word of WORDS) {
  let hash = 0;
  for (let i = 0; i < word.length; i++) hash = step(hash, word.charCodeAt(i));
  HASHES[slotOf(hash)] = 1;
}

/**
 * Takes runs of four and more keywords with nothing between them ("code python function bug debug") out of a text: a heap
 * of words asks for nothing. A text that is little else is left as it is.
 *
 * @param text in lower case
 */
export function withoutHeaps(text: string): string {
  const cuts: [number, number][] = [];
  let run = 0;
  let from = 0;
  let to = 0;
  let rest = 0;
  const close = (): void => {
    if (run >= LEAST_RUN) cuts.push([from, to]);
    else rest += run;
    run = 0;
  };
  for (let at = 0; at < text.length; ) {
    if (BREAKS[text.charCodeAt(at)] === 1) {
      at++;
      continue;
    }
    const start = at;
    let hash = 0;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (BREAKS[code] === 1) break;
      hash = step(hash, code);
    }
    if (HASHES[slotOf(hash)] === 0 || !WORDS.has(text.slice(start, at))) {
      close();
      rest++;
      continue;
    }
    if (run === 0) from = start;
    run++;
    to = at;
  }
  close();
  if (cuts.length === 0 || rest < LEAST_REST) return text;
  let out = '';
  let at = 0;
  for (const [start, end] of cuts) {
    out += text.slice(at, start);
    at = end;
  }
  return `${out}${text.slice(at)}`;
}
