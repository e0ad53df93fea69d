import type { ChatEvent, ChatStream } from '../core/chat.ts';

type Batch = readonly ChatEvent[];
type Result = IteratorResult<Batch, undefined>;

/** What somebody does with a stream that passes by. Starts run from the outermost tap to the innermost, everything else the other way. */
export interface Tap {
  /** Before anything of the stream begins; what it throws ends the stream, and then this tap hears no more of it. */
  start?(): Promise<void> | undefined;
  /** The reader asks for more. */
  pull?(): void;
  batch?(batch: Batch): void;
  /** The stream ended by itself. */
  end?(): void;
  /** Gives what is thrown on. */
  error?(thrown: unknown): unknown;
  /** Once, after it ended, failed or was left. */
  close?(): void;
}

const DONE: Result = { done: true, value: undefined };

class Tapped implements AsyncIterableIterator<Batch, undefined> {
  readonly #stream: ChatStream;
  /** Innermost first. */
  readonly #taps: Tap[];
  /** Taps from this one outwards have started. */
  #from: number;
  #source: AsyncIterator<Batch> | undefined;
  #beginning: Promise<Result> | undefined;
  #closed = false;

  constructor(stream: ChatStream, tap: Tap) {
    this.#stream = stream;
    this.#taps = [tap];
    this.#from = 1;
  }

  /** Another tap around all others; only before the first pull. */
  add(tap: Tap): this {
    this.#from = this.#taps.push(tap);
    return this;
  }

  get begun(): boolean {
    return this.#beginning !== undefined || this.#closed;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    if (this.#closed) return Promise.resolve(DONE);
    if (this.#source !== undefined) return this.#pull(this.#source);
    this.#beginning ??= this.#begin();
    return this.#beginning;
  }

  async return(): Promise<Result> {
    if (this.#beginning !== undefined && this.#source === undefined) await this.#beginning.catch(() => undefined);
    if (this.#closed) return DONE;
    try {
      await this.#source?.return?.();
    } finally {
      this.#close();
    }
    return DONE;
  }

  async #begin(): Promise<Result> {
    try {
      for (let index = this.#taps.length - 1; index >= 0; index--) {
        const wait = this.#taps[index]?.start?.();
        if (wait !== undefined) await wait;
        this.#from = index;
      }
      this.#source = this.#stream[Symbol.asyncIterator]();
    } catch (thrown) {
      return this.#failed(thrown);
    }
    return this.#pull(this.#source);
  }

  #pull(source: AsyncIterator<Batch>): Promise<Result> {
    for (let index = this.#taps.length - 1; index >= 0; index--) this.#taps[index]?.pull?.();
    return source.next().then(this.#passed, this.#failed);
  }

  readonly #passed = (result: IteratorResult<Batch>): Result => {
    if (result.done === true) {
      if (!this.#closed) for (const tap of this.#taps) tap.end?.();
      this.#close();
      return DONE;
    }
    for (const tap of this.#taps) tap.batch?.(result.value);
    return result;
  };

  readonly #failed = (thrown: unknown): never => {
    let error = thrown;
    for (let index = this.#from; index < this.#taps.length; index++) {
      const tap = this.#taps[index];
      if (tap?.error !== undefined) error = tap.error(error);
    }
    this.#close();
    throw error;
  };

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (let index = this.#from; index < this.#taps.length; index++) this.#taps[index]?.close?.();
  }
}

/**
 * The stream with a tap around it. Many taps around one stream are one hop for what passes, where a generator each would be a hop each:
 * a token that arrives alone pays for every one of them.
 */
export const tapped = (stream: ChatStream, tap: Tap): ChatStream => (stream instanceof Tapped && !stream.begun ? stream.add(tap) : new Tapped(stream, tap));
