import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';

const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** Longest a zip comment can be, plus the record it follows. */
const TAIL = 0xffff + 22;
/** A central directory larger than this is no wheel of ours. */
const DIRECTORY_MAX = 64 << 20;

/** An entry of a zip file. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: number;
  readonly compressedBytes: number;
  /** 0 stored, 8 deflated; anything else cannot be read here. */
  readonly method: number;
  /** Where its local header starts. */
  readonly offset: number;
}

const readAt = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new Error('the zip file ends early');
  return buffer;
};

/** Where the central directory lies. */
async function directoryOf(file: FileHandle): Promise<{ offset: number; length: number }> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - TAIL), Math.min(size, TAIL));
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END) continue;
    const length = tail.readUInt32LE(at + 12);
    const offset = tail.readUInt32LE(at + 16);
    if (length !== 0xffffffff && offset !== 0xffffffff) return { offset, length };
    const locator = at - 20;
    if (locator < 0 || tail.readUInt32LE(locator) !== END64_LOCATOR) throw new Error('the zip64 locator is missing');
    const end = await readAt(file, Number(tail.readBigUInt64LE(locator + 8)), 56);
    if (end.readUInt32LE(0) !== END64) throw new Error('the zip64 end record is missing');
    return { length: Number(end.readBigUInt64LE(40)), offset: Number(end.readBigUInt64LE(48)) };
  }
  throw new Error('not a zip file');
}

/** The 8-byte fields of a zip64 extra field stand for those 4-byte ones that are all ones, in this order. */
function zip64(extra: Buffer, fields: readonly number[]): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return fields.map((field) => {
      if (field !== 0xffffffff) return field;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return [...fields];
}

/** Lists what a zip file holds. Throws an Error that says what is wrong with the file. */
export async function listZip(path: string): Promise<readonly ZipEntry[]> {
  const file = await open(path, 'r');
  try {
    const { offset: start, length } = await directoryOf(file);
    if (length > DIRECTORY_MAX) throw new Error('the zip directory is too large');
    const directory = await readAt(file, start, length);
    const entries: ZipEntry[] = [];
    for (let at = 0; at + 46 <= directory.length; ) {
      if (directory.readUInt32LE(at) !== CENTRAL) throw new Error('the zip directory is damaged');
      const nameLength = directory.readUInt16LE(at + 28);
      const extraLength = directory.readUInt16LE(at + 30);
      const nameEnd = at + 46 + nameLength;
      const [bytes = 0, compressedBytes = 0, offset = 0] = zip64(directory.subarray(nameEnd, nameEnd + extraLength), [
        directory.readUInt32LE(at + 24),
        directory.readUInt32LE(at + 20),
        directory.readUInt32LE(at + 42),
      ]);
      entries.push({ name: directory.toString('utf8', at + 46, nameEnd), bytes, compressedBytes, method: directory.readUInt16LE(at + 10), offset });
      at = nameEnd + extraLength + directory.readUInt16LE(at + 32);
    }
    return entries;
  } finally {
    await file.close();
  }
}

/** Reads one entry of a zip file as a stream; its length is checked against the directory by the caller. */
export async function readZip(path: string, entry: ZipEntry): Promise<Readable> {
  if (entry.method !== 0 && entry.method !== 8) throw new Error(`'${entry.name}' is compressed in a way that cannot be read (method ${entry.method})`);
  const file = await open(path, 'r');
  try {
    const header = await readAt(file, entry.offset, 30);
    if (header.readUInt32LE(0) !== LOCAL) throw new Error(`'${entry.name}' is not where the zip directory says`);
    const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    const raw = file.createReadStream({ start, end: start + entry.compressedBytes - 1, highWaterMark: 1 << 20 });
    if (entry.method === 0) return raw;
    const inflate = createInflateRaw({ chunkSize: 1 << 20 });
    raw.on('error', (error) => inflate.destroy(error));
    inflate.on('close', () => raw.destroy());
    return raw.pipe(inflate);
  } catch (error) {
    await file.close();
    throw error;
  }
}
