import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('packages', () => {
  it('are all named in docs/decisions/0001 with the reason', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
    const page = read('docs/decisions/0001-runtime-and-packages.md');
    const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(names.filter((name) => !new RegExp(`(^|[\\s|,(])${name}([\\s|,.;(]|$)`, 'm').test(page))).toEqual([]);
  });
});
