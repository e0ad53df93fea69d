import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { distanceBetween } from '../core/nearest.ts';

/** What a shell can offer after an option or as an argument. */
export type Completes = 'file' | 'folder' | 'model' | readonly string[];

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  /** Every option it takes, for the parser and for completion. */
  readonly options: ParseArgsOptionsConfig;
  /** What its options and its arguments (under '') may be; nothing where any text will do. */
  readonly completes?: Readonly<Record<string, Completes>>;
  /** Gives the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** Every exit code there is. A shell's own come on top: 130 after Ctrl-C. */
export const EXIT_CODES = {
  0: 'done',
  1: 'it failed, or a part of it did',
  2: 'it was called or configured wrongly',
  3: 'no gateway answers',
} as const;

/** Ends a command with a message in words instead of a stack. */
export class CommandError extends Error {
  readonly exitCode: keyof typeof EXIT_CODES;
  constructor(message: string, exitCode: keyof typeof EXIT_CODES = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The command was called wrongly; the message says what was wrong and what to do. */
export class UsageError extends CommandError {
  constructor(message: string) {
    super(message, 2);
  }
}

/** ` Did you mean 'x'?`, or nothing where no name is near. */
export function suggestion(written: string, names: readonly string[]): string {
  const [best] = names.map((name) => ({ name, distance: distanceBetween(written, name) })).sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(1, written.length / 3) ? ` Did you mean '${best.name}'?` : '';
}

/** Arguments by node's own parser; its complaints become usage errors. */
export function readArgs<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T, allowPositionals = false) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals, strict: true });
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(-[^']*)'/.exec(message)?.[1] : undefined;
    if (unknown !== undefined) {
      const names = [...Object.keys(options), 'help'].map((name) => `--${name}`);
      throw new UsageError(`there is no option '${unknown}'.${suggestion(unknown, names)}`);
    }
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') throw new UsageError(`what is ${/'[^']*'/.exec(message)?.[0] ?? 'that'}? It takes options only.`);
    throw new UsageError(message.split('\n')[0] ?? 'wrong arguments');
  }
}

export const DEFAULT_CONFIG = fileURLToPath(new URL('../../config', import.meta.url));

/** Options that every command which needs the configuration takes. */
export const CONFIG_OPTIONS = { config: { type: 'string' } } as const;

export const configDirectory = (flag: string | undefined): string => resolve(flag ?? process.env['ORCHESTRATOR_CONFIG'] ?? DEFAULT_CONFIG);

/** Where learned state, models and keys are kept. */
export const stateDirectory = (configured: string | undefined): string =>
  resolve(process.env['ORCHESTRATOR_STATE'] ?? configured ?? join(homedir(), '.multi-ai-orchestrator'));

/** The gateway a command talks to. */
export const URL_OPTIONS = { url: { type: 'string' }, key: { type: 'string' } } as const;

export const JSON_OPTION = { json: { type: 'boolean', default: false } } as const;

export const gatewayUrl = (flag: string | undefined): string =>
  (flag ?? process.env['ORCHESTRATOR_URL'] ?? `http://127.0.0.1:${process.env['ORCHESTRATOR_PORT'] ?? 11_435}`).replace(/\/+$/, '');

export const URL_HELP = `  --url URL   the gateway to talk to (default http://127.0.0.1:11435, or ORCHESTRATOR_URL)
  --key KEY   its key, where it wants one (or ORCHESTRATOR_KEY)`;
