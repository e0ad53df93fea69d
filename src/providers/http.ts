import { setImmediate } from 'node:timers/promises';
import { type Dispatcher, Pool } from 'undici';
import { GatewayError } from '../core/errors.ts';
import { createConnector, hadServed } from './connect.ts';
import { withoutPlaces } from './upstream-text.ts';

/** Bytes that may wait in memory for a slow reader before the upstream is paused. */
const HIGH_WATER = 16 << 10;
/** A request is sent again over another connection when the one it took breaks before this many ms: later, it was no idle one that closed. */
const STALE_MS = 1_000;
/** Broken idle connections one request may meet; after a restart of the upstream a pool may be full of them. */
const MAX_STALE = 4;

export interface HttpRequest {
  readonly method: string;
  /** Below the client's base path. */
  readonly path: string;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Everything that has arrived since the last pull. Returning the iterator closes the upstream's socket. */
  readonly body: AsyncIterable<readonly Buffer[]>;
}

export interface HttpClient {
  open(request: HttpRequest): Promise<HttpAnswer>;
  /** Reads a JSON answer of at most `limit` bytes; statuses of 400 and more are thrown by `explain`. */
  json(request: HttpRequest, explain: (status: number, text: string, headers: HttpAnswer['headers']) => GatewayError, limit?: number): Promise<unknown>;
  close(): Promise<void>;
}

/** One pool of connections to one upstream, without any clock of its own but the connect clock: the gateway's clocks rule. */
export function createHttpClient(options: {
  target: string;
  url: string;
  headers?: Readonly<Record<string, string>>;
  connectMs: number;
  /** A socket of this machine in place of the address's host and port. */
  socket?: string;
}): HttpClient {
  const base = new URL(options.url);
  const prefix = base.pathname.replace(/\/+$/, '');
  const connector = createConnector(options.connectMs, options.socket);
  const pool = new Pool(base.origin, {
    connections: null,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
    connect: connector.connect,
  });

  /** Sends once. `stale` is told when an idle connection turned out to be closed, so that nobody can have read the request. */
  const send = (request: HttpRequest, stale: (() => void) | undefined): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      if (request.signal.aborted) {
        reject(reasonOf(request.signal));
        return;
      }
      const receiver = createReceiver(options.target, request.signal, resolve, (error) => {
        if (hadServed((error as GatewayError).details.cause)) stale?.();
        reject(error);
      });
      const dispatch: Dispatcher.DispatchOptions = {
        method: request.method as Dispatcher.HttpMethod,
        path: prefix + request.path,
        headers: { ...options.headers, ...request.headers },
        body: (request.body ?? null) as Dispatcher.DispatchOptions['body'] & string,
      };
      try {
        pool.dispatch(dispatch, receiver);
      } catch (error) {
        reject(toUpstreamError(error, options.target));
      }
    });

  let redial: Promise<void> | undefined;
  const open = async (request: HttpRequest): Promise<HttpAnswer> => {
    const replayable = request.body === undefined || typeof request.body === 'string' || request.body instanceof Uint8Array;
    for (let attempt = 0; ; attempt++) {
      const begun = performance.now();
      let stale = false;
      try {
        return await send(request, () => {
          stale = replayable && attempt < MAX_STALE && performance.now() - begun < STALE_MS;
        });
      } catch (error) {
        if (!stale) throw error;
        // Where many connections broke at once the upstream may be gone: the first one's dial finds that out for all of them.
        const known = connector.lastDial() ?? redial;
        redial ??= setImmediate().then(connector.lastDial);
        void redial.catch(() => undefined).finally(() => (redial = undefined));
        await known?.catch((cause: unknown) => {
          throw toUpstreamError(cause, options.target);
        });
      }
    }
  };

  return {
    open,
    async json(request, explain, limit = 64 << 20) {
      const answer = await open(request);
      const text = await readText(answer, answer.status >= 400 ? 64 << 10 : limit, options.target);
      if (answer.status >= 400) throw explain(answer.status, text, answer.headers);
      try {
        return JSON.parse(text) as unknown;
      } catch (cause) {
        throw new GatewayError('upstream-failed', `'${options.target}' answered something that is not JSON.`, { cause, target: options.target });
      }
    },
    close: () => pool.destroy(),
  };
}

/** The whole body as text. Longer than `limit` bytes is a fault of the upstream. */
export async function readText(answer: HttpAnswer, limit: number, target: string): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunks of answer.body) {
    for (const chunk of chunks) {
      size += chunk.length;
      if (size > limit) {
        throw new GatewayError('upstream-failed', `'${target}' answered with more than ${limit} bytes.`, { target, code: 'upstream_too_large' });
      }
      parts.push(chunk);
    }
  }
  return Buffer.concat(parts).toString('utf8');
}

