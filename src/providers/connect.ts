import type { Socket } from 'node:net';
import { buildConnector, errors } from 'undici';

/** Bytes a socket reads ahead of the parser; undici's own 64 KiB would be held for each slow reader. */
const READ_AHEAD = 16 << 10;
/** How long the outcome of a dial speaks for the next one, ms. */
const TELLING_MS = 250;

export interface Connector {
  readonly connect: buildConnector.connector;
  /** How the latest dial ended or will end; undefined when it is too long ago to tell anything. */
  lastDial(): Promise<void> | undefined;
}

/**
 * Dials one upstream. The clock is Node's own timer: undici's shared one may fire half a second late. What breaks a connection
 * that has served before is marked (see `hadServed`), because a request that ran into it may be sent again. `socketPath` is a socket
 * of this machine that is dialled in place of the address.
 */
export function createConnector(timeoutMs: number, socketPath?: string): Connector {
  const settings: buildConnector.BuildOptions & { highWaterMark: number } = {
    timeout: 0,
    highWaterMark: READ_AHEAD,
    ...(socketPath !== undefined && { socketPath }),
  };
  const build = buildConnector(settings) as (...args: Parameters<buildConnector.connector>) => Socket;
  let last: Promise<void> | undefined;
  let forget: NodeJS.Timeout | undefined;

  const connect: buildConnector.connector = (options, callback) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined);
    last = promise;
    clearTimeout(forget);
    const socket = build(options, (...result) => {
      clearTimeout(timer);
      forget = setTimeout(() => {
        last = undefined;
      }, TELLING_MS).unref();
      if (result[0] === null) resolve();
      else reject(result[0]);
      callback(...result);
    });
    const timer = setTimeout(() => socket.destroy(new errors.ConnectTimeoutError(`no connection within ${timeoutMs} ms`)), timeoutMs);
    socket.once('error', (error: Marked) => {
      error.servedBytes = socket.bytesRead;
    });
  };
  return { connect, lastDial: () => last };
}

interface Marked extends Error {
  servedBytes?: number;
  /** What undici tells of the socket. */
  socket?: { readonly bytesRead?: number } | null;
}

/** Whether a connection broke that had brought answers before: an upstream may close an idle one just as the next request leaves. */
export function hadServed(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, servedBytes, socket } = error as Marked & { code?: string };
  return /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(code ?? '') && (servedBytes ?? socket?.bytesRead ?? 0) > 0;
}
