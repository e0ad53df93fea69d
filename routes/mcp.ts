import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../src/mcp/api.ts';
import type { McpRequest } from '../src/mcp/sessions.ts';
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
  // The SDK takes 17 MB and a tenth of a second: it is loaded when somebody speaks MCP.
  const load = async () => {
    const [{ createMcpServer }, { createMcpSessions }] = await Promise.all([import('../src/mcp/server.ts'), import('../src/mcp/sessions.ts')]);
    return createMcpSessions({
      createServer: (address) => createMcpServer({ api: apiFor(address), version: '0.1.0', now: services.now }),
      createId: randomUUID,
      now: services.now,
    });
  };
  let loaded: ReturnType<typeof load> | undefined;
  const close = async (): Promise<void> => (await loaded)?.close();
  app.addHook('preClose', close);
  services.closing.addEventListener('abort', () => void close(), { once: true });

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const body = request.method === 'POST' ? parseJson(request.body as Buffer) : undefined;
    const call: McpRequest = { request: request.raw, response: reply.raw, body, tenant: request.caller.tenant, address: request.ip };
    loaded ??= load();
    const sessions = await loaded;
    const session = await sessions.open(call);
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
    reply.hijack();
    await sessions.answer(session, call);
    return reply;
  };
  app.post('/mcp', { bodyLimit: MAX_BODY }, handle);
  app.get('/mcp', { exposeHeadRoute: false }, handle);
  app.delete('/mcp', handle);
}
