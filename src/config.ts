import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import {
  type GatewayConfig,
  gatewaySchema,
  type ModelEntry,
  modelsSchema,
  type PerformanceConfig,
  performanceSchema,
  type RoutingConfig,
  routingSchema,
} from './config-schema.ts';

export interface NamedText {
  readonly file: string;
  readonly text: string;
}

export interface Config extends GatewayConfig {
  readonly models: readonly ModelEntry[];
  readonly routing: RoutingConfig;
  readonly performance: PerformanceConfig;
  /** YAML of each workflow, by name; checked where workflows are built. */
  readonly workflows: Readonly<Record<string, NamedText>>;
  /** Prompt texts by file name without ending. */
  readonly prompts: Readonly<Record<string, string>>;
  /** The benchmark table as parsed YAML, checked where profiles are built. */
  readonly benchmarks: unknown;
}

/** A configuration that cannot be used; the message names the file, the key and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

const ENDINGS = ['.yaml', '.yml', '.json'];

/**
 * Reads a configuration folder. Files that are missing there are taken from `defaultsDirectory`.
 * Throws ConfigError for the first value that does not fit.
 */
export async function loadConfig(options: { directory: string; defaultsDirectory: string; env: Environment }): Promise<Config> {
  const { directory, defaultsDirectory, env } = options;
  const folders = directory === defaultsDirectory ? [directory] : [directory, defaultsDirectory];
  if ((await list(directory)) === undefined) throw new ConfigError(`${directory}: there is no such configuration folder`);

  const read = async <S extends z.ZodType>(name: string, schema: S): Promise<z.infer<S>> => {
    const found = await findFile(folders, name);
    return parseConfig(found?.text ?? '', found?.file ?? name, schema, env);
  };
  const benchmarks = await findFile(folders, 'benchmarks');
  return deepFreeze({
    ...(await read('gateway', gatewaySchema)),
    models: await read('models', modelsSchema),
    routing: await read('routing', routingSchema),
    performance: await read('performance', performanceSchema),
    workflows: await readFolder(folders, 'workflows', ENDINGS),
    prompts: Object.fromEntries(Object.entries(await readFolder(folders, 'prompts', ['.md'])).map(([name, { text }]) => [name, text])),
    benchmarks: benchmarks === undefined ? undefined : parseYaml(benchmarks.text, benchmarks.file, env),
  });
}

/** Parses one file's text against its schema. An empty text means all defaults. */
export function parseConfig<S extends z.ZodType>(text: string, file: string, schema: S, env: Environment): z.infer<S> {
  const result = schema.safeParse(parseYaml(text, file, env) ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.map(String).join('.') || '(top level)';
  // A name that may not stand there says why only inside.
  const { message } = (issue?.code === 'invalid_key' && issue.issues[0]) || { message: issue?.message ?? 'invalid' };
  throw new ConfigError(`${file}: ${path}: ${message}`);
}

function parseYaml(text: string, file: string, env: Environment): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  const error = document.errors[0];
  if (error !== undefined) throw new ConfigError(`${file}: ${error.message.split('\n')[0]}`);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (problem) {
    // An alias that leads nowhere, or one that unfolds into too much.
    throw new ConfigError(`${file}: ${(problem as Error).message.split('\n')[0]}`);
  }
  return substitute(value, file, env);
}

function substitute(value: unknown, file: string, env: Environment): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g, (_, name: string, fallback: string | undefined) => {
      const found = env[name] ?? fallback;
      if (found === undefined) throw new ConfigError(`${file}: the environment variable ${name} is not set (write \${${name}:-value} for a default)`);
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((item) => substitute(item, file, env));
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, file, env)]));
  return value;
}

async function findFile(folders: readonly string[], name: string): Promise<NamedText | undefined> {
  for (const folder of folders) {
    for (const ending of ENDINGS) {
      const file = join(folder, name + ending);
      const text = await readText(file);
      if (text !== undefined) return { file, text };
    }
  }
  return undefined;
}

async function readFolder(folders: readonly string[], name: string, endings: readonly string[]): Promise<Record<string, NamedText>> {
  const found: Record<string, NamedText> = {};
  for (const folder of [...folders].reverse()) {
    for (const entry of (await list(join(folder, name))) ?? []) {
      const ending = endings.find((candidate) => entry.endsWith(candidate));
      if (ending === undefined) continue;
      const file = join(folder, name, entry);
      found[entry.slice(0, -ending.length)] = { file, text: (await readText(file)) ?? '' };
    }
  }
  return found;
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ConfigError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function list(folder: string): Promise<string[] | undefined> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ConfigError(`${folder}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}
