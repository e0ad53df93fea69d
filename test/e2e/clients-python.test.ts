import { execFile, spawnSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientBench, MODELS, SAID, startClientBench, THOUGHT, VECTOR } from '../support/clients.ts';

/* The Python clients, openai and anthropic with strict validation of what they are sent. The checks are in python/clients.py. */

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const VENV = join(ROOT, '.cache/venv');
const PYTHON = join(VENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const REQUIREMENTS = join(import.meta.dirname, 'python/requirements.txt');
const SCRIPT = join(import.meta.dirname, 'python/clients.py');
const MINUTES = 60_000;

interface Outcome {
  readonly check: string;
  readonly model: string;
  readonly problem: string | null;
}

const SOURCE = await readFile(SCRIPT, 'utf8');
const CHECKS = [...SOURCE.matchAll(/^ {4}def ([a-z]\w*)\(self\)/gm)].map(([, name]) => name ?? '');
const cases = MODELS.flatMap(({ kind, model }) => CHECKS.map((check) => ({ kind, model, check })));

/** Makes the environment once; what it was made from is written into it last, so that half an installation is made anew. */
async function environment(): Promise<void> {
  const wanted = await readFile(REQUIREMENTS, 'utf8');
  const made = join(VENV, 'requirements.txt');
  if ((await readFile(made, 'utf8').catch(() => '')) === wanted) return;
  await rm(VENV, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', VENV]);
  await run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS], { timeout: 5 * MINUTES });
  await writeFile(made, wanted);
}

const absent = spawnSync('python3', ['-c', 'import venv, ensurepip']).status !== 0;

describe.skipIf(absent)(absent ? 'Python clients: skipped, python3 with venv is missing' : 'Python clients', () => {
  let bench: ClientBench;
  let outcomes: readonly Outcome[];

  beforeAll(async () => {
    await environment();
    bench = await startClientBench();
    const wanted = JSON.stringify({ said: SAID, thought: THOUGHT, vector: VECTOR, models: MODELS });
    const { stdout } = await run(PYTHON, [SCRIPT, bench.gateway.url, wanted], { timeout: 2 * MINUTES });
    outcomes = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Outcome);
  }, 8 * MINUTES);
  afterAll(async () => bench?.close());

  it.each(cases)('before $kind: $check', ({ model, check }) => {
    const outcome = outcomes.find((other) => other.model === model && other.check === check);
    expect(outcome, 'the check ran').toBeDefined();
    expect(outcome?.problem).toBeNull();
  });
});
