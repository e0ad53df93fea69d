import { z } from 'zod';
import type { ChatEvent, ChatRequest, ChatStream, EmbedResult } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Capability } from '../../core/model.ts';
import type { ChatCall, EmbedCall, Provider } from '../../core/provider.ts';
import { createLineSplitter } from '../../stream/lines.ts';
import { forwardBy } from '../forward.ts';
import { createHttpClient, deadlineHeader, type HttpAnswer, readText, retryAfterMs, statusError } from '../http.ts';
import { unwrapError } from './error.ts';
import { createNativeReader } from './events.ts';
import { forcedCall, mustCall } from './forced-call.ts';
import { discover } from './models.ts';
import { toChatBody, toGenerateBody } from './request.ts';
import { createWindows, type Windows } from './windows.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };

/** An Ollama host, by its native API: only there can the context window be set and thinking be told from text. */
export function createOllamaProvider(options: {
  readonly name: string;
  readonly url: string;
  readonly apiKey?: string;
  readonly connectMs: number;
  /** Epoch ms. */
  readonly now: () => number;
  /** Tokens a prompt takes, estimated. */
  readonly promptTokens: (request: ChatRequest) => number;
}): Provider {
  const { name, now } = options;
  const windows = createWindows();
  const capabilities = new Map<string, readonly Capability[] | undefined>();
  const client = createHttpClient({
    target: name,
    url: options.url,
    connectMs: options.connectMs,
    ...(options.apiKey !== undefined && { headers: { authorization: `Bearer ${options.apiKey}` } }),
  });

  const explain = (status: number, text: string, headers: HttpAnswer['headers']): GatewayError => {
    const message = unwrapError(text);
    if (/context (length|size)|exceed_context_size/i.test(message)) {
      return new GatewayError('context-too-long', message, { target: name, code: 'context_length_exceeded' });
    }
    // Ollama answers 500 for options of a wrong type: the client's fault, not the host's.
    if (status === 500 && /must be of type|invalid format|invalid option/i.test(message)) return new GatewayError('invalid-request', message, { target: name });
    return statusError(status, message, name, retryAfterMs(headers['retry-after'], now()));
  };
  const post = (path: string, body: object, signal: AbortSignal, trace?: Readonly<Record<string, string>>): Promise<unknown> =>
    client.json({ method: 'POST', path, body: JSON.stringify(body), headers: { ...JSON_HEADERS, ...trace }, signal }, explain);
  const get = (path: string, signal: AbortSignal): Promise<unknown> => client.json({ method: 'GET', path, signal }, explain);

  const open = async (call: ChatCall): Promise<HttpAnswer> => {
    const { model, request, signal } = call;
    const { completion } = request;
    const tokens = roomFor(options.promptTokens(request) + (completion?.context?.length ?? 0), request.sampling.maxOutputTokens);
    const thinks = capabilities.get(model)?.includes('thinking') !== false;
    for (let attempt = 1; ; attempt++) {
      const window = windows.choose(model, tokens, request.contextWindow);
      const settings = { window, thinks };
      const native = completion === undefined ? toChatBody(model, request, settings) : toGenerateBody(model, request, completion, settings);
      const path = completion === undefined ? '/api/chat' : '/api/generate';
      const answer = await client.open({
        method: 'POST',
        path,
        body: JSON.stringify(native),
        headers: { ...JSON_HEADERS, ...call.trace, ...deadlineHeader(call.deadlineAt, now()) },
        signal,
      });
      if (answer.status < 400) return answer;
      const error = explain(answer.status, await readText(answer, 64 << 10, name), answer.headers);
      // The estimate was too low, or another client loaded the model with a smaller window.
      const retry = error.kind === 'context-too-long' && attempt < MAX_ATTEMPTS && windows.grow(model, window, tokensIn(error.message, window));
      if (!retry) throw error;
    }
  };

  async function* plain(call: ChatCall): ChatStream {
    const answer = await open(call);
    const lines = createLineSplitter();
    // Ollama has no word for one call at a time: what a model calls beyond the first is left out.
    const reader = createNativeReader(name, `${call.requestId}/${call.model}`, call.request.parallelToolCalls === false ? 1 : undefined);
    let started = false;
    for await (const chunks of answer.body) {
      const events: ChatEvent[] = started ? [] : [{ type: 'start', model: call.model }];
      started = true;
      for (const chunk of chunks) for (const line of lines.push(chunk)) reader.line(line, events);
      if (events.length > 0) yield events;
      if (reader.finished()) return;
    }
    const events: ChatEvent[] = [];
    reader.line(lines.end(), events);
    if (events.length > 0) yield events;
    if (!reader.finished()) {
      throw new GatewayError('upstream-failed', `'${name}' ended its answer before it was complete.`, { target: name, code: 'incomplete_answer' });
    }
  }

  const chat = (call: ChatCall): ChatStream => (mustCall(call.request) ? forcedCall(call, plain) : plain(call));

  async function embed(call: EmbedCall): Promise<EmbedResult> {
    const { input, dimensions, truncate, keepAliveS, extra, dialect } = call.request;
    const started = now();
    const shared = {
      ...(dialect.startsWith('ollama') && withWindow(extra, windows, call.model)),
      model: call.model,
      ...(keepAliveS !== undefined && { keep_alive: keepAliveS }),
    };
    if (dialect === 'ollama-embeddings') {
      const { embedding } = legacySchema.parse(await post('/api/embeddings', { ...shared, prompt: input[0] ?? '' }, call.signal, call.trace));
      return { vectors: [embedding], timings: { totalMs: now() - started } };
    }
    const answer = embedSchema.parse(
      await post(
        '/api/embed',
        {
          ...shared,
          input,
          ...(dimensions !== undefined && { dimensions }),
          ...(truncate !== undefined && { truncate }),
        },
        call.signal,
        call.trace,
      ),
    );
    return {
      vectors: answer.embeddings,
      ...(answer.prompt_eval_count !== undefined && { inputTokens: answer.prompt_eval_count }),
      timings: { totalMs: now() - started, ...(answer.load_duration !== undefined && { loadMs: answer.load_duration / 1e6 }) },
    };
  }

  return {
    name,
    kind: 'ollama',
    async models(signal) {
      const found = await discover(get, post, signal);
      capabilities.clear();
      for (const { model, initialWindow } of found) {
        capabilities.set(model.name, model.capabilities);
        windows.learn(model.name, {
          ...(model.contextWindow !== undefined && { max: model.contextWindow }),
          ...(initialWindow !== undefined && { initial: initialWindow }),
        });
      }
      return found.map(({ model }) => model);
    },
    async loaded(signal) {
      const running = psSchema.parse(await get('/api/ps', signal)).models.map((model) => ({
        name: model.name,
        sizeBytes: model.size,
        vramBytes: model.size_vram,
        ...(model.context_length !== undefined && { contextWindow: model.context_length }),
        ...(model.digest !== undefined && { digest: model.digest }),
        ...(!Number.isNaN(Date.parse(model.expires_at)) && { expiresAt: Date.parse(model.expires_at) }),
      }));
      windows.running(new Map(running.flatMap((model) => (model.contextWindow === undefined ? [] : [[model.name, model.contextWindow]]))));
      return running;
    },
    async health(signal) {
      const { version } = z.looseObject({ version: z.string().optional() }).parse(await get('/api/version', signal));
      return version === undefined ? {} : { version };
    },
    chat,
    embed,
    async load({ model, keepAliveS, contextWindow, signal }) {
      if (keepAliveS === 0) windows.forget(model);
      const window = keepAliveS === 0 ? undefined : windows.choose(model, 0, contextWindow);
      const shared = {
        model,
        ...(keepAliveS !== undefined && { keep_alive: keepAliveS }),
        ...(window !== undefined && { options: { num_ctx: window } }),
      };
      // Ollama refuses to generate, and so to load this way, with a model that only embeds; unloading works for every one.
      const embeds = keepAliveS !== 0 && capabilities.get(model)?.includes('completion') === false;
      if (embeds) await post('/api/embed', { ...shared, input: [] }, signal);
      else await post('/api/generate', { ...shared, prompt: '', stream: false }, signal);
    },
    forward: forwardBy(client),
    close: () => client.close(),
  };
}

