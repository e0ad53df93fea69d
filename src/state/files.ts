import { GatewayError } from '../core/errors.ts';
import type { Blobs } from './blobs.ts';
import type { Call } from './engine/operations.ts';
import type { FileRepository, NewFile, StateLimits } from './state.ts';

/** Files: what is known of them in the database, their bytes beside it. The row comes last and goes first, so it never lies. */
export const createFiles = (call: Call, blobs: Blobs, limits: StateLimits, now: () => number, createId: () => string): FileRepository => ({
  create: async (file, source) => {
    const id = `file-${createId()}`;
    const writer = await blobs.create(id);
    let record: NewFile;
    try {
      let size = 0;
      for await (const bytes of source) {
        size += bytes.byteLength;
        if (size > limits.fileBytes) {
          throw new GatewayError('too-large', `The file is larger than ${limits.fileBytes} bytes.`, { param: 'file' });
        }
        await writer.write(bytes);
      }
      record = typeof file === 'function' ? file() : file;
    } catch (thrown) {
      await writer.abort();
      throw thrown;
    }
    const stored = { ...record, id, createdAt: now(), bytes: await writer.commit() };
    try {
      await call('files.insert', stored);
    } catch (thrown) {
      await blobs.remove(id);
      throw thrown;
    }
    return stored;
  },
  adopt: async (file, source) => {
    if (await call('files.get', file.id)) throw new GatewayError('conflict', 'The file is here already.');
    const writer = await blobs.create(file.id);
    try {
      for await (const bytes of source) await writer.write(bytes);
      await writer.commit();
    } catch (thrown) {
      await writer.abort();
      throw thrown;
    }
    try {
      await call('files.insert', file);
    } catch (thrown) {
      await blobs.remove(file.id);
      throw thrown;
    }
    return file;
  },
  get: (id) => call('files.get', id),
  list: ({ purpose, ...page }) => call('files.list', page, purpose),
  content: async function* (id, range) {
    if ((await call('files.get', id)) === undefined) throw new GatewayError('not-found', `No file with id '${id}'.`, { param: 'file_id' });
    yield* blobs.read(id, range);
  },
  delete: async (id) => {
    const deleted = await call('files.delete', id);
    if (deleted) await blobs.remove(id);
    return deleted;
  },
  deleteExpired: async (at) => {
    const expired = await call('files.expire', at);
    for (const id of expired) await blobs.remove(id);
    return expired.length;
  },
});
