import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(ROOT, 'docs/guides/typed-client.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'typed-client-'));
afterAll(() => rmSync(folder, { recursive: true }));

const OPTIONS = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024', '--types', 'node', '--skipLibCheck', '--allowImportingTsExtensions'];

describe('the typed client of docs/guides/typed-client.md', () => {
  it('is generated from openapi.yaml and compiles, and a wrong body does not (skipped where npm reaches no registry)', ({ skip }) => {
    // The generator needs the compiler API of TypeScript 5 and this project checks with 7, so it runs in a folder of its own, as a user's does.
    const version = /npx (openapi-typescript@\S+)/.exec(guide)?.[1] ?? '';
    const generator = ['exec', '--yes', `--package=${version}`, '--package=typescript@5.9.3', '--', 'openapi-typescript'];
    const args = [...generator, join(ROOT, 'openapi.yaml'), '-o', 'orchestrator.d.ts', '--default-non-nullable=false'];
    writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}');
    const made = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
    if (/E(NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT)|E404/.test(made.stderr)) skip(`the generator could not be fetched: ${made.stderr.slice(0, 200)}`);
    expect(made.stderr).not.toMatch(/error/i);

    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const example = /```ts\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
    writeFileSync(join(folder, 'client.ts'), example);
    writeFileSync(join(folder, 'wrong.ts'), example.replace("prompt: 'Write a binary search in Go'", 'prompt: 42'));
    const compile = (file: string): string => spawnSync(join(ROOT, 'node_modules/.bin/tsc'), [...OPTIONS, file], { cwd: folder, encoding: 'utf8' }).stdout;
    expect(compile('client.ts')).toBe('');
    expect(compile('wrong.ts')).toMatch(/number.*string/);
  }, 240_000);
});
