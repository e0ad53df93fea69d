import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, fetch } from 'undici';

/** The full run asks faster and for longer. */
export const thorough = process.env['TORTURE'] === '1';

export interface ChildUpstream {
  readonly port: number;
  readonly url: string;
  readonly process: ChildProcess;
  /** Calls and connections so far. */
  count(): Promise<{ calls: number; connections: number }>;
  close(): Promise<void>;
}

/** Starts an upstream in a process of its own. */
export async function spawnUpstream(mode: 'good' | 'fail' = 'good', port = 0): Promise<ChildUpstream> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'child-upstream.ts'), String(port), mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const bound = (JSON.parse(line.toString()) as { port: number }).port;
  const url = `http://127.0.0.1:${bound}`;
  return {
    port: bound,
    url,
    process: child,
    count: async () => (await (await fetch(`${url}/count`)).json()) as { calls: number; connections: number },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

export interface Load {
  readonly sent: number;
  readonly failed: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Sum of x-orchestrator-attempts. */
  readonly attempts: number;
  /** Of the answered ones, ms. */
  readonly p99: number;
  readonly slowest: number;
}

/** Sends requests at a fixed rate whatever comes back, each another prompt; `during` runs beside it. */
export async function load(url: string, options: { rps: number; seconds: number; during?: () => Promise<void>; body?: object }): Promise<Load> {
  const agent = new Agent({ connections: 512, pipelining: 1 });
  const statuses: Record<string, number> = {};
  const times: number[] = [];
  let attempts = 0;
  let sent = 0;
  const one = async (number: number): Promise<void> => {
    const begun = performance.now();
    try {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        dispatcher: agent,
        body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: `ping ${number}` }], ...options.body }),
      });
      const text = await response.text();
      const key = response.status === 200 && !text.includes('pong') ? 'empty' : String(response.status);
      statuses[key] = (statuses[key] ?? 0) + 1;
      attempts += Number(response.headers.get('x-orchestrator-attempts') ?? 0);
      if (key === '200') times.push(performance.now() - begun);
    } catch (error) {
      const key = (error as { cause?: { code?: string } }).cause?.code ?? 'broken';
      statuses[key] = (statuses[key] ?? 0) + 1;
    }
  };
  const running: Promise<void>[] = [];
  const beside = options.during?.();
  const begun = performance.now();
  const total = options.rps * options.seconds;
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) / 1000) * options.rps) + 1);
    while (sent < due) running.push(one(sent++));
    await delay(5);
  }
  await Promise.all(running);
  await beside;
  await agent.close();
  times.sort((a, b) => a - b);
  return {
    sent,
    failed: sent - (statuses['200'] ?? 0),
    statuses,
    attempts,
    p99: Math.round(times[Math.floor(times.length * 0.99)] ?? 0),
    slowest: Math.round(times.at(-1) ?? 0),
  };
}

/** Figures of the full run, for docs/reliability.md. */
export const note = (row: string, figures: object): void => {
  if (thorough) process.stdout.write(`${row} ${JSON.stringify(figures)}\n`);
};
