import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createDiskBlobs } from './disk-blobs.ts';
import { connectClient, type StartChannel } from './engine/client.ts';
import type { Reply, ServerSettings } from './engine/messages.ts';
import { createPaths } from './engine/paths.ts';
import { createRepositories } from './repositories.ts';
import { DEFAULT_LIMITS, type State, type StateLimits, type StateLog } from './state.ts';

export interface StateSettings {
  /** Made when it is missing; only its owner can enter it. */
  readonly directory: string;
  readonly log: StateLog;
  /** Epoch ms. */
  readonly now: () => number;
  readonly limits?: Partial<StateLimits>;
  /** Largest size of the database in pages of 4 KiB; unlimited when absent. */
  readonly maxPages?: number;
}

const createId = (): string => randomBytes(12).toString('hex');

const createWorkerStart =
  (settings: ServerSettings): StartChannel =>
  (onReply, onExit) => {
    const worker = new Worker(new URL(`./engine/worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url), {
      workerData: settings,
      name: 'state',
    });
    worker.on('message', (reply: Reply) => onReply(reply));
    worker.on('error', onExit);
    worker.on('exit', () => onExit('the thread ended'));
    return {
      post: (request) => worker.postMessage(request),
      terminate: () => void worker.terminate(),
    };
  };

/**
 * The store over a thread that `start` begins; `openState` gives it a real one.
 *
 * @throws GatewayError as `openState`.
 */
export const assembleState = async (settings: StateSettings, start: (server: ServerSettings) => StartChannel): Promise<State> => {
  const { log, now, maxPages } = settings;
  const directory = resolve(settings.directory);
  const limits = { ...DEFAULT_LIMITS, ...settings.limits };
  const client = await connectClient(start({ directory, limits, ...(maxPages === undefined ? {} : { maxPages }) }), log);
  try {
    const blobs = await createDiskBlobs(createPaths(directory).files);
    await blobs.sweep(new Set(await client.call('files.ids')));
    return { ...createRepositories({ call: client.call, blobs, limits, now, createId }), checkpoint: client.checkpoint, close: client.close };
  } catch (thrown) {
    await client.close();
    throw thrown;
  }
};

/**
 * Opens the durable store of a state directory: SQLite in a thread of its own, so that no sync blocks the event loop. A
 * promise of a write resolves when the write is on the disk.
 *
 * @throws GatewayError 'conflict' within two seconds when another process has the directory; 'internal' with the reason
 * when it cannot be used (a newer release's file, no permission); 'unavailable' when the disk is full.
 */
export const openState = (settings: StateSettings): Promise<State> => assembleState(settings, createWorkerStart);
