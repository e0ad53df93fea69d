import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../src/mcp/api.ts';
import { parseJson } from '../src/stream/json.ts';

/** Bytes of one MCP message. */
const MAX_BODY = 4 << 20;
/** What a tool's call to the gateway takes over from the request that carried it. */
const CARRIED = ['authorization', 'x-api-key', 'host'] as const;

/** MCP's Streamable HTTP. A tool calls the gateway as its client would: same key, same limits, same rights. */
export default async function mcp(app: FastifyInstance): Promise<void> {
  const { services } = app;

  const apiFor =
    (remoteAddress: string): Api =>
    async ({ method, path, body, from, signal }) => {
      const carried = CARRIED.map((name) => [name, from?.[name]] as const).filter((entry) => typeof entry[1] === 'string');
      const answer = await app.inject({
        method,
        url: path,
        remoteAddress,
        headers: Object.fromEntries(carried) as Record<string, string>,
        ...(body !== undefined && { payload: JSON.stringify(body) }),
        signal,
      });
      return { status: answer.statusCode, headers: answer.headers as Record<string, string | undefined>, body: answer.body === '' ? undefined : answer.json() };
    };
  // The SDK takes 9 MB and a tenth of a second: it is loaded when somebody speaks MCP.
  const load = async () => (await import('../src/mcp/http.ts')).createMcpHttp({ apiFor, createId: randomUUID, version: '0.1.0', now: services.now });
  let loaded: ReturnType<typeof load> | undefined;
  const close = async (): Promise<void> => (await loaded)?.close();
  app.addHook('preClose', close);
  services.closing.addEventListener('abort', () => void close(), { once: true });

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const body = request.method === 'POST' ? parseJson(request.body as Buffer) : undefined;
    loaded ??= load();
    const http = await loaded;
    await write(await http.answer({ request: toWebRequest(request, reply), body, tenant: request.caller.tenant, address: request.ip }), reply);
  };
  app.post('/mcp', { bodyLimit: MAX_BODY }, handle);
  app.get('/mcp', { exposeHeadRoute: false }, handle);
  app.delete('/mcp', handle);
}

/** Sends the headers at once: a stream of notifications may have nothing to say for long. */
async function write({ status, headers, body }: Response, reply: FastifyReply): Promise<void> {
  reply.hijack();
  reply.raw.writeHead(status, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...Object.fromEntries(headers) });
  reply.raw.flushHeaders();
  // Whoever leaves in the middle has seen to it himself.
  if (body === null) reply.raw.end();
  else await pipeline(body, reply.raw).catch(() => undefined);
}

/** A Request that is collected takes its signal with it, so each is held while its answer lasts. */
const answering = new Set<Request>();

/** Without the body, which is read already; its signal aborts when the answer is over. */
function toWebRequest({ method, url, headers }: FastifyRequest, { raw }: FastifyReply): Request {
  const over = new AbortController();
  const entries = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const request = new Request(new URL(url, 'http://gateway'), { method, headers: entries, signal: over.signal });
  const end = (): void => {
    over.abort();
    answering.delete(request);
  };
  answering.add(request);
  if (raw.closed) end();
  else raw.once('close', end);
  return request;
}
