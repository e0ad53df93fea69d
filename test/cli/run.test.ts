import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
let folder: string;
beforeAll(async () => {
  upstream = await createUpstream(
    ollamaHandler([{ name: 'llama3.1:8b' }], (seen, response) => {
      if (seen.text.includes('the sea hangs')) return;
      const answer = seen.text.includes('numbered list of the headings')
        ? ['1. Salt\n2. Waves\n']
        : seen.text.includes('title only')
          ? ['On the sea']
          : ['Some ', 'text.'];
      return nativeAnswer(answer)(seen, response);
    }),
  );
  gateway = await startGateway({ gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] } });
  folder = await mkdtemp(join(tmpdir(), 'orchestrator-run-'));
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
  await rm(folder, { recursive: true });
});

const run = (args: string[], input?: string): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, ['src/cli/main.ts', 'run', ...args, '--url', gateway.url], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
    child.stdin?.end(input ?? '');
  });

// Each case starts the program, some of them several times.
describe('orchestrator run', { timeout: 120_000 }, () => {
  it('writes the Markdown that a workflow makes, and nothing else, into a pipe', async () => {
    const { code, out, err } = await run(['blog', '--input', 'The sea']);
    expect(code).toBe(0);
    expect(out).toMatch(/^# On the sea\n\n## Salt\n\nSome text\.\n+## Waves\n\nSome text\./);
    expect(out).toMatch(/Summary \(English\):\*\* Some text\.\n$/);
    expect(err).toBe('');
  });

  it('writes a file, and as JSON tells each step', async () => {
    const path = join(folder, 'post.json');
    expect(await run(['blog', '--json', '--out', path], 'The sea, piped in')).toMatchObject({ code: 0, out: '' });
    const told = JSON.parse(await readFile(path, 'utf8')) as { steps: { id: string; calls: object[] }[]; result: string; degraded: boolean };
    expect(told.steps.find(({ id }) => id === 'sections')?.calls).toHaveLength(2);
    expect(told).toMatchObject({ workflow: 'blog', degraded: false });
  });

  it('lists the workflows, and ends with 2 for a name or an input that is not there', async () => {
    expect(await run([])).toMatchObject({ code: 0, out: 'blog\n' });
    const unknown = await run(['nothing', '--input', 'x']);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('workflow:nothing');
    expect((await run(['blog'])).code).toBe(2);
    expect((await run(['blog', 'the', 'sea'])).err).toContain('--input');
  });

  it('cancels every step when it is stopped', async () => {
    const child = spawn(process.execPath, ['src/cli/main.ts', 'run', 'blog', '--input', 'the sea hangs', '--url', gateway.url]);
    const hanging = () => upstream.calls().filter(({ text }) => text.includes('the sea hangs'));
    await expect.poll(() => hanging().length, { timeout: 60_000 }).toBeGreaterThan(1);
    child.kill('SIGINT');
    await expect.poll(() => hanging().every((seen) => seen.cancelled()), { timeout: 60_000 }).toBe(true);
  });
});
