import { GatewayError } from '../core/errors.ts';
import { type Outcome, toFailure, unwrap } from '../state/engine/outcome.ts';

/** Answers a call of the other end. What it throws is thrown there. */
export type Handler = (...args: readonly never[]) => unknown;
export type Handlers = Readonly<Record<string, Handler>>;

type Item =
  | readonly ['call', id: number, name: string, args: readonly unknown[]]
  | readonly ['tell', name: string, args: readonly unknown[]]
  | readonly ['reply', id: number, outcome: Outcome];

/** One end of the connection between the primary and a worker. */
export interface Channel {
  /** Rejects with what the other end threw, and with 'unavailable' when it is gone. */
  call<T>(name: string, ...args: readonly unknown[]): Promise<T>;
  /** Says something that nobody answers. */
  tell(name: string, ...args: readonly unknown[]): void;
  /** Takes in a message of the other end. */
  receive(message: unknown): void;
  /** The other end is gone: calls under way fail. */
  close(): void;
}

const gone = (): GatewayError => new GatewayError('unavailable', 'A process of the gateway is being replaced. Try again.', { retryAfterMs: 1_000 });

/**
 * Calls in both directions over a connection of messages. What is said within one turn of the event loop leaves as one message,
 * so that the price of a message is shared by the requests of a busy moment.
 */
export function createChannel(send: (items: readonly unknown[]) => void, handlers: Handlers): Channel {
  const waiting = new Map<number, { readonly resolve: (value: never) => void; readonly reject: (error: unknown) => void }>();
  let outbox: Item[] = [];
  let next = 0;
  let open = true;

  const flush = (): void => {
    const items = outbox;
    outbox = [];
    if (open) send(items);
  };
  const post = (item: Item): void => {
    if (!open) return;
    if (outbox.length === 0) setImmediate(flush);
    outbox.push(item);
  };

  const handle = async (name: string, args: readonly unknown[]): Promise<Outcome> => {
    try {
      const handler = handlers[name];
      if (handler === undefined) throw new Error(`there is no handler for '${name}'`);
      return { ok: true, value: await handler(...(args as never[])) };
    } catch (thrown) {
      return toFailure(thrown);
    }
  };

  const take = (item: Item): void => {
    if (item[0] === 'call') {
      const [, id, name, args] = item;
      void handle(name, args).then((outcome) => post(['reply', id, outcome]));
    } else if (item[0] === 'tell') {
      void handle(item[1], item[2]);
    } else {
      const [, id, outcome] = item;
      const caller = waiting.get(id);
      waiting.delete(id);
      try {
        caller?.resolve(unwrap(outcome) as never);
      } catch (thrown) {
        caller?.reject(thrown);
      }
    }
  };

  return {
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        if (!open) return reject(gone());
        next += 1;
        waiting.set(next, { resolve, reject });
        post(['call', next, name, args]);
      }),
    tell: (name, ...args) => post(['tell', name, args]),
    receive(message) {
      for (const item of message as readonly Item[]) take(item);
    },
    close() {
      open = false;
      for (const { reject } of waiting.values()) reject(gone());
      waiting.clear();
    },
  };
}
