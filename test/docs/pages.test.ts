import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

describe('docs/cli.md', () => {
  it('is what the commands say of themselves; npm run docs writes it', () => {
    const written = execFileSync(process.execPath, ['src/cli/main.ts', 'help', '--markdown'], { encoding: 'utf8', cwd: ROOT });
    expect(readFileSync(join(ROOT, 'docs/cli.md'), 'utf8')).toBe(written);
  });

  it('names every command that README names', () => {
    const page = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8');
    for (const file of ['README.md', 'README.ko.md']) {
      const section = /\| (?:command|명령) \| \|\n\|---\|---\|\n((?:\|.*\n)+)/.exec(readFileSync(join(ROOT, file), 'utf8'))?.[1] ?? '';
      const names = [...section.matchAll(/^\| `(\w+)/gm)].map(([, name]) => name);
      expect(names.length).toBeGreaterThan(5);
      for (const name of names) expect(page).toContain(`## ${name}: `);
    }
  });
});

describe('links between documents', () => {
  const pages = [
    'README.md',
    'README.ko.md',
    'CHANGELOG.md',
    ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  it.each(pages)('of %s lead somewhere', (page) => {
    const text = readFileSync(join(ROOT, page), 'utf8').replace(/```[\s\S]*?```/g, '');
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link).filter((link) => !/^https?:/.test(link));
    const missing = links.filter((link) => !existsSync(join(ROOT, page, '..', link)));
    expect(missing).toEqual([]);
  });
});
