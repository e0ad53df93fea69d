import type { Cluster } from './cluster.ts';
import type { Config } from './config.ts';
import type { ModelFacts, ModelPreferences, ModelRef } from './core/model.ts';
import { type Edit, settingsSchema } from './dialects/orchestrator/settings.ts';
import type { BenchmarkTable } from './profiles/benchmarks.ts';
import { type ModelSettings, preferencesOf } from './profiles/preferences.ts';
import { optimalFor } from './profiles/priors.ts';
import type { State } from './state/state.ts';

export interface Settings {
  readonly preferences: (ref: ModelRef, facts: ModelFacts) => ModelPreferences;
  /** Lays an edit over what the files say; it survives every refresh and restart. */
  edit(model: string, change: Edit): Promise<void>;
  /** Takes models.yaml of a reloaded configuration. */
  reload(config: Config): void;
}

/** config/models.yaml with the edits made while running over it. */
export async function composeSettings(options: {
  readonly config: Config;
  readonly state: State;
  readonly cluster: Cluster;
  readonly benchmarks: () => BenchmarkTable;
  readonly changed: () => void;
}): Promise<Settings> {
  const { state } = options;
  let config = options.config;
  const edits = new Map<string, Edit>();
  const load = async (): Promise<void> => {
    const stored = await state.profiles.edits();
    edits.clear();
    for (const [model, value] of stored) {
      const parsed = settingsSchema.safeParse(value);
      if (parsed.success) edits.set(model, parsed.data);
    }
  };
  await load();
  options.cluster.onStateChange(({ name, args }) => {
    const edited = (name === 'kv.set' || name === 'kv.delete') && args[0] === 'profiles.edits';
    return edited ? load().then(options.changed, () => undefined) : undefined;
  });
  const entries = (): ModelSettings[] => [
    ...config.models,
    ...[...edits].map(([name, edit]) => ({ name, ...Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== null)) })),
  ];

  return {
    preferences: (ref, facts) => preferencesOf(ref, facts, entries(), (known) => optimalFor(known, options.benchmarks())),
    async edit(model, change) {
      const merged = { ...edits.get(model), ...change };
      const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null && value !== undefined)) as Edit;
      if (Object.keys(kept).length === 0) await state.profiles.removeEdit(model);
      else await state.profiles.saveEdit(model, kept);
      edits.set(model, kept);
      options.changed();
    },
    reload(next) {
      config = next;
      options.changed();
    },
  };
}
