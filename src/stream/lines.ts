import { StringDecoder } from 'node:string_decoder';
import { GatewayError } from '../core/errors.ts';

/** Longest line an upstream may send; a longer one is a fault, not data. Bytes of UTF-16 text, so roughly characters. */
const MAX_LINE = 16 << 20;

/**
 * Splits text that arrives in arbitrary pieces into lines (LF or CRLF). Characters cut between pieces are put together again.
 * `end()` gives what stood after the last line break.
 */
export function createLineSplitter(maxLine = MAX_LINE) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let first = true;

  const split = (text: string): string[] => {
    if (first && text.length > 0) {
      first = false;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    const lines: string[] = [];
    let start = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', start)) {
      let line = text.slice(start, at);
      if (rest !== '') {
        line = rest + line;
        rest = '';
      }
      lines.push(line.charCodeAt(line.length - 1) === 13 ? line.slice(0, -1) : line);
      start = at + 1;
    }
    rest += start === 0 ? text : text.slice(start);
    if (rest.length > maxLine) throw new GatewayError('upstream-failed', `A line is longer than ${maxLine} characters.`, { code: 'upstream_too_large' });
    return lines;
  };

  return {
    push: (chunk: Uint8Array): string[] => split(decoder.write(chunk as Buffer)),
    end: (): string => {
      const last = rest + decoder.end();
      rest = '';
      return last;
    },
  };
}
