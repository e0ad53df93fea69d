import { availableParallelism } from 'node:os';
import type { Llama, LlamaContext, LlamaModel } from 'node-llama-cpp';
import { GatewayError } from '../../core/errors.ts';

export interface EngineLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Brings the engine's library, which may have to be fetched first. */
export type LoadLibrary = () => Promise<typeof import('node-llama-cpp')>;

/** The engine's library and its one instance. */
export interface Engine {
  readonly library: typeof import('node-llama-cpp');
  readonly llama: Llama;
}

export interface EngineModel {
  readonly model: LlamaModel;
  readonly context: LlamaContext;
}

/**
 * Tokens evaluated at once. Small on purpose: memory for the output layer grows with it (Gemma has a vocabulary of 262144:
 * 437 MB of buffers with 128, 841 MB with 512), and prompts were read no slower, measured on two cores.
 */
const BATCH_TOKENS = 128;

/**
 * Loads the native engine. Threads are capped at the processors there are: the library's own floor of 4 on a machine with 2
 * made a token take 3 s instead of 15 ms. Nothing is ever downloaded or compiled. Throws 'unavailable' when it is not installed.
 */
export async function openEngine(options: { readonly log: EngineLog; readonly target: string; readonly library: LoadLibrary }): Promise<Engine> {
  const { log, target } = options;
  const library = await options.library().catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('unavailable', `The embedded engine is not there: ${why}`, { cause, target, retryable: false });
  });
  try {
    const llama = await library.getLlama({
      gpu: 'auto',
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      maxThreads: availableParallelism(),
      logLevel: library.LlamaLogLevel.error,
      logger: (level, message) => log.warn({ level, provider: target }, message.trim()),
    });
    return { library, llama };
  } catch (cause) {
    throw new GatewayError('unavailable', 'The embedded engine has no binary for this machine. Use an Ollama or OpenAI-compatible provider instead.', {
      cause,
      target,
      retryable: false,
    });
  }
}

/**
 * Threads for one model. One processor is left to the gateway and to others: the engine's threads wait for each other by
 * spinning, so that one of them losing its processor stops all. Measured on two busy processors with SmolLM2: one thread 72
 * tokens/s, two threads 1 to 60.
 */
const defaultThreads = (): number => Math.max(1, availableParallelism() - 1);

/** Loads a model and makes its context. Throws 'unavailable'. `signal` stops the loading. */
export async function loadModel(
  engine: Engine,
  options: {
    readonly path: string;
    readonly name: string;
    readonly contextWindow: number;
    readonly parallel: number;
    readonly threads?: number;
    readonly signal: AbortSignal;
  },
): Promise<EngineModel> {
  const { path, name, parallel, signal } = options;
  let model: LlamaModel | undefined;
  try {
    model = await engine.llama.loadModel({ modelPath: path, loadSignal: signal });
    const context = await model.createContext({
      contextSize: Math.min(options.contextWindow, model.trainContextSize),
      sequences: parallel,
      batchSize: BATCH_TOKENS,
      threads: options.threads ?? defaultThreads(),
      // Without it a model with a sliding window (Gemma) forgets what a later turn could reuse.
      swaFullCache: true,
      createSignal: signal,
    });
    return { model, context };
  } catch (cause) {
    await model?.dispose();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('unavailable', `The embedded engine could not load '${name}': ${reason}`, { cause, target: name, code: 'model_load_failed' });
  }
}
