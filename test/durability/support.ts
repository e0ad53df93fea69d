import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that writes into a store, prints a line for each acknowledgement, and dies when told. */
export const spawnWriter = (script: URL, ...args: string[]) => {
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const chunks: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  const drained = once(child.stdout, 'close');
  return {
    pid: child.pid,
    firstLine: Promise.race([once(child.stdout, 'data'), exited]),
    exited,
    /** Kills it the hard way and answers the whole lines it printed. */
    kill: async (): Promise<string[]> => {
      child.kill('SIGKILL');
      await Promise.all([exited, drained]);
      return chunks.join('').split('\n').slice(0, -1);
    },
    /** Waits for its own end and answers the lines it printed. */
    finished: async (): Promise<string[]> => {
      await Promise.all([exited, drained]);
      return chunks.join('').split('\n').slice(0, -1);
    },
  };
};

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Rounds of a kill loop: a few by default, many when TORTURE is set. */
export const ROUNDS = process.env.TORTURE === undefined ? 15 : 300;
