import type { Answer } from '../src/core/execute.ts';
import type { RoutePlan } from '../src/core/plan.ts';
import { ascii } from '../src/policy/policy.ts';

/** What happened to a request, told to whoever reads headers. */
export function answerHeaders(plan: RoutePlan, answer: Answer): Record<string, string> {
  const { strategy, decision } = plan;
  return {
    ...(answer.served !== undefined && {
      'x-orchestrator-model': ascii(answer.served.model),
      'x-orchestrator-provider': answer.served.provider,
    }),
    // Who names a model has nothing classified.
    'x-orchestrator-task': plan.pinned ? 'unclassified' : decision.task,
    'x-orchestrator-confidence': plan.pinned ? '1.00' : decision.confidence.toFixed(2),
    'x-orchestrator-strategy': strategy.kind === 'ensemble' ? `ensemble:${strategy.combine}` : strategy.kind,
    'x-orchestrator-reason': plan.reason,
    'x-orchestrator-cache': answer.cache,
    'x-orchestrator-attempts': String(answer.attempts),
  };
}
