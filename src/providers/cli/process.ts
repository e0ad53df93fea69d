import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { GatewayError } from '../../core/errors.ts';
import { createLineSplitter } from '../../stream/lines.ts';
import type { Guard } from './guard.ts';
import { MARK, processesOf, signalTo } from './tree.ts';

/** Between TERM and KILL, ms. */
const GRACE_MS = 1_000;
/** How long output may still come after the program ended, ms: what holds the pipe then is a stray. */
const DRAIN_MS = 250;
/** Kept of what a program writes to its standard error, bytes. */
const MAX_STDERR = 32_768;

export interface RunOptions {
  readonly guard: Guard;
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
  /** Bytes of output after which the program is stopped. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Unique among the calls of this gateway. */
  readonly id: string;
  /** For messages. */
  readonly target: string;
}

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** The last it wrote to its standard error. */
  readonly stderr: string;
}

const kill = (pid: number, signal: NodeJS.Signals): void => void process.kill(pid, signal);

/**
 * Runs a program without a shell, in its own empty folder and process group, and gives the lines it writes as they come. Whatever
 * happens (end, cancel, flood), nothing of it lives on when the iteration is over. Returns how it ended.
 */
export async function* runProgram(options: RunOptions): AsyncGenerator<readonly string[], Ended> {
  const { guard, signal, target } = options;
  const mark = `${guard.mark}.${options.id}`;
  guard.watch();
  const cwd = guard.folder();
  const child = spawn(options.program, [...options.args], {
    cwd,
    env: { ...options.env, [MARK]: mark },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const splitter = createLineSplitter();
  const lines: string[] = [];
  let stderr = '';
  let bytes = 0;
  let failure: GatewayError | undefined;
  let exited = false;
  let closed = false;
  let code: number | null = null;
  let wake: (() => void) | undefined;
  const stir = (): void => {
    wake?.();
    wake = undefined;
  };
  const stop = (error: GatewayError): void => {
    failure ??= error;
    stir();
  };
  const push = (found: readonly string[]): void => {
    for (const line of found) lines.push(line);
    // A reader that is slow holds the program back instead of filling the memory.
    if (lines.length > 1_000) child.stdout.pause();
    stir();
  };

  child.on('error', (cause: NodeJS.ErrnoException) => {
    exited = true;
    closed = true;
    stop(new GatewayError('unavailable', `'${target}' cannot be started (${cause.code ?? 'unknown'}).`, { cause, target, code: 'cli_missing' }));
  });
  child.on('exit', (status) => {
    exited = true;
    code = status;
    setTimeout(() => {
      closed = true;
      stir();
    }, DRAIN_MS);
    stir();
  });
  child.on('close', () => {
    closed = true;
    stir();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > options.maxBytes) {
      child.stdout.destroy();
      stop(new GatewayError('upstream-failed', `'${target}' wrote more than ${options.maxBytes} bytes and was stopped.`, { target, code: 'cli_flood' }));
      return;
    }
    try {
      push(splitter.push(chunk));
    } catch (cause) {
      stop(new GatewayError('upstream-failed', `'${target}' wrote a line that is too long.`, { cause, target, code: 'cli_flood' }));
    }
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-MAX_STDERR);
  });
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined);
  child.stdin.end(options.input);

  const onAbort = (): void =>
    stop(signal.reason instanceof GatewayError ? signal.reason : new GatewayError('client-closed', 'The request was cancelled.', { cause: signal.reason }));
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });

  try {
    for (;;) {
      if (failure !== undefined) throw failure;
      if (lines.length > 0) {
        const taken = lines.splice(0);
        child.stdout.resume();
        yield taken;
        continue;
      }
      if (closed) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const rest = splitter.end();
    if (rest !== '') yield [rest];
    return { code, stderr };
  } finally {
    signal.removeEventListener('abort', onAbort);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    await endTree(mark, child.pid, () => exited);
    await rm(cwd, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** TERM to everything of the call, then KILL to what is left; done when nothing is. */
async function endTree(mark: string, pid: number | undefined, exited: () => boolean): Promise<void> {
  if (pid === undefined) return;
  const group = (signal: NodeJS.Signals): void => {
    // Once its leader is reaped the group's number may belong to someone else; members that are left carry the mark.
    if (!exited()) signalTo(kill, -pid, signal);
  };
  const left = (): Promise<number[]> => processesOf(mark, exited() ? undefined : pid);
  let alive = await left();
  if (alive.length === 0 && exited()) return;
  group('SIGTERM');
  for (const each of alive) signalTo(kill, each, 'SIGTERM');
  for (let waited = 0; waited < GRACE_MS && (alive.length > 0 || !exited()); waited += 50) {
    await delay(50);
    alive = await left();
  }
  for (let round = 0; round < 20 && (alive.length > 0 || !exited()); round += 1) {
    group('SIGKILL');
    for (const each of alive) signalTo(kill, each, 'SIGKILL');
    await delay(25);
    alive = await left();
  }
}
