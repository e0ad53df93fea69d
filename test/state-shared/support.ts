import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, vi } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, openaiAnswer, openaiHandler, type Upstream } from '../support/upstream.ts';

// Processes are started and stopped here, which takes long on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** Whether redis-server is installed. */
export const hasServer = ((): boolean => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Closed after each test, the last one first. */
export const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});

export interface RedisServer {
  readonly port: number;
  readonly process: ChildProcess;
  close(): Promise<void>;
}

/** A real Redis, empty, on a port of its own. */
export async function startRedis(wanted?: number): Promise<RedisServer> {
  const port =
    wanted ??
    (await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port: free } = probe.address() as { port: number };
        probe.close(() => resolve(free));
      });
    }));
  const folder = await mkdtemp(join(tmpdir(), 'orchestrator-redis-'));
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  await new Promise<void>((resolve) =>
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ready to accept connections')) resolve();
    }),
  );
  const server: RedisServer = {
    port,
    process: child,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGCONT');
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
  open.push(server);
  return server;
}

/** A gateway over an upstream and a Redis, once it reaches both. */
export async function startOn(redis: RedisServer, upstream: Upstream, more: object = {}, env: Record<string, string> = {}): Promise<TestGateway> {
  const providers = [{ name: 'up', type: 'openai', url: `${upstream.url}/v1` }];
  const gateway = await startGateway({ gateway: { providers, redis: { url: `redis://127.0.0.1:${redis.port}` }, ...more } }, { env });
  open.push(gateway);
  await expect.poll(() => gateway.services.shared?.usable(), { timeout: 5_000 }).toBe(true);
  return gateway;
}

/** Two gateways that share one upstream and one Redis. */
export async function startTwo(redis: RedisServer, more: object = {}): Promise<{ upstream: Upstream; first: TestGateway; second: TestGateway }> {
  const upstream = await createUpstream(openaiHandler(['m'], openaiAnswer(['pong'])));
  open.push(upstream);
  return { upstream, first: await startOn(redis, upstream, more), second: await startOn(redis, upstream, more) };
}
