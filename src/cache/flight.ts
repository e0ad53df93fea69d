import type { ChatEvent, ChatStream } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';

type Batch = readonly ChatEvent[];

/** Bytes a reader may be behind the one that is furthest once an answer has grown too long to be kept whole. */
const MAX_LAG = 1 << 20;

/** Bytes of memory that events take, roughly. */
export const sizeOf = (events: Batch): number => events.reduce((sum, event) => sum + 64 + ('delta' in event ? event.delta.length * 2 : 128), 0);

/** The same while an answer is under way: an event still has its object and the upstream's JSON beside its text. */
const heldSize = (events: Batch): number =>
  events.reduce((sum, event) => sum + 160 + ('json' in event && typeof event.json === 'string' ? event.json.length : 0), sizeOf(events));

export interface FlightOptions {
  readonly source: ChatStream;
  /** Stops the source: every reader left. */
  readonly stop: () => void;
  /** Called once: with all batches when the answer is complete, with none when it failed or grew too long to be kept; nobody may join it then. */
  readonly onEnd: (batches: readonly Batch[] | undefined) => void;
  /** Asks to keep this many bytes more; false when there is no room. */
  readonly keep: (bytes: number) => boolean;
}

/**
 * One upstream answer that several readers share. It is pulled by whoever is furthest, kept whole for the others while there is
 * room, and goes on while anyone listens.
 */
export function createFlight(options: FlightOptions) {
  const iterator = options.source[Symbol.asyncIterator]();
  /** What is kept, and how many batches before it are not any more. */
  const batches: Batch[] = [];
  let dropped = 0;
  let lag = 0;
  let whole = true;
  let ended = false;
  let told = false;
  let failure: GatewayError | undefined;
  let pending: Promise<void> | undefined;
  const positions = new Set<{ index: number }>();

  const tell = (complete: boolean): void => {
    if (!told) options.onEnd(complete ? batches : undefined);
    told = true;
  };

  const finish = (): void => {
    if (ended) return;
    ended = true;
    tell(failure === undefined && whole && batches.at(-1)?.at(-1)?.type === 'finish');
  };

  /** Lets go of what everybody has read, and of what only one far behind has not. */
  const trim = (): void => {
    const read = Math.min(...[...positions].map(({ index }) => index));
    while (batches.length > 1 && (dropped < read || lag > MAX_LAG)) {
      lag -= heldSize(batches.shift() as Batch);
      dropped += 1;
    }
  };

  const take = (batch: Batch): void => {
    batches.push(batch);
    const bytes = heldSize(batch);
    lag += bytes;
    if (whole && !options.keep(bytes)) {
      whole = false;
      tell(false);
    }
    if (!whole) trim();
  };

  const pull = (): Promise<void> => {
    pending ??= (async () => {
      try {
        const { done, value } = await iterator.next();
        if (done) finish();
        else take(value);
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
    if (positions.size > 0 || ended) return;
    options.stop();
    ended = true;
    tell(false);
    await iterator.return?.();
  };

  /** A reader of the whole answer from its beginning; it must be iterated or returned. `left` fires when that reader leaves. */
  const read = (left: AbortSignal): ChatStream => {
    const position = { index: 0 };
    positions.add(position);
    const gone = aborted(left);
    let open = true;
    const close = async (): Promise<void> => {
      if (!open) return;
      open = false;
      positions.delete(position);
      await leave();
    };
    const next = async (): Promise<IteratorResult<Batch, undefined>> => {
      while (open) {
        if (position.index < dropped) {
          await close();
          throw new GatewayError('upstream-failed', 'This reader was too slow for an answer that it shares with others.', { code: 'too_slow' });
        }
        const batch = batches[position.index - dropped];
        if (batch !== undefined) {
          position.index += 1;
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
