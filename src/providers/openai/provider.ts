import { z } from 'zod';
import type { ChatEvent, ChatStream, EmbedResult } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Capability, DiscoveredModel } from '../../core/model.ts';
import type { ChatCall, EmbedCall, Provider } from '../../core/provider.ts';
import { createSseParser, type ServerSentEvent, type Skim } from '../../stream/sse.ts';
import { forwardBy } from '../forward.ts';
import { createHttpClient, deadlineHeader, type HttpAnswer, readText, retryAfterMs, statusError } from '../http.ts';
import { createChunkReader } from './events.ts';
import { toChatBody, toCompletionBody } from './request.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };

/** Largest JSON answer of an upstream that does not stream, bytes. */
const MAX_ANSWER = 32 << 20;

export interface OpenAiProviderOptions {
  readonly name: string;
  /** Ends with /v1. */
  readonly url: string;
  readonly apiKey?: string;
  /** Names it serves, for servers that have no /models. */
  readonly models?: readonly string[];
  readonly contextWindow?: number;
  readonly capabilities?: readonly Capability[];
  readonly connectMs: number;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Any server with OpenAI's API: vLLM, llama.cpp's server, a hosted one. */
export function createOpenAiProvider(options: OpenAiProviderOptions): Provider {
  const { name, now } = options;
  const client = createHttpClient({
    target: name,
    url: options.url,
    connectMs: options.connectMs,
    ...(options.apiKey !== undefined && { headers: { authorization: `Bearer ${options.apiKey}` } }),
  });

  const explain = (status: number, text: string, headers: HttpAnswer['headers']): GatewayError => {
    const { message, code, param } = readError(text);
    if (status === 400 && (code === 'context_length_exceeded' || /context (length|size|window)|maximum context|exceed_context_size/i.test(message))) {
      return new GatewayError('context-too-long', message, { target: name, code: 'context_length_exceeded' });
    }
    const error = statusError(status, message, name, retryAfterMs(headers['retry-after'], now()));
    // What the request lacks is told in the upstream's own words, down to the code that SDKs branch on.
    if (error.status >= 500) return error;
    return new GatewayError(error.kind, error.message, { ...error.details, ...(WORD.test(code) && { code }), ...(FIELD.test(param) && { param }) });
  };

  async function* chat(call: ChatCall): ChatStream {
    const raw = call.request.completion;
    // OpenAI's own completions go on as they came: a base model has no chat template to put them in.
    const asCompletion = raw !== undefined && (raw.raw || raw.suffix !== undefined || call.request.dialect === 'openai');
    const answer = await client.open({
      method: 'POST',
      path: asCompletion ? '/completions' : '/chat/completions',
      body: JSON.stringify(asCompletion ? toCompletionBody(call.model, call.request, !call.buffered) : toChatBody(call.model, call.request, !call.buffered)),
      headers: { ...JSON_HEADERS, accept: 'text/event-stream, application/json', ...call.trace, ...deadlineHeader(call.deadlineAt, now()) },
      signal: call.signal,
    });
    if (answer.status >= 400) throw explain(answer.status, await readText(answer, 64 << 10, name), answer.headers);
    const reader = createChunkReader(name);
    yield [{ type: 'start', model: call.model }];
    if (String(answer.headers['content-type'] ?? '').includes('application/json')) {
      const events: ChatEvent[] = [];
      reader.data(await readText(answer, MAX_ANSWER, name), events);
      events.push(reader.finish());
      yield events;
      return;
    }
    const sse = createSseParser();
    let batch: ChatEvent[] = [];
    const give = ({ data }: ServerSentEvent): void => reader.data(data, batch);
    const skim: Skim = (text, at) => reader.skim(text, at, batch);
    for await (const chunks of answer.body) {
      batch = [];
      for (const chunk of chunks) sse.read(chunk, give, skim);
      if (batch.length > 0) yield batch;
      if (reader.ended()) break;
    }
    const events: ChatEvent[] = [];
    for (const event of sse.end()) reader.data(event.data, events);
    if (!reader.ended()) {
      throw new GatewayError('upstream-failed', `'${name}' ended its answer before it was complete.`, { target: name, code: 'incomplete_answer' });
    }
    events.push(reader.finish());
    yield events;
  }

  async function embed(call: EmbedCall): Promise<EmbedResult> {
    const { input, dimensions, extra, dialect } = call.request;
    const body = {
      ...(dialect === 'openai' && extra),
      model: call.model,
      input,
      encoding_format: 'float',
      ...(dimensions !== undefined && { dimensions }),
    };
    const request = { method: 'POST', path: '/embeddings', body: JSON.stringify(body), headers: { ...JSON_HEADERS, ...call.trace }, signal: call.signal };
    const answer = embeddingSchema.safeParse(await client.json(request, explain));
    if (!answer.success || answer.data.data.length !== input.length) {
      throw new GatewayError('upstream-failed', `'${name}' answered with other embeddings than were asked for.`, { target: name });
    }
    const vectors = [...answer.data.data].sort((a, b) => a.index - b.index).map((item) => item.embedding);
    const tokens = answer.data.usage?.prompt_tokens;
    return { vectors, ...(typeof tokens === 'number' && { inputTokens: tokens }) };
  }

  async function models(signal: AbortSignal): Promise<DiscoveredModel[]> {
    const given = { ...(options.capabilities && { capabilities: options.capabilities }) };
    const window = options.contextWindow;
    if (options.models !== undefined) return options.models.map((model) => ({ name: model, ...given, ...(window !== undefined && { contextWindow: window }) }));
    const list = modelsSchema.parse(await client.json({ method: 'GET', path: '/models', signal }, explain));
    return (list.data ?? []).map((model) => {
      const contextWindow = window ?? model.max_model_len ?? model.context_length ?? model.meta?.n_ctx_train;
      return {
        name: model.id,
        ...given,
        ...(typeof model.created === 'number' && { modifiedAt: model.created * 1000 }),
        ...(typeof model.owned_by === 'string' && { ownedBy: model.owned_by }),
        ...(typeof contextWindow === 'number' && { contextWindow }),
        ...(typeof model.meta?.n_params === 'number' && { parameters: model.meta.n_params }),
        ...(typeof model.meta?.size === 'number' && { sizeBytes: model.meta.size }),
      };
    });
  }

  return {
    name,
    kind: 'openai',
    models,
    // These servers hold what they serve: everything listed is in memory.
    loaded: async (signal) =>
      (await models(signal)).map((model) => ({ name: model.name, ...(model.contextWindow !== undefined && { contextWindow: model.contextWindow }) })),
    async health(signal) {
      await client.json({ method: 'GET', path: '/models', signal }, explain);
      return {};
    },
    chat,
    embed,
    forward: forwardBy(client),
    close: () => client.close(),
  };
}

const embeddingSchema = z.looseObject({
  data: z.array(z.looseObject({ index: z.number(), embedding: z.array(z.number()) })),
  usage: z.looseObject({ prompt_tokens: z.number().nullish() }).nullish(),
});

const modelsSchema = z.looseObject({
  data: z
    .array(
      z.looseObject({
        id: z.string(),
        created: z.number().nullish(),
        owned_by: z.string().nullish(),
        max_model_len: z.number().nullish(),
        context_length: z.number().nullish(),
        meta: z.looseObject({ n_ctx_train: z.number().nullish(), n_params: z.number().nullish(), size: z.number().nullish() }).nullish(),
      }),
    )
    .nullish(),
});

/** Codes and field names as they are; what looks otherwise is not passed on. */
const WORD = /^[a-z][a-z0-9_.-]{0,63}$/i;
const FIELD = /^[a-z][\w.[\]-]{0,199}$/i;

/** The message, code and field of an OpenAI error body; other bodies give what text they have, capped. */
function readError(text: string): { message: string; code: string; param: string } {
  const said = (message: string, more: { code?: unknown; param?: unknown } = {}) => ({
    message: message.slice(0, 2_000),
    code: String(more.code ?? ''),
    param: String(more.param ?? ''),
  });
  try {
    const body = JSON.parse(text) as { error?: unknown; message?: unknown; detail?: unknown };
    const error = (body.error ?? body) as { message?: unknown; code?: unknown; param?: unknown; detail?: unknown } | string;
    if (typeof error === 'string') return said(error);
    const message = error.message ?? error.detail ?? '';
    return said(typeof message === 'string' ? message : JSON.stringify(message), error);
  } catch {
    return said('');
  }
}
