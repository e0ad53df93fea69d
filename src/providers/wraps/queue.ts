import type { GatewayError } from '../../core/errors.ts';
import type { ChatCall } from '../../core/provider.ts';

/** How many requests for the running model may overtake one for another model: swapping models is dear, waiting for ever is worse. */
const MAX_OVERTAKES = 16;
/** Tenants whose last turn is remembered. */
const MAX_TENANTS = 10_000;

export interface Waiting {
  readonly call: ChatCall;
  readonly admit: () => void;
  readonly leave: (error: GatewayError) => void;
  /** Times that a request for another model went before it although it came later. */
  overtaken: number;
}

/** Which model may start beside what runs now. */
export type Startable = (model: string) => boolean;

/** Who waits for a slot, and whose turn it is: interactive work before batches, tenants in turn, models in groups. */
export function createQueue() {
  const lastTurn = new Map<string, number>();
  const items: Waiting[] = [];
  let turn = 0;

  const before = (a: ChatCall, b: ChatCall): boolean =>
    a.background === b.background ? (lastTurn.get(a.tenant) ?? 0) < (lastTurn.get(b.tenant) ?? 0) : !a.background;

  const remove = (item: Waiting): boolean => {
    const at = items.indexOf(item);
    if (at !== -1) items.splice(at, 1);
    return at !== -1;
  };

  /** How many wait per tenant, of the work that a call must let go first. */
  const counts = (call: ChatCall): Map<string, number> => {
    const found = new Map<string, number>();
    for (const { call: other } of items) if (call.background || !other.background) found.set(other.tenant, (found.get(other.tenant) ?? 0) + 1);
    return found;
  };

  return {
    size: () => items.length,
    push: (item: Waiting): void => void items.push(item),
    remove,
    /** A call of this tenant starts now. */
    started(tenant: string): void {
      lastTurn.delete(tenant);
      lastTurn.set(tenant, ++turn);
      if (lastTurn.size > MAX_TENANTS) lastTurn.delete(lastTurn.keys().next().value as string);
    },
    /** The model whose turn has come because its requests were overtaken often enough; nothing else starts then. */
    due: (): string | undefined => items.find(({ overtaken }) => overtaken >= MAX_OVERTAKES)?.call.model,
    /** Takes out whose turn it is among those that may start; undefined when none may. */
    take(startable: Startable): Waiting | undefined {
      let best: Waiting | undefined;
      for (const item of items) if (startable(item.call.model) && (best === undefined || before(item.call, best.call))) best = item;
      if (best === undefined) return undefined;
      for (const item of items) {
        if (item === best) break;
        if (item.call.model !== best.call.model && !startable(item.call.model)) item.overtaken += 1;
      }
      remove(best);
      return best;
    },
    /** How many calls will go before one that comes now, tenants taking turns. */
    ahead(call: ChatCall): number {
      const waiting = counts(call);
      const own = waiting.get(call.tenant) ?? 0;
      let sum = own;
      for (const [tenant, count] of waiting) if (tenant !== call.tenant) sum += Math.min(count, own + 1);
      return sum;
    },
    /** Who has to make room for a call when the queue is full: batch work, else the newest of the tenant that has the most; undefined when that is the caller. */
    crowder(call: ChatCall): Waiting | undefined {
      if (!call.background) {
        const batch = items.findLast((item) => item.call.background);
        if (batch !== undefined) return batch;
      }
      const waiting = counts(call);
      const own = waiting.get(call.tenant) ?? 0;
      let most = '';
      let count = own + 1;
      for (const [tenant, their] of waiting) if (their > count) [most, count] = [tenant, their];
      return most === '' ? undefined : items.findLast((item) => item.call.tenant === most && (call.background || !item.call.background));
    },
  };
}
