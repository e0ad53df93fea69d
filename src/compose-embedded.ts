import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Cluster } from './cluster.ts';
import type { BuildProvider } from './compose-providers.ts';
import type { Provider } from './core/provider.ts';
import { createEngineLoader, engineFound } from './models/engine-package.ts';
import { ensureModels, type ReadyModel } from './models/ensure.ts';
import { createSources } from './models/sources.ts';
import type { EmbeddedModel } from './providers/llama-cpp/facts.ts';
import { createLlamaCppProvider, type LlamaCppProvider } from './providers/llama-cpp/provider.ts';
import { createRelayedProvider } from './providers/relayed/provider.ts';

/** A download on its way. */
export interface DownloadProgress {
  readonly model: string;
  readonly source: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

export interface Embedded {
  readonly build: BuildProvider;
  /** Whether models of a provider are still on their way. */
  preparing(provider: string): boolean;
  /** An engine that runs in this process. */
  provider(name: string): Provider | undefined;
  /** What could not be had, in words for a person. */
  missing(): readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the built-in models are kept. */
export const modelFolder = (stateDirectory: string, env: Environment): string => env['ORCHESTRATOR_MODELS'] ?? join(stateDirectory, 'models');

/** Where the engine is installed when the program came without it. */
export const engineFolder = (stateDirectory: string): string => join(stateDirectory, 'engine');

/** Builds embedded engines. The built-in models are fetched in the background and served one by one as they arrive. */
export function composeEmbedded(options: {
  readonly stateDirectory: string;
  readonly cluster: Cluster;
  readonly env: Environment;
  readonly log: Logger;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly progress?: (event: DownloadProgress) => void;
  /** A provider serves one model more. */
  readonly changed: (provider: string) => void;
}): Embedded {
  const { log, now, env, cluster } = options;
  const { leadSocket } = cluster;
  const library = createEngineLoader({ folder: engineFolder(options.stateDirectory), env, log });
  const built = new Map<string, Provider>();
  const problems: string[] = [];
  const pending = new Set<string>();

  const fetchBuiltIn = async (provider: LlamaCppProvider): Promise<void> => {
    pending.add(provider.name);
    try {
      // Fetched with the models, so that the first question does not wait for it; where it is there already it is loaded when it is needed.
      if (!engineFound(engineFolder(options.stateDirectory))) await library();
      await ensureModels({
        directory: modelFolder(options.stateDirectory, env),
        sources: createSources({ environment: { ...env }, library }),
        log,
        now,
        signal: options.signal,
        ...(options.progress !== undefined && { progress: options.progress }),
        report: (outcome) => {
          if ('ready' in outcome) {
            provider.add(toEmbedded(outcome.ready));
            options.changed(provider.name);
          } else {
            const tried = outcome.tried.map(({ source, problem }) => `${source}: ${problem}`).join('; ');
            problems.push(`The built-in model ${outcome.name} could not be had (${tried}).`);
          }
        },
      });
    } catch (error) {
      if (!options.signal.aborted) problems.push(`The built-in models could not be prepared: ${(error as Error).message}`);
    } finally {
      pending.delete(provider.name);
      options.changed(provider.name);
    }
  };

  const build: BuildProvider = (entry) => {
    if (entry.type !== 'llama-cpp') return undefined;
    // Models are loaded once a host, by the lead.
    if (!cluster.lead && leadSocket !== undefined) return createRelayedProvider({ name: entry.name, kind: 'llama-cpp', socket: leadSocket });
    const provider = createLlamaCppProvider({
      name: entry.name,
      library,
      models: entry.models.map((model) => (typeof model === 'string' ? { name: nameOf(model), path: model } : model)),
      log,
      now,
      limits: { contextWindow: entry.context_window, ...(entry.concurrency !== undefined && { parallel: entry.concurrency }) },
    });
    built.set(entry.name, provider);
    if (entry.models.length === 0) void fetchBuiltIn(provider);
    return provider;
  };

  return {
    build,
    preparing: (provider) => pending.has(provider),
    provider: (name) => built.get(name),
    missing: () => [...problems, ...[...pending].map((name) => `The models of '${name}' are still being prepared.`)],
  };
}

const toEmbedded = ({ source: _source, ...model }: ReadyModel): EmbeddedModel => model;

/** '/models/Qwen2.5-7B-Q4.gguf' -> 'qwen2.5-7b-q4'. */
const nameOf = (path: string): string => (path.split(/[\\/]/).at(-1) ?? path).replace(/\.gguf$/i, '').toLowerCase();
