import type { ChatStream } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ChatCall, Wrap } from '../../core/provider.ts';
import { tapped } from '../../stream/tap.ts';

/** How many requests for the running model may overtake one for another model: swapping models is dear, waiting for ever is worse. */
const MAX_OVERTAKES = 16;

export interface LimitOptions {
  readonly concurrency: number;
  /** Requests that may wait. */
  readonly queue: number;
  readonly queueMs: number;
  /** True: requests for a model that runs already go first, because loading another one would evict it. */
  readonly affinity: boolean;
}

export interface Gauge {
  inFlight: number;
  queued: number;
}

interface Waiting {
  readonly call: ChatCall;
  readonly admit: () => void;
  overtaken: number;
}

/** Slots and a bounded queue before one provider: fair between tenants, batch work last, kind to the loaded model. */
export function createLimiter(options: LimitOptions, target: string) {
  const gauge: Gauge = { inFlight: 0, queued: 0 };
  const running = new Map<string, number>();
  const served = new Map<string, number>();
  let waiting: Waiting[] = [];
  let turn = 0;

  const start = (call: ChatCall): void => {
    gauge.inFlight += 1;
    running.set(call.model, (running.get(call.model) ?? 0) + 1);
    served.set(call.tenant, ++turn);
    if (served.size > 10_000) served.delete(served.keys().next().value as string);
  };

  /** Interactive before batch, then the running model, then who was served longest ago, then who came first. */
  const pick = (): number => {
    const starving = waiting.findIndex((item) => item.overtaken >= MAX_OVERTAKES);
    if (starving !== -1) return starving;
    let best = 0;
    for (let index = 1; index < waiting.length; index++) {
      if (before(waiting[index] as Waiting, waiting[best] as Waiting)) best = index;
    }
    return best;
  };
  const before = (a: Waiting, b: Waiting): boolean => {
    if (a.call.background !== b.call.background) return !a.call.background;
    if (options.affinity && running.has(a.call.model) !== running.has(b.call.model)) return running.has(a.call.model);
    return (served.get(a.call.tenant) ?? 0) < (served.get(b.call.tenant) ?? 0);
  };

  const next = (): void => {
    while (gauge.inFlight < options.concurrency && waiting.length > 0) {
      const index = pick();
      for (let earlier = 0; earlier < index; earlier++) (waiting[earlier] as Waiting).overtaken += 1;
      const [item] = waiting.splice(index, 1);
      gauge.queued = waiting.length;
      item?.admit();
    }
  };

  const busy = (): GatewayError =>
    // Ollama's own words, both blanks included: its clients look for them.
    new GatewayError('unavailable', 'server busy, please try again.  maximum pending requests exceeded', { target, code: 'queue_full', retryAfterMs: 1_000 });

  const acquire = (call: ChatCall): Promise<void> | undefined => {
    if (gauge.inFlight < options.concurrency && waiting.length === 0) {
      start(call);
      return undefined;
    }
    if (waiting.length >= options.queue) throw busy();
    return new Promise((resolve, reject) => {
      const leave = (error: GatewayError): void => {
        waiting = waiting.filter((other) => other !== item);
        gauge.queued = waiting.length;
        settle();
        reject(error);
      };
      const onAbort = (): void =>
        leave(
          GatewayError.from(
            call.signal.reason instanceof GatewayError ? call.signal.reason : new GatewayError('client-closed', 'The request was cancelled while it waited.'),
          ),
        );
      const timer = setTimeout(
        () =>
          leave(
            new GatewayError('unavailable', `No slot at '${target}' became free within ${options.queueMs} ms.`, {
              target,
              code: 'queue_timeout',
              retryAfterMs: 1_000,
            }),
          ),
        options.queueMs,
      );
      const settle = (): void => {
        clearTimeout(timer);
        call.signal.removeEventListener('abort', onAbort);
      };
      const item: Waiting = {
        call,
        overtaken: 0,
        admit: () => {
          settle();
          start(call);
          resolve();
        },
      };
      if (call.signal.aborted) {
        clearTimeout(timer);
        onAbort();
        return;
      }
      call.signal.addEventListener('abort', onAbort, { once: true });
      waiting.push(item);
      gauge.queued = waiting.length;
    });
  };

  const release = (call: ChatCall): void => {
    gauge.inFlight -= 1;
    const count = (running.get(call.model) ?? 1) - 1;
    if (count === 0) running.delete(call.model);
    else running.set(call.model, count);
    next();
  };

  const wrap: Wrap = (inner) => {
    const chat = (call: ChatCall): ChatStream => tapped(inner.chat(call), { start: () => acquire(call), close: () => release(call) });
    return { ...inner, chat };
  };
  return { wrap, gauge };
}
