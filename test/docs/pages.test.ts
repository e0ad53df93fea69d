import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { gatewaySchema, routingSchema } from '../../src/config-schema.ts';

const ROOT = resolve(import.meta.dirname, '../..');

describe('docs/cli.md', () => {
  it('is what the commands say of themselves; npm run docs writes it', () => {
    const written = execFileSync(process.execPath, ['src/cli/main.ts', 'help', '--markdown'], { encoding: 'utf8', cwd: ROOT });
    expect(readFileSync(join(ROOT, 'docs/cli.md'), 'utf8')).toBe(written);
  }, 120_000);

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

describe('configurations that are shown', () => {
  const env = { VLLM_KEY: 'x', KEY: 'x', LITELLM_KEY: 'x' };
  const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

  it.each(['README.md', 'README.ko.md', 'docs/guides/upstreams.md', 'docs/guides/libraries.md'])('in %s are accepted', (page) => {
    const text = read(page);
    const fences = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)]
      .map(([, yaml = '']) => yaml)
      .filter((yaml) => /^# (gateway|routing)\.yaml|^providers:/.test(yaml));
    const entries = [...text.matchAll(/`(\{ name: \w+, type: [^`]+\})`/g)].map(([, entry = '']) => `providers: [${entry}]`);
    expect(fences.length + entries.length).toBeGreaterThan(0);
    for (const yaml of [...fences, ...entries])
      expect(() => parseConfig(yaml, page, yaml.startsWith('# routing') ? routingSchema : gatewaySchema, env)).not.toThrow();
  });

  it('are the same in both languages of the README', () => {
    const code = (page: string): string[] =>
      [...read(page).matchAll(/```(\w*)\n([\s\S]*?)```/g)].filter(([, language]) => ['yaml', 'toml'].includes(language ?? '')).map(([, , body = '']) => body);
    expect(code('README.ko.md')).toEqual(code('README.md'));
    const names = (page: string): string[] => [...read(page).matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name.replace(/NAME|이름/, 'NAME'));
    expect(names('README.ko.md')).toEqual(names('README.md'));
  });
});

describe('docs/architecture.md', () => {
  it('names every folder of the program', () => {
    const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `\`src/${name}\``);
    expect([...folders, '`plugins`', '`routes`'].filter((folder) => !page.includes(folder))).toEqual([]);
  });

  it('fits one screen', () => {
    expect(readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8').split('\n').length).toBeLessThan(75);
  });
});
