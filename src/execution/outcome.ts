import type { StrategyOutcome } from '../core/observation.ts';
import type { ChainTrace } from './chain.ts';
import type { CorrectTrace } from './correct.ts';
import type { EnsembleTrace } from './ensemble-trace.ts';
import type { WorkflowTrace } from './workflow.ts';

export type StrategyTrace = EnsembleTrace | ChainTrace | CorrectTrace | WorkflowTrace;

function outcomes(trace: StrategyTrace): readonly string[] {
  if ('members' in trace) return trace.members.map(({ outcome }) => outcome);
  if ('parts' in trace) return trace.parts.map(({ outcome }) => outcome);
  return 'steps' in trace ? trace.steps.flatMap(({ calls }) => calls.map(({ outcome }) => outcome)) : [];
}

/** What the metrics count of a strategy that has ended. */
export const toOutcome = (trace: StrategyTrace): StrategyOutcome => ({
  strategy: trace.strategy,
  members: outcomes(trace),
  degraded: trace.degraded,
  calls: trace.calls,
  ...('agreement' in trace && { agreement: trace.agreement }),
  ...('judge' in trace && trace.judge !== undefined && { judge: { outcome: trace.judge.outcome, seconds: trace.judge.seconds } }),
});
