import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();
/** Columns are not made narrower than this to fit; beyond, whole columns are left out. */
const NARROWEST = 10;

/** `text` in exactly `width` columns: padded, or cut with an ellipsis. Hangul, CJK and emoji are two columns wide. */
export function fitText(text: string, width: number): string {
  const own = stringWidth(text);
  if (own <= width) return text + ' '.repeat(width - own);
  let out = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const wide = stringWidth(segment);
    if (used + wide > width - 1) break;
    out += segment;
    used += wide;
  }
  return `${out}…${' '.repeat(Math.max(0, width - used - 1))}`;
}

function wrap(text: string, columns: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (stringWidth(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

export interface TableOptions {
  /** Columns of text there are. */
  readonly columns: number;
  /** Headings that may go when there is no room, the first to go first. */
  readonly optional?: readonly string[];
  /** Paints the headings. */
  readonly heading?: (text: string) => string;
}

/** Rows under their headings. Where there is no room the widest column gives way first, then optional columns go, and a line says which. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[], options: TableOptions): string {
  const natural = headings.map((heading, index) => Math.max(stringWidth(heading), ...rows.map((row) => stringWidth(row[index] ?? ''))));
  let shown = headings.map((_, index) => index);
  const least = (): number => shown.reduce((sum, index) => sum + Math.min(natural[index] ?? 0, NARROWEST) + 2, -2);
  const left: string[] = [];
  for (const name of options.optional ?? []) {
    if (least() <= options.columns) break;
    const at = headings.indexOf(name);
    if (!shown.includes(at)) continue;
    shown = shown.filter((index) => index !== at);
    left.push(name);
  }
  const widths = new Map(shown.map((index) => [index, natural[index] ?? 0]));
  const total = (): number => [...widths.values()].reduce((sum, width) => sum + width + 2, -2);
  while (total() > options.columns) {
    const [widest, width] = [...widths].reduce((a, b) => (b[1] > a[1] ? b : a));
    if (width <= 4) break;
    widths.set(widest, width - 1);
  }
  const line = (cells: readonly string[]): string =>
    shown
      .map((index) => fitText(cells[index] ?? '', widths.get(index) ?? 0))
      .join('  ')
      .trimEnd();
  const paint = options.heading ?? ((text: string) => text);
  const rule = shown.map((index) => '-'.repeat(widths.get(index) ?? 0)).join('  ');
  const note = left.length === 0 ? [] : ['', ...wrap(`No room here for: ${left.join(', ')}. A wider terminal or --json shows all.`, options.columns)];
  return [paint(line(headings)), paint(rule), ...rows.map(line), ...note].join('\n');
}

/** Columns of the terminal; generous in a pipe, where COLUMNS may say another width. */
export const terminalColumns = (): number => process.stdout.columns ?? (Number(process.env['COLUMNS']) || 160);
