import { isUtf8 } from 'node:buffer';
import { GatewayError } from '../core/errors.ts';

/** Deepest nesting that is accepted; JSON.parse takes more than JSON.stringify can write again. */
const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The first offset at which nesting goes beyond `max`; -1 when it never does. One pass, strings are skipped. */
function tooDeepAt(bytes: Buffer, max: number): number {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = bytes.indexOf(QUOTE, at + 1);
      while (at !== -1 && isEscaped(bytes, at)) at = bytes.indexOf(QUOTE, at + 1);
      if (at === -1) return -1;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > max) return at;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
    }
  }
  return -1;
}

function isEscaped(bytes: Buffer, quote: number): boolean {
  let backslashes = 0;
  for (let at = quote - 1; bytes[at] === BACKSLASH; at--) backslashes += 1;
  return backslashes % 2 === 1;
}

/** Parses a client's JSON. Throws 'invalid-request' for what is not UTF-8, not JSON, or nested too deeply. */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw new GatewayError('invalid-request', 'missing request body');
  if (!isUtf8(bytes)) throw new GatewayError('invalid-request', 'The request body is not valid UTF-8.');
  const deep = tooDeepAt(bytes, MAX_DEPTH);
  if (deep !== -1) throw new GatewayError('invalid-request', `The request body is nested deeper than ${MAX_DEPTH} levels (at byte ${deep}).`);
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (cause) {
    throw new GatewayError('invalid-request', `The request body is not valid JSON: ${(cause as Error).message.slice(0, 200)}.`, { cause });
  }
}
