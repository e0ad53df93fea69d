import type { AddressInfo } from 'node:net';
import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import { createApp } from './app.ts';
import type { Cluster } from './cluster.ts';
import { compose, type Services } from './compose.ts';
import type { DownloadProgress } from './compose-embedded.ts';
import { type Config, ConfigError } from './config.ts';
import { GatewayError } from './core/errors.ts';
import { listenForWorkers } from './lead-server.ts';

export interface Running {
  readonly services: Services;
  readonly app: FastifyInstance;
  /** Where it listens, for example http://127.0.0.1:11435. */
  readonly address: string;
}

export interface ServeOptions {
  readonly config: Config;
  /** Reads the configuration anew, for a reload. */
  readonly loadConfig?: () => Promise<Config>;
  readonly host: string;
  readonly port: number;
  readonly stateDirectory: string;
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress?: (event: DownloadProgress) => void;
  /** The workers of this host that this process is one of. */
  readonly cluster?: Cluster;
}

/** Composes and listens. Throws ConfigError with one clear line when the port is taken. */
export async function serve(options: ServeOptions): Promise<Running> {
  const { config, host, port, log } = options;
  const services = await compose({
    config,
    ...(options.loadConfig !== undefined && { loadConfig: options.loadConfig }),
    host,
    stateDirectory: options.stateDirectory,
    env: options.env,
    log,
    now: () => performance.timeOrigin + performance.now(),
    random: Math.random,
    ...(options.progress !== undefined && { progress: options.progress }),
    ...(options.cluster !== undefined && { cluster: options.cluster }),
  }).catch((error: unknown) => {
    // A state directory in use or out of reach is for the person who starts it to mend, like a wrong setting.
    throw error instanceof GatewayError ? new ConfigError(error.message) : error;
  });
  const app = await createApp(services);
  const { lead, leadSocket } = services.cluster;
  if (lead && leadSocket !== undefined) {
    const relayed = await listenForWorkers({ path: leadSocket, answer: (request, response) => app.routing(request, response), provider: services.embedded });
    app.addHook('onClose', async () => void relayed.close());
  }
  try {
    await app.listen({ host, port, backlog: 4_096 });
  } catch (error) {
    await services.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new ConfigError(`Port ${port} on ${host} is taken. Stop what uses it, or start with --port N.`);
    if (code === 'EACCES') throw new ConfigError(`Port ${port} on ${host} needs more rights. Start with --port N above 1023.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new ConfigError(`${host} is not an address of this machine. Start with --host 127.0.0.1 or 0.0.0.0.`);
    throw error;
  }
  const bound = app.server.address() as AddressInfo;
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return { services, app, address: `http://${name}:${bound.port}` };
}

/** Logs as JSON lines to stdout, or to a file that is rotated by whoever set it up. */
export const createLog = (level: string, destination: pino.DestinationStream): Logger =>
  pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' }, destination);

/**
 * Ends on SIGTERM and SIGINT: /readyz turns 503, open answers may finish within the grace, then what is left is told and cut.
 * A second signal ends at once. `leave` is called once no answer is open; the result ends it as a signal would.
 */
export function closeOnSignals({ services, app }: Running, options: { readonly skip?: ['SIGINT']; readonly leave?: () => Promise<void> } = {}): () => void {
  const grace = services.config().server.drain_ms;
  const { skip = [], leave } = options;
  const { close } = closeWithGrace({ delay: grace + 5_000, skip: ['SIGHUP', ...skip], logger: { error: () => undefined } }, async ({ err }) => {
    if (err !== undefined) services.log.fatal({ name: err.name, stack: err.stack }, 'unexpected error');
    services.drain();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, grace);
    });
    await Promise.race([app.drained(), late]);
    clearTimeout(timer);
    await leave?.();
    // What is still open is told before its socket goes.
    await services.close();
    await app.close();
  });
  return close;
}
