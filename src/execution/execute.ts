import type { ChatEvent, ChatRequest, ChatStream } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import type { Answer, Execute, RunContext } from '../core/execute.ts';
import type { ModelRef } from '../core/model.ts';
import type { RoutePlan, Strategy } from '../core/plan.ts';
import { addToSeed } from '../core/raw-number.ts';
import type { RetryBudget } from './retry-budget.ts';
import { runSingle } from './single.ts';

/** Calls one model; a provider with its clocks, slots and breaker stands behind it. */
export type CallModel = (target: ModelRef, request: ChatRequest, context: RunContext, signal: AbortSignal) => ChatStream;

/** Runs a strategy of several calls; the answer has begun when it resolves. */
export type RunStrategy = (
  strategy: Exclude<Strategy, { kind: 'single' }>,
  request: ChatRequest,
  plan: RoutePlan,
  context: RunContext,
) => Promise<Pick<Answer, 'events' | 'trace' | 'served'>>;

/** Carries a plan out. Whatever the strategy, the answer is one event stream. */
export function createExecute(options: {
  readonly call: CallModel;
  readonly strategies: RunStrategy;
  /** Retries are counted per group of upstreams that can stand in for each other. */
  readonly budgetOf: (target: ModelRef) => RetryBudget;
  readonly maxCalls: number;
}): Execute {
  const { call } = options;

  const single = async (strategy: Extract<Strategy, { kind: 'single' }>, request: ChatRequest, context: RunContext): Promise<Answer> => {
    const answer = await runSingle({
      targets: [strategy.target, ...strategy.fallbacks],
      request,
      signal: context.signal,
      buffered: context.buffered,
      budget: options.budgetOf(strategy.target),
      call: (target, asked, signal, insist) => call(target, asked, insist ? { ...context, insist } : context, signal),
    });
    return { ...answer, cache: 'miss' };
  };

  return async (request, plan, context) => {
    const { strategy } = plan;
    if (request.choices > options.maxCalls) {
      throw new GatewayError('invalid-request', `'n' may be at most ${options.maxCalls} here.`, { param: 'n' });
    }
    if (strategy.kind !== 'single') {
      if (request.choices > 1) throw new GatewayError('invalid-request', `'n' must be 1 with ${strategy.kind} answers.`, { param: 'n' });
      const answer = await options.strategies(strategy, request, plan, context);
      return { ...answer, cache: 'miss', attempts: 1 };
    }
    if (request.choices <= 1) return single(strategy, request, context);
    const one = { ...request, choices: 1 };
    const answers = await Promise.all(Array.from({ length: request.choices }, (_, index) => single(strategy, withSeed(one, index), context)));
    const first = answers[0] as Answer;
    return { ...first, attempts: answers.reduce((sum, { attempts }) => sum + attempts, 0), events: mergeChoices(answers.map(({ events }) => events)) };
  };
}

/** Alternatives with one seed would be the same answer n times. */
const withSeed = (request: ChatRequest, index: number): ChatRequest =>
  request.sampling.seed === undefined || index === 0
    ? request
    : { ...request, sampling: { ...request.sampling, seed: addToSeed(request.sampling.seed, index) } };

/** Several streams as one, each event marked with its choice. */
async function* mergeChoices(streams: readonly ChatStream[]): ChatStream {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const pending = new Map<number, Promise<{ choice: number; result: IteratorResult<readonly ChatEvent[]> }>>();
  const pull = (choice: number): void => {
    const iterator = iterators[choice];
    if (iterator !== undefined)
      pending.set(
        choice,
        iterator.next().then((result) => ({ choice, result })),
      );
  };
  try {
    for (const choice of iterators.keys()) pull(choice);
    while (pending.size > 0) {
      const { choice, result } = await Promise.race(pending.values());
      pending.delete(choice);
      if (result.done) continue;
      pull(choice);
      const batch = result.value.flatMap((event): ChatEvent[] => (event.type === 'start' ? (choice === 0 ? [event] : []) : [{ ...event, choice }]));
      if (batch.length > 0) yield batch;
    }
  } finally {
    await Promise.allSettled([...pending.values(), ...iterators.map((iterator) => iterator.return?.())]);
  }
}
