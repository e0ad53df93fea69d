import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createDiskBlobs } from './disk-blobs.ts';
import { connectClient, type StartChannel } from './engine/client.ts';
import type { Reply, ServerSettings } from './engine/messages.ts';
import type { Call } from './engine/operations.ts';
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

/** The database of a state directory as whoever owns it holds it. */
export interface Store {
  readonly call: Call;
  checkpoint(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database alone, over a thread that `start` begins; a real one unless a test gives another.
 *
 * @throws GatewayError as `openState`.
 */
export const openStore = async (settings: StateSettings, start: (server: ServerSettings) => StartChannel = createWorkerStart): Promise<Store> => {
  const { maxPages } = settings;
  const server = { directory: resolve(settings.directory), limits: limitsOf(settings), ...(maxPages === undefined ? {} : { maxPages }) };
  return connectClient(start(server), settings.log);
};

/** The repositories over a database that this process or another one owns; the files' bytes are read and written here. */
export const stateOver = async (store: Store, settings: Omit<StateSettings, 'log'>): Promise<State> => {
  const blobs = await createDiskBlobs(createPaths(resolve(settings.directory)).files);
  const { call, checkpoint, close } = store;
  return { ...createRepositories({ call, blobs, limits: limitsOf(settings), now: settings.now, createId }), checkpoint, close };
};

/** Removes the files' bytes that no record names. For the owner of the directory, before anybody uses it. */
export const sweepFiles = async (store: Store, directory: string): Promise<void> => {
  const blobs = await createDiskBlobs(createPaths(resolve(directory)).files);
  await blobs.sweep(new Set(await store.call('files.ids')));
};

const limitsOf = ({ limits }: Pick<StateSettings, 'limits'>): StateLimits => ({ ...DEFAULT_LIMITS, ...limits });

/** The store over a thread that `start` begins; `openState` gives it a real one. @throws GatewayError as `openState`. */
export const assembleState = async (settings: StateSettings, start: (server: ServerSettings) => StartChannel): Promise<State> => {
  const store = await openStore(settings, start);
  try {
    await sweepFiles(store, settings.directory);
    return await stateOver(store, settings);
  } catch (thrown) {
    await store.close();
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
