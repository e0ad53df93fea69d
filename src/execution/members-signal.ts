import type { ChatEvent, ChatStream } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';

const closed = (): GatewayError => new GatewayError('client-closed', 'The request was cancelled.');
/** Tells a call that its answer is whole; nobody reads it, so it is made once. */
export const DONE = closed();

/** Why a signal fired, as an error of ours. */
export const reasonOf = (signal: AbortSignal): GatewayError => (signal.reason instanceof GatewayError ? signal.reason : closed());

export interface Link {
  readonly signal: AbortSignal;
  abort(reason?: GatewayError): void;
  /** Lets go of the parent; must be called, or the parent keeps the link alive. */
  dispose(): void;
}

/** A signal that fires with its parent or by itself. `AbortSignal.any` would keep growing the parent for as long as it lives. */
export function linked(parent: AbortSignal): Link {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(reasonOf(parent));
  if (parent.aborted) onAbort();
  else parent.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason ?? closed()),
    dispose: () => parent.removeEventListener('abort', onAbort),
  };
}

type Batch = readonly ChatEvent[];

export interface Puller {
  /** The next batch, undefined at the end. Rejects as soon as the signal fires or `withinMs` have passed, even when the stream does not react. */
  next(withinMs?: number): Promise<Batch | undefined>;
  /** Tells the stream to stop; does not wait for it. */
  close(): void;
}

/** Reads a stream under a signal that the stream itself may ignore. */
export function createPuller(stream: ChatStream, signal: AbortSignal): Puller {
  const iterator = stream[Symbol.asyncIterator]();
  let stop: ((error: GatewayError) => void) | undefined;
  const onAbort = (): void => stop?.(reasonOf(signal));
  signal.addEventListener('abort', onAbort);
  return {
    next: (withinMs) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(reasonOf(signal));
        const timer =
          withinMs === undefined ? undefined : setTimeout(() => stop?.(new GatewayError('upstream-timeout', 'The model took too long to answer.')), withinMs);
        const settle = (): void => {
          stop = undefined;
          clearTimeout(timer);
        };
        stop = (error) => {
          settle();
          reject(error);
        };
        iterator.next().then(
          (result) => {
            settle();
            resolve(result.done === true ? undefined : result.value);
          },
          (thrown: unknown) => {
            settle();
            reject(GatewayError.from(thrown));
          },
        );
      }),
    close: () => {
      signal.removeEventListener('abort', onAbort);
      iterator.return?.()?.then(undefined, () => undefined);
    },
  };
}
