import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

const NAME = 'models.json';

const schema = z.object({
  files: z
    .record(z.string(), z.object({ sha256: z.string(), bytes: z.number(), modifiedAt: z.number(), source: z.string(), obtainedAt: z.number() }))
    .default({}),
  attempts: z.record(z.string(), z.object({ at: z.number(), tried: z.array(z.object({ source: z.string(), problem: z.string() })) })).default({}),
});

/** What is remembered about a model folder, in its `models.json`: hashes that were computed, sources that worked or failed. */
export type FolderRecord = z.infer<typeof schema>;

/** Reads the record of a folder; a missing or damaged one is empty, which costs only hashing again. */
export async function readRecord(directory: string): Promise<FolderRecord> {
  try {
    return schema.parse(JSON.parse(await readFile(join(directory, NAME), 'utf8')));
  } catch {
    return { files: {}, attempts: {} };
  }
}

/** Changes the record of a folder in one step. A folder that cannot be written to stays as it is. */
export async function updateRecord(directory: string, unique: string, change: (record: FolderRecord) => void): Promise<void> {
  const record = await readRecord(directory);
  change(record);
  const temporary = join(directory, `.${NAME}.${unique}`);
  try {
    await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`);
    await rename(temporary, join(directory, NAME));
  } catch {
    // Full or read-only: what is remembered only saves work.
  }
}

/** SHA-256 of a file, lower-case hexadecimal. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

/** Size in bytes and modification time in epoch ms of a file; undefined when there is none. */
export async function statFile(path: string): Promise<{ bytes: number; modifiedAt: number } | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? { bytes: found.size, modifiedAt: Math.trunc(found.mtimeMs) } : undefined;
}
