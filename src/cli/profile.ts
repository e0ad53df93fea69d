import { createClient, type GatewayClient } from './client.ts';
import { coloursFor } from './colour.ts';
import { type Command, CommandError, JSON_OPTION, readArgs, URL_HELP, URL_OPTIONS, UsageError } from './command.ts';
import { stepBar } from './progress.ts';
import { formatTable, terminalColumns } from './table.ts';

interface Profile {
  name: string;
  provider: string;
  optimal_for: string[];
  priority: number;
  enabled: boolean;
  capabilities: string[];
  context_window: number;
  parameters: number | null;
  quantization: string | null;
  size_bytes: number | null;
  loaded: boolean;
  healthy: boolean;
  measured: { tokens_per_second: number | null; time_to_first_token_ms: number | null; load_ms: number | null; failure_rate: number | null };
  quality: Record<string, number | null>;
}

interface Measured {
  model: string;
  provider: string;
  failures: number;
  rounds: number;
  error?: string;
}

const OPTIONS = {
  ...URL_OPTIONS,
  ...JSON_OPTION,
  refresh: { type: 'boolean', default: false },
  probe: { type: 'boolean', default: false },
} as const;

export const profile: Command = {
  name: 'profile',
  summary: 'show what is known of every model, and measure it',
  options: OPTIONS,
  completes: { '': 'model' },
  help: `orchestrator profile [MODEL...] [--refresh] [--probe] [--json] [--url URL] [--key KEY]

  --refresh  look at every provider first
  --probe    measure speed, waiting and load time with a few short questions; only while the provider has nothing else to do
  --json     print JSON
${URL_HELP}

  orchestrator profile
  orchestrator profile qwen3:8b --probe

Quality is 0 to 100: published figures or a guess by size at first, then what was learned here.
Exit code 1: a model could not be measured.`,

  async run(args) {
    const { values, positionals } = readArgs(args, OPTIONS, true);
    const client = createClient(values);
    if (values.refresh) await client.json('POST', '/orchestrator/profiles/refresh', {});
    const names = new Set(positionals.map((name) => name.toLowerCase()));
    const wanted = async (): Promise<Profile[]> => {
      const { profiles } = await client.json<{ profiles: Profile[] }>('GET', '/orchestrator/profiles');
      const found = profiles.filter(
        ({ name, provider }) => names.size === 0 || names.has(name.toLowerCase()) || names.has(`${provider}/${name}`.toLowerCase()),
      );
      if (found.length === 0)
        throw names.size === 0 ? new CommandError('the gateway has no models yet') : new UsageError(`the gateway has no model named ${positionals.join(', ')}`);
      return found;
    };
    const problems = values.probe ? await measure(client, await wanted()) : [];
    const profiles = await wanted();
    process.stdout.write(`${values.json ? JSON.stringify({ profiles, problems }, null, 2) : describe(profiles)}\n`);
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};

/** Measures one model after the other; gives what went wrong, in words. */
async function measure(client: GatewayClient, profiles: readonly Profile[]): Promise<string[]> {
  const models = [...new Set(profiles.filter(({ capabilities, enabled }) => enabled && capabilities.includes('completion')).map(({ name }) => name))];
  const bar = stepBar(process.stderr, models.length);
  const problems: string[] = [];
  for (const [index, model] of models.entries()) {
    bar(index, `measuring ${model}`);
    try {
      const { results } = await client.json<{ results: Measured[] }>('POST', `/orchestrator/profiles/${encodeURIComponent(model)}/probe`, {});
      for (const { provider, failures, rounds, error } of results) {
        if (failures > 0) problems.push(`${provider}/${model}: ${failures} of ${rounds} questions failed${error === undefined ? '' : `: ${error}`}`);
      }
    } catch (error) {
      problems.push(`${model}: ${(error as Error).message}`);
    }
  }
  bar(models.length, 'measured');
  return problems;
}

const billions = (parameters: number | null): string =>
  parameters === null ? '-' : parameters >= 1e9 ? `${(parameters / 1e9).toFixed(1)}B` : `${Math.round(parameters / 1e6)}M`;
const number = (value: number | null | undefined, unit = ''): string => (value === null || value === undefined ? '-' : `${Math.round(value * 10) / 10}${unit}`);

function describe(profiles: readonly Profile[]): string {
  const tasks = [...new Set(profiles.flatMap(({ quality }) => Object.keys(quality)))].filter((task) => task !== '*');
  const rows = profiles.map((item) => [
    item.name,
    item.provider,
    item.enabled ? (item.healthy ? (item.loaded ? 'loaded' : 'ready') : 'away') : 'off',
    billions(item.parameters),
    item.quantization ?? '-',
    String(item.context_window),
    number(item.measured.tokens_per_second),
    number(item.measured.time_to_first_token_ms, ' ms'),
    ...tasks.map((task) => number(item.quality[task] ?? item.quality['*'])),
    item.optimal_for.join(' '),
  ]);
  return formatTable(['model', 'provider', 'state', 'size', 'quant', 'window', 'tok/s', 'first', ...tasks, 'made for'], rows, {
    columns: terminalColumns(),
    optional: ['made for', 'quant', 'window', 'first', 'size', 'provider', ...tasks.toReversed()],
    heading: coloursFor(process.stdout).bold,
  });
}
