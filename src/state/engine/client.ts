import { GatewayError } from '../../core/errors.ts';
import type { StateLog } from '../state.ts';
import type { Reply, Request } from './messages.ts';
import type { Call, Operation } from './operations.ts';
import { type Outcome, unavailable, unwrap } from './outcome.ts';

/** The thread of the database, as its starter holds it. */
interface Channel {
  post(request: Request): void;
  /** Ends the thread without ceremony. */
  terminate(): void;
}

/** Starts a thread; `onReply` gets what it says, `onExit` its end. */
export type StartChannel = (onReply: (reply: Reply) => void, onExit: (reason: unknown) => void) => Channel;

export interface Client {
  readonly call: Call;
  checkpoint(): Promise<void>;
  close(): Promise<void>;
}

/** Operations committed together at most: bounds how long one commit can take. */
const GROUP_SIZE = 512;
/** Operations that may wait while the disk is slow; at 200 a second, 100 s of them. */
const QUEUE_SIZE = 20_000;
/** Pause before a thread that died is started again. */
const RESTART_MS = 1_000;

interface Waiting {
  readonly operation: Operation;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

interface InFlight {
  readonly settle: (outcomes: readonly Outcome[]) => void;
  readonly fail: (error: unknown) => void;
}

const closed = (): GatewayError => new GatewayError('unavailable', 'The state store is closed.');

/**
 * Speaks to the thread of the database. One group is on its way at a time; what is called meanwhile forms the next group,
 * so the number of syncs follows the disk and not the load.
 *
 * @throws GatewayError what stopped the thread from opening the directory.
 */
export const connectClient = async (start: StartChannel, log: StateLog): Promise<Client> => {
  const queue: Waiting[] = [];
  /** Requests other than groups. They go before the queue, but for the close, which waits until it is empty. */
  const errands: { request: Request; flight: InFlight }[] = [];
  let flight: InFlight | undefined;
  let channel: Channel | undefined;
  let flushing = false;
  let closing: Promise<void> | undefined;

  const send = (request: Request, next: InFlight): void => {
    flight = next;
    try {
      channel?.post(request);
    } catch (thrown) {
      flight = undefined;
      next.fail(GatewayError.from(thrown));
    }
  };
  const flush = (): void => {
    flushing = false;
    while (flight === undefined && channel !== undefined) {
      const errand = queue.length === 0 || closing === undefined ? errands.shift() : undefined;
      if (errand !== undefined) {
        send(errand.request, errand.flight);
      } else if (queue.length === 0) {
        return;
      } else {
        const group = queue.splice(0, GROUP_SIZE);
        send(
          { type: 'group', operations: group.map(({ operation }) => operation) },
          {
            settle: (outcomes) => {
              for (const [index, waiting] of group.entries()) settle(waiting, outcomes[index]);
            },
            fail: (error) => {
              for (const { reject } of group) reject(error);
            },
          },
        );
      }
    }
  };
  const schedule = (): void => {
    if (flushing) return;
    flushing = true;
    queueMicrotask(flush);
  };
  const request = (asked: Request): Promise<void> =>
    new Promise((resolve, reject) => {
      if (channel === undefined) return reject(unavailable());
      errands.push({ request: asked, flight: { settle: () => resolve(), fail: reject } });
      schedule();
    });

  const failAll = (reason: unknown): void => {
    const error = unavailable(reason);
    flight?.fail(error);
    flight = undefined;
    for (const { reject } of queue.splice(0)) reject(error);
    for (const errand of errands.splice(0)) errand.flight.fail(error);
  };

  const launch = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let ended = false;
      const launched = start(
        (reply) => {
          if (reply.type === 'log') return log[reply.level](reply.fields, reply.message);
          if (reply.type === 'outcomes') {
            const done = flight;
            flight = undefined;
            done?.settle(reply.outcomes);
            return flush();
          }
          try {
            unwrap(reply.outcome);
          } catch (thrown) {
            ended = true;
            return reject(thrown);
          }
          channel = launched;
          resolve();
        },
        (reason) => {
          if (ended) return;
          ended = true;
          const wasUp = channel === launched;
          channel = undefined;
          reject(unavailable(reason));
          failAll(reason);
          if (closing !== undefined || !wasUp) return;
          log.error({ err: reason }, 'the thread of the state store died; it is started again');
          setTimeout(relaunch, RESTART_MS).unref();
        },
      );
    });
  const relaunch = (): void => {
    if (closing !== undefined) return;
    launch().catch((thrown: unknown) => {
      log.error({ err: thrown }, 'the state store could not be opened again; the next attempt follows');
      setTimeout(relaunch, RESTART_MS).unref();
    });
  };

  await launch();

  return {
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        if (closing !== undefined) return reject(closed());
        if (channel === undefined || queue.length >= QUEUE_SIZE) return reject(unavailable());
        queue.push({ operation: { name, args }, resolve, reject });
        schedule();
      }),
    checkpoint: () => (closing === undefined ? request({ type: 'checkpoint' }) : Promise.reject(closed())),
    close: () => {
      closing ??= request({ type: 'close' })
        .catch(() => undefined)
        .then(() => channel?.terminate());
      return closing;
    },
  };
};

const settle = ({ resolve, reject }: Waiting, outcome: Outcome | undefined): void => {
  try {
    if (outcome === undefined) throw unavailable();
    resolve(unwrap(outcome) as never);
  } catch (thrown) {
    reject(thrown);
  }
};
