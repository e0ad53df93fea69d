import { describe, expect, it } from 'vitest';
import { createWindows } from '../../../src/providers/ollama/windows.ts';

describe('the window of a model', () => {
  it('is left to the host while nobody needs more', () => {
    const windows = createWindows();
    expect(windows.choose('m', 900, undefined)).toBeUndefined();
    expect(windows.choose('m', 900, 2_048)).toBeUndefined();
  });

  it('is the one it is loaded with', () => {
    const windows = createWindows();
    windows.running(new Map([['m', 8_192]]));
    for (const asked of [undefined, 2_048, 4_096, 8_192]) expect(windows.choose('m', 900, asked)).toBe(8_192);
    expect(windows.choose('other', 900, undefined)).toBeUndefined();
  });

  it('grows by powers of two and never shrinks, so that requests of all sizes say the same number', () => {
    const windows = createWindows();
    expect(windows.choose('m', 5_000, undefined)).toBe(8_192);
    expect(windows.choose('m', 100, undefined)).toBe(8_192);
    expect(windows.choose('m', 100, 4_096)).toBe(8_192);
    expect(windows.choose('m', 100, 30_000)).toBe(32_768);
    expect(windows.choose('m', 9_000, 2_048)).toBe(32_768);
  });

  it('ends at what the model was trained for', () => {
    const windows = createWindows();
    windows.learn('m', { max: 40_960 });
    expect(windows.choose('m', 100, 1_000_000)).toBe(40_960);
    expect(windows.grow('m', 40_960, undefined)).toBe(false);
  });

  it('starts from the Modelfile', () => {
    const windows = createWindows();
    windows.learn('m', { max: 131_072, initial: 16_384 });
    expect(windows.choose('m', 10_000, undefined)).toBeUndefined();
    expect(windows.choose('m', 17_000, undefined)).toBe(32_768);
  });

  it('takes the host at its word when a prompt did not fit', () => {
    const windows = createWindows();
    expect(windows.grow('m', undefined, undefined)).toBe(true);
    expect(windows.choose('m', 10, undefined)).toBe(8_192);
    expect(windows.grow('m', 8_192, 20_000)).toBe(true);
    expect(windows.choose('m', 10, undefined)).toBe(32_768);
  });

  it('starts afresh once the model was unloaded', () => {
    const windows = createWindows();
    windows.choose('m', 5_000, undefined);
    windows.forget('m');
    expect(windows.choose('m', 10, undefined)).toBeUndefined();
  });
});
