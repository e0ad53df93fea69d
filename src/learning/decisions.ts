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

/** A record was made, or its request ended. */
export interface DecisionEvent {
  readonly type: 'decision' | 'finished';
  readonly record: DecisionRecord;
  /** The key that asked; known once the request ended. */
  readonly keyId?: string;
}

export interface Decisions {
  readonly observe: Observer;
  /** Takes in what happened in another process. */
  readonly absorb: (event: DecisionEvent) => void;
  /** Newest first; with `keyId` only those that this key asked for. */
  latest(limit: number, keyId?: string): readonly DecisionRecord[];
  /** `listener` is called at once for every event, and must not throw or keep the record. The result ends it. */
  subscribe(listener: (event: DecisionEvent) => void): () => void;
}

/** Decisions remembered. */
export const KEPT = 500;

/** The latest decisions and what became of them, and word of new ones. */
export function createDecisions(now: () => number): Decisions {
  const entries = new Map<string, { readonly record: DecisionRecord; keyId?: string }>();
  const listeners = new Set<(event: DecisionEvent) => void>();
  const tell = (event: DecisionEvent): void => {
    for (const listener of listeners) listener(event);
  };

  const keep = (id: string, entry: { readonly record: DecisionRecord; keyId?: string }): void => {
    entries.set(id, entry);
    if (entries.size > KEPT) entries.delete(entries.keys().next().value as string);
  };

  const add = ({ requestId, plan, decisionMs }: Extract<Observation, { type: 'planned' }>): void => {
    const { strategy } = plan;
    const target = strategy.kind === 'single' ? strategy.target : plan.candidates[0]?.ref;
    const record: DecisionRecord = {
      id: requestId,
      at: Math.floor(now()),
      task: plan.decision.task,
      confidence: plan.decision.confidence,
      strategy: strategy.kind === 'ensemble' ? `ensemble:${strategy.combine}` : strategy.kind,
      model: target === undefined ? null : formatRef(target),
      pinned: plan.pinned,
      reason: plan.reason,
      decisionMs: Math.round(decisionMs * 1000) / 1000,
    };
    keep(requestId, { record });
    tell({ type: 'decision', record });
  };

  return {
    observe(item) {
      if (item.type === 'planned') return add(item);
      const entry = entries.get(item.requestId);
      if (entry === undefined) return;
      const { record } = entry;
      if (item.type === 'cache') record.cache = item.outcome;
      if (item.type !== 'finished') return;
      record.outcome = item.outcome;
      record.durationMs = Math.round(item.durationMs);
      if (item.target !== undefined) record.served = formatRef(item.target);
      if (item.keyId !== undefined) entry.keyId = item.keyId;
      tell({ type: 'finished', record, ...(item.keyId !== undefined && { keyId: item.keyId }) });
    },
    absorb(event) {
      const { record, keyId } = event;
      keep(record.id, { record, ...(keyId !== undefined && { keyId }) });
      tell(event);
    },
    latest: (limit, keyId) =>
      [...entries.values()]
        .filter((entry) => keyId === undefined || entry.keyId === keyId)
        .reverse()
        .slice(0, limit)
        .map(({ record }) => record),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
