import { open, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

const BEAT_MS = 2_000;
/** A lock that nobody has touched for so long belongs to a process that died. */
const STALE_MS = 20_000;
const POLL_MS = 250;

/**
 * Holds a folder for one process while it downloads, so that a second one waits instead of fetching the same. Only a courtesy:
 * files are put in place by renaming, so that even two holders do no harm.
 */
export async function lockFolder(directory: string, now: () => number, signal: AbortSignal): Promise<() => Promise<void>> {
  const path = join(directory, '.downloading');
  for (;;) {
    signal.throwIfAborted();
    const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw error;
    });
    if (file !== undefined) {
      await file.close();
      const beat = setInterval(() => {
        const seconds = now() / 1000;
        utimes(path, seconds, seconds).catch(() => {});
      }, BEAT_MS);
      beat.unref();
      return async () => {
        clearInterval(beat);
        await rm(path, { force: true });
      };
    }
    const held = await stat(path).catch(() => undefined);
    if (held !== undefined && now() - held.mtimeMs > STALE_MS) await rm(path, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
