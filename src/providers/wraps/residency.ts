import type { LoadedModel } from '../../core/model.ts';

/** A model that answered this lately should still be in memory (Ollama keeps it for five minutes), ms. */
const LATELY_MS = 60_000;
/** How long what was seen of a provider's memory is believed, ms. */
const BELIEVED_MS = 600_000;

/** Whether a provider holds several models at once; loading one where only one fits throws the other out. */
export interface Residency {
  /** Whether its models may run side by side. */
  rule(): 'together' | 'unknown' | 'apart';
  /** A model answered. */
  answered(model: string): void;
  /** What is in memory now, as the provider tells it. */
  seen(loaded: readonly LoadedModel[]): void;
  /** Whether a model that was asked at `since` (epoch ms) had to be loaded first, and has not answered anybody since. */
  loading(model: string, since: number): boolean;
}

/** For providers that hold all they serve. */
export const ALL_RESIDENT: Residency = { rule: () => 'together', answered: () => undefined, seen: () => undefined, loading: () => false };

/** Learns from what a provider lists as loaded. `apart`: the user says that only one model fits. `now` is epoch ms. */
export function createResidency(options: { readonly apart: boolean; readonly now: () => number }): Residency {
  const { now } = options;
  const answeredAt = new Map<string, number>();
  /** Since when a model is listed as loaded. Ollama lists one from the moment it begins to load. */
  let listedAt = new Map<string, number>();
  let believed: 'together' | 'apart' | undefined;
  let since = 0;
  const believe = (what: 'together' | 'apart'): void => {
    believed = what;
    since = now();
  };
  return {
    rule() {
      if (options.apart) return 'apart';
      return believed !== undefined && now() - since < BELIEVED_MS ? believed : 'unknown';
    },
    answered(model) {
      answeredAt.set(model, now());
    },
    loading(model, since) {
      const listed = listedAt.get(model);
      return listed === undefined || (listed >= since && (answeredAt.get(model) ?? 0) < since);
    },
    seen(loaded) {
      listedAt = new Map(loaded.map(({ name }) => [name, listedAt.get(name) ?? now()]));
      if (loaded.length === 0) return;
      const names = new Set(loaded.map(({ name }) => name));
      const evicted = [...answeredAt].some(([model, at]) => !names.has(model) && now() - at < LATELY_MS);
      if (evicted) believe('apart');
      else if (names.size > 1) believe('together');
    },
  };
}
