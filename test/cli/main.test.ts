import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/cli/command.ts';
import { loadCommands } from '../../src/cli/commands.ts';
import { bash, fish } from '../../src/cli/completion.ts';
import { downloadBar, stepBar, waiting } from '../../src/cli/progress.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, type Upstream } from '../support/upstream.ts';

const COMMANDS = await loadCommands();
const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'src/cli/main.ts');

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
  new Promise((done) => {
    execFile(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } }, (error, out, err) => {
      done({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });

describe('orchestrator', () => {
  it('lists every command and every exit code', async () => {
    const { out, code } = await run([]);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    for (const [exit, meaning] of Object.entries(EXIT_CODES)) expect(out).toContain(`  ${exit}  ${meaning}`);
    expect(out).not.toContain('\u001b');
  });

  it('suggests the command and the option that were meant', async () => {
    const [command, option, help] = await Promise.all([run(['profil']), run(['route', '--modle', 'x', 'hi']), run(['help', 'batch'])]);
    expect(command).toMatchObject({ code: 2, err: expect.stringContaining("Did you mean 'profile'?") });
    expect(option).toMatchObject({ code: 2, err: expect.stringContaining("no option '--modle'. Did you mean '--model'?") });
    expect(help.out).toContain('orchestrator batch IN -o OUT.jsonl');
  });

  it('says with its exit code that no gateway answers', async () => {
    expect(await run(['route', 'hi', '--url', 'http://127.0.0.1:1'])).toMatchObject({ code: 3, err: expect.stringContaining('no gateway answers') });
  });

  it('colours when told to, and not when told not to', async () => {
    const [on, off] = await Promise.all([run(['nothing'], { FORCE_COLOR: '1' }), run(['nothing'], { NO_COLOR: '1' })]);
    expect(on.err).toContain('\u001b[31m');
    expect(off.err).not.toContain('\u001b');
  });

  it('is quiet when its reader has seen enough', async () => {
    const child = spawn(process.execPath, [MAIN, 'config', 'reference'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (part) => {
      err += part;
    });
    const code = await new Promise((done) => child.once('close', done));
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});

describe('every command', () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))('%s explains each of its options, with an example', (_, { help, options, name }) => {
    for (const option of Object.keys(options)) expect(help).toContain(`--${option}`);
    expect(help.split('\n').filter((line) => line.includes(`orchestrator ${name}`)).length).toBeGreaterThan(name === 'mcp' ? 0 : 1);
    for (const line of help.split('\n')) expect(line.length).toBeLessThan(140);
  });
});

describe('progress', () => {
  const terminal = (columns: number) => {
    const written: string[] = [];
    return { written, output: { isTTY: true, columns, write: (text: string) => written.push(text) } };
  };

  it('tells the time left at the pace so far, within the width of the terminal', () => {
    const { written, output } = terminal(70);
    let at = 0;
    const bar = stepBar(output, 4, () => at);
    bar(0, 'loading 아주-긴-모델-이름-아주-긴-모델-이름-아주-긴-모델-이름');
    at = 30_000;
    bar(1, 'loading b');
    expect(written[1]).toContain('1/4  1m30s left  loading b');
    for (const line of written) expect([...line].length).toBeLessThan(80);
  });

  it('counts only what comes now when a download goes on where it was left', () => {
    const { written, output } = terminal(120);
    let at = 0;
    const bar = downloadBar(output, () => at);
    bar({ model: 'm', source: 's', receivedBytes: 50e6, totalBytes: 100e6 });
    at = 10_000;
    bar({ model: 'm', source: 's', receivedBytes: 60e6, totalBytes: 100e6 });
    expect(written[1]).toContain('60%  60/100 MB  40s left');
  });

  it('says nothing of waiting in a pipe', () => {
    const written: string[] = [];
    waiting({ write: (text: string) => written.push(text) }, 'asking')();
    expect(written).toEqual([]);
  });
});

describe('completion', () => {
  let upstream: Upstream;
  let gateway: TestGateway;
  let folder: string;
  beforeAll(async () => {
    upstream = await createUpstream(ollamaHandler([{ name: 'qwen3:8b' }], nativeAnswer(['x'])));
    gateway = await startGateway({ gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] } });
    folder = await mkdtemp(join(tmpdir(), 'completion-'));
    await writeFile(join(folder, 'orchestrator'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`, { mode: 0o755 });
    await writeFile(join(folder, 'questions.jsonl'), '');
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
    await rm(folder, { recursive: true });
  });

  /** What a real bash offers for the last word of each line. */
  async function offered(...lines: readonly (readonly string[])[]): Promise<string[][]> {
    const asked = lines.map(
      (words) => `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _orchestrator; echo "\${COMPREPLY[*]}"`,
    );
    await writeFile(join(folder, 'script'), bash(COMMANDS));
    const env = { PATH: `${folder}:${process.env['PATH']}`, ORCHESTRATOR_URL: gateway.url };
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', ['source script', ...asked].join('\n')], { env, cwd: folder });
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' '));
  }

  it('offers commands, options, values, files and the models of the running gateway', async () => {
    const found = await offered(
      ['orchestrator', 'co'],
      ['orchestrator', 'keys', 'create', 'me', '--ra'],
      ['orchestrator', 'keys', ''],
      ['orchestrator', 'batch', 'q'],
      ['orchestrator', 'start', '--log', 'w'],
      ['orchestrator', 'ask', 'hi', '--model', 'qw'],
    );
    expect(found).toEqual([['compare', 'config', 'completion'], ['--rate'], ['create', 'list', 'revoke'], ['questions.jsonl'], ['warn'], ['qwen3:8b']]);
  });

  it('is written for fish too', () => {
    for (const { name } of COMMANDS) expect(fish(COMMANDS)).toContain(`__fish_use_subcommand -a ${name} `);
  });
});
