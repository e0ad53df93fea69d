/** JSON text read through the escapes of its strings, with the way back to the original offsets. */
export interface DecodedJsonText {
  readonly text: string;
  /** Offset in the original of an offset in `text`. */
  rawAt(at: number): number;
  /** Whether an offset of `text` lies inside a string literal. */
  inString(at: number): boolean;
}

const SHORT: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** Reads JSON text leniently: cut or broken JSON is read as far as it can be understood, and nothing is dropped. */
export function decodeJsonText(raw: string): DecodedJsonText {
  const pieces: string[] = [];
  // Pairs of (offset in text, offset in raw) where the distance between them changes.
  const marks: number[] = [0];
  const raws: number[] = [0];
  const quotes: number[] = [];
  let length = 0;
  let from = 0;
  let inside = false;
  const take = (to: number): void => {
    pieces.push(raw.slice(from, to));
    length += to - from;
    from = to;
  };
  for (let at = 0; at < raw.length; at += 1) {
    const code = raw.charCodeAt(at);
    if (code === 34) {
      quotes.push(length + at - from);
      inside = !inside;
    } else if (code === 92 && inside) {
      take(at);
      const sign = raw.charAt(at + 1);
      const unit = sign === 'u' && /^[0-9a-f]{4}$/i.test(raw.slice(at + 2, at + 6));
      pieces.push(unit ? String.fromCharCode(Number.parseInt(raw.slice(at + 2, at + 6), 16)) : (SHORT[sign] ?? sign));
      if (sign === '') break;
      length += 1;
      at += unit ? 5 : 1;
      from = at + 1;
      marks.push(length);
      raws.push(from);
    }
  }
  if (from < raw.length) take(raw.length);
  const text = pieces.join('');
  return {
    text,
    rawAt: (at) => {
      const mark = lastAtMost(marks, at);
      return (raws[mark] as number) + at - (marks[mark] as number);
    },
    inString: (at) => (lastAtMost(quotes, at) + 1) % 2 === 1,
  };
}

/** Index of the last of the ascending numbers that is at most `wanted`, or -1. */
function lastAtMost(numbers: readonly number[], wanted: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
