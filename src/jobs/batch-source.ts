import type { BatchLine } from '../state/records.ts';

/** Longest line that is read ahead; a longer one is read when its turn comes. */
const EAGER_BYTES = 256 << 10;
/** Bytes read from the file in one go. */
const SPAN_BYTES = 4 << 20;

export interface ReadyLine extends BatchLine {
  /** Absent when the line is to be read on its own. */
  readonly bytes?: Buffer;
}

export interface SourceOptions {
  /** Takes the next lines that nobody works on; none at the end. */
  readonly claim: (count: number) => Promise<readonly BatchLine[]>;
  readonly read: (offset: number, length: number) => Promise<Buffer>;
  /** Lines taken at a time. */
  readonly size: number;
}

/** The lines of a batch, claimed and read a little ahead of the work, so that no slot waits for the disk. */
export function createLineSource({ claim, read, size }: SourceOptions) {
  const ready: ReadyLine[] = [];
  let pending: Promise<void> | undefined;
  let failure: unknown;
  let dry = false;

  /** Neighbours are read together; the file may have gaps where lines are already done. */
  const readAhead = async (lines: readonly BatchLine[]): Promise<void> => {
    const eager = lines.filter(({ length }) => length <= EAGER_BYTES);
    const [first] = eager;
    const last = eager.at(-1);
    if (first === undefined || last === undefined || last.offset + last.length - first.offset > SPAN_BYTES) {
      ready.push(...lines);
      return;
    }
    // A file that is gone is found out line by line.
    const span = await read(first.offset, last.offset + last.length - first.offset).catch(() => undefined);
    for (const line of lines) {
      const from = line.offset - first.offset;
      ready.push(span === undefined || line.length > EAGER_BYTES ? line : { ...line, bytes: span.subarray(from, from + line.length) });
    }
  };

  const fill = async (): Promise<void> => {
    try {
      const lines = await claim(size);
      if (lines.length === 0) dry = true;
      else await readAhead(lines);
    } catch (error) {
      failure = error;
    } finally {
      pending = undefined;
    }
  };
  const prefetch = (): void => {
    if (!dry && failure === undefined && pending === undefined && ready.length <= size / 2) pending = fill();
  };

  return {
    /** The next line; undefined when there is none left. Throws when the store fails. */
    async next(): Promise<ReadyLine | undefined> {
      for (;;) {
        const line = ready.shift();
        prefetch();
        if (line !== undefined) return line;
        if (failure !== undefined) throw failure;
        if (pending === undefined) return undefined;
        await pending;
      }
    },
  };
}
