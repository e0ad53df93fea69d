import { createClient } from './client.ts';
import { type Command, JSON_OPTION, readArgs, URL_HELP, URL_OPTIONS, UsageError } from './command.ts';
import { formatSeconds, stepBar } from './progress.ts';

const OPTIONS = { ...URL_OPTIONS, ...JSON_OPTION, keep: { type: 'string' }, unload: { type: 'boolean', default: false } } as const;

export const warmup: Command = {
  name: 'warmup',
  summary: 'load models into memory before they are needed, or unload them',
  options: OPTIONS,
  completes: { '': 'model' },
  help: `orchestrator warmup MODEL... [--keep SECONDS] [--unload] [--json] [--url URL] [--key KEY]

  --keep S   keep them in memory that long after the last use (default: as the backend does); -1 for ever
  --unload   take them out of memory instead
  --json     print what became of each as JSON
${URL_HELP}

  orchestrator warmup qwen3:8b llama3.1:8b --keep 3600

Models that are always to be loaded at start stand under warmup: in gateway.yaml.
Exit code 1: a model could not be loaded.`,

  async run(args) {
    const { values, positionals } = readArgs(args, OPTIONS, true);
    if (positionals.length === 0) throw new UsageError('which models? orchestrator warmup MODEL...');
    const keep = values.unload ? 0 : values.keep === undefined ? undefined : Number(values.keep);
    if (keep !== undefined && !Number.isFinite(keep)) throw new UsageError(`--keep: expected seconds, got '${values.keep}'`);
    const client = createClient(values);
    const bar = stepBar(process.stderr, positionals.length);
    const done: { model: string; ok: boolean; seconds: number; error?: string }[] = [];
    for (const [index, model] of positionals.entries()) {
      bar(index, `${values.unload ? 'unloading' : 'loading'} ${model}`);
      const startedAt = performance.now();
      const seconds = (): number => Math.round(performance.now() - startedAt) / 1000;
      try {
        await client.json('POST', '/api/generate', { model, stream: false, ...(keep !== undefined && { keep_alive: keep }) });
        done.push({ model, ok: true, seconds: seconds() });
        bar(index + 1, `${model} ${values.unload ? 'unloaded' : 'loaded'} in ${formatSeconds(seconds())}`);
      } catch (error) {
        const { message } = error as Error;
        done.push({ model, ok: false, seconds: seconds(), error: message });
        process.stderr.write(`${process.stderr.isTTY ? '\n' : ''}${model}: ${message}\n`);
      }
    }
    if (values.json) process.stdout.write(`${JSON.stringify(done)}\n`);
    return done.every(({ ok }) => ok) ? 0 : 1;
  },
};