/** Times one request may be sent again with a larger window. */
const MAX_ATTEMPTS = 3;
/** How far estimates of tokens may be below the truth. */
const ESTIMATE_MARGIN = 1.2;
/** Tokens kept free for an answer whose length nobody limited, and the most that a limit reserves. */
const ANSWER_ROOM = 1_024;
const MAX_ANSWER_ROOM = 8_192;

const roomFor = (promptTokens: number, maxOutput: number | undefined): number =>
  Math.ceil(promptTokens * ESTIMATE_MARGIN) + Math.min(maxOutput ?? ANSWER_ROOM, MAX_ANSWER_ROOM);

/** How many tokens the host counted, where its refusal tells: the largest number in it, beyond the window it names. */
function tokensIn(message: string, window: number | undefined): number | undefined {
  const largest = Math.max(0, ...[...message.matchAll(/\b(\d{1,8})\b/g)].map((match) => Number(match[1])));
  return largest > (window ?? 0) ? largest + ANSWER_ROOM : undefined;
}

/** An Ollama client's own fields, its num_ctx replaced by the one all requests for the model share. */
function withWindow(extra: Readonly<Record<string, unknown>>, windows: Windows, model: string): object {
  const options = extra['options'] as Record<string, unknown> | undefined;
  const asked = options?.['num_ctx'];
  const window = windows.choose(model, 0, typeof asked === 'number' && asked > 0 ? asked : undefined);
  if (options === undefined && window === undefined) return extra;
  const { num_ctx: _asked, ...rest } = options ?? {};
  return { ...extra, options: { ...rest, ...(window !== undefined && { num_ctx: window }) } };
}

const legacySchema = z.looseObject({ embedding: z.array(z.number()) });

const embedSchema = z.looseObject({
  embeddings: z.array(z.array(z.number())),
  prompt_eval_count: z.number().optional(),
  load_duration: z.number().optional(),
});

const psSchema = z.looseObject({
  models: z
    .array(
      z.looseObject({
        name: z.string(),
        size: z.number().default(0),
        size_vram: z.number().default(0),
        context_length: z.number().optional(),
        digest: z.string().optional(),
        expires_at: z.string().default(''),
      }),
    )
    .nullish()
    .transform((models) => models ?? []),
});
