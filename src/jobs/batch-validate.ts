import type { BatchLine } from '../state/records.ts';
import { type LineProblem, MAX_LINES, readLine, scanLines } from './batch-lines.ts';

/** Lines given on at a time. */
const CHUNK = 500;
/** Problems kept in the record of a batch that failed as a whole. */
const MAX_PROBLEMS = 100;

/** A line that will not run; its place in the error file is taken by the problem. */
export interface BadLine {
  readonly line: number;
  readonly customId?: string;
  readonly problem: LineProblem;
}

export interface Validated {
  readonly good: number;
  readonly bad: readonly BadLine[];
  /** The one model that every line names; absent when they differ. */
  readonly model?: string;
}

/** The file as a whole cannot be a batch. */
export class BatchFileError extends Error {
  readonly errors: readonly object[];
  constructor(errors: readonly object[]) {
    super('the batch file cannot be run');
    this.errors = errors;
  }
}

const whole = (code: string, message: string): BatchFileError => new BatchFileError([{ code, message, param: null, line: null }]);

/** The name under which a line without a usable id is stored. No client can send one: an id must not hold a NUL. */
const placeholder = (line: number): string => `\0line ${line + 1}`;

/**
 * Reads a batch file once, in a stream, and gives every line on to `add`, bad ones too: each gets its one result.
 * Throws BatchFileError when the file is empty, too long, or holds nothing that can run.
 */
export async function validateLines(
  source: AsyncIterable<Uint8Array>,
  endpoint: string,
  add: (lines: readonly BatchLine[]) => Promise<void>,
): Promise<Validated> {
  const seen = new Set<string>();
  const bad: BadLine[] = [];
  const models = new Set<string>();
  let chunk: BatchLine[] = [];
  let count = 0;

  for await (const { line, offset, length, bytes } of scanLines(source)) {
    count += 1;
    if (count > MAX_LINES) throw whole('too_many_requests', `The file holds more than ${MAX_LINES} requests.`);
    const read = readLine({ line, ...(bytes !== undefined && { bytes }) }, endpoint);
    let { problem } = read;
    const { customId } = read;
    const repeated = customId !== undefined && seen.has(customId);
    if (repeated && problem === undefined) {
      problem = { code: 'duplicate_custom_id', message: `Line ${line + 1}: the custom_id was used by an earlier line.`, param: 'custom_id', line: line + 1 };
    }
    if (customId !== undefined) seen.add(customId);
    if (problem !== undefined) bad.push({ line, problem, ...(customId !== undefined && { customId }) });
    else if (models.size < 2) models.add(String(read.body?.['model']));
    chunk.push({ line, offset, length, customId: customId === undefined || repeated ? placeholder(line) : customId });
    if (chunk.length === CHUNK) {
      await add(chunk);
      chunk = [];
    }
  }
  if (count === 0) throw whole('empty_file', 'The file holds no request.');
  if (bad.length === count) throw new BatchFileError(bad.slice(0, MAX_PROBLEMS).map(({ problem }) => ({ param: null, ...problem })));
  if (chunk.length > 0) await add(chunk);
  const [model] = models;
  return { good: count - bad.length, bad, ...(models.size === 1 && model !== undefined && { model }) };
}
