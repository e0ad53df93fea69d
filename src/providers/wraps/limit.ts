import type { ChatStream } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ChatCall, Wrap } from '../../core/provider.ts';
import type { Slots } from '../../core/slots.ts';
import { tapped } from '../../stream/tap.ts';
import { createQueue, type Startable, type Waiting } from './queue.ts';
import type { Residency } from './residency.ts';

/** How long a model waits for an idle slot beside another one while nobody knows whether both fit, ms: an ensemble's members must not wait for seconds. */
const SWAP_MS = 30;
/** Weight of the newest call in the estimate of how long a slot is held. */
const NEWEST = 0.2;
/** Pause before other workers are asked again for places they do not use, ms. */
const ASK_AGAIN_MS = 20;
/** For a look at what is loaded, ms. */
const LOOK_MS = 2_000;

export interface LimitOptions {
  /** Calls at once. */
  readonly concurrency: number;
  /** The places for them: of this process, or of all workers together. */
  readonly slots: Slots;
  /** Requests that may wait. */
  readonly queue: number;
  readonly queueMs: number;
  /** Whether several of its models run side by side. */
  readonly residency: Residency;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface Gauge {
  inFlight: number;
  queued: number;
}

/**
 * Slots and a bounded queue before one provider: fair between tenants, batch work last, one model at a time where only one fits.
 * What would be late anyway is refused at once, and never sent.
 */
export function createLimiter(options: LimitOptions, target: string) {
  const { residency, now, concurrency, slots } = options;
  const gauge: Gauge = { inFlight: 0, queued: 0 };
  const running = new Map<string, number>();
  const queue = createQueue();
  /** Milliseconds a slot is held, roughly; 0 while unknown. */
  let heldMs = 0;
  let asking = false;
  let look: () => void = () => undefined;

  const start = (call: ChatCall): void => {
    gauge.inFlight += 1;
    running.set(call.model, (running.get(call.model) ?? 0) + 1);
    queue.started(call.tenant);
  };

  const startable: Startable = (model) => {
    if (running.size === 0 || residency.rule() === 'together') return true;
    const due = queue.due();
    return due === undefined || due === model ? running.has(model) : false;
  };

  const refuse = (message: string, code: string, retryAfterMs = 1_000): GatewayError =>
    new GatewayError('unavailable', message, { target, code, retryAfterMs });
  // Ollama's own words, both blanks included: its clients look for them.
  const busy = (waitMs?: number): GatewayError => refuse('server busy, please try again.  maximum pending requests exceeded', 'queue_full', waitMs);
  const late = (waitMs: number): GatewayError =>
    refuse(`'${target}' is busy: the answer would come after the caller's deadline.`, 'deadline_unreachable', waitMs);

  const next = (): void => {
    while (queue.size() > 0) {
      if (!slots.take()) {
        askForMore();
        break;
      }
      const item = queue.take(startable);
      const deadlineAt = item?.call.deadlineAt;
      const tooLate = deadlineAt !== undefined && now() + heldMs / 2 > deadlineAt;
      if (item === undefined || tooLate) slots.give();
      if (item === undefined) break;
      if (tooLate) item.leave(late(heldMs));
      else item.admit();
    }
    gauge.queued = queue.size();
  };

  /** Looks for places that other workers do not use; again and again while somebody waits. */
  const askForMore = (): void => {
    if (asking || slots.more === undefined) return;
    asking = true;
    const again = (): void => {
      asking = false;
      next();
    };
    void slots.more().then(
      (came) => (came ? again() : setTimeout(again, ASK_AGAIN_MS).unref()),
      () => {
        asking = false;
      },
    );
  };
  slots.onMore?.(next);

  /** Nothing else can use the idle slots: the model that waits may try whether it fits beside what runs. */
  const tryBeside = (item: Waiting): void => {
    if (residency.rule() !== 'unknown' || !slots.take()) return;
    if (!queue.remove(item)) {
      slots.give();
      return;
    }
    gauge.queued = queue.size();
    item.admit();
    look();
  };

  const expectedMs = (call: ChatCall): number => ((queue.ahead(call) + 1) / concurrency) * heldMs;

  const makeRoom = (call: ChatCall): void => {
    const waitMs = expectedMs(call);
    if (waitMs > options.queueMs) throw busy(waitMs);
    if (call.deadlineAt !== undefined && heldMs > 0 && now() + waitMs + heldMs > call.deadlineAt) throw late(waitMs);
    if (queue.size() < options.queue) return;
    const crowder = queue.crowder(call);
    if (crowder === undefined) throw busy(waitMs);
    crowder.leave(busy(waitMs));
  };

  const wait = (call: ChatCall): Promise<void> => {
    makeRoom(call);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        const { reason } = call.signal;
        item.leave(reason instanceof GatewayError ? reason : new GatewayError('client-closed', 'The request was cancelled while it waited.'));
      };
      const timer = setTimeout(() => item.leave(refuse(`No slot at '${target}' became free within ${options.queueMs} ms.`, 'queue_timeout')), options.queueMs);
      const swap = residency.rule() === 'unknown' ? setTimeout(() => tryBeside(item), SWAP_MS) : undefined;
      const settle = (): void => {
        clearTimeout(timer);
        clearTimeout(swap);
        call.signal.removeEventListener('abort', onAbort);
      };
      const item: Waiting = {
        call,
        overtaken: 0,
        leave: (error) => {
          queue.remove(item);
          gauge.queued = queue.size();
          settle();
          reject(error);
        },
        admit: () => {
          settle();
          start(call);
          resolve();
        },
      };
      if (call.signal.aborted) return onAbort();
      call.signal.addEventListener('abort', onAbort, { once: true });
      queue.push(item);
      next();
    });
  };

  /** `held` (ms) is given for calls that came to their end: others tell nothing about how long one takes. */
  const release = (call: ChatCall, held: number | undefined): void => {
    gauge.inFlight -= 1;
    slots.give();
    const count = (running.get(call.model) ?? 1) - 1;
    if (count === 0) running.delete(call.model);
    else running.set(call.model, count);
    if (held !== undefined) heldMs = heldMs === 0 ? held : heldMs + NEWEST * (held - heldMs);
    next();
  };

  const wrap: Wrap = (inner) => {
    const chat = (call: ChatCall): ChatStream => {
      let since = 0;
      let held: number | undefined;
      const begun = (): undefined => {
        since = now();
      };
      return tapped(inner.chat(call), {
        start: () => {
          if (queue.size() > 0 || !startable(call.model) || !slots.take()) return wait(call).then(begun);
          start(call);
          return begun();
        },
        end: () => {
          residency.answered(call.model);
          held = now() - since;
        },
        close: () => release(call, held),
      });
    };
    const loaded: typeof inner.loaded = async (signal) => {
      const list = await inner.loaded(signal);
      residency.seen(list);
      return list;
    };
    look = () => void loaded(AbortSignal.timeout(LOOK_MS)).catch(() => undefined);
    return { ...inner, chat, loaded };
  };
  return { wrap, gauge };
}
