import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts');

export interface ChildGateway {
  readonly url: string;
  readonly stateDirectory: string;
  /** Its configuration folder. */
  readonly folder: string;
  readonly process: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  close(): Promise<void>;
}

/** Runs the program as a person would; resolves with what it said once it ended. */
export async function runProgram(args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number | null; stderr: string; ms: number }> {
  const begun = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', OLLAMA_HOST: '127.0.0.1:1', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return { code, stderr, ms: performance.now() - begun };
}

/** A gateway in a process of its own, with its own folders. */
export async function spawnGateway(gateway: object, more: Record<string, object> = {}): Promise<ChildGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestrator-process-'));
  for (const [name, value] of Object.entries({ gateway, ...more })) await writeFile(join(folder, `${name}.yaml`), stringify(value));
  const child = spawn(process.execPath, [MAIN, 'start', '--port', '0', '--config', folder], {
    env: { PATH: process.env['PATH'] ?? '', OLLAMA_HOST: '127.0.0.1:1', ORCHESTRATOR_STATE: join(folder, 'state') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code: code as number | null, signal: signal as string | null }));
  const url = await new Promise<string>((done, fail) => {
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      const found = /listens on (http:\S+)/.exec(stderr)?.[1];
      if (found !== undefined) done(found);
    });
    void exited.then(() => fail(new Error(`the gateway ended: ${stderr}`)));
  });
  return {
    url,
    stateDirectory: join(folder, 'state'),
    folder,
    process: child,
    exited,
    stdout: () => stdout,
    stderr: () => stderr,
    async close() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
