import { randomBytes } from 'node:crypto';
import { openMemoryEngine } from './engine/engine.ts';
import type { Call, OperationName, Operations } from './engine/operations.ts';
import { unavailable, unwrap } from './engine/outcome.ts';
import { createMemoryBlobs } from './memory-blobs.ts';
import { createRepositories } from './repositories.ts';
import { DEFAULT_LIMITS, type State, type StateLimits } from './state.ts';

/** The same store in memory, for tests and for a gateway that must leave nothing behind. Gone when closed. */
export const openMemoryState = (settings: { readonly now: () => number; readonly limits?: Partial<StateLimits> }): State => {
  const limits = { ...DEFAULT_LIMITS, ...settings.limits };
  const engine = openMemoryEngine(limits);
  let open = true;
  const call: Call = async <K extends OperationName>(name: K, ...args: Parameters<Operations[K]>) => {
    if (!open) throw unavailable();
    const [outcome] = engine.run([{ name, args: structuredClone(args) }]);
    if (outcome === undefined) throw unavailable();
    return unwrap(outcome) as ReturnType<Operations[K]>;
  };
  const createId = (): string => randomBytes(12).toString('hex');
  return {
    ...createRepositories({ call, blobs: createMemoryBlobs(), limits, now: settings.now, createId }),
    checkpoint: () => Promise.resolve(),
    close: () => {
      if (open) engine.close();
      open = false;
      return Promise.resolve();
    },
  };
};
