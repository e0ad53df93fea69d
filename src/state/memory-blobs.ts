import { GatewayError } from '../core/errors.ts';
import type { Blobs } from './blobs.ts';

/** Bytes in memory; gone with the process. */
export const createMemoryBlobs = (): Blobs => {
  const blobs = new Map<string, Uint8Array>();
  return {
    create: (id) => {
      const parts: Uint8Array[] = [];
      return Promise.resolve({
        write: (bytes) => {
          parts.push(bytes.slice());
          return Promise.resolve();
        },
        commit: () => {
          const whole = Buffer.concat(parts);
          blobs.set(id, whole);
          return Promise.resolve(whole.byteLength);
        },
        abort: () => Promise.resolve(),
      });
    },
    read: async function* (id, range) {
      const bytes = blobs.get(id);
      if (bytes === undefined) throw new GatewayError('not-found', `The content of file '${id}' is gone.`);
      yield await Promise.resolve(range === undefined ? bytes : bytes.subarray(range.offset, range.offset + range.length));
    },
    remove: (id) => {
      blobs.delete(id);
      return Promise.resolve();
    },
    sweep: (known) => {
      for (const id of blobs.keys()) if (!known.has(id)) blobs.delete(id);
      return Promise.resolve();
    },
  };
};
