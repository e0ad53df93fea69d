import type { Registry } from 'prom-client';
import type { StrategyOutcome } from '../core/observation.ts';
import { createCounter, createHistogram } from './series.ts';

const SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1];
const CALLS = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 32, 64];
const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80];

/** What answers made of several model calls are counted by. Labels come from the configuration only. */
export function createStrategyMetrics(registry: Registry): (outcome: StrategyOutcome) => void {
  const members = createCounter({
    name: 'orchestrator_ensemble_members_total',
    help: 'Members, parts and steps by how they ended.',
    labelNames: ['strategy', 'outcome'],
    registry,
  });
  const agreement = createHistogram({
    name: 'orchestrator_ensemble_agreement',
    help: 'How far the members agreed, 0-1.',
    labelNames: ['strategy'],
    buckets: SHARES,
    registry,
  });
  const judge = createHistogram({
    name: 'orchestrator_ensemble_judge_duration_seconds',
    help: 'Time of the judge, or of the strong model of a cascade.',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registry,
  });
  const degraded = createCounter({
    name: 'orchestrator_degraded_answers_total',
    help: 'Answers that are less than was asked for.',
    labelNames: ['strategy'],
    registry,
  });
  const calls = createHistogram({
    name: 'orchestrator_strategy_calls',
    help: 'Model calls of one request.',
    labelNames: ['strategy'],
    buckets: CALLS,
    registry,
  });
  return (item) => {
    const { strategy } = item;
    for (const outcome of item.members) members.inc(strategy, outcome);
    if (item.agreement !== undefined) agreement.observe(item.agreement, strategy);
    if (item.judge !== undefined) judge.observe(item.judge.seconds, item.judge.outcome);
    if (item.degraded) degraded.inc(strategy);
    calls.observe(item.calls, strategy);
  };
}
