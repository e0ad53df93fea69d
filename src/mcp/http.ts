import { isLegacyRequest } from '@modelcontextprotocol/server';
import { GatewayError } from '../core/errors.ts';
import { createMcpExchanges } from './exchanges.ts';
import { createMcpServer } from './server.ts';
import { createMcpSessions, type McpRequest, type SessionOptions } from './sessions.ts';

export interface McpHttpOptions extends Omit<Parameters<typeof createMcpServer>[0], 'api'>, Pick<SessionOptions, 'createId'> {
  /** The gateway's API for a client at this address. */
  readonly apiFor: (address: string) => Parameters<typeof createMcpServer>[0]['api'];
}

/** MCP's Streamable HTTP in both its forms: with sessions up to 2025-11-25, without since 2026-07-28. */
export function createMcpHttp({ apiFor, createId, now, version }: McpHttpOptions) {
  const createServer = (address: string) => createMcpServer({ api: apiFor(address), version, now });
  const sessions = createMcpSessions({ createServer, createId, now });
  const exchanges = createMcpExchanges({ createServer });
  return {
    /** Throws GatewayError for what is refused before the protocol has a say. */
    async answer(call: McpRequest): Promise<Response> {
      // The protocol has no lists of messages since 2025-06-18, and one request could hold thousands of calls.
      if (Array.isArray(call.body)) throw new GatewayError('invalid-request', 'One MCP message a request: lists are not accepted.');
      return ((await isLegacyRequest(call.request, call.body)) ? sessions : exchanges).answer(call);
    },
    close: async (): Promise<void> => void (await Promise.all([sessions.close(), exchanges.close()])),
  };
}
