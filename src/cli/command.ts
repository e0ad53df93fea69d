import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  /** Gives the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** The command was called wrongly; the message says what was wrong and what to do. */
export class UsageError extends Error {}

/** Arguments by node's own parser; its complaints become usage errors. */
export function readArgs<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T, allowPositionals = false) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]?.replace(/\. To specify.*$/, '.') ?? 'wrong arguments');
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

export const gatewayUrl = (flag: string | undefined): string =>
  (flag ?? process.env['ORCHESTRATOR_URL'] ?? `http://127.0.0.1:${process.env['ORCHESTRATOR_PORT'] ?? 11_435}`).replace(/\/+$/, '');

export const URL_HELP = `  --url URL   the gateway to talk to (default http://127.0.0.1:11435, or ORCHESTRATOR_URL)
  --key KEY   its key, where it wants one (or ORCHESTRATOR_KEY)`;
