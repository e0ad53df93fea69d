import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../core/errors.ts';
import type { Blobs } from './blobs.ts';
import { unavailable } from './engine/outcome.ts';

const PART = '.part';

const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
};

/** Turns what the file system says into the store's own refusal. */
const guard = async <T>(action: () => Promise<T>): Promise<T> => {
  try {
    return await action();
  } catch (thrown) {
    throw unavailable(thrown);
  }
};

/** Bytes as files in a private directory, synced and renamed into place. @throws Error when the directory cannot be made. */
export const createDiskBlobs = async (directory: string): Promise<Blobs> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return {
    create: (id) =>
      guard(async () => {
        const path = join(directory, id);
        const part = path + PART;
        const handle = await open(part, 'wx', 0o600);
        await handle.chmod(0o600);
        let size = 0;
        const abort = async (): Promise<void> => {
          await handle.close().catch(() => undefined);
          await rm(part, { force: true });
        };
        return {
          write: (bytes) =>
            guard(async () => {
              await handle.writeFile(bytes);
              size += bytes.byteLength;
            }),
          commit: () =>
            guard(async () => {
              await handle.sync();
              await handle.close();
              await rename(part, path);
              await syncDirectory(directory);
              return size;
            }),
          abort,
        };
      }),
    read: async function* (id, range) {
      const handle = await open(join(directory, id), 'r').catch((thrown: unknown) => {
        throw new GatewayError('not-found', `The content of file '${id}' is gone.`, { cause: thrown });
      });
      if (range?.length === 0) return handle.close();
      yield* handle.createReadStream(range === undefined ? {} : { start: range.offset, end: range.offset + range.length - 1 });
    },
    remove: (id) => rm(join(directory, id), { force: true }),
    sweep: async (known) => {
      for (const name of await readdir(directory)) {
        if (!known.has(name)) await rm(join(directory, name), { force: true, recursive: true });
      }
    },
  };
};
