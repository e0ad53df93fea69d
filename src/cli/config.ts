import { loadConfig } from '../config.ts';
import { CONFIG_OPTIONS, type Command, configDirectory, DEFAULT_CONFIG, readArgs, UsageError } from './command.ts';

export const configCommand: Command = {
  name: 'config',
  summary: 'check a configuration folder',
  help: `orchestrator config check [--config DIR] [--json]

Reads every file as the start would and says what is wrong: file, key and what was expected.
Exit code 0: usable; 2: not.`,

  async run(args) {
    const { values, positionals } = readArgs(args, { ...CONFIG_OPTIONS, json: { type: 'boolean', default: false } }, true);
    if (positionals[0] !== 'check' || positionals.length > 1) throw new UsageError("expected 'orchestrator config check'");
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
