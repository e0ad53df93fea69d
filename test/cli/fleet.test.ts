import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepBar } from '../../src/cli/progress.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, sendJson, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await createUpstream(
    ollamaHandler([{ name: 'llama3.1:8b' }, { name: 'broken:7b' }], (seen, response) => {
      if (seen.body['model'] === 'broken:7b') return sendJson(response, { error: 'no such blob' }, 500);
      // A generate without a prompt loads the model.
      if (seen.path === '/api/generate') return sendJson(response, { model: seen.body['model'], response: '', done: true, done_reason: 'load' });
      return nativeAnswer(['One', ' two', ' three', ' four', '.'])(seen, response);
    }),
  );
  gateway = await startGateway({ gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] } });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const run = (...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['src/cli/main.ts', ...args, '--url', gateway.url], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });

describe('orchestrator profile', () => {
  it('prints what is known as a table and as JSON', async () => {
    const { code, out } = await run('profile');
    expect(code).toBe(0);
    expect(out).toMatch(/model\s+provider\s+state/);
    expect(out).toMatch(/llama3\.1:8b\s+ollama\s+ready/);
    const { profiles } = JSON.parse((await run('profile', 'llama3.1:8b', '--json')).out) as { profiles: { name: string }[] };
    expect(profiles.map(({ name }) => name)).toEqual(['llama3.1:8b']);
  });

  it('measures with --probe, tells the steps, and the table has the figures', async () => {
    const { code, out, err } = await run('profile', 'llama3.1:8b', '--probe', '--json');
    expect(code).toBe(0);
    expect(err).toContain('0/1 measuring llama3.1:8b');
    const { profiles } = JSON.parse(out) as { profiles: { measured: { time_to_first_token_ms: number | null } }[] };
    expect(profiles[0]?.measured.time_to_first_token_ms).not.toBeNull();
  });

  it('ends with 1 when a model cannot be measured, and with 2 for a name that is not there', async () => {
    const failed = await run('profile', 'broken:7b', '--probe');
    expect(failed.code).toBe(1);
    expect(failed.err).toContain('broken:7b');
    expect((await run('profile', 'nothing')).code).toBe(2);
  });
});

describe('orchestrator warmup', () => {
  it('loads one model after the other and says so', async () => {
    const { code, err } = await run('warmup', 'llama3.1:8b');
    expect(code).toBe(0);
    expect(err).toMatch(/1\/1 llama3\.1:8b loaded in/);
  });

  it('wants a model, and says which one failed', async () => {
    expect((await run('warmup')).code).toBe(2);
    const { code, err } = await run('warmup', 'nothing-like-it');
    expect(code).toBe(1);
    expect(err).toContain('nothing-like-it');
  });
});

describe('orchestrator hardware', () => {
  it('shows the machine, what fits and the settings', async () => {
    const { code, out } = await run('hardware');
    expect(code).toBe(0);
    expect(out).toMatch(/^machine {6}\w+/);
    expect(out).toMatch(/llama3\.1:8b\s+ollama\s+\d+\.\d GB/);
    expect(out).toContain('OLLAMA_NUM_PARALLEL=');
    const report = JSON.parse((await run('hardware', '--json')).out) as { machine: { kind: string }; models: { fits: string }[]; concurrency: number };
    expect([64, 128, 256]).toContain(report.concurrency);
    expect(report.models).toHaveLength(2);
  });
});

describe('the step bar', () => {
  it('writes over one line on a terminal and a line a step in a pipe', () => {
    const lines: string[] = [];
    const write = (text: string): void => void lines.push(text);
    stepBar({ write }, 2)(1, 'half');
    stepBar({ write, isTTY: true }, 2)(2, 'done');
    expect(lines).toEqual(['1/2 half\n', '\r\u001b[K[########################] 2/2  done\n']);
  });
});
