import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, nativeAnswer, ollamaHandler, openaiAnswer, openaiHandler, type Upstream } from '../support/upstream.ts';

export interface Route {
  readonly method: string;
  readonly url: string;
}

/** Every route that is registered, from the router's own picture of itself, so that a new one cannot be forgotten. */
export function routesOf(app: FastifyInstance): Route[] {
  const stack: string[] = [];
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const match = /^(.*?)[└├]── (\S+)(?: \(([A-Z, ]+)\))?$/.exec(line);
      if (match === null) return [];
      const depth = (match[1] ?? '').length / 4;
      stack.length = depth;
      stack.push(match[2] ?? '');
      const url = stack.join('').replaceAll(/\/{2,}/g, '/');
      return (match[3] ?? '')
        .split(', ')
        .filter((method) => method !== '')
        .map((method) => ({ method, url }));
    });
}

/** A path that a route matches. */
export const pathOf = (url: string): string => url.replace(/:[A-Za-z]+/g, 'x1').replace('*', 'x1');

/** Routes that read JSON, one of each face and form of body, with a field that is forwarded or ignored. */
export const JSON_ROUTES = [
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/responses',
  '/v1/messages',
  '/v1/batches',
  '/api/chat',
  '/api/generate',
  '/api/embed',
  '/api/show',
  '/api/pull',
  '/orchestrator/route',
  '/orchestrator/compare',
  '/orchestrator/keys',
  '/orchestrator/feedback',
] as const;

export interface Fixture {
  readonly gateway: TestGateway;
  readonly openai: Upstream;
  readonly ollama: Upstream;
  close(): Promise<void>;
}

/** A gateway before one upstream of each kind: model `m` at the OpenAI one, `n` at the Ollama one. */
export async function startFixture(options: { gateway?: object; chat?: Handler; native?: Handler; env?: Record<string, string> } = {}): Promise<Fixture> {
  const openai = await createUpstream(openaiHandler(['m'], options.chat ?? openaiAnswer(['fine'])));
  const ollama = await createUpstream(ollamaHandler([{ name: 'n' }], options.native ?? nativeAnswer(['fine'])));
  const gateway = await startGateway(
    {
      gateway: {
        providers: [
          { name: 'o', type: 'openai', url: `${openai.url}/v1` },
          { name: 'l', type: 'ollama', url: ollama.url },
        ],
        ...options.gateway,
      },
      performance: { caching: { enabled: false } },
    },
    options.env === undefined ? {} : { env: options.env },
  );
  return {
    gateway,
    openai,
    ollama,
    async close() {
      await gateway.close();
      await openai.close();
      await ollama.close();
    },
  };
}

/** Whether a refusal has the form of the API that was called. */
export function hasErrorForm(path: string, body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  if (path.startsWith('/api/')) return typeof error === 'string' && error !== '';
  if (typeof error !== 'object' || error === null || !('message' in error) || !('type' in error)) return false;
  return path.startsWith('/v1/messages') ? 'type' in body && body.type === 'error' : typeof error.message === 'string';
}

/** Sends raw bytes and gives back everything that came until the connection ended or was silent for `ms`. */
export const raw = (url: string, bytes: string | Buffer, ms = 1_000): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setTimeout(ms, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });

export const statusesOf = (text: string): number[] => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
