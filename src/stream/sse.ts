import { StringDecoder } from 'node:string_decoder';

/** Longest line an upstream may send; a longer one is a fault, not data. UTF-16 units, so roughly characters. */
const MAX_LINE = 16 << 20;

export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** Reads whole messages of a known form at `at` and tells where the first one of another form begins. Called between messages only. */
export type Skim = (text: string, at: number) => number;

/**
 * Reads server-sent events from bytes that arrive in arbitrary pieces. Comments are passed over, data lines of one event joined.
 * Characters and lines cut between pieces are put together again.
 */
export function createSseParser() {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let first = true;
  let event = '';
  let data: string | undefined;

  const take = (line: string, give: (event: ServerSentEvent) => void): void => {
    if (line === '') {
      if (data !== undefined) give({ event, data });
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

  const decode = (chunk: Uint8Array): string => {
    const text = decoder.write(chunk as Buffer);
    if (!first || text.length === 0) return text;
    first = false;
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  };

  /** Gives each event as soon as it is whole. `skim` may read messages by itself as long as none is half read. */
  const read = (chunk: Uint8Array, give: (event: ServerSentEvent) => void, skim?: Skim): void => {
    // What is left of the piece before holds no line break.
    let from = rest.length;
    const text = rest + decode(chunk);
    let at = 0;
    for (;;) {
      if (skim !== undefined && data === undefined && event === '') {
        at = skim(text, at);
        from = Math.max(from, at);
      }
      const end = text.indexOf('\n', from);
      if (end === -1) break;
      take(text.slice(at, end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end), give);
      at = end + 1;
      from = at;
    }
    rest = at === 0 ? text : text.slice(at);
    if (rest.length > MAX_LINE) throw new RangeError(`a line is longer than ${MAX_LINE} characters`);
  };

  return {
    read,
    push: (chunk: Uint8Array): ServerSentEvent[] => {
      const out: ServerSentEvent[] = [];
      read(chunk, (item) => out.push(item));
      return out;
    },
    /** An event whose closing blank line never came is still given: some servers leave it out. */
    end: (): ServerSentEvent[] => {
      const out: ServerSentEvent[] = [];
      const last = rest + decoder.end();
      rest = '';
      if (last !== '') take(last, (item) => out.push(item));
      take('', (item) => out.push(item));
      return out;
    },
  };
}

/** One SSE message. `data` must be a single line, which JSON.stringify guarantees. */
export const sseFrame = (data: string, event?: string): string => (event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`);
