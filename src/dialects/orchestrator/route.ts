import { formatRef } from '../../core/model.ts';
import type { RoutePlan } from '../../core/plan.ts';

/** The answer of POST /orchestrator/route: the whole decision, nothing executed. */
export function toRouteAnswer(plan: RoutePlan): object {
  const { decision, strategy } = plan;
  const target = strategy.kind === 'single' ? strategy.target : strategy.kind === 'ensemble' ? strategy.judge : plan.candidates[0]?.ref;
  return {
    task: decision.task,
    confidence: decision.confidence,
    probabilities: decision.probabilities,
    classifier: decision.by,
    language: plan.language,
    complexity: plan.complexity,
    needs: plan.needs,
    strategy: describe(plan),
    candidates: plan.candidates.map(({ ref, score, terms }) => ({ model: ref.model, provider: ref.provider, score, terms })),
    model: target === undefined ? null : target.model,
    provider: target === undefined ? null : target.provider,
    pinned: plan.pinned,
    reason: plan.reason,
  };
}

function describe({ strategy }: RoutePlan): object {
  switch (strategy.kind) {
    case 'single':
      return { kind: 'single', target: formatRef(strategy.target), fallbacks: strategy.fallbacks.map(formatRef) };
    case 'ensemble':
      return { ...strategy, members: strategy.members.map(formatRef), judge: formatRef(strategy.judge) };
    case 'chain':
      return { kind: 'chain', planner: formatRef(strategy.planner), synthesizer: formatRef(strategy.synthesizer) };
    case 'correct':
      return { ...strategy, author: formatRef(strategy.author), checker: formatRef(strategy.checker) };
    case 'workflow':
      return strategy;
  }
}
