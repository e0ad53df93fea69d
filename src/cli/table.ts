/** Columns a terminal shows a character in: wide for Hangul, CJK and most emoji. */
const widthOf = (text: string): number => {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    width +=
      code >= 0x1100 &&
      (code <= 0x115f ||
        (code >= 0x2e80 && code <= 0xa4cf) ||
        (code >= 0xac00 && code <= 0xd7a3) ||
        (code >= 0xf900 && code <= 0xfaff) ||
        (code >= 0xff00 && code <= 0xff60) ||
        code >= 0x1f300)
        ? 2
        : 1;
  }
  return width;
};

const padTo = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text + ' '.repeat(width - widthOf(text));
  let out = '';
  for (const character of text) {
    if (widthOf(out + character) > width - 1) break;
    out += character;
  }
  return `${out}…${' '.repeat(Math.max(0, width - widthOf(out) - 1))}`;
};

/** Rows under their headings, in as many columns of text as `columns` allows; the widest column gives way first. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[], columns: number): string {
  const widths = headings.map((heading, index) => Math.max(widthOf(heading), ...rows.map((row) => widthOf(row[index] ?? ''))));
  const gaps = 2 * (headings.length - 1);
  while (widths.reduce((sum, width) => sum + width, gaps) > columns && Math.max(...widths) > 8) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => padTo(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Columns of the terminal; generous in a pipe. */
export const terminalColumns = (): number => process.stdout.columns ?? 160;
