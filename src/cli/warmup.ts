import { createClient } from './client.ts';
import { type Command, readArgs, URL_HELP, URL_OPTIONS, UsageError } from './command.ts';
import { formatSeconds, stepBar } from './progress.ts';

export const warmup: Command = {
  name: 'warmup',
  summary: 'load models into memory before they are needed, or unload them',
  help: `orchestrator warmup MODEL... [--keep SECONDS] [--unload] [--url URL] [--key KEY]

  --keep S   keep them in memory that long after the last use (default: as the backend does); -1 for ever
  --unload   take them out of memory instead
${URL_HELP}

Models that are always to be loaded at start stand under warmup: in gateway.yaml.
Exit code 1: a model could not be loaded.`,

  async run(args) {
    const { values, positionals } = readArgs(args, { ...URL_OPTIONS, keep: { type: 'string' }, unload: { type: 'boolean', default: false } }, true);
    if (positionals.length === 0) throw new UsageError('which models? orchestrator warmup MODEL...');
    const keep = values.unload ? 0 : values.keep === undefined ? undefined : Number(values.keep);
    if (keep !== undefined && !Number.isFinite(keep)) throw new UsageError(`--keep: expected seconds, got '${values.keep}'`);
    const client = createClient(values);
    const bar = stepBar(process.stderr, positionals.length);
    let failed = 0;
    for (const [index, model] of positionals.entries()) {
      bar(index, `${values.unload ? 'unloading' : 'loading'} ${model}`);
      const startedAt = performance.now();
      try {
        await client.json('POST', '/api/generate', { model, stream: false, ...(keep !== undefined && { keep_alive: keep }) });
        bar(index + 1, `${model} ${values.unload ? 'unloaded' : 'loaded'} in ${formatSeconds((performance.now() - startedAt) / 1000)}`);
      } catch (error) {
        failed += 1;
        process.stderr.write(`${process.stderr.isTTY ? '\n' : ''}${model}: ${(error as Error).message}\n`);
      }
    }
    return failed === 0 ? 0 : 1;
  },
};
