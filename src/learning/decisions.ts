import { formatRef } from '../core/model.ts';
import type { Observation, Observer } from '../core/observation.ts';

/** One request as a person looks back at it; no text of it is kept. */
export interface DecisionRecord {
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  readonly task: string;
  readonly confidence: number;
  readonly strategy: string;
  readonly model: string | null;
  readonly pinned: boolean;
  readonly reason: string;
  readonly decisionMs: number;
  cache?: string;
  served?: string;
  outcome?: string;
  durationMs?: number;
}

/** Decisions remembered. */
const KEPT = 500;

/** The latest decisions and what became of them, newest first. */
export function createDecisions(now: () => number): { observe: Observer; latest(limit: number): readonly DecisionRecord[] } {
  const records = new Map<string, DecisionRecord>();

  const add = ({ requestId, plan, decisionMs }: Extract<Observation, { type: 'planned' }>): void => {
    const { strategy } = plan;
    const target = strategy.kind === 'single' ? strategy.target : plan.candidates[0]?.ref;
    records.set(requestId, {
      id: requestId,
      at: Math.floor(now()),
      task: plan.decision.task,
      confidence: plan.decision.confidence,
      strategy: strategy.kind === 'ensemble' ? `ensemble:${strategy.combine}` : strategy.kind,
      model: target === undefined ? null : formatRef(target),
      pinned: plan.pinned,
      reason: plan.reason,
      decisionMs: Math.round(decisionMs * 1000) / 1000,
    });
    if (records.size > KEPT) records.delete(records.keys().next().value as string);
  };

  return {
    observe(item) {
      if (item.type === 'planned') return add(item);
      const record = records.get(item.requestId);
      if (record === undefined) return;
      if (item.type === 'cache') record.cache = item.outcome;
      if (item.type !== 'finished') return;
      record.outcome = item.outcome;
      record.durationMs = Math.round(item.durationMs);
      if (item.target !== undefined) record.served = formatRef(item.target);
    },
    latest: (limit) => [...records.values()].reverse().slice(0, limit),
  };
}
