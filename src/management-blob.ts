import { GatewayError } from './core/errors.ts';
import type { Provider } from './core/provider.ts';
import { hostFailure, readBody } from './management-answers.ts';

export interface Upload {
  readonly method: string;
  readonly path: string;
  /** Bytes, where the client told. */
  readonly length: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * One upload to several hosts at the pace of the slowest, nothing of it kept but the piece under way. A host that answers early
 * (it has the blob) is left out of the rest. 201 when one stored it, 200 when all had it.
 */
export async function fanOut(providers: readonly Provider[], upload: Upload, body: AsyncIterable<Uint8Array>): Promise<200 | 201> {
  const source = body[Symbol.asyncIterator]();
  const lanes = providers.map(() => createLane());
  const statuses = Promise.all(
    providers.map(async (provider, index) => {
      const lane = lanes[index] as Lane;
      try {
        const answer = await (provider.forward as NonNullable<Provider['forward']>)({
          method: upload.method,
          path: upload.path,
          body: lane.body,
          headers: { 'content-type': 'application/octet-stream', ...(upload.length !== undefined && { 'content-length': String(upload.length) }) },
          signal: upload.signal,
        });
        if (answer.status >= 400) throw await hostFailure(answer, provider.name);
        await readBody(answer);
        return answer.status;
      } finally {
        lane.leave();
      }
    }),
  );
  statuses.catch(() => {
    for (const lane of lanes) lane.leave();
  });
  try {
    for (;;) {
      const { done, value } = await source.next();
      if (done === true) break;
      await Promise.all(lanes.map((lane) => lane.push(value)));
      if (lanes.every(({ gone }) => gone())) break;
    }
    for (const lane of lanes) lane.end();
  } catch (cause) {
    const error = new GatewayError('client-closed', 'The upload broke off.', { cause });
    for (const lane of lanes) lane.fail(error);
    await statuses.catch(() => undefined);
    throw error;
  } finally {
    await source.return?.();
  }
  return (await statuses).includes(201) ? 201 : 200;
}

interface Lane {
  readonly body: AsyncIterable<Uint8Array>;
  /** Resolves when the host has taken the piece, or has left. */
  push(piece: Uint8Array): Promise<void>;
  end(): void;
  fail(error: Error): void;
  /** The host needs no more. */
  leave(): void;
  gone(): boolean;
}

/** A body of one piece at a time: the next one is asked for when the last was taken. */
function createLane(): Lane {
  let piece: Uint8Array | undefined;
  let taken: (() => void) | undefined;
  let wake: (() => void) | undefined;
  let state: 'open' | 'ended' | 'gone' = 'open';
  let failure: Error | undefined;

  const settle = (next: typeof state): void => {
    if (state !== 'gone') state = next;
    wake?.();
    if (next === 'gone') taken?.();
  };
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        if (failure !== undefined) throw failure;
        if (piece !== undefined) {
          const value = piece;
          piece = undefined;
          yield value;
          taken?.();
        } else if (state !== 'open') return;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      settle('gone');
    }
  }
  return {
    body: body(),
    push(value) {
      if (state !== 'open') return Promise.resolve();
      return new Promise((resolve) => {
        taken = resolve;
        piece = value;
        wake?.();
      });
    },
    end: () => settle('ended'),
    fail(error) {
      failure = error;
      wake?.();
    },
    leave: () => settle('gone'),
    gone: () => state === 'gone',
  };
}
