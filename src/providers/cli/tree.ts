import { readdir, readFile } from 'node:fs/promises';

/** Under this name every process of a call finds the call's mark in its environment. */
export const MARK = 'ORCHESTRATOR_CLI_CALL';

interface Found {
  readonly pid: number;
  readonly parent: number;
  readonly marked: boolean;
}

async function look(pid: number, mark: string): Promise<Found | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The name in brackets may hold anything; the fields begin behind the last bracket.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return undefined;
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    return { pid, parent: Number(parent), marked: environment.includes(`${MARK}=${mark}`) };
  } catch {
    return undefined;
  }
}

/**
 * Every living process of a call: those that carry its mark and what descends from them, whatever session or group they moved to.
 * A mark may be the beginning of a longer one. Empty where there is no /proc.
 */
export async function processesOf(mark: string, root?: number): Promise<number[]> {
  const names = await readdir('/proc').catch(() => [] as string[]);
  const all = (await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((name) => look(Number(name), mark)))).filter((found) => found !== undefined);
  const wanted = new Set(all.filter(({ marked, pid }) => marked || pid === root).map(({ pid }) => pid));
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent } of all) {
      if (!wanted.has(pid) && wanted.has(parent)) {
        wanted.add(pid);
        grown = true;
      }
    }
  }
  return [...wanted];
}

/** Sends a signal; a process that is gone already is fine. A negative pid means a group. */
export function signalTo(kill: (pid: number, signal: NodeJS.Signals) => void, pid: number, signal: NodeJS.Signals): void {
  try {
    kill(pid, signal);
  } catch {
    // Gone, or never ours.
  }
}
