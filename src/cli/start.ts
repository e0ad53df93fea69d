import pino from 'pino';
import type { Services } from '../compose.ts';
import { type Config, ConfigError, loadConfig } from '../config.ts';
import { MAX_WORKERS } from '../config-schema.ts';
import { coloursFor } from './colour.ts';
import { CONFIG_OPTIONS, type Command, configDirectory, DEFAULT_CONFIG, readArgs, stateDirectory, UsageError } from './command.ts';
import { downloadBar } from './progress.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

const OPTIONS = {
  ...CONFIG_OPTIONS,
  host: { type: 'string' },
  port: { type: 'string' },
  workers: { type: 'string' },
  log: { type: 'string', default: 'info' },
} as const;

export const start: Command = {
  name: 'start',
  summary: 'start the gateway',
  options: OPTIONS,
  completes: { config: 'folder', log: LEVELS },
  help: `orchestrator start [--host H] [--port N] [--config DIR] [--workers N] [--log LEVEL]

  --host H      address to listen on (default 127.0.0.1, or ORCHESTRATOR_HOST)
  --port N      port to listen on (default 11435, or ORCHESTRATOR_PORT); 0 takes a free one
  --config DIR  configuration folder (default: the one that comes with the program, or ORCHESTRATOR_CONFIG)
  --workers N   processes that answer requests, for a host with several processors (default 1, or ORCHESTRATOR_WORKERS)
  --log LEVEL   debug, info, warn, error or silent (default info)

  orchestrator start
  orchestrator start --host 0.0.0.0 --port 8080 --config ./config      (needs a key; see orchestrator keys --help)

State (learned data, keys, downloaded models) is kept in ORCHESTRATOR_STATE, default ~/.multi-ai-orchestrator.
SIGHUP reads the configuration anew: providers, rules, models, benchmarks, workflows and prompts; a bad file changes nothing.
Ends on Ctrl-C or SIGTERM once open answers are finished. Exit code 2: wrong configuration or port taken.`,

  async run(args) {
    const { values } = readArgs(args, OPTIONS);
    const read = (): Promise<Config> => loadConfig({ directory: configDirectory(values.config), defaultsDirectory: DEFAULT_CONFIG, env: process.env });
    const config = await read();
    const host = values.host ?? process.env['ORCHESTRATOR_HOST'] ?? config.server.host;
    const port = toCount('--port', values.port ?? process.env['ORCHESTRATOR_PORT'], 0, 65_535) ?? config.server.port;
    if (!LEVELS.includes(values.log)) throw new UsageError(`--log: expected one of ${LEVELS.join(', ')}, got '${values.log}'`);
    // The whole gateway is loaded by the one command that runs it.
    const [{ closeOnSignals, createLog, serve }, { followPrimary, joinWorkers, startWorkers }] = await Promise.all([
      import('../server.ts'),
      import('./start-workers.ts'),
    ]);
    const size = toCount('--workers', values.workers ?? process.env['ORCHESTRATOR_WORKERS'], 1, MAX_WORKERS) ?? config.server.workers;
    // Several processes write to one pipe, which keeps no more than this together.
    const log = createLog(
      values.log,
      pino.destination({ dest: config.state.log_file ?? 1, sync: false, minLength: 4_095, ...(size > 1 && { maxWrite: 4_096 }) }),
    );
    const flush = setInterval(() => log.flush(), 500);
    flush.unref();
    const directory = stateDirectory(config.state.directory);
    const joining = joinWorkers();
    if (size > 1 && joining === undefined) {
      await startWorkers({ config, size, directory, log });
      return 0;
    }
    const member = await joining;
    const running = await serve({
      config,
      loadConfig: read,
      host,
      port,
      stateDirectory: directory,
      log,
      env: process.env,
      progress: downloadBar(process.stderr),
      ...(member !== undefined && { cluster: member }),
    }).catch(async (error: unknown) => {
      if (member === undefined || !(error instanceof ConfigError)) throw error;
      // Said once, by the primary.
      await member.refuse(error.message);
      process.exit(2);
    });
    const { services } = running;
    const reload = (): void =>
      void services.live.reload().catch((error: Error) => log.error({ reason: error.message }, 'the configuration was not taken up; the old one stays'));
    if (member === undefined) {
      closeOnSignals(running);
      process.on('SIGHUP', reload);
    } else {
      const close = closeOnSignals(running, { skip: ['SIGINT'], leave: async () => member.leave(await services.metrics.snapshot()) });
      followPrimary(member, running, close, reload);
      await member.ready();
      if (!member.lead || member.replaced) return 0;
    }
    await Promise.race([services.discovered, new Promise((resolve) => setTimeout(resolve, 1_500).unref())]);
    process.stderr.write(`${banner(running.address, services)}\n`);
    return 0;
  },
};

function toCount(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < least || count > most) throw new UsageError(`${name}: expected a number from ${least} to ${most}, got '${text}'`);
  return count;
}

/** One block a person reads once: where, what was found, how to ask. */
function banner(address: string, services: Services): string {
  const url = address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//127.0.0.1:');
  const providers = services.fleet.providers().map(({ name, reachable, models }) => `${name} (${reachable ? `${models} models` : 'not reachable yet'})`);
  const models = [...new Set(services.fleet.profiles().map(({ ref }) => ref.model))];
  const { bold } = coloursFor(process.stderr);
  return `
${bold('Multi-AI Orchestrator')} listens on ${bold(address)}${services.cluster.size > 1 ? `\n  workers    ${services.cluster.size}` : ''}
  providers  ${providers.join(', ') || 'none'}
  models     ${models.slice(0, 12).join(', ') || 'none yet'}${models.length > 12 ? ` and ${models.length - 12} more` : ''}
  look       ${url}/ui

  curl ${url}/v1/chat/completions -d '{"model":"auto","messages":[{"role":"user","content":"Why is the sky blue?"}]}'
  curl ${url}/api/chat -d '{"model":"auto","messages":[{"role":"user","content":"안녕하세요를 영어로?"}]}'
  curl ${url}/orchestrator/route -d '{"prompt":"Write a binary search in Go"}'
`;
}
