import cluster from 'node:cluster';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';
import { connectStore } from '../compose-shared.ts';
import { type Config, ConfigError } from '../config.ts';
import { GatewayError } from '../core/errors.ts';
import type { Running } from '../server.ts';
import { joinCluster, type Member } from '../workers/member.ts';
import { startPrimary } from '../workers/primary.ts';

/** Set for workers, who run the same command as their primary. */
const WORKER = 'ORCHESTRATOR_WORKER';
/** Longest path of a socket on every system, bytes. */
const SOCKET_PATH = 100;
/** What the workers may take beyond the grace for open answers, ms. */
const MARGIN_MS = 4_000;

const now = (): number => Math.floor(performance.timeOrigin + performance.now());

/** Where the lead listens for the others. */
function socketOf(directory: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\orchestrator-${process.pid}`;
  const path = join(directory, 'lead.sock');
  return Buffer.byteLength(path) <= SOCKET_PATH ? path : join(tmpdir(), `orchestrator-${process.pid}.sock`);
}

/** This process as the primary of `size` workers. Throws ConfigError when they cannot start. */
export async function startWorkers(options: {
  readonly config: Config;
  readonly size: number;
  readonly directory: string;
  readonly log: Logger;
}): Promise<void> {
  const { config, size, directory, log } = options;
  const primary = await startPrimary({
    config,
    size,
    state: { directory, log, now },
    leadSocket: socketOf(directory),
    beyond: await connectStore({ config, log, now }),
    environmentOf: (worker) => ({ [WORKER]: String(worker) }),
    log,
  }).catch((error: unknown) => {
    throw error instanceof GatewayError ? new ConfigError(error.message) : error;
  });
  await primary.started.catch((error: Error) => {
    throw new ConfigError(error.message);
  });
  const graceMs = config.server.drain_ms + MARGIN_MS;
  closeWithGrace({ delay: graceMs + MARGIN_MS, skip: ['SIGHUP'], logger: { error: () => undefined } }, async ({ err }) => {
    if (err !== undefined) log.fatal({ name: err.name, stack: err.stack }, 'unexpected error');
    await primary.close(graceMs);
  });
  process.on('SIGHUP', () => primary.reload());
}

/** This process as a worker of its primary; undefined where it is none. */
export function joinWorkers(): Promise<Member> | undefined {
  if (!cluster.isWorker || process.env[WORKER] === undefined) return undefined;
  const { receive, joined } = joinCluster((items) => void (process.connected && process.send?.(items)));
  process.on('message', receive);
  return joined;
}

/** Ends with the primary, and reads the configuration when it says so. An interrupt of the terminal reaches the primary too, which tells. */
export function followPrimary(member: Member, { services }: Running, close: () => void, reload: () => void): void {
  process.on('SIGINT', () => undefined);
  member.onOrder('drain', close);
  member.onOrder('reload', reload);
  services.cluster.on('reload', reload);
}
