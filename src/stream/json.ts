import { isUtf8 } from 'node:buffer';
import { GatewayError } from '../core/errors.ts';
import { isRawNumber, rawNumber } from '../core/raw-number.ts';

/** Deepest nesting that is accepted; JSON.parse takes more than JSON.stringify can write again. */
const MAX_DEPTH = 64;
/** Digits from which a number may not fit a double; 2^53 has 16. */
const MANY_DIGITS = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

interface Scan {
  /** Where nesting goes beyond the limit; -1 when it never does. */
  readonly deepAt: number;
  /** Keys as they are written, equal ones counted each time. */
  readonly keys: number;
  /** Whether a number may be more than a double holds. */
  readonly big: boolean;
}

/** One pass over the bytes before anything is parsed; strings are skipped. */
function scan(bytes: Buffer): Scan {
  let depth = 0;
  let keys = 0;
  let digits = 0;
  let big = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x30 && byte <= 0x39) {
      digits += 1;
      if (digits === MANY_DIGITS) big = true;
      continue;
    }
    if (digits > 0 && (byte === 0x65 || byte === 0x45)) big = true;
    // A decimal point goes on counting: only the end of the number resets it.
    if (byte !== 0x2e) digits = 0;
    if (byte === QUOTE) {
      at = bytes.indexOf(QUOTE, at + 1);
      while (at !== -1 && isEscaped(bytes, at)) at = bytes.indexOf(QUOTE, at + 1);
      if (at === -1) break;
    } else if (byte === 0x3a) {
      keys += 1;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) return { deepAt: at, keys, big };
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
    }
  }
  return { deepAt: -1, keys, big };
}

function isEscaped(bytes: Buffer, quote: number): boolean {
  let backslashes = 0;
  for (let at = quote - 1; bytes[at] === BACKSLASH; at--) backslashes += 1;
  return backslashes % 2 === 1;
}

/** Keys that a parsed value kept; fewer than were written means that an object had one twice. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item);
    return count;
  }
  if (isRawNumber(value)) return 0;
  for (const key in value) {
    if (key === '__proto__') throw refused(`the key '__proto__' is not accepted`);
    count += 1 + countKeys((value as Record<string, unknown>)[key]);
  }
  return count;
}

/** Takes a key '__proto__' out of the body itself; gives how many keys went with it. */
function dropPrototype(value: unknown): number {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__')) return 0;
  const dropped = 1 + countKeys(Reflect.get(value, '__proto__'));
  Reflect.deleteProperty(value, '__proto__');
  return dropped;
}

const refused = (what: string, cause?: unknown): GatewayError =>
  new GatewayError('invalid-request', `The request body is not valid JSON: ${what}.`, cause === undefined ? {} : { cause });

/** Keeps the digits of integers beyond 2^53 (seeds and ids of 64 bits), which a number would round without a word. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  if (!Number.isFinite(value)) throw refused(`the number ${context.source.slice(0, 40)} is too large`);
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(context.source) ? rawNumber(context.source) : value;
}

/**
 * Parses a client's JSON. Integers that a double cannot hold come as RawNumber. Throws 'invalid-request' for what is not UTF-8,
 * not JSON, nested too deeply, has a key twice in one object or a key '__proto__', or holds a number beyond all doubles.
 */
export function parseJson(bytes: Buffer | undefined, dropsPrototype = false): unknown {
  if (bytes === undefined || bytes.length === 0) throw new GatewayError('invalid-request', 'missing request body');
  if (!isUtf8(bytes)) throw new GatewayError('invalid-request', 'The request body is not valid UTF-8.');
  const { deepAt, keys, big } = scan(bytes);
  if (deepAt !== -1) throw new GatewayError('invalid-request', `The request body is nested deeper than ${MAX_DEPTH} levels (at byte ${deepAt}).`);
  const value = read(bytes.toString('utf8'), big);
  const dropped = dropsPrototype ? dropPrototype(value) : 0;
  if (countKeys(value) + dropped !== keys) throw refused('an object has the same key twice');
  return value;
}

/**
 * Parses a client's JSON as Ollama does: the first value counts, and what follows it is passed over; a key '__proto__' of the body
 * itself is passed over like every unknown key. What follows a body that names no model was no request: that is refused.
 */
export function parseFirst(bytes: Buffer | undefined): unknown {
  try {
    return parseJson(bytes, true);
  } catch (error) {
    const end = bytes === undefined ? 0 : endOfFirst(bytes);
    if (bytes === undefined || end === 0 || end === bytes.length) throw error;
    const first = parseJson(bytes.subarray(0, end), true) as Readonly<Record<string, unknown>>;
    if (!NAMES.some((key) => typeof first[key] === 'string' && first[key] !== '')) throw error;
    return first;
  }
}

/** Where Ollama's requests name a model. */
const NAMES = ['model', 'name', 'source'] as const;

/** Behind the object that the bytes begin with; 0 when they begin with something else or it does not end. */
function endOfFirst(bytes: Buffer): number {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      at = bytes.indexOf(QUOTE, at + 1);
      while (at !== -1 && isEscaped(bytes, at)) at = bytes.indexOf(QUOTE, at + 1);
      if (at === -1) return 0;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (depth === 0 && byte === 0x5b) return 0;
      depth += 1;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
      if (depth <= 0) return depth === 0 ? at + 1 : 0;
    }
  }
  return 0;
}

function read(text: string, big: boolean): unknown {
  try {
    return (big ? JSON.parse(text, exactly) : JSON.parse(text)) as unknown;
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw refused((cause as Error).message.slice(0, 200), cause);
  }
}
