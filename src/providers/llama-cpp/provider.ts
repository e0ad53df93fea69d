import type { Token } from 'node-llama-cpp';
import type { ChatEvent, ChatRequest, ChatStream } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ChatCall, Provider } from '../../core/provider.ts';
import { reasonOf } from '../http.ts';
import { type Engine, type EngineLog, type LoadLibrary, openEngine } from './engine.ts';
import { type EmbeddedModel, toDiscovered, toLoaded } from './facts.ts';
import { type Generation, generate, type Outcome } from './generate.ts';
import type { Prompt } from './prompt.ts';
import { createRuntime, type Running, type Runtime } from './runtime.ts';
import { grammarFor, samplingOptions, vocabularyOf } from './sampling.ts';

export interface EngineLimits {
  /** Tokens of prompt and answer together, per request; 4096 unless given. Memory grows with it. */
  readonly contextWindow?: number;
  /** Answers that one model writes at once; 4 unless given. Memory grows with it. */
  readonly parallel?: number;
  /** Requests that may wait for a slot of one model; 64 unless given. */
  readonly queue?: number;
  /** Models in memory at once, as far as running requests allow; 3 unless given. */
  readonly loadedModels?: number;
  /** Tokens written where the client sets no bound; 1024 unless given. */
  readonly outputTokens?: number;
  /** Threads per model; all processors but one unless given. */
  readonly threads?: number;
}

export interface LlamaCppOptions {
  /** Where the engine's library comes from; beside the program unless told otherwise. */
  readonly library?: LoadLibrary;
  readonly name: string;
  readonly models: readonly EmbeddedModel[];
  readonly log: EngineLog;
  readonly now: () => number;
  readonly limits?: EngineLimits;
}

export interface LlamaCppProvider extends Provider {
  /** Serves one model more, from now on; a model of the same name is kept as it is. */
  add(model: EmbeddedModel): void;
  load(call: { readonly model: string; readonly keepAliveS?: number; readonly signal: AbortSignal }): Promise<void>;
}

/** What these models cannot do is refused, never left out silently. */
function refuse(name: string, request: ChatRequest): void {
  const no = (what: string, param: string): GatewayError => new GatewayError('invalid-request', `'${name}' does not support ${what}.`, { target: name, param });
  if (request.tools.length > 0 && request.toolChoice !== 'none') throw no('tools', 'tools');
  if (request.messages.some(({ content }) => content.some(({ type }) => type === 'image'))) throw no('images', 'messages');
  if (request.messages.some((message) => 'ownRole' in message)) throw no('roles of its own template', 'messages');
  if (request.completion?.suffix) throw no('insertion (a suffix)', 'suffix');
  if (request.completion?.template) throw no('a template of the client', 'template');
}

