import { GatewayError } from '../core/errors.ts';
import { parseJson } from '../stream/json.ts';

/** Requests in one batch; the hosted API's own limit. */
export const MAX_LINES = 50_000;
/** Bytes of one line: room for images, and a bound on what a running line holds in memory. */
export const MAX_LINE_BYTES = 16 << 20;
const MAX_CUSTOM_ID = 512;

const LF = 0x0a;
const CR = 0x0d;

/** Where a line lies in its file. `bytes` is absent for a line that is longer than MAX_LINE_BYTES. */
export interface RawLine {
  /** From 0; blank lines count. */
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly bytes?: Buffer;
}

/** Why a line cannot be run. */
export interface LineProblem {
  readonly code: string;
  readonly message: string;
  readonly param?: string;
  /** From 1, as a person counts. */
  readonly line: number;
}

export interface ReadLine {
  /** What the client calls this request; absent when the line does not tell. */
  readonly customId?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly problem?: LineProblem;
}

const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === CR);

/**
 * The lines of a JSONL file with their places, blank ones left out. A byte order mark and CRLF are passed over; an overlong line
 * is never held in memory.
 */
export async function* scanLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<RawLine> {
  let parts: Buffer[] = [];
  let held = 0;
  let start = 0;
  let at = 0;
  let line = 0;

  const take = (end: number): RawLine | undefined => {
    const length = end - start;
    if (length > MAX_LINE_BYTES) return { line, offset: start, length };
    let bytes = Buffer.concat(parts, held);
    let offset = start;
    if (start === 0 && bytes.subarray(0, 3).equals(BOM)) {
      bytes = bytes.subarray(3);
      offset = 3;
    }
    if (bytes.at(-1) === CR) bytes = bytes.subarray(0, -1);
    return isBlank(bytes) ? undefined : { line, offset, length: bytes.length, bytes };
  };
  const hold = (piece: Buffer): void => {
    if (held > MAX_LINE_BYTES || piece.length === 0) return;
    parts.push(piece);
    held += piece.length;
    if (held > MAX_LINE_BYTES) parts = [];
  };

  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let feed = bytes.indexOf(LF); feed !== -1; feed = bytes.indexOf(LF, from)) {
      hold(bytes.subarray(from, feed));
      const found = take(at + feed);
      if (found !== undefined) yield found;
      parts = [];
      held = 0;
      line += 1;
      from = feed + 1;
      start = at + from;
    }
    hold(bytes.subarray(from));
    at += bytes.length;
  }
  const last = take(at);
  if (last !== undefined) yield last;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** What one line asks for, or why it cannot be run. Never throws. */
export function readLine({ line, bytes }: Pick<RawLine, 'line' | 'bytes'>, endpoint: string): ReadLine {
  const number = line + 1;
  const problem = (code: string, message: string, param?: string): LineProblem => ({
    code,
    message,
    line: number,
    ...(param !== undefined && { param }),
  });
  if (bytes === undefined) return { problem: problem('line_too_long', `Line ${number} is longer than ${MAX_LINE_BYTES >> 20} MiB.`) };
  let value: unknown;
  try {
    value = parseJson(bytes);
  } catch (error) {
    const reason = GatewayError.from(error).message.replace(/^The request body is /, '');
    return { problem: problem('invalid_json_line', `Line ${number} cannot be read: ${reason}`) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: problem('invalid_json_line', `Line ${number} is not a JSON object.`) };
  }
  const { custom_id: id, method, url, body } = value as Record<string, unknown>;
  if (typeof id !== 'string' || id === '' || id.length > MAX_CUSTOM_ID || id.includes('\0')) {
    return { problem: problem('missing_required_parameter', `Line ${number} needs a 'custom_id': a text of 1 to ${MAX_CUSTOM_ID} characters.`, 'custom_id') };
  }
  const customId = id;
  if (method !== 'POST') return { customId, problem: problem('invalid_method', `Line ${number}: 'method' must be "POST".`, 'method') };
  if (url !== endpoint) {
    return { customId, problem: problem('mismatched_url', `Line ${number}: 'url' must be the endpoint of the batch, "${endpoint}".`, 'url') };
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { customId, problem: problem('missing_required_parameter', `Line ${number} needs a 'body': the JSON object of the request.`, 'body') };
  }
  const fields = body as Record<string, unknown>;
  if (fields['stream'] === true)
    return { customId, problem: problem('invalid_request', `Line ${number}: 'body.stream' is not possible in a batch.`, 'body.stream') };
  return { customId, body: fields };
}
