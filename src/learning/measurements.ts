import { type Estimate, formatRef, type ModelRef, type ModelStats } from '../core/model.ts';
import type { Observation, Observer } from '../core/observation.ts';

/** Share of a new observation in a running mean once it is settled: the last twenty or so calls count. */
const PACE = 0.05;
/** Fewer output tokens than this tell nothing about speed. */
const MIN_TOKENS = 4;

export type Measured = Pick<ModelStats, 'timeToFirstTokenMs' | 'outputTokensPerSecond' | 'loadMs' | 'failureRate'>;

/** A mean that follows: exact for the first calls, then forgetting. */
export function follow(estimate: Estimate | undefined, value: number): Estimate {
  if (estimate === undefined) return { mean: value, weight: 1 };
  const share = Math.max(PACE, 1 / (estimate.weight + 1));
  return { mean: estimate.mean + (value - estimate.mean) * share, weight: Math.min(1 / PACE, estimate.weight + 1) };
}

/** Speed, waiting time, load time and failures of every model, from live calls. */
export function createMeasurements(): {
  observe: Observer;
  of(ref: ModelRef): Measured;
  snapshot(): Record<string, Measured>;
  restore(measured: Readonly<Record<string, Measured>>): void;
} {
  const models = new Map<string, Measured>();

  const onCall = (item: Extract<Observation, { type: 'call' }>): void => {
    // What the client did, or wanted wrongly, tells nothing about the model.
    if (item.outcome === 'client-closed' || item.outcome === 'invalid-request' || item.outcome === 'context-too-long') return;
    const key = formatRef(item.target);
    const before = models.get(key) ?? {};
    const failed = item.outcome === 'ok' ? 0 : 1;
    const { outputTokens } = item.usage;
    const first = item.timeToFirstTokenMs;
    const writingMs = first === undefined ? 0 : item.durationMs - first;
    const loaded = item.loadMs !== undefined && item.loadMs > 100;
    models.set(key, {
      ...before,
      failureRate: follow(before.failureRate, failed),
      ...(failed === 0 && first !== undefined && !loaded && { timeToFirstTokenMs: follow(before.timeToFirstTokenMs, first) }),
      ...(failed === 0 &&
        outputTokens !== undefined &&
        outputTokens >= MIN_TOKENS &&
        writingMs > 1 && { outputTokensPerSecond: follow(before.outputTokensPerSecond, (outputTokens - 1) / (writingMs / 1000)) }),
      ...(loaded && item.loadMs !== undefined && { loadMs: follow(before.loadMs, item.loadMs) }),
    });
  };

  return {
    observe: (item) => {
      if (item.type === 'call') onCall(item);
    },
    of: (ref) => models.get(formatRef(ref)) ?? {},
    snapshot: () => Object.fromEntries(models),
    restore: (measured) => {
      for (const [key, value] of Object.entries(measured)) if (!models.has(key)) models.set(key, value);
    },
  };
}