/** Resolves with the promise, or rejects as soon as the signal fires; what was begun goes on for others. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(reasonOf(signal));
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** The embedded engine: llama.cpp in this process. Loads lazily; requests for one model share it, each in a sequence of its own. */
export function createLlamaCppProvider(options: LlamaCppOptions): LlamaCppProvider {
  const { name, now, log } = options;
  const { contextWindow = 4_096, parallel = 4, queue = 64, loadedModels = 3, outputTokens = 1_024, threads } = options.limits ?? {};
  const closing = new AbortController();
  const entries = new Map<string, { readonly facts: EmbeddedModel; readonly runtime: Runtime }>();
  let engine: Promise<Engine> | undefined;
  let turn = 0;

  const openOnce = (): Promise<Engine> => {
    engine ??= openEngine({ log, target: name, library: options.library ?? (() => import('node-llama-cpp')) }).catch((error: unknown) => {
      engine = undefined;
      throw error;
    });
    return engine;
  };
  const add = (facts: EmbeddedModel): void => {
    if (entries.has(facts.name)) return;
    const runtime = createRuntime({
      name: facts.name,
      path: facts.path,
      engine: openOnce,
      contextWindow,
      parallel,
      queue,
      ...(threads !== undefined && { threads }),
      ...(facts.system !== undefined && { system: facts.system }),
      signal: closing.signal,
      now,
    });
    entries.set(facts.name, { facts, runtime });
  };
  for (const model of options.models) add(model);

  const find = (model: string): { facts: EmbeddedModel; runtime: Runtime } => {
    const entry = entries.get(model);
    if (closing.signal.aborted) throw new GatewayError('unavailable', 'The embedded engine is closed.', { target: name });
    if (entry === undefined)
      throw new GatewayError('model-not-found', `The embedded engine has no model '${model}'.`, { target: name, code: 'model_not_found' });
    return entry;
  };
  /** Makes room for a model that is not loaded yet, by unloading those unused for longest. */
  const makeRoom = async (wanted: Runtime): Promise<void> => {
    if (wanted.running() !== undefined) return;
    const idle = [...entries.values()]
      .map(({ runtime }) => runtime)
      .filter((runtime) => runtime !== wanted && runtime.running() !== undefined && runtime.users() === 0)
      .sort((a, b) => a.lastUsed() - b.lastUsed());
    const inMemory = [...entries.values()].filter(({ runtime }) => runtime.running() !== undefined).length;
    for (const runtime of idle.slice(0, Math.max(0, inMemory + 1 - loadedModels))) await runtime.unload();
  };
  const enter = async (model: string, runtime: Runtime, keepAliveS: number | undefined): Promise<Running> => {
    const before = runtime.running();
    await makeRoom(runtime);
    const running = await runtime.enter(++turn, keepAliveS);
    if (before === undefined) log.info({ model, loadMs: Math.round(running.loadMs), bytes: running.model.size }, 'model loaded');
    return running;
  };

  const bound = (model: string, request: ChatRequest, running: Running, prompt: Prompt): number => {
    const asked = request.sampling.maxOutputTokens;
    // Ollama's -1 and -2, and 0, mean: as much as fits.
    const given = asked !== undefined && asked > 0 ? asked : undefined;
    const room = running.contextWindow - prompt.tokens.length;
    if (room < Math.max(1, given ?? 1)) {
      const wants = given === undefined ? '' : ` and ${given} are asked for the answer`;
      const message = `The context window of '${model}' is ${running.contextWindow} tokens; the prompt has ${prompt.tokens.length}${wants}.`;
      throw new GatewayError('context-too-long', message, { target: model, param: 'messages', code: 'context_length_exceeded' });
    }
    return given ?? Math.min(room, outputTokens);
  };
  const checkContext = (request: ChatRequest, running: Running): void => {
    const size = vocabularyOf(running.model);
    if (request.completion?.context?.some((token) => !Number.isInteger(token) || token < 0 || token >= size)) {
      throw new GatewayError('invalid-request', "'context' holds tokens of another model.", { target: name, param: 'context' });
    }
  };

  const finish = (
    call: ChatCall,
    prompt: Prompt,
    written: readonly Token[],
    outcome: Outcome,
    began: number,
    loadMs: number,
  ): Extract<ChatEvent, { type: 'finish' }> => {
    const { reason, stopSequence, inputTokens, cachedTokens, outputTokens: count, promptMs, outputMs } = outcome;
    const wantsContext = call.request.completion !== undefined && call.request.dialect === 'ollama';
    return {
      type: 'finish',
      reason,
      usage: { inputTokens, outputTokens: count, cachedInputTokens: cachedTokens },
      timings: { totalMs: now() - began, loadMs, promptMs, outputMs },
      ...(stopSequence !== undefined && { stopSequence }),
      ...(wantsContext && { context: [...prompt.tokens, ...written] }),
    };
  };

  async function* answer(call: ChatCall, running: Running, began: number, loadMs: number): ChatStream {
    const { request, model } = call;
    const signal = AbortSignal.any([call.signal, closing.signal]);
    checkContext(request, running);
    const prompt = running.prompt(request);
    const maxTokens = bound(model, request, running, prompt);
    const grammar = await grammarFor(running.engine, request);
    const instructed = entries.get(model)?.facts.instructed ?? !prompt.trimStart;
    for (let choice = 0; choice < Math.max(1, request.choices); choice++) {
      const slot = await running.slots.acquire(prompt.tokens, signal);
      try {
        if (choice === 0) yield [{ type: 'start', model }];
        const written: Token[] = [];
        const { LlamaGrammarEvaluationState } = running.engine.library;
        const run: Generation = {
          ...{ model: running.model, slot, tokens: prompt.tokens, maxTokens, trimStart: prompt.trimStart, written, choice, signal, now },
          stops: request.sampling.stop ?? [],
          hiddenStops: prompt.stops,
          json: grammar !== undefined,
          ...(request.logprobs !== undefined && { logprobs: request.logprobs }),
          sampling: {
            ...samplingOptions(request, instructed, choice, written),
            ...(grammar && { grammarEvaluationState: new LlamaGrammarEvaluationState({ model: running.model, grammar }) }),
          },
        };
        const outcome = yield* generate(run);
        const last = finish(call, prompt, written, outcome, began, loadMs);
        yield [choice > 0 ? { ...last, choice } : last];
      } finally {
        running.slots.release(slot);
      }
    }
  }

  async function* chat(call: ChatCall): ChatStream {
    const { runtime } = find(call.model);
    refuse(call.model, call.request);
    const began = now();
    const wasLoaded = runtime.running() !== undefined;
    const entering = enter(call.model, runtime, call.request.keepAliveS);
    let running: Running;
    try {
      running = await untilAborted(entering, AbortSignal.any([call.signal, closing.signal]));
    } catch (error) {
      // Whoever left while the model loaded gives his place back when it is there.
      void entering.then(() => runtime.leave()).catch(() => {});
      throw error;
    }
    try {
      yield* answer(call, running, began, wasLoaded ? 0 : now() - began);
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      if (call.signal.aborted) throw reasonOf(call.signal);
      const reason = error instanceof Error ? error.message : String(error);
      throw new GatewayError('upstream-failed', `The embedded engine failed on '${call.model}': ${reason}`, { cause: error, target: name });
    } finally {
      await runtime.leave();
    }
  }

  return {
    name,
    kind: 'llama-cpp',
    add,
    chat,
    models: async () => [...entries.values()].map(({ facts, runtime }) => toDiscovered(facts, runtime.running(), contextWindow)),
    loaded: async () => [...entries.values()].flatMap(({ facts, runtime }) => toLoaded(facts, runtime.running(), runtime.expiresAt())),
    async health() {
      if (engine === undefined) return {};
      const { llama } = await engine;
      return { version: `llama.cpp ${llama.llamaCppRelease.release}` };
    },
    async load({ model, keepAliveS, signal }) {
      const { runtime } = find(model);
      if (keepAliveS === 0) return runtime.unload();
      const entering = enter(model, runtime, keepAliveS).then(() => runtime.leave());
      await untilAborted(entering, signal);
    },
    async close() {
      closing.abort(new GatewayError('unavailable', 'The embedded engine is closing.', { target: name }));
      await Promise.all([...entries.values()].map(({ runtime }) => runtime.close()));
      await engine?.then(({ llama }) => llama.dispose()).catch(() => {});
    },
  };
}
