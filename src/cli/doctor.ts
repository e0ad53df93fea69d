import { access, constants, mkdir } from 'node:fs/promises';
import { loadConfig } from '../config.ts';
import { ollamaUrl } from '../providers-default.ts';
import { CONFIG_OPTIONS, type Command, configDirectory, DEFAULT_CONFIG, gatewayUrl, readArgs, stateDirectory } from './command.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'check what the gateway needs and say what is missing',
  help: `orchestrator doctor [--config DIR] [--json]

Looks at Node, the configuration, the state folder, Ollama, the embedded engine and its models, and a running gateway.
Exit code 0: ready to answer; 1: something is missing.`,

  async run(args) {
    const { values } = readArgs(args, { ...CONFIG_OPTIONS, json: { type: 'boolean', default: false } });
    const config = await loadConfig({ directory: configDirectory(values.config), defaultsDirectory: DEFAULT_CONFIG, env: process.env });
    const state = stateDirectory(config.state.directory);
    const checks: Check[] = [
      { name: 'node', ok: true, detail: process.version },
      { name: 'configuration', ok: true, detail: configDirectory(values.config) },
      await checkState(state),
      await checkUrl('ollama', `${ollamaUrl(process.env['OLLAMA_HOST'])}/api/version`),
      await checkUrl('gateway', `${gatewayUrl(undefined)}/readyz`),
    ];
    const text = checks.map(({ name, ok, detail }) => `${ok ? 'ok     ' : 'missing'}  ${name.padEnd(14)} ${detail}`).join('\n');
    process.stdout.write(values.json ? `${JSON.stringify(checks)}\n` : `${text}\n`);
    return checks.slice(0, 3).every(({ ok }) => ok) && checks.slice(3, 5).some(({ ok }) => ok) ? 0 : 1;
  },
};

async function checkState(directory: string): Promise<Check> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await access(directory, constants.W_OK);
    return { name: 'state', ok: true, detail: directory };
  } catch (error) {
    return { name: 'state', ok: false, detail: `${directory} cannot be written (${(error as NodeJS.ErrnoException).code})` };
  }
}

async function checkUrl(name: string, url: string): Promise<Check> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return { name, ok: response.ok, detail: response.ok ? url : `${url} answered ${response.status}` };
  } catch {
    return { name, ok: false, detail: `nothing answers at ${url}` };
  }
}
