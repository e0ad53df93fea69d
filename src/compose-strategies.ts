import type { Config } from './config.ts';
import type { ChatRequest } from './core/chat.ts';
import { GatewayError } from './core/errors.ts';
import type { ModelRef } from './core/model.ts';
import type { ExecutionContext } from './execution/context.ts';
import { runEnsemble } from './execution/ensemble.ts';
import type { CallModel, RunStrategy } from './execution/execute.ts';
import { toPrompts } from './execution/prompts.ts';
import type { Rules } from './gateway.ts';
import type { Fleet } from './profiles/fleet.ts';
import { peek } from './stream/peek.ts';

/** Characters read of one member's answer. */
const MEMBER_CHARS = 32_000;

/** Gives the strategies of several calls what they need of the gateway. */
export function composeStrategies(options: {
  readonly config: Config;
  readonly call: CallModel;
  readonly fleet: Fleet;
  readonly rules: () => Rules;
  readonly now: () => number;
  readonly random: () => number;
}): { run: RunStrategy } {
  const { config, fleet } = options;
  const prompts = toPrompts(Object.fromEntries(Object.entries(config.prompts).map(([name, text]) => [`${name}.md`, text])));

  const run: RunStrategy = async (strategy, _request, plan, context) => {
    const best = plan.candidates[0]?.ref as ModelRef;
    const execution: ExecutionContext = {
      requestId: context.requestId,
      signal: context.signal,
      call: (target, asked, signal) => options.call(target, asked, context, signal),
      route: (_asked: ChatRequest) => best,
      now: options.now,
      random: options.random,
      prior: (target) => fleet.profile(target)?.stats.quality[plan.decision.task]?.mean,
      prompts,
      limits: {
        maxConcurrent: config.performance.parallel_execution.max_concurrent,
        memberDeadlineMs: Math.min(config.performance.parallel_execution.timeout * 1000, config.routing.ensemble.member_ms),
        judgeDeadlineMs: config.routing.ensemble.judge_ms,
        maxCalls: config.limits.calls_per_request,
        memberChars: MEMBER_CHARS,
      },
    };
    if (strategy.kind !== 'ensemble') throw new GatewayError('internal', 'not there yet');
    const running = runEnsemble(strategy, _request, execution);
    return { events: await peek(running.events), trace: running.trace };
  };
  return { run };
}
