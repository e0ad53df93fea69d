import { isInitializeRequest, type McpServer, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
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
  /** Its signal tells when the answer is over, sent or not. */
  readonly request: Request;
  /** Parsed JSON; undefined for GET and DELETE. */
  readonly body: unknown;
  /** Whose sessions it may use. */
  readonly tenant: string;
  /** Where the client is. */
  readonly address: string;
}

interface Session {
  readonly tenant: string;
  readonly transport: WebStandardStreamableHTTPServerTransport;
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
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: options.createId,
      onsessioninitialized: (id) => void sessions.set(id, session),
      onsessionclosed: (id) => end(id),
    });
    const session: Session = { tenant, transport, server, usedAt: now(), open: 0 };
    await server.connect(transport);
    return session;
  };

  const find = (request: Request, tenant: string): Session => {
    const id = request.headers.get('mcp-session-id') ?? '';
    if (id === '') {
      throw new GatewayError('invalid-request', 'Begin with an initialize request, then send its Mcp-Session-Id with every other.', { code: 'no_session' });
    }
    const session = sessions.get(id);
    if (session === undefined || session.tenant !== tenant) {
      throw new GatewayError('not-found', 'There is no such MCP session (any more); initialize a new one.', { code: 'session_not_found' });
    }
    return session;
  };

  return {
    /** The session's answer. Throws GatewayError when there is no such session and none may begin. */
    async answer({ request, body, tenant, address }: McpRequest): Promise<Response> {
      const starts = isInitializeRequest(body) && !request.headers.has('mcp-session-id');
      const session = starts ? await begin(tenant, address) : find(request, tenant);
      session.usedAt = now();
      session.open += 1;
      const over = (): void => {
        session.open -= 1;
        session.usedAt = now();
      };
      if (request.signal.aborted) over();
      else request.signal.addEventListener('abort', over, { once: true });
      return session.transport.handleRequest(request, { parsedBody: body });
    },
    count: (): number => sessions.size,
    close: async (): Promise<void> => {
      await Promise.all([...sessions.keys()].map(end));
    },
  };
}
