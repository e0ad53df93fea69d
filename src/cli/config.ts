import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../config.ts';
import { configReference, configSchemas } from '../config-reference.ts';
import { CONFIG_OPTIONS, type Command, configDirectory, DEFAULT_CONFIG, JSON_OPTION, readArgs, suggestion, UsageError } from './command.ts';

const OPTIONS = { ...CONFIG_OPTIONS, ...JSON_OPTION, out: { type: 'string' } } as const;
const ACTIONS = ['check', 'schema', 'reference'] as const;

export const configCommand: Command = {
  name: 'config',
  summary: 'check a configuration folder, or print what it may hold',
  options: OPTIONS,
  completes: { '': ACTIONS, config: 'folder', out: 'folder' },
  help: `orchestrator config check [--config DIR] [--json]
orchestrator config schema [--out DIR]
orchestrator config reference

check      reads every file as the start would and says what is wrong: file, key and what was expected
schema     prints JSON Schemas of the files for editors; with --out writes one file for each
reference  prints every setting with its default as Markdown

  orchestrator config check --config ./config

Exit code 0: usable; 2: not.`,

  async run(args) {
    const { values, positionals } = readArgs(args, OPTIONS, true);
    const [action, ...more] = positionals;
    if (more.length > 0) throw new UsageError(`what is '${more[0]}'? expected nothing after '${action}'`);
    if (action === 'schema') return printSchemas(values.out);
    if (action === 'reference') {
      process.stdout.write(configReference());
      return 0;
    }
    if (action !== 'check')
      throw new UsageError(`expected 'orchestrator config check', 'config schema' or 'config reference'.${suggestion(action ?? '', ACTIONS)}`);
    const directory = configDirectory(values.config);
    const config = await loadConfig({ directory, defaultsDirectory: DEFAULT_CONFIG, env: process.env });
    const facts = {
      directory,
      providers: config.providers?.map(({ name, type }) => `${name} (${type})`) ?? 'found at start',
      workflows: Object.keys(config.workflows),
      models: config.models.length,
    };
    process.stdout.write(values.json ? `${JSON.stringify({ ok: true, ...facts })}\n` : `${directory}: fine\n`);
    return 0;
  },
};

async function printSchemas(directory: string | undefined): Promise<number> {
  const schemas = configSchemas();
  if (directory === undefined) {
    process.stdout.write(`${JSON.stringify(schemas, null, 2)}\n`);
    return 0;
  }
  await mkdir(directory, { recursive: true });
  for (const [name, schema] of Object.entries(schemas)) await writeFile(join(directory, `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
  return 0;
}
