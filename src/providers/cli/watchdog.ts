import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { processesOf, signalTo } from './tree.ts';

/*
 * Waits until the gateway that started it is gone (its standard input ends), then kills what that gateway's command-line models
 * left behind and removes their folder. Usage: watchdog MARK FOLDER
 */

const [mark = '', folder = ''] = process.argv.slice(2);
const kill = (pid: number, signal: NodeJS.Signals): void => void process.kill(pid, signal);

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
process.stdin.resume();
await new Promise((resolve) => process.stdin.once('end', resolve).once('error', resolve).once('close', resolve));

// Several times: a program that was just being started, or that starts others while it dies, is found later.
for (const [signal, wait] of [
  ['SIGTERM', 500],
  ['SIGKILL', 300],
  ['SIGKILL', 500],
  ['SIGKILL', 0],
] as const) {
  for (const pid of await processesOf(mark)) signalTo(kill, pid, signal);
  await delay(wait);
}
if (folder !== '') await rm(folder, { recursive: true, force: true });
