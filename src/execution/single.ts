import type { ChatRequest, ChatStream } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import { formatRef, type ModelRef } from '../core/model.ts';
import { peek } from '../stream/peek.ts';
import type { RetryBudget } from './retry-budget.ts';

/** Attempts a request may cost in all. */
const MAX_ATTEMPTS = 3;

export interface SingleAnswer {
  readonly served: ModelRef;
  readonly attempts: number;
  readonly events: ChatStream;
}

/**
 * Asks the targets in turn until one begins to answer. After the first content nothing is tried again. What the client did
 * wrong is thrown at once; a target that is cooling is passed over without counting as an attempt.
 */
export async function runSingle(options: {
  readonly targets: readonly ModelRef[];
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  readonly budget: RetryBudget;
  /** The answer goes out in one piece. */
  readonly buffered: boolean;
  /** `insist`: nobody else is left, so a target that is being left alone may be tried all the same, now and then. */
  readonly call: (target: ModelRef, request: ChatRequest, signal: AbortSignal, insist: boolean) => ChatStream;
}): Promise<SingleAnswer> {
  const { request, signal, budget, call } = options;
  budget.request();
  const queue = [...options.targets];
  let attempts = 0;
  let last: GatewayError | undefined;
  let again = false;
  let insist = false;
  for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
    try {
      // A client that waits for the whole answer has seen nothing of it yet: a half one may still be begun anew elsewhere.
      const events = await peek(call(target, request, signal, insist), options.buffered ? 'end' : 'content');
      budget.succeeded(target.provider);
      return { served: target, attempts: attempts + 1, events };
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      if (signal.aborted || !mayGoElsewhere(error)) throw error;
      const cooling = error.details.code === 'cooling';
      // A cooling refusal says less than the failure that caused it, and of two the one that may soon be over says more.
      if (last === undefined || !cooling || last.details.useless === true) last = error;
      if (cooling) {
        if (queue.length === 0 && attempts === 0 && !insist) {
          insist = true;
          queue.push(...options.targets);
        }
        continue;
      }
      budget.failed(target.provider);
      attempts += 1;
      if (attempts >= MAX_ATTEMPTS) break;
      // An idle connection that the upstream closed just as we wrote: the only target is worth a second try.
      if (queue.length === 0 && !again && error.details.code === 'connection_lost') {
        again = true;
        queue.push(target);
      }
      if (
        queue.length > 0 &&
        !budget.retry(
          queue.map(({ provider }) => provider),
          attempts,
        )
      )
        break;
    }
  }
  throw last ?? new GatewayError('unavailable', `No model can answer now: ${options.targets.map(formatRef).join(', ')} had no turn.`);
}

/** Another model may do better where this one failed, is busy, or is gone; not where the request itself is wrong. */
const mayGoElsewhere = (error: GatewayError): boolean => error.retryable || error.kind === 'model-not-found' || error.kind === 'context-too-long';
