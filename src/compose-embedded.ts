import type { Logger } from 'pino';
import type { BuildProvider } from './compose-providers.ts';

export function composeEmbedded(_options: { log: Logger; stateDirectory: string; signal: AbortSignal }): {
  build: BuildProvider;
  missing: () => readonly string[];
} {
  return { build: () => undefined, missing: () => [] };
}
