import { type Config, ConfigError } from './config.ts';
import type { ChatRequest, EmbedResult } from './core/chat.ts';
import { GatewayError } from './core/errors.ts';
import type { RunContext } from './core/execute.ts';
import { formatRef, type ModelRef, type TaskKind } from './core/model.ts';
import type { Observer } from './core/observation.ts';
import type { RoutePlan } from './core/plan.ts';
import { runChain } from './execution/chain.ts';
import { type Comparison, runCompare } from './execution/compare.ts';
import type { ExecutionContext, Running } from './execution/context.ts';
import { runCorrect } from './execution/correct.ts';
import { runEnsemble } from './execution/ensemble.ts';
import { whenDone } from './execution/ensemble-stream.ts';
import type { CallModel, RunStrategy } from './execution/execute.ts';
import { type StrategyTrace, toOutcome } from './execution/outcome.ts';
import { toPrompts } from './execution/prompts.ts';
import { runWorkflow } from './execution/workflow.ts';
import { loadWorkflows } from './execution/workflow-load.ts';
import type { Workflow } from './execution/workflow-model.ts';
import type { Fleet } from './profiles/fleet.ts';
import { peek } from './stream/peek.ts';

/** How many times as long as a member a step of a workflow may take: a small machine writes a section for minutes, and nothing else can stand in for it. */
const STEP_PATIENCE = 5;
/** Characters read of one member's answer. */
const MEMBER_CHARS = 32_000;

export interface Strategies {
  readonly run: RunStrategy;
  readonly workflows: readonly Workflow[];
  compare(models: readonly ModelRef[], request: ChatRequest, context: RunContext): Promise<Comparison>;
}

/** Gives the strategies of several calls what they need of the gateway. Throws ConfigError for a workflow or prompt that cannot be used. */
export function composeStrategies(options: {
  readonly config: Config;
  readonly call: CallModel;
  readonly fleet: Fleet;
  /** The best model for a sub-question. */
  readonly route: (request: ChatRequest, context: RunContext) => ModelRef;
  /** Vectors from the fleet's embedding model, under the caller's key. */
  readonly embed: (texts: readonly string[], context: RunContext, signal: AbortSignal) => Promise<EmbedResult>;
  readonly observe: Observer;
  readonly now: () => number;
  readonly random: () => number;
}): Strategies {
  const { config, fleet } = options;
  const { parallel_execution: parallel } = config.performance;
  const { prompts, workflows } = readTexts(config);

  const canEmbed = ({ allowed }: RunContext): boolean =>
    fleet.profiles().some(({ ref, facts, preferences }) => facts.capabilities.includes('embedding') && preferences.enabled && allowed(ref));

  const memberMs = Math.min(parallel.timeout * 1000, config.routing.ensemble.member_ms);
  const executionOf = (context: RunContext, task: TaskKind): ExecutionContext => ({
    requestId: context.requestId,
    signal: context.signal,
    buffered: context.buffered,
    call: (target, asked, signal, role = 'member') => options.call(target, asked, { ...context, role }, signal),
    route: (asked, except = []) =>
      options.route(asked, { ...context, allowed: (ref) => context.allowed(ref) && !except.some((failed) => formatRef(failed) === formatRef(ref)) }),
    now: options.now,
    random: options.random,
    ...(canEmbed(context) && { embed: (texts: readonly string[], signal: AbortSignal) => options.embed(texts, context, signal) }),
    prior: (target) => fleet.profile(target)?.stats.quality[task]?.mean,
    prompts,
    limits: {
      maxConcurrent: parallel.max_concurrent,
      retry: parallel.retry_on_failure,
      memberDeadlineMs: memberMs,
      stepDeadlineMs: STEP_PATIENCE * memberMs,
      judgeDeadlineMs: config.routing.ensemble.judge_ms,
      maxCalls: config.limits.calls_per_request,
      memberChars: MEMBER_CHARS,
    },
  });

  const run: RunStrategy = async (strategy, request, plan, context) => {
    const execution = executionOf(context, plan.decision.task);
    const running = ((): Running<StrategyTrace> => {
      switch (strategy.kind) {
        case 'ensemble':
          return runEnsemble(strategy, request, execution);
        case 'chain':
          return runChain(strategy, request, execution);
        case 'correct':
          return runCorrect(strategy, request, execution);
        case 'workflow': {
          const workflow = workflows.find(({ name }) => name === strategy.name);
          if (workflow === undefined) throw new GatewayError('model-not-found', `There is no workflow '${strategy.name}'.`, { param: 'model' });
          return runWorkflow(workflow, request, execution);
        }
      }
    })();
    const events = whenDone(await peek(running.events), () => {
      const trace = running.trace();
      if (trace !== undefined) options.observe({ type: 'combined', requestId: context.requestId, ...toOutcome(trace) });
    });
    return { events, trace: running.trace };
  };

  return {
    run,
    workflows,
    compare: (models, request, context) => runCompare({ models, request, context: executionOf(context, 'analysis') }),
  };
}

function readTexts(config: Config): { prompts: ReturnType<typeof toPrompts>; workflows: readonly Workflow[] } {
  try {
    return {
      prompts: toPrompts(Object.fromEntries(Object.entries(config.prompts).map(([name, text]) => [`${name}.md`, text]))),
      workflows: loadWorkflows(Object.values(config.workflows).map(({ file, text }) => ({ name: file, text }))),
    };
  } catch (error) {
    // Both readers throw with file and line in the message.
    throw new ConfigError((error as Error).message);
  }
}

/** The model that answers a plan, or that leads it. */
export function targetOf({ strategy, candidates }: RoutePlan): ModelRef {
  const target = strategy.kind === 'single' ? strategy.target : candidates[0]?.ref;
  if (target === undefined) throw new GatewayError('unavailable', 'No model can answer now.');
  return target;
}
