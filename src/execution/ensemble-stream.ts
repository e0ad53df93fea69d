import type { ChatEvent, ChatStream, FinishReason, Usage } from '../core/chat.ts';
import { linked } from './members-signal.ts';

export type Batch = readonly ChatEvent[];

/**
 * A stream whose work stops at once when its reader leaves: the body gets a signal that fires with `parent` or when the iterator is
 * returned, even while the body waits for something.
 */
export function cancellable(parent: AbortSignal, body: (signal: AbortSignal) => AsyncGenerator<Batch, void>): ChatStream {
  return {
    [Symbol.asyncIterator]: () => {
      const link = linked(parent);
      const inner = body(link.signal);
      return {
        next: async () => {
          try {
            const result = await inner.next();
            if (result.done === true) link.dispose();
            return result;
          } catch (thrown) {
            link.dispose();
            throw thrown;
          }
        },
        return: async () => {
          link.abort();
          link.dispose();
          try {
            await inner.return();
          } catch {
            // The reader has left: nobody is there to be told that the work was cancelled.
          }
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** The same stream; `done` is called once when it has been read to its end. */
export function whenDone(stream: ChatStream, done: () => void): ChatStream {
  return {
    [Symbol.asyncIterator]: () => {
      const inner = stream[Symbol.asyncIterator]();
      let told = false;
      return {
        next: async () => {
          const result = await inner.next();
          if (result.done === true && !told) {
            told = true;
            done();
          }
          return result;
        },
        return: async () => {
          await inner.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** Notes on how far the work is, gathered until somebody reads them. */
export interface Notes {
  add(text: string): void;
  /** Gives batches of notes as they come, until the work ends; then what the work gave. */
  during<T>(work: Promise<T>): AsyncGenerator<Batch, T>;
}

export function createNotes(): Notes {
  let waiting: string[] = [];
  let wake: (() => void) | undefined;
  const take = (): Batch => {
    const delta = waiting.join('');
    waiting = [];
    return [{ type: 'reasoning', delta }];
  };
  return {
    add: (text) => {
      if (text === '') return;
      waiting.push(text);
      wake?.();
    },
    during: async function* <T>(work: Promise<T>) {
      let ended = false;
      const end = (): void => {
        ended = true;
        wake?.();
      };
      // Also keeps a failure that nobody waits for any more from being reported as unhandled.
      work.then(end, end);
      while (!ended) {
        if (waiting.length > 0) yield take();
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          wake = undefined;
        }
      }
      const result = await work;
      if (waiting.length > 0) yield take();
      return result;
    },
  };
}

/** The first batch of an answer: with a first note on the progress, if there is one to tell. */
export const startBatch = (model: string, note: string): Batch =>
  note === ''
    ? [{ type: 'start', model }]
    : [
        { type: 'start', model },
        { type: 'reasoning', delta: note },
      ];

/** A note on the progress; nothing when there is none to tell. */
export function* say(note: string): Generator<Batch, void> {
  if (note !== '') yield [{ type: 'reasoning', delta: note }];
}

/** Longest piece of a finished text that goes out as one event. */
const PIECE = 32_768;

/** A finished text as events. */
export function textBatch(text: string): Batch {
  const events: ChatEvent[] = [];
  for (let at = 0; at < text.length; at += PIECE) events.push({ type: 'text', delta: text.slice(at, at + PIECE) });
  return events;
}

export const finishBatch = (reason: FinishReason, usage: Usage): Batch => [{ type: 'finish', reason, usage }];
