import pino from 'pino';
import type { Services } from '../compose.ts';
import { type Config, loadConfig } from '../config.ts';
import { coloursFor } from './colour.ts';
import { CONFIG_OPTIONS, type Command, configDirectory, DEFAULT_CONFIG, readArgs, stateDirectory, UsageError } from './command.ts';
import { downloadBar } from './progress.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

const OPTIONS = { ...CONFIG_OPTIONS, host: { type: 'string' }, port: { type: 'string' }, log: { type: 'string', default: 'info' } } as const;

export const start: Command = {
  name: 'start',
  summary: 'start the gateway',
  options: OPTIONS,
  completes: { config: 'folder', log: LEVELS },
  help: `orchestrator start [--host H] [--port N] [--config DIR] [--log LEVEL]

  --host H      address to listen on (default 127.0.0.1, or ORCHESTRATOR_HOST)
  --port N      port to listen on (default 11435, or ORCHESTRATOR_PORT); 0 takes a free one
  --config DIR  configuration folder (default: the one that comes with the program, or ORCHESTRATOR_CONFIG)
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
    const port = toPort(values.port ?? process.env['ORCHESTRATOR_PORT']) ?? config.server.port;
    if (!LEVELS.includes(values.log)) throw new UsageError(`--log: expected one of ${LEVELS.join(', ')}, got '${values.log}'`);
    // The whole gateway is loaded by the one command that runs it.
    const { closeOnSignals, createLog, serve } = await import('../server.ts');
    const log = createLog(values.log, pino.destination({ dest: config.state.log_file ?? 1, sync: false, minLength: 4_096 }));
    const flush = setInterval(() => log.flush(), 500);
    flush.unref();
    const running = await serve({
      config,
      loadConfig: read,
      host,
      port,
      stateDirectory: stateDirectory(config.state.directory),
      log,
      env: process.env,
      progress: downloadBar(process.stderr),
    });
    closeOnSignals(running);
    process.on('SIGHUP', () => {
      running.services.live.reload().catch((error: Error) => log.error({ reason: error.message }, 'the configuration was not taken up; the old one stays'));
    });
    await Promise.race([running.services.discovered, new Promise((resolve) => setTimeout(resolve, 1_500).unref())]);
    process.stderr.write(`${banner(running.address, running.services)}\n`);
    return 0;
  },
};

function toPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError(`--port: expected a number from 0 to 65535, got '${text}'`);
  return port;
}

/** One block a person reads once: where, what was found, how to ask. */
function banner(address: string, services: Services): string {
  const url = address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//127.0.0.1:');
  const providers = services.fleet.providers().map(({ name, reachable, models }) => `${name} (${reachable ? `${models} models` : 'not reachable yet'})`);
  const models = [...new Set(services.fleet.profiles().map(({ ref }) => ref.model))];
  const { bold } = coloursFor(process.stderr);
  return `
${bold('Multi-AI Orchestrator')} listens on ${bold(address)}
  providers  ${providers.join(', ') || 'none'}
  models     ${models.slice(0, 12).join(', ') || 'none yet'}${models.length > 12 ? ` and ${models.length - 12} more` : ''}
  look       ${url}/ui

  curl ${url}/v1/chat/completions -d '{"model":"auto","messages":[{"role":"user","content":"Why is the sky blue?"}]}'
  curl ${url}/api/chat -d '{"model":"auto","messages":[{"role":"user","content":"안녕하세요를 영어로?"}]}'
  curl ${url}/orchestrator/route -d '{"prompt":"Write a binary search in Go"}'
`;
}
