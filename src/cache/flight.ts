import type { ChatEvent, ChatStream } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';

type Batch = readonly ChatEvent[];

/**
 * One upstream answer that several readers share. It is pulled by whoever is furthest, kept whole for the others, and goes on
 * while anyone listens. `onEnd` gets all batches when the answer is complete.
 */
export function createFlight(source: ChatStream, stop: () => void, onEnd: (batches: readonly Batch[] | undefined) => void) {
  const iterator = source[Symbol.asyncIterator]();
  const batches: Batch[] = [];
  let ended = false;
  let failure: GatewayError | undefined;
  let pending: Promise<void> | undefined;
  let readers = 0;

  const finish = (): void => {
    if (ended) return;
    ended = true;
    const last = batches.at(-1)?.at(-1);
    onEnd(failure === undefined && last?.type === 'finish' ? batches : undefined);
  };

  const pull = (): Promise<void> => {
    pending ??= (async () => {
      try {
        const { done, value } = await iterator.next();
        if (done) finish();
        else batches.push(value);
      } catch (error) {
        failure = GatewayError.from(error);
        finish();
      } finally {
        pending = undefined;
      }
    })();
    return pending;
  };

  const leave = async (): Promise<void> => {
    readers -= 1;
    if (readers > 0 || ended) return;
    stop();
    ended = true;
    onEnd(undefined);
    await iterator.return?.();
  };

  /** A reader of the whole answer from its beginning; it must be iterated or returned. `left` fires when that reader leaves. */
  const read = (left: AbortSignal): ChatStream => {
    readers += 1;
    const gone = aborted(left);
    let index = 0;
    let open = true;
    const close = async (): Promise<void> => {
      if (!open) return;
      open = false;
      await leave();
    };
    const next = async (): Promise<IteratorResult<Batch, undefined>> => {
      while (open) {
        const batch = batches[index];
        if (batch !== undefined) {
          index += 1;
          return { done: false, value: batch };
        }
        if (ended) {
          await close();
          if (failure !== undefined) throw failure;
          break;
        }
        await Promise.race([pull(), gone]);
        if (left.aborted) {
          await close();
          throw GatewayError.from(left.reason);
        }
      }
      return { done: true, value: undefined };
    };
    const iterator: AsyncIterator<Batch, undefined> = {
      next,
      return: async () => {
        await close();
        return { done: true, value: undefined };
      },
    };
    return { [Symbol.asyncIterator]: () => iterator };
  };

  return { read };
}

export type Flight = ReturnType<typeof createFlight>;

/** Resolves when the signal fires. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
