import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as an upstream got it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly body: Record<string, unknown>;
  /** True once the caller hung up before the answer was complete. */
  readonly cancelled: () => boolean;
}

export type Handler = (seen: Seen, response: ServerResponse) => void | Promise<void>;

export interface Upstream {
  readonly url: string;
  readonly port: number;
  readonly seen: Seen[];
  /** Chat calls only: what was generated, not what was listed. */
  readonly calls: () => Seen[];
  /** Sockets open now. */
  readonly open: () => number;
  handle(handler: Handler): void;
  close(): Promise<void>;
}

/** A scripted upstream on a free port, for faults and rare shapes. `handler` answers what is not listed in `routes`. */
export async function createUpstream(handler: Handler, port = 0): Promise<Upstream> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let answer = handler;
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      let cancelled = false;
      response.once('close', () => {
        cancelled = !response.writableFinished;
      });
      const item: Seen = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        text,
        body: parse(text),
        cancelled: () => cancelled,
      };
      seen.push(item);
      Promise.resolve(answer(item, response)).catch(() => response.destroy());
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    seen,
    calls: () => seen.filter(({ path }) => /\/(chat|generate|chat\/completions|completions)$/.test(path)),
    open: () => sockets.size,
    handle: (next) => {
      answer = next;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export const sendJson = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** Models an Ollama-shaped upstream lists. */
export interface FakeModel {
  readonly name: string;
  readonly capabilities?: readonly string[];
  readonly family?: string;
  readonly parameterSize?: string;
  readonly contextLength?: number;
  readonly digest?: string;
}

/** Answers Ollama's list routes; chat goes to `chat`. */
export const ollamaHandler =
  (models: readonly FakeModel[], chat: Handler): Handler =>
  (seen, response) => {
    const details = (model: FakeModel) => ({
      family: model.family ?? 'llama',
      families: [model.family ?? 'llama'],
      format: 'gguf',
      parameter_size: model.parameterSize ?? '7B',
      quantization_level: 'Q4_K_M',
    });
    switch (seen.path) {
      case '/api/version':
        return sendJson(response, { version: '0.33.0' });
      case '/api/tags':
        return sendJson(response, {
          models: models.map((model) => ({
            name: model.name,
            model: model.name,
            modified_at: '2026-01-02T03:04:05Z',
            size: 4_000_000_000,
            digest: (model.digest ?? 'a').padEnd(64, '0'),
            details: details(model),
          })),
        });
      case '/api/ps':
        return sendJson(response, { models: [] });
      case '/api/show': {
        const model = models.find(({ name }) => name === seen.body['model']);
        if (model === undefined) return sendJson(response, { error: 'model not found' }, 404);
        return sendJson(response, {
          details: details(model),
          model_info: { 'general.architecture': 'llama', 'general.parameter_count': 7_000_000_000, 'llama.context_length': model.contextLength ?? 8192 },
          capabilities: model.capabilities ?? ['completion', 'tools'],
        });
      }
      default:
        return chat(seen, response);
    }
  };

/** A whole native answer in pieces. */
export const nativeAnswer =
  (pieces: readonly string[], more: Record<string, unknown> = {}): Handler =>
  (seen, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const model = seen.body['model'];
    const generate = seen.path.endsWith('/generate');
    for (const piece of pieces) {
      const part = generate ? { response: piece } : { message: { role: 'assistant', content: piece } };
      response.write(`${JSON.stringify({ model, created_at: '2026-01-01T00:00:00Z', ...part, done: false })}\n`);
    }
    const last = generate ? { response: '' } : { message: { role: 'assistant', content: '' } };
    response.end(
      `${JSON.stringify({ model, created_at: '2026-01-01T00:00:00Z', ...last, done: true, done_reason: 'stop', total_duration: 5e6, load_duration: 1e6, prompt_eval_count: 7, prompt_eval_duration: 1e6, eval_count: pieces.length, eval_duration: 2e6, ...more })}\n`,
    );
  };

/** One server-sent chunk of OpenAI's chat stream. */
export const sseChunk = (delta: object, finish: string | null = null, more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-up', object: 'chat.completion.chunk', created: 1, model: 'up', choices: [{ index: 0, delta, finish_reason: finish }], ...more })}\n\n`;

/** A whole OpenAI-shaped stream in pieces. */
export const openaiAnswer =
  (pieces: readonly string[]): Handler =>
  (_seen, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(sseChunk({ role: 'assistant', content: '' }));
    for (const piece of pieces) response.write(sseChunk({ content: piece }));
    response.write(sseChunk({}, 'stop'));
    response.write(
      `data: ${JSON.stringify({ id: 'chatcmpl-up', object: 'chat.completion.chunk', created: 1, model: 'up', choices: [], usage: { prompt_tokens: 7, completion_tokens: pieces.length, total_tokens: 7 + pieces.length } })}\n\n`,
    );
    response.end('data: [DONE]\n\n');
  };

/** Answers OpenAI's model list; everything else goes to `chat`. */
export const openaiHandler =
  (models: readonly string[], chat: Handler): Handler =>
  (seen, response) =>
    seen.path === '/v1/models'
      ? sendJson(response, { object: 'list', data: models.map((id) => ({ id, object: 'model', created: 1, owned_by: 'test' })) })
      : chat(seen, response);
