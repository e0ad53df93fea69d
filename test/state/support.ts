import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { StartChannel } from '../../src/state/engine/client.ts';
import type { Reply, ServerSettings } from '../../src/state/engine/messages.ts';
import { serveState } from '../../src/state/engine/server.ts';
import { openMemoryState } from '../../src/state/memory-state.ts';
import { assembleState, openState, type StateSettings } from '../../src/state/open-state.ts';
import type { State, StateLog } from '../../src/state/state.ts';

export interface LogEntry {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A log that remembers what it was told. */
export const createRecordingLog = (): StateLog & { readonly entries: LogEntry[] } => {
  const entries: LogEntry[] = [];
  const write = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => void entries.push({ level, fields, message });
  return { entries, info: write('info'), warn: write('warn'), error: write('error') };
};

/** Runs what the thread runs in this one, where coverage sees it and a test can end it. */
const startInProcess =
  (settings: ServerSettings): StartChannel =>
  (onReply, onExit) => {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', (reply: Reply) => onReply(reply));
    port1.on('close', () => onExit('the port closed'));
    serveState(port2, settings);
    return { post: (request) => port1.postMessage(request), terminate: () => port1.close() };
  };

/** Temporary directories and open stores of a test file; `cleanUp` after each test. */
export const createWorkplace = () => {
  const directories: string[] = [];
  const states: State[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(states.splice(0).map((state) => state.close()));
  };
  const makeDirectory = (): string => {
    const directory = mkdtempSync(join(tmpdir(), 'state-test-'));
    directories.push(directory);
    return directory;
  };
  return {
    makeDirectory,
    open: async (settings: Partial<StateSettings> = {}): Promise<State> => {
      const state = await openState({ directory: settings.directory ?? makeDirectory(), log: createRecordingLog(), now: () => 1_000, ...settings });
      states.push(state);
      return state;
    },
    openInProcess: async (settings: Partial<StateSettings> = {}): Promise<State> => {
      const state = await assembleState(
        { directory: settings.directory ?? makeDirectory(), log: createRecordingLog(), now: () => 1_000, ...settings },
        startInProcess,
      );
      states.push(state);
      return state;
    },
    openInMemory: (settings: Partial<StateSettings> = {}): Promise<State> => {
      const state = openMemoryState({ now: () => 1_000, ...settings });
      states.push(state);
      return Promise.resolve(state);
    },
    closeAll,
    cleanUp: async (): Promise<void> => {
      await closeAll();
      for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** An iterable of bytes, as an upload gives them. */
export async function* bytesOf(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}

export const readAll = async (bytes: AsyncIterable<Uint8Array>): Promise<string> => {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
};

export const eventOf = (
  requestId: string,
  fields: { model?: string; task?: string; quality?: number; seconds?: number; keyId?: string; at?: number } = {},
) => ({
  requestId,
  task: 'code',
  model: 'ollama/a',
  quality: 50,
  seconds: 2,
  at: 1,
  ...fields,
});
