import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Provider } from './core/provider.ts';
import { serveProvider } from './providers/relayed/serve.ts';
import type { Operation } from './providers/relayed/wire.ts';

/** Header in which a worker tells the lead where the client is. Believed on the lead's own socket only. */
export const CLIENT_ADDRESS = 'x-orchestrator-client';

const PROVIDER = /^\/providers\/([^/]+)\/(chat|models|loaded|health|load)$/;

/**
 * Listens for the other workers on a socket that only this user can open: their clients' requests go through the whole app as if
 * they had come here, and calls of this process's own providers to these.
 */
export function listenForWorkers(options: {
  readonly path: string;
  readonly answer: RequestListener;
  readonly provider: (name: string) => Provider | undefined;
}): Promise<Server> {
  const { path, answer, provider } = options;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const [, name = '', operation] = PROVIDER.exec(request.url ?? '') ?? [];
    const found = name === '' ? undefined : provider(decodeURIComponent(name));
    if (found !== undefined) return void serveProvider(found, operation as Operation, request, response);
    const address = request.headers[CLIENT_ADDRESS];
    delete request.headers[CLIENT_ADDRESS];
    // A connection carries one request after the other, so that its address is the one of the request being read.
    Object.defineProperty(request.socket, 'remoteAddress', { value: address, configurable: true });
    answer(request, response);
  };
  // Whoever was there before is dead: the state directory is this gateway's alone.
  if (process.platform !== 'win32') rmSync(path, { force: true });
  const server = createServer({ headersTimeout: 0, requestTimeout: 0, keepAliveTimeout: 0 }, handle);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      if (process.platform !== 'win32') chmodSync(path, 0o600);
      resolve(server);
    });
  });
}
