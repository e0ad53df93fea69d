import { z } from 'zod';
import type { ChatEvent, ChatStream, EmbedResult } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ChatCall, EmbedCall, ForwardCall, Provider } from '../../core/provider.ts';
import { createLineSplitter } from '../../stream/lines.ts';
import { createHttpClient, type HttpAnswer, readText, retryAfterMs, statusError } from '../http.ts';
import { unwrapError } from './error.ts';
import { createNativeReader } from './events.ts';
import { discover } from './models.ts';
import { toChatBody, toGenerateBody } from './request.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };

/** An Ollama host, by its native API: only there can the context window be set and thinking be told from text. */
export function createOllamaProvider(options: { name: string; url: string; apiKey?: string; connectMs: number; now: () => number }): Provider {
  const { name, now } = options;
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
  const post = (path: string, body: object, signal: AbortSignal): Promise<unknown> =>
    client.json({ method: 'POST', path, body: JSON.stringify(body), headers: JSON_HEADERS, signal }, explain);
  const get = (path: string, signal: AbortSignal): Promise<unknown> => client.json({ method: 'GET', path, signal }, explain);

  async function* chat(call: ChatCall): ChatStream {
    const raw = call.request.completion;
    const native = raw === undefined ? toChatBody(call.model, call.request) : toGenerateBody(call.model, call.request, raw);
    const answer = await client.open({
      method: 'POST',
      path: raw === undefined ? '/api/chat' : '/api/generate',
      body: JSON.stringify(native),
      headers: JSON_HEADERS,
      signal: call.signal,
    });
    if (answer.status >= 400) throw explain(answer.status, await readText(answer, 64 << 10, name), answer.headers);
    const lines = createLineSplitter();
    const reader = createNativeReader(name);
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

  async function embed(call: EmbedCall): Promise<EmbedResult> {
    const { input, dimensions, truncate, keepAliveS, extra, dialect } = call.request;
    const started = now();
    const answer = embedSchema.parse(
      await post(
        '/api/embed',
        {
          ...(dialect === 'ollama' && extra),
          model: call.model,
          input,
          ...(dimensions !== undefined && { dimensions }),
          ...(truncate !== undefined && { truncate }),
          ...(keepAliveS !== undefined && { keep_alive: keepAliveS }),
        },
        call.signal,
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
    models: (signal) => discover(get, post, signal),
    async loaded(signal) {
      return psSchema.parse(await get('/api/ps', signal)).models.map((model) => ({
        name: model.name,
        sizeBytes: model.size,
        vramBytes: model.size_vram,
        ...(model.context_length !== undefined && { contextWindow: model.context_length }),
        ...(model.digest !== undefined && { digest: model.digest }),
        ...(!Number.isNaN(Date.parse(model.expires_at)) && { expiresAt: Date.parse(model.expires_at) }),
      }));
    },
    async health(signal) {
      const { version } = z.looseObject({ version: z.string().optional() }).parse(await get('/api/version', signal));
      return version === undefined ? {} : { version };
    },
    chat,
    embed,
    async load({ model, keepAliveS, signal }) {
      await post('/api/generate', { model, prompt: '', stream: false, ...(keepAliveS !== undefined && { keep_alive: keepAliveS }) }, signal);
    },
    async forward(call: ForwardCall) {
      const answer = await client.open({ ...call, headers: { ...JSON_HEADERS, ...call.headers } });
      const type = answer.headers['content-type'];
      return { status: answer.status, headers: typeof type === 'string' ? { 'content-type': type } : {}, body: flatten(answer.body) };
    },
    close: () => client.close(),
  };
}

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

async function* flatten(body: AsyncIterable<readonly Buffer[]>): AsyncGenerator<Uint8Array> {
  for await (const chunks of body) yield* chunks;
}
