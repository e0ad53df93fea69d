import type { ChatRequest } from '../../core/chat.ts';
import { type Engine, type EngineModel, loadModel } from './engine.ts';
import { createPrompter, type Prompt } from './prompt.ts';
import { createSlots, type Slots } from './slots.ts';

/** A model in memory. */
export interface Running extends EngineModel {
  readonly engine: Engine;
  readonly slots: Slots;
  readonly prompt: (request: ChatRequest) => Prompt;
  /** Tokens one answer may use, prompt included. */
  readonly contextWindow: number;
  readonly loadMs: number;
}

/** One model that can be brought into memory and out of it; requests that run keep it there. */
export interface Runtime {
  readonly running: () => Running | undefined;
  readonly users: () => number;
  /** Order of the last use. */
  readonly lastUsed: () => number;
  /** When it leaves memory unless it is used before, epoch ms; undefined when it stays. */
  readonly expiresAt: () => number | undefined;
  /**
   * Loads the model where it is not loaded yet; all who ask at once share one loading. Call `leave` when done. The model stays for
   * `keepAliveS` seconds after its last use, for ever when that is negative or absent; the latest word counts.
   */
  enter(turn: number, keepAliveS?: number): Promise<Running>;
  leave(): Promise<void>;
  /** Takes the model out of memory as soon as no request runs on it. */
  unload(): Promise<void>;
  /** Unloads for good: waits a moment for the requests that were told to stop. */
  close(): Promise<void>;
}

/** How long a close waits for answers that nobody reads any more, ms. They hold no evaluation, so that disposing is safe. */
const CLOSE_MS = 2_000;
const POLL_MS = 10;
/** The longest a timer can be set for: about 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

export interface RuntimeOptions {
  readonly name: string;
  readonly path: string;
  readonly system?: string;
  readonly engine: () => Promise<Engine>;
  readonly contextWindow: number;
  readonly parallel: number;
  readonly queue: number;
  readonly threads?: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

export function createRuntime(options: RuntimeOptions): Runtime {
  let loading: Promise<Running> | undefined;
  let running: Running | undefined;
  let users = 0;
  let lastUsed = 0;
  /** ms that the model stays after its last use; undefined is for ever. */
  let keepMs: number | undefined;
  let idleSince = 0;
  let timer: NodeJS.Timeout | undefined;
  let disposal: Promise<void> = Promise.resolve();

  const load = async (): Promise<Running> => {
    await disposal;
    const began = options.now();
    const engine = await options.engine();
    const { model, context } = await loadModel(engine, options);
    running = {
      engine,
      model,
      context,
      slots: createSlots(context, options.parallel, { queue: options.queue, target: options.name }),
      prompt: createPrompter(engine, model, options.system),
      contextWindow: Math.min(options.contextWindow, context.contextSize),
      loadMs: options.now() - began,
    };
    return running;
  };
  const dispose = (): Promise<void> => {
    const old = running;
    running = undefined;
    loading = undefined;
    keepMs = undefined;
    clearTimeout(timer);
    if (old === undefined) return disposal;
    // The native side must not lose a context that it still evaluates: only ever called with no user left.
    disposal = old.context.dispose().then(() => old.model.dispose());
    return disposal;
  };
  const leave = async (): Promise<void> => {
    users -= 1;
    if (users > 0 || keepMs === undefined) return;
    if (keepMs === 0) return dispose();
    idleSince = options.now();
    timer = setTimeout(() => void dispose(), Math.min(keepMs, LONGEST_MS));
    timer.unref();
  };

  return {
    running: () => running,
    users: () => users,
    lastUsed: () => lastUsed,
    expiresAt: () => (keepMs === undefined ? undefined : (users > 0 ? options.now() : idleSince) + keepMs),
    async enter(turn, keepAliveS) {
      users += 1;
      lastUsed = turn;
      clearTimeout(timer);
      keepMs = keepAliveS === undefined || keepAliveS < 0 ? undefined : keepAliveS * 1_000;
      loading ??= load();
      const mine = loading;
      try {
        return await mine;
      } catch (error) {
        if (loading === mine) loading = undefined;
        await leave();
        throw error;
      }
    },
    leave,
    async unload() {
      keepMs = 0;
      if (users === 0) await dispose();
    },
    async close() {
      for (let waited = 0; users > 0 && waited < CLOSE_MS; waited += POLL_MS) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      await dispose();
    },
  };
}
