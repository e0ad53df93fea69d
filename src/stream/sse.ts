import { createLineSplitter } from './lines.ts';

export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** Reads server-sent events from bytes that arrive in arbitrary pieces. Comments are passed over, data lines of one event joined. */
export function createSseParser() {
  const lines = createLineSplitter();
  let event = '';
  let data: string | undefined;

  const take = (line: string, out: ServerSentEvent[]): void => {
    if (line === '') {
      if (data !== undefined) out.push({ event, data });
      event = '';
      data = undefined;
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    let value = colon === -1 ? '' : line.slice(colon + 1);
    if (value.charCodeAt(0) === 32) value = value.slice(1);
    if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
    else if (field === 'event') event = value;
  };

  return {
    push: (chunk: Uint8Array): ServerSentEvent[] => {
      const out: ServerSentEvent[] = [];
      for (const line of lines.push(chunk)) take(line, out);
      return out;
    },
    /** An event whose closing blank line never came is still given: some servers leave it out. */
    end: (): ServerSentEvent[] => {
      const out: ServerSentEvent[] = [];
      const rest = lines.end();
      if (rest !== '') take(rest, out);
      take('', out);
      return out;
    },
  };
}

/** One SSE message. `data` must be a single line, which JSON.stringify guarantees. */
export const sseFrame = (data: string, event?: string): string => (event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`);
