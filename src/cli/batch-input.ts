import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { createLineSplitter } from '../stream/lines.ts';
import { UsageError } from './command.ts';

export type BatchFormat = 'jsonl' | 'csv' | 'txt';

/** One question of an input file. */
export interface BatchItem {
  readonly id: string;
  /** Body of a chat request; `model` may be absent. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Columns and keys a question is looked for under, in this order. */
const QUESTION_KEYS = ['prompt', 'question', 'input', 'text', 'message', 'query'];
const ID_KEYS = ['custom_id', 'id', 'request_id'];

export function formatOf(path: string): BatchFormat {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === 'jsonl' || ending === 'ndjson' || ending === 'json') return 'jsonl';
  return ending === 'csv' ? 'csv' : 'txt';
}

async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const splitter = createLineSplitter();
  for await (const chunk of source) yield* splitter.push(chunk);
  yield splitter.end();
}

/** Records of a CSV file: RFC 4180, with commas, quotes and line breaks inside quotes. */
export async function* csvRecords(source: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8');
  let record: string[] = [];
  let value = '';
  let quoted = false;
  let quoteBefore = false;
  let first = true;
  const take = function* (text: string): Generator<string[]> {
    for (const character of text) {
      if (quoted) {
        if (quoteBefore) {
          quoteBefore = false;
          if (character === '"') {
            value += '"';
            continue;
          }
          quoted = false;
        } else if (character === '"') {
          quoteBefore = true;
          continue;
        } else {
          value += character;
          continue;
        }
      }
      if (character === '"' && value === '') quoted = true;
      else if (character === ',') {
        record.push(value);
        value = '';
      } else if (character === '\n') {
        record.push(value.endsWith('\r') ? value.slice(0, -1) : value);
        yield record;
        record = [];
        value = '';
      } else value += character;
    }
  };
  for await (const chunk of source) {
    let text = decoder.write(Buffer.from(chunk));
    if (first && text.startsWith('\uFEFF')) text = text.slice(1);
    first = false;
    yield* take(text);
  }
  if (value !== '' || record.length > 0) {
    record.push(value);
    yield record;
  }
}

function fromObject(value: Record<string, unknown>, fallback: string): BatchItem {
  const given = ID_KEYS.map((key) => value[key]).find((id) => typeof id === 'string' || typeof id === 'number');
  const id = given === undefined ? fallback : String(given);
  // A line of /v1/batches.
  if (typeof value['body'] === 'object' && value['body'] !== null) return { id, body: value['body'] as Record<string, unknown> };
  const { messages, model } = value;
  if (Array.isArray(messages)) {
    const { custom_id: _custom, id: _id, request_id: _request, ...body } = value;
    return { id, body };
  }
  const question = QUESTION_KEYS.map((key) => value[key]).find((text) => typeof text === 'string');
  if (question === undefined) throw new UsageError(`${fallback}: expected 'messages', 'body' or one of ${QUESTION_KEYS.join(', ')}`);
  return { id, body: { ...(typeof model === 'string' && { model }), messages: [{ role: 'user', content: question }] } };
}

async function* jsonItems(source: AsyncIterable<Uint8Array>): AsyncGenerator<BatchItem> {
  let number = 0;
  for await (const line of linesOf(source)) {
    number += 1;
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw new UsageError(`line ${number} is not JSON: ${(error as Error).message}`);
    }
    const fallback = `line-${number}`;
    if (typeof value === 'string') yield { id: fallback, body: { messages: [{ role: 'user', content: value }] } };
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) yield fromObject(value as Record<string, unknown>, fallback);
    else throw new UsageError(`line ${number}: expected a JSON object or text`);
  }
}

async function* textItems(source: AsyncIterable<Uint8Array>): AsyncGenerator<BatchItem> {
  let number = 0;
  for await (const line of linesOf(source)) {
    number += 1;
    if (line.trim() !== '') yield { id: `line-${number}`, body: { messages: [{ role: 'user', content: line.trim() }] } };
  }
}

async function* csvItems(source: AsyncIterable<Uint8Array>, column: string | undefined): AsyncGenerator<BatchItem> {
  let headings: string[] | undefined;
  let at = 0;
  let number = 0;
  for await (const record of csvRecords(source)) {
    if (headings === undefined) {
      headings = record.map((heading) => heading.trim().toLowerCase());
      const wanted = column === undefined ? QUESTION_KEYS : [column.toLowerCase()];
      at = wanted.map((name) => headings?.indexOf(name) ?? -1).find((index) => index !== -1) ?? -1;
      if (at === -1)
        throw new UsageError(`the first line must name a column ${wanted.join(', ')}; it names ${headings.join(', ').slice(0, 200)}. Use --column NAME.`);
      continue;
    }
    number += 1;
    const question = record[at]?.trim() ?? '';
    if (question === '') continue;
    const cell = (names: readonly string[]): string | undefined =>
      names.map((name) => record[headings?.indexOf(name) ?? -1]?.trim()).find((text) => text !== undefined && text !== '');
    const model = cell(['model']);
    yield { id: cell(ID_KEYS) ?? `row-${number}`, body: { ...(model !== undefined && { model }), messages: [{ role: 'user', content: question }] } };
  }
}

/** The questions of a file, one by one. Throws UsageError that names the line. */
export function readItems(path: string, format: BatchFormat, column?: string): AsyncGenerator<BatchItem> {
  const source = createReadStream(path);
  switch (format) {
    case 'jsonl':
      return jsonItems(source);
    case 'csv':
      return csvItems(source, column);
    case 'txt':
      return textItems(source);
  }
}
