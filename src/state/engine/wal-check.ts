import { existsSync, readFileSync, statSync } from 'node:fs';

// Layout: sqlite.org/fileformat2.html#walformat. Numbers are big-endian; the magic number tells how the checksums read words.
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE_ENDIAN = 0x377f0682;
const PAGE_SIZE_AT = 8;
const SALTS_AT = 16;
const SUMS_AT = 24;
/** A log is emptied at 32 MiB; one far larger is not worth holding in memory. */
const MOST_BYTES = 256 * 1024 * 1024;

type Sums = readonly [number, number];

const addWords = (bytes: Buffer, start: number, length: number, [first, second]: Sums): Sums => {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, length);
  let a = first;
  let b = second;
  for (let at = 0; at < length; at += 8) {
    a = (a + view.getUint32(at, true) + b) >>> 0;
    b = (b + view.getUint32(at + 4, true) + a) >>> 0;
  }
  return [a, b];
};

const holds = (bytes: Buffer, at: number, [a, b]: Sums): boolean => bytes.readUInt32BE(at) === a && bytes.readUInt32BE(at + 4) === b;

/**
 * How many whole frames of a write-ahead log lie behind a break in its chain of checksums, where SQLite does not read them.
 * A process that was killed leaves none: it can only leave the last frame unfinished. A damaged file does; a disk that
 * refused a write may.
 */
export const countLostFrames = (path: string): number => {
  if (!existsSync(path)) return 0;
  const { size } = statSync(path);
  if (size <= HEADER_BYTES || size > MOST_BYTES) return 0;
  const log = readFileSync(path);
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(PAGE_SIZE_AT);
  const headerSums = addWords(log, 0, SUMS_AT, [0, 0]);
  if (!holds(log, SUMS_AT, headerSums)) return log.every((byte) => byte === 0) ? 0 : Math.ceil((size - HEADER_BYTES) / (FRAME_HEADER_BYTES + 4_096));
  if (log.readUInt32BE(0) !== MAGIC_LITTLE_ENDIAN) return 0;

  const salts = log.subarray(SALTS_AT, SALTS_AT + 8);
  const isOfThisLog = (at: number): boolean => log.subarray(at + 8, at + 16).equals(salts);
  let sums: Sums = headerSums;
  let at = HEADER_BYTES;
  for (; at + frameBytes <= size; at += frameBytes) {
    const next = addWords(log, at + FRAME_HEADER_BYTES, frameBytes - FRAME_HEADER_BYTES, addWords(log, at, 8, sums));
    if (!isOfThisLog(at) || !holds(log, at + 16, next)) break;
    sums = next;
  }
  let lost = 0;
  for (; at + frameBytes <= size; at += frameBytes) if (isOfThisLog(at)) lost += 1;
  return lost;
};
