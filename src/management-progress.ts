import { unwrapError } from './providers/ollama/error.ts';
import { createLineSplitter } from './stream/lines.ts';

/** One line of a pull, push or create. */
export interface Progress {
  readonly status?: string;
  readonly digest?: string;
  readonly total?: number;
  readonly completed?: number;
  readonly error?: unknown;
}

/** The progress stream of one host. */
export interface HostProgress {
  readonly host: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** How a host's stream ended: no error means success. */
export interface Outcome {
  readonly host: string;
  readonly error?: string;
}

/** The lines of one host up to its last word; how it ended is returned. A stream that breaks off has failed. */
export async function* readProgress({ host, body }: HostProgress): AsyncGenerator<Progress, Outcome> {
  const splitter = createLineSplitter();
  const outcomeOf = (item: Progress): Outcome | undefined => {
    if (item.error !== undefined && item.error !== null) {
      return { host, error: unwrapError(typeof item.error === 'string' ? item.error : JSON.stringify(item.error)) };
    }
    return item.status === 'success' ? { host } : undefined;
  };
  try {
    for await (const chunk of body) {
      for (const line of splitter.push(chunk as Buffer)) {
        const item = parseLine(line);
        if (item === undefined) continue;
        const outcome = outcomeOf(item);
        if (outcome !== undefined) return outcome;
        yield item;
      }
    }
    const last = parseLine(splitter.end());
    const outcome = last === undefined ? undefined : outcomeOf(last);
    return outcome ?? { host, error: 'the upstream ended before it was done' };
  } catch (error) {
    return { host, error: error instanceof Error ? error.message : 'the upstream failed' };
  }
}

function parseLine(line: string): Progress | undefined {
  if (line.trim() === '') return undefined;
  const item: unknown = JSON.parse(line);
  return typeof item === 'object' && item !== null ? (item as Progress) : undefined;
}

/**
 * Several hosts' streams as one: lines in the order they come, the bytes of one layer summed over the hosts (clients draw one bar
 * per digest). Ends when every host has; returns how each ended.
 */
export async function* mergeProgress(sources: readonly HostProgress[]): AsyncGenerator<Progress, Outcome[]> {
  const layers = new Map<string, Map<string, { total: number; completed: number }>>();
  const outcomes: Outcome[] = [];
  const said = new Set<string>();
  const readers = new Map(sources.map((source) => [source.host, readProgress(source)]));
  const pull = async (host: string, reader: AsyncGenerator<Progress, Outcome>) => ({ host, reader, result: await reader.next() });
  const pending = new Map([...readers].map(([host, reader]) => [host, pull(host, reader)]));
  const summed = (host: string, item: Progress): Progress => {
    if (item.digest === undefined || item.total === undefined) return item;
    const hosts = layers.get(item.digest) ?? new Map<string, { total: number; completed: number }>();
    layers.set(item.digest, hosts.set(host, { total: item.total, completed: item.completed ?? 0 }));
    const all = [...hosts.values()];
    const completed = all.reduce((sum, layer) => sum + layer.completed, 0);
    const { completed: _one, ...rest } = item;
    return { ...rest, total: all.reduce((sum, layer) => sum + layer.total, 0), ...(completed > 0 && { completed }) };
  };
  try {
    while (pending.size > 0) {
      const { host, reader, result } = await Promise.race(pending.values());
      if (result.done === true) {
        outcomes.push(result.value);
        pending.delete(host);
        continue;
      }
      pending.set(host, pull(host, reader));
      const item = result.value;
      // What every host says once ("pulling manifest") is said once.
      const words = item.digest === undefined ? (item.status ?? '') : undefined;
      if (words !== undefined && sources.length > 1) {
        if (said.has(words)) continue;
        said.add(words);
      }
      yield sources.length > 1 ? summed(host, item) : item;
    }
  } finally {
    for (const reader of readers.values()) void reader.return({ host: '' }).catch(() => undefined);
  }
  return outcomes;
}
