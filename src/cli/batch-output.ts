import { open } from 'node:fs/promises';
import { createLineSplitter } from '../stream/lines.ts';

/** A file of one JSON object a line that goes on where it was left. */
export interface BatchOutput {
  /** Ids that have their line already. */
  readonly done: ReadonlySet<string>;
  /** Resolves once the line is handed to the system. */
  write(value: { readonly id: string }): Promise<void>;
  close(): Promise<void>;
}

/** Opens an output file for more; a last line that a crash cut short is removed. */
export async function openOutput(path: string): Promise<BatchOutput> {
  const handle = await open(path, 'a+');
  const done = new Set<string>();
  const splitter = createLineSplitter();
  const take = (line: string): boolean => {
    try {
      const { id } = JSON.parse(line) as { id?: unknown };
      if (typeof id === 'string') done.add(id);
      return true;
    } catch {
      return line.trim() === '';
    }
  };
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) for (const line of splitter.push(chunk as Buffer)) take(line);
  const rest = splitter.end();
  if (rest !== '') {
    const { size } = await handle.stat();
    if (take(rest)) await handle.appendFile('\n');
    else await handle.truncate(size - Buffer.byteLength(rest));
  }
  let last: Promise<unknown> = Promise.resolve();
  return {
    done,
    write: async (value) => {
      last = last.then(() => handle.appendFile(`${JSON.stringify(value)}\n`));
      await last;
    },
    close: () => handle.close(),
  };
}
