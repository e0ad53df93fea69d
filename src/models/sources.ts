import type { EngineLibrary } from './engine-package.ts';
import { createHuggingFaceSource } from './hugging-face.ts';
import type { ModelSource } from './model-source.ts';
import { createPythonRegistrySource } from './python-registry.ts';

/** The sources in their order. `environment` is handed to pip. */
export const createSources = (options: {
  readonly environment: NodeJS.ProcessEnv;
  readonly library: () => Promise<EngineLibrary>;
  readonly connectMs?: number;
}): readonly ModelSource[] => [
  createHuggingFaceSource({ library: options.library, connectMs: options.connectMs ?? 5_000 }),
  createPythonRegistrySource({ environment: options.environment }),
];