/** At most HIGH_WATER bytes from the front: a reader that stalls then holds one piece and its frames, not all that had arrived. */
function takePiece(queue: Buffer[]): Buffer[] {
  const first = queue[0] as Buffer;
  if (first.length > HIGH_WATER) {
    queue[0] = first.subarray(HIGH_WATER);
    return [first.subarray(0, HIGH_WATER)];
  }
  let count = 0;
  for (let size = 0; count < queue.length; count++) {
    size += (queue[count] as Buffer).length;
    if (size > HIGH_WATER) break;
  }
  return queue.splice(0, count);
}

function createReceiver(
  target: string,
  signal: AbortSignal,
  resolve: (answer: HttpAnswer) => void,
  reject: (error: unknown) => void,
): Dispatcher.DispatchHandler {
  let control: Dispatcher.DispatchController | undefined;
  let queue: Buffer[] = [];
  let queued = 0;
  let paused = false;
  let done = false;
  let failure: GatewayError | undefined;
  let wake: (() => void) | undefined;

  const onAbort = (): void => control?.abort(reasonOf(signal));
  const finish = (): void => {
    done = true;
    signal.removeEventListener('abort', onAbort);
    wake?.();
  };

  const iterator: AsyncIterator<readonly Buffer[], undefined> = {
    async next() {
      for (;;) {
        if (queue.length > 0) {
          const value = takePiece(queue);
          queued -= value.reduce((sum, chunk) => sum + chunk.length, 0);
          if (paused && queued === 0) {
            paused = false;
            control?.resume();
          }
          return { done: false, value };
        }
        if (failure !== undefined) throw failure;
        if (done) return { done: true, value: undefined };
        await new Promise<void>((next) => {
          wake = next;
        });
        wake = undefined;
      }
    },
    async return() {
      if (!done) {
        queue = [];
        control?.abort(new GatewayError('client-closed', 'The reader left.'));
        finish();
      }
      return { done: true, value: undefined };
    },
  };

  return {
    onRequestStart(controller) {
      control = controller;
      if (signal.aborted) controller.abort(reasonOf(signal));
      else signal.addEventListener('abort', onAbort, { once: true });
    },
    onResponseStart(_controller, status, headers) {
      if (status < 200) return;
      resolve({ status, headers, body: { [Symbol.asyncIterator]: () => iterator } });
    },
    onResponseData(controller, chunk) {
      if (done) return;
      queue.push(chunk as Buffer);
      queued += chunk.length;
      if (queued > HIGH_WATER && !paused) {
        paused = true;
        controller.pause();
      }
      wake?.();
    },
    onResponseEnd() {
      finish();
    },
    onResponseError(_controller, error) {
      failure = signal.aborted ? reasonOf(signal) : toUpstreamError(error, target);
      finish();
      reject(failure);
    },
  };
}

/** What an abort signal was fired with; a reason of our own passes through. */
export const reasonOf = (signal: AbortSignal): GatewayError =>
  signal.reason instanceof GatewayError ? signal.reason : new GatewayError('client-closed', 'The request was cancelled.', { cause: signal.reason });

function toUpstreamError(error: unknown, target: string): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = (error as { code?: string }).code ?? '';
  const where = { cause: error, target };
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return new GatewayError('unavailable', `'${target}' did not accept a connection in time.`, { ...where, code: 'connect_failed' });
  if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code)) {
    return new GatewayError('unavailable', `'${target}' cannot be reached (${code}).`, { ...where, code: 'connect_failed' });
  }
  return new GatewayError('upstream-failed', `The connection to '${target}' broke${code === '' ? '' : ` (${code})`}.`, { ...where, code: 'connection_lost' });
}

/** Tells an upstream that understands it (another gateway) how long the caller still waits: less with each attempt. `now` is epoch ms. */
export const deadlineHeader = (deadlineAt: number | undefined, now: number): Record<string, string> =>
  deadlineAt === undefined ? {} : { 'x-request-timeout-ms': String(Math.max(1, Math.floor(deadlineAt - now))) };

/** Milliseconds of a Retry-After header (seconds or HTTP date), undefined when it makes no sense. `now` is epoch ms. */
export function retryAfterMs(value: string | string[] | undefined, now: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,7}(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) || at < now ? undefined : at - now;
}

/** An upstream's error status -> what it means for our caller. `message` is the upstream's own, already unwrapped and capped. */
export function statusError(status: number, message: string, target: string, retryAfter: number | undefined): GatewayError {
  const details = { target, ...(retryAfter !== undefined && { retryAfterMs: retryAfter }) };
  const said = message === '' ? `answered ${status}` : withoutPlaces(message);
  if (status === 404) return new GatewayError('model-not-found', said, details);
  if (status === 401 || status === 403) {
    return new GatewayError('upstream-failed', `'${target}' refused the gateway's credentials (${status}).`, { ...details, retryable: true });
  }
  if (status === 429) return new GatewayError('rate-limited', said, details);
  if (status === 413) return new GatewayError('too-large', said, details);
  if (status === 408) return new GatewayError('upstream-timeout', said, details);
  if (status === 503) return new GatewayError('unavailable', said, details);
  if (status < 500) return new GatewayError('invalid-request', said, { ...details, status: status === 422 ? 422 : 400 });
  return new GatewayError('upstream-failed', said, details);
}
