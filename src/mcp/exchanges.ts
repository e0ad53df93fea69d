import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server';
import { GatewayError } from '../core/errors.ts';
import type { McpRequest } from './sessions.ts';

export interface ExchangeOptions {
  /** A server for a client at this address. */
  readonly createServer: (address: string) => McpServer;
  /** Requests and streams open at once, of one key or address. */
  readonly maxPerTenant?: number;
}

/** MCP over HTTP since 2026-07-28: each request carries all it needs, so each has a server of its own and no session. */
export function createMcpExchanges({ createServer, maxPerTenant = 64 }: ExchangeOptions) {
  const open = new Map<string, number>();
  const handler = createMcpHandler(({ authInfo }) => createServer(authInfo?.clientId ?? ''), { legacy: 'reject' });

  return {
    /** Throws GatewayError when the tenant has too many open. */
    async answer({ request, body, tenant, address }: McpRequest): Promise<Response> {
      const before = open.get(tenant) ?? 0;
      if (before >= maxPerTenant) throw new GatewayError('rate-limited', `${maxPerTenant} MCP requests are open already.`, { retryAfterMs: 10_000 });
      open.set(tenant, before + 1);
      const over = (): void => {
        const left = (open.get(tenant) ?? 1) - 1;
        if (left > 0) open.set(tenant, left);
        else open.delete(tenant);
      };
      if (request.signal.aborted) over();
      else request.signal.addEventListener('abort', over, { once: true });
      // The SDK hands this through to createServer untouched; keys are checked before, by the gateway.
      return handler.fetch(request, { parsedBody: body, authInfo: { token: '', clientId: address, scopes: [] } });
    },
    close: (): Promise<void> => handler.close(),
  };
}
