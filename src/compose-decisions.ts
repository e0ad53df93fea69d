import type { Cluster } from './cluster.ts';
import { createDecisions, type DecisionEvent, type Decisions, KEPT } from './learning/decisions.ts';

/** How often decisions are told to the lead, ms. */
const TELL_MS = 200;

/** The latest decisions; the lead knows those of all workers, since it answers whoever asks for them. */
export function composeDecisions(options: { readonly now: () => number; readonly cluster: Cluster }): Decisions {
  const { now, cluster } = options;
  const decisions = createDecisions(now);
  if (cluster.size === 1) return decisions;
  if (cluster.lead) {
    cluster.on('decisions', (events: readonly DecisionEvent[]) => events.forEach(decisions.absorb));
    return decisions;
  }
  let events: DecisionEvent[] = [];
  decisions.subscribe((event) => {
    // A copy: the record goes on changing.
    events.push({ ...event, record: { ...event.record } });
    // More than are kept need not travel.
    if (events.length > 2 * KEPT) events = events.slice(-KEPT);
  });
  setInterval(() => {
    if (events.length > 0) cluster.tell('decisions', events);
    events = [];
  }, TELL_MS).unref();
  return decisions;
}
