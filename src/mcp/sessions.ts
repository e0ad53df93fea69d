import type { IncomingMessage, ServerResponse } from 'node:http';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { GatewayError } from '../core/errors.ts';

export interface SessionOptions {
  /** A server for a client at this address. */
  readonly createServer: (address: string) => McpServer;
  readonly createId: () => string;
  /** Epoch ms. */
  readonly now: () => number;
  /** Sessions at once, of one key or address and over all. */
  readonly maxPerTenant?: number;
  readonly maxTotal?: number;
  /** A session that is not used this long is forgotten, ms. */
  readonly idleMs?: number;
}

export interface McpRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Parsed JSON; undefined for GET and DELETE. */
  readonly body: unknown;
  /** Whose sessions it may use. */
  readonly tenant: string;
  /** Where the client is. */
  readonly address: string;
}

interface Session {
  readonly tenant: string;
  readonly transport: StreamableHTTPServerTransport;
  readonly server: McpServer;
  usedAt: number;
  /** Requests and streams open now. */
  open: number;
}

/** MCP over HTTP: one server for each session, a session for nobody but who began it. */
export function createMcpSessions(options: SessionOptions) {
  const { now, maxPerTenant = 32, maxTotal = 256, idleMs = 30 * 60_000 } = options;
  const sessions = new Map<string, Session>();

  const end = async (id: string): Promise<void> => {
    const session = sessions.get(id);
    sessions.delete(id);
    await session?.server.close();
  };

  /** Makes room: idle sessions go, and of a tenant with too many the one that was not used for longest. */
  const makeRoom = async (tenant: string): Promise<void> => {
    const stale = [...sessions].filter(([, { usedAt, open }]) => open === 0 && now() - usedAt > idleMs);
    await Promise.all(stale.map(([id]) => end(id)));
    const own = [...sessions].filter(([, session]) => session.tenant === tenant);
    if (own.length >= maxPerTenant) {
      const [oldest] = own.filter(([, { open }]) => open === 0).sort(([, a], [, b]) => a.usedAt - b.usedAt);
      if (oldest === undefined) throw new GatewayError('rate-limited', `${maxPerTenant} MCP sessions are open already; end one.`, { retryAfterMs: 10_000 });
      await end(oldest[0]);
    }
    if (sessions.size >= maxTotal) throw new GatewayError('unavailable', 'Too many MCP sessions are open. Try again later.', { retryAfterMs: 30_000 });
  };

  const begin = async (tenant: string, address: string): Promise<Session> => {
    await makeRoom(tenant);
    const server = options.createServer(address);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: options.createId,
      onsessioninitialized: (id) => void sessions.set(id, session),
      onsessionclosed: (id) => end(id),
    });
    const session: Session = { tenant, transport, server, usedAt: now(), open: 0 };
    // The SDK's own types are not exact about optional handlers.
    await server.connect(transport as Transport);
    return session;
  };

  const find = (request: IncomingMessage, tenant: string): Session => {
    const id = request.headers['mcp-session-id'];
    if (typeof id !== 'string' || id === '') {
      throw new GatewayError('invalid-request', 'Begin with an initialize request, then send its Mcp-Session-Id with every other.', { code: 'no_session' });
    }
    const session = sessions.get(id);
    if (session === undefined || session.tenant !== tenant) {
      throw new GatewayError('not-found', 'There is no such MCP session (any more); initialize a new one.', { code: 'session_not_found' });
    }
    return session;
  };

  return {
    /** Finds or begins the session; throws GatewayError before anything is written. */
    open: async ({ request, body, tenant, address }: McpRequest): Promise<Session> => {
      // The protocol has no lists of messages since 2025-06-18, and one request could hold thousands of calls.
      if (Array.isArray(body)) throw new GatewayError('invalid-request', 'One MCP message a request: lists are not accepted.');
      return isInitializeRequest(body) && request.headers['mcp-session-id'] === undefined ? begin(tenant, address) : find(request, tenant);
    },
    /** Lets the session answer. */
    async answer(session: Session, { request, response, body }: McpRequest): Promise<void> {
      session.usedAt = now();
      session.open += 1;
      response.once('close', () => {
        session.open -= 1;
        session.usedAt = now();
      });
      await session.transport.handleRequest(request, response, body);
    },
    count: (): number => sessions.size,
    close: async (): Promise<void> => {
      await Promise.all([...sessions.keys()].map(end));
    },
  };
}
