import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { parse } from 'yaml';
import type { Cluster } from './cluster.ts';
import { type Config, ConfigError } from './config.ts';
import { type BenchmarkTable, createBenchmarkTable } from './profiles/benchmarks.ts';
import type { State } from './state/state.ts';

export interface Benchmarks {
  /** What is known now: the file's rows, with the fetched ones over them. */
  table(): BenchmarkTable;
  /** Fetches the configured source. Throws with the reason; what was known stays. */
  refresh(): Promise<{ readonly rows: number; readonly source: string }>;
  /** Takes the file of a reloaded configuration. Throws ConfigError when it cannot be used. */
  reload(config: Config): void;
}

const FETCH_MS = 30_000;
const MAX_BYTES = 8 << 20;

/** The benchmark table of config/benchmarks.yaml, and the one of `benchmark_source` once it was fetched: nothing is fetched unasked. */
export async function composeBenchmarks(options: { config: Config; state: State; cluster: Cluster; log: Logger; changed: () => void }): Promise<Benchmarks> {
  const { state, log, changed } = options;
  let config = options.config;
  let fetched: unknown = await state.kv.get('benchmarks', 'fetched');
  let table = build(config, fetched, log);

  const refresh = async (): Promise<{ rows: number; source: string }> => {
    const source = config.benchmark_source;
    if (source === undefined) throw new ConfigError('gateway.yaml: benchmark_source: no file or address is configured to refresh benchmarks from');
    const text = /^https?:\/\//.test(source) ? await fetchText(source) : await readFile(source, 'utf8');
    const raw: unknown = parse(text, { maxAliasCount: 100 });
    const { rows } = createBenchmarkTable(raw);
    if (rows === 0) throw new Error(`${source} has no rows`);
    await state.kv.set('benchmarks', 'fetched', raw);
    fetched = raw;
    table = build(config, fetched, log);
    changed();
    return { rows, source };
  };

  options.cluster.onStateChange(({ name, args }) => {
    if (name !== 'kv.set' || args[0] !== 'benchmarks') return;
    fetched = JSON.parse(args[2]);
    table = build(config, fetched, log);
    changed();
  });

  return {
    table: () => table,
    refresh,
    reload(next) {
      table = build(next, fetched, log);
      config = next;
      changed();
    },
  };
}

function build(config: Config, fetched: unknown, log: Logger): BenchmarkTable {
  const own = readBenchmarks(config.benchmarks);
  if (fetched === undefined || config.benchmark_source === undefined) return own;
  try {
    const newer = createBenchmarkTable(fetched);
    return { rows: own.rows + newer.rows, of: (model) => newer.of(model) ?? own.of(model) };
  } catch (error) {
    log.warn({ reason: (error as Error).message }, 'the fetched benchmarks cannot be used any more');
    return own;
  }
}

/** The table of benchmarks.yaml. Throws ConfigError naming the row. */
export function readBenchmarks(raw: unknown): BenchmarkTable {
  try {
    return createBenchmarkTable(raw);
  } catch (error) {
    throw new ConfigError(`benchmarks.yaml: ${(error as Error).message.replace(/^benchmarks: /, '')}`);
  }
}

async function fetchText(source: string): Promise<string> {
  const response = await fetch(source, { signal: AbortSignal.timeout(FETCH_MS), redirect: 'follow' });
  if (!response.ok || response.body === null) throw new Error(`${source} answered ${response.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new Error(`${source} is larger than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
