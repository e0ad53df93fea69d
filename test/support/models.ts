import { resolve } from 'node:path';
import { ensureModels, type ReadyModel } from '../../src/models/ensure.ts';
import { createSources } from '../../src/models/sources.ts';

/** The folder that all test files share: ORCHESTRATOR_MODELS, else `.cache/models` under the repository. */
export const modelDirectory = (): string => resolve(process.env['ORCHESTRATOR_MODELS'] ?? new URL('../../.cache/models', import.meta.url).pathname);

/**
 * The real embedded models, fetched once for all test files and processes. Throws, naming what was tried, when one is missing:
 * tests with real models never pass for want of them.
 */
export async function testModels(): Promise<readonly ReadyModel[]> {
  const problems: string[] = [];
  const ready = await ensureModels({
    directory: modelDirectory(),
    sources: createSources({ environment: process.env, library: () => import('node-llama-cpp') }),
    log: { info: () => {}, warn: () => {} },
    now: Date.now,
    signal: AbortSignal.timeout(600_000),
    report: (outcome) => {
      if ('tried' in outcome) problems.push(`${outcome.name}: ${outcome.tried.map(({ source, problem }) => `${source}: ${problem}`).join('; ')}`);
    },
  });
  if (problems.length > 0) throw new Error(`models are missing. ${problems.join(' | ')}`);
  return ready;
}
