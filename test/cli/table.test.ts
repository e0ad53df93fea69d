import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { fitText, formatTable } from '../../src/cli/table.ts';

const widest = (table: string): number => Math.max(...table.split('\n').map((line) => stringWidth(line)));
const ROWS = [
  ['qwen3:8b', 'ollama', '1.5', '인공지능 모델은 데이터에서 배웁니다. 🙂 그리고 답합니다.'],
  ['아주-긴-이름의-모델:70b-instruct-q4', 'gpu', '12.0', 'short'],
];

describe('a table', () => {
  it.each([200, 100, 80, 60, 40])('is never wider than %i columns, Korean and emoji counted as two', (columns) => {
    expect(widest(formatTable(['model', 'provider', 'seconds', 'answer'], ROWS, { columns, optional: ['provider'] }))).toBeLessThanOrEqual(columns);
  });

  it('keeps columns under each other', () => {
    const lines = formatTable(
      ['model', 'x'],
      [
        ['한글', 'a'],
        ['abcd', 'b'],
      ],
      { columns: 80 },
    ).split('\n');
    expect(lines.slice(2).map((line) => stringWidth(line))).toEqual([8, 8]);
  });

  it('leaves optional columns out before it makes the rest unreadable, and says which', () => {
    const headings = ['model', ...Array.from({ length: 8 }, (_, index) => `column-${index}`)];
    const table = formatTable(headings, [headings], { columns: 50, optional: ['column-7', 'column-6', 'column-5', 'column-4', 'column-3'] });
    expect(table).toContain('No room here for: column-7, column-6, column-5,\ncolumn-4.');
    expect(table.split('\n')[0]).toContain('column-3');
  });

  it('cuts whole letters', () => {
    expect(fitText('가나다라', 5)).toBe('가나…');
    expect(fitText('👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 3)).toBe('👨‍👩‍👧‍👦…');
    expect(fitText('한', 2)).toBe('한');
  });
});
