import type { ModelFacts, ModelPreferences, ModelRef } from '../core/model.ts';
import { formatRef } from '../core/model.ts';

/** What a person may set for a model, in the words of config/models.yaml. */
export interface ModelSettings {
  readonly name: string;
  readonly optimal_for?: readonly string[] | undefined;
  readonly benchmarks?: Readonly<Record<string, number>> | undefined;
  readonly vram_required?: number | undefined;
  readonly priority?: number | undefined;
  readonly enabled?: boolean | undefined;
  readonly weak_at?: readonly string[] | undefined;
  readonly complement?: string | undefined;
}

const untagged = (name: string): string => name.replace(/:latest$/, '');

/** Whether a name that a person wrote means this model: 'provider/model', 'model', with or without ':latest', in any case. */
export function namesModel(written: string, ref: ModelRef): boolean {
  const wanted = untagged(written).toLowerCase();
  return wanted === untagged(ref.model).toLowerCase() || wanted === untagged(formatRef(ref)).toLowerCase();
}

/**
 * The settings of one model: later entries win over earlier ones, field by field, so that an edit made while running lies
 * over the file. `derived` fills what nobody set.
 */
export function preferencesOf(
  ref: ModelRef,
  facts: ModelFacts,
  entries: readonly ModelSettings[],
  derived: (facts: ModelFacts) => readonly string[],
): ModelPreferences {
  const own = entries.filter((entry) => namesModel(entry.name, ref));
  const last = <K extends keyof ModelSettings>(key: K): ModelSettings[K] | undefined => own.findLast((entry) => entry[key] !== undefined)?.[key];
  const vram = last('vram_required');
  const complement = last('complement');
  return {
    optimalFor: last('optimal_for') ?? derived(facts),
    benchmarks: Object.assign({}, ...own.map((entry) => entry.benchmarks ?? {})) as Record<string, number>,
    priority: last('priority') ?? 5,
    enabled: last('enabled') ?? true,
    weakAt: last('weak_at') ?? [],
    ...(vram !== undefined && { vramRequiredGb: vram }),
    ...(complement !== undefined && { complement }),
  };
}
