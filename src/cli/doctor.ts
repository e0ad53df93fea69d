import { access, constants } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { engineFolder, modelFolder } from '../compose-embedded.ts';
import { loadConfig } from '../config.ts';
import { findEngine } from '../models/engine-package.ts';
import { modelReport } from '../models/report.ts';
import { ollamaUrl } from '../providers-default.ts';
import { coloursFor } from './colour.ts';
import { CONFIG_OPTIONS, type Command, configDirectory, DEFAULT_CONFIG, gatewayUrl, JSON_OPTION, readArgs, stateDirectory } from './command.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

const OPTIONS = { ...CONFIG_OPTIONS, ...JSON_OPTION } as const;

export const doctor: Command = {
  name: 'doctor',
  summary: 'check what the gateway needs and say what is missing',
  options: OPTIONS,
  completes: { config: 'folder' },
  help: `orchestrator doctor [--config DIR] [--json]

  orchestrator doctor
  orchestrator doctor --json | jq '.[] | select(.ok | not)'

Looks at Node, the configuration, the state folder, Ollama, the embedded engine and its models, and a running gateway.
Exit code 0: ready to answer; 1: something is missing.`,

  async run(args) {
    const { values } = readArgs(args, OPTIONS);
    const config = await loadConfig({ directory: configDirectory(values.config), defaultsDirectory: DEFAULT_CONFIG, env: process.env });
    const state = stateDirectory(config.state.directory);
    const basics: Check[] = [
      { name: 'node', ok: true, detail: process.version },
      { name: 'configuration', ok: true, detail: configDirectory(values.config) },
      await checkState(state),
    ];
    const engine = checkEngine(engineFolder(state));
    const answering: Check[] = [
      await checkUrl('gateway', `${gatewayUrl(undefined)}/readyz`),
      await checkUrl('ollama', `${ollamaUrl(process.env['OLLAMA_HOST'])}/api/version`),
      engine,
      ...(await checkModels(modelFolder(state, process.env))),
    ];
    const checks = [...basics, ...answering];
    const { good, bad } = coloursFor(process.stdout);
    const text = checks.map(({ name, ok, detail }) => `${ok ? good('ok     ') : bad('missing')}  ${name.padEnd(14)} ${detail}`).join('\n');
    process.stdout.write(values.json ? `${JSON.stringify(checks)}\n` : `${text}\n`);
    // The models answer only inside the engine; an Ollama or a gateway answers by itself.
    const embedded = engine.ok && answering.slice(3).some(({ ok }) => ok);
    return basics.every(({ ok }) => ok) && (embedded || answering.slice(0, 2).some(({ ok }) => ok)) ? 0 : 1;
  },
};

/** Whether the llama.cpp binding is there: beside the program, or in the folder where it is installed when first needed. */
function checkEngine(folder: string): Check {
  const path = findEngine(import.meta.url) ?? findEngine(join(folder, 'package.json'));
  if (path !== undefined) return { name: 'engine', ok: true, detail: dirname(path) };
  return { name: 'engine', ok: false, detail: 'not installed; a start without an Ollama installs it (node-llama-cpp, 80 MB)' };
}

/** The built-in models: which file is there and which source it came from, or what was tried. */
async function checkModels(folder: string): Promise<Check[]> {
  return (await modelReport(folder)).map(({ name, file, source, tried }) => ({
    name,
    ok: file !== undefined,
    detail:
      file !== undefined
        ? `${file}${source === undefined ? '' : ` from ${source}`}`
        : tried.map((attempt) => `${attempt.source}: ${attempt.problem}`).join('; ') || `not in ${folder} yet; the first start fetches it`,
  }));
}

/** Looks, and makes nothing: a folder that is not there yet is fine when it can be made. */
async function checkState(directory: string): Promise<Check> {
  try {
    let folder = directory;
    while (!(await exists(folder)) && dirname(folder) !== folder) folder = dirname(folder);
    await access(folder, constants.W_OK);
    return { name: 'state', ok: true, detail: directory };
  } catch (error) {
    return { name: 'state', ok: false, detail: `${directory} cannot be written (${(error as NodeJS.ErrnoException).code})` };
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function checkUrl(name: string, url: string): Promise<Check> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return { name, ok: response.ok, detail: response.ok ? url : `${url} answered ${response.status}` };
  } catch {
    return { name, ok: false, detail: `nothing answers at ${url}` };
  }
}
