import { DEFAULT_KEYWORDS } from './default-keywords.ts';

const SMALL = new Set('a an the to of in for is it this that my me i you and or with by on from into as be do does how what please'.split(' '));

/** Single words of the keyword table: what someone heaps up who wants to move the label. */
const WORDS: ReadonlySet<string> = new Set(
  Object.values(DEFAULT_KEYWORDS)
    .flat()
    .flatMap((word) => word.toLowerCase().split(' '))
    .filter((word) => word.length > 1 && !SMALL.has(word)),
);

const TOKEN = /[^\s,;:|/.!?#()[\]"'-]+/g;
const LEAST_RUN = 4;
const LEAST_REST = 2;

/**
 * Takes runs of four and more keywords with nothing between them ("code python function bug debug") and threefold repeated words out of a text: a heap
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
  for (const match of text.matchAll(TOKEN)) {
    if (!WORDS.has(match[0])) {
      close();
      rest++;
      continue;
    }
    if (run === 0) from = match.index;
    run++;
    to = match.index + match[0].length;
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
