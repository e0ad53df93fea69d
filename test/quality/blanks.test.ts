import { describe, expect, it } from 'vitest';
import { shortenBlanks } from '../../src/quality/text.ts';

describe('runs of blanks', () => {
  it('of up to 64 stay as they are', () => {
    const text = `a${' '.repeat(64)}b\n\n\n\tc`;
    expect(shortenBlanks(text)).toBe(text);
  });

  it('that are longer become 64 blanks, or a blank line where they hold a line break', () => {
    expect(shortenBlanks(`a${' '.repeat(1_000)}b`)).toBe(`a${' '.repeat(64)}b`);
    expect(shortenBlanks(`a${' \n'.repeat(1_000)}b`)).toBe('a\n\nb');
  });
});
