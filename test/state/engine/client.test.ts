import { describe, expect, it, vi } from 'vitest';
import { connectClient, type StartChannel } from '../../../src/state/engine/client.ts';
import type { Reply, Request } from '../../../src/state/engine/messages.ts';
import { createRecordingLog } from '../support.ts';

/** A thread that answers only when told to. */
const createFakeThread = () => {
  const requests: Request[] = [];
  const starts: { readonly reply: (reply: Reply) => void; readonly exit: (reason: unknown) => void }[] = [];
  let opens = true;
  let terminated = 0;
  const start: StartChannel = (reply, exit) => {
    starts.push({ reply, exit });
    queueMicrotask(() =>
      reply(
        opens
          ? { type: 'opened', outcome: { ok: true, value: undefined } }
          : { type: 'opened', outcome: { ok: false, kind: 'conflict', message: 'in use', details: {} } },
      ),
    );
    return {
      post: (request) => void requests.push(request),
      terminate: () => {
        terminated += 1;
      },
    };
  };
  return {
    start,
    requests,
    starts,
    setOpens: (value: boolean): void => {
      opens = value;
    },
    terminated: () => terminated,
    answer: (...values: unknown[]): void => starts.at(-1)?.reply({ type: 'outcomes', outcomes: values.map((value) => ({ ok: true, value })) }),
    die: (): void => starts.at(-1)?.exit(new Error('killed')),
  };
};

const sizes = (requests: readonly Request[]): number[] => requests.map((request) => (request.type === 'group' ? request.operations.length : 0));
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the client of the state thread', () => {
  it('sends what was called together as one group, and what comes meanwhile as the next', async () => {
    const thread = createFakeThread();
    const { call } = await connectClient(thread.start, createRecordingLog());
    const first = [call('kv.get', 'a', '1'), call('kv.get', 'a', '2')];
    await settled();
    const second = [call('kv.get', 'a', '3'), call('kv.get', 'a', '4'), call('kv.get', 'a', '5')];
    await settled();
    expect(sizes(thread.requests)).toEqual([2]);
    thread.answer('one', 'two');
    expect(await Promise.all(first)).toEqual(['one', 'two']);
    expect(sizes(thread.requests)).toEqual([2, 3]);
    thread.answer('three', 'four', 'five');
    expect(await Promise.all(second)).toEqual(['three', 'four', 'five']);
  });

  it('bounds a group, and refuses when too much is waiting', async () => {
    const thread = createFakeThread();
    const { call } = await connectClient(thread.start, createRecordingLog());
    const calls = Array.from({ length: 20_001 }, () => call('kv.get', 'a', '1').catch((thrown: unknown) => thrown));
    expect(await calls.at(-1)).toMatchObject({ kind: 'unavailable', details: { retryAfterMs: 5_000 } });
    expect(sizes(thread.requests)).toEqual([512]);
  });

  it('passes on why the store could not be opened', async () => {
    const thread = createFakeThread();
    thread.setOpens(false);
    await expect(connectClient(thread.start, createRecordingLog())).rejects.toMatchObject({ kind: 'conflict', message: 'in use' });
  });

  it('rejects what was on its way when the thread dies, and starts another one', async () => {
    vi.useFakeTimers();
    try {
      const thread = createFakeThread();
      const log = createRecordingLog();
      const { call, checkpoint } = await connectClient(thread.start, log);
      const lost = [call('kv.get', 'a', '1'), checkpoint()].map((promise) => promise.catch((thrown: unknown) => thrown));
      await vi.advanceTimersByTimeAsync(0);
      thread.die();
      expect(await Promise.all(lost)).toMatchObject([{ kind: 'unavailable' }, { kind: 'unavailable' }]);
      await expect(call('kv.get', 'a', '1')).rejects.toMatchObject({ kind: 'unavailable' });
      thread.setOpens(false);
      await vi.advanceTimersByTimeAsync(1_000);
      thread.setOpens(true);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(thread.starts).toHaveLength(3);
      const again = call('kv.get', 'a', '1');
      await vi.advanceTimersByTimeAsync(0);
      thread.answer('back');
      expect(await again).toBe('back');
      expect(log.entries.map(({ level }) => level)).toEqual(['error', 'error']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('closes after what was called before, refuses what comes after, and starts no other thread', async () => {
    const thread = createFakeThread();
    const { call, checkpoint, close } = await connectClient(thread.start, createRecordingLog());
    const before = call('kv.get', 'a', '1');
    const closing = close();
    await expect(call('kv.get', 'a', '2')).rejects.toMatchObject({ kind: 'unavailable', message: 'The state store is closed.' });
    await expect(checkpoint()).rejects.toMatchObject({ kind: 'unavailable' });
    await settled();
    thread.answer('one');
    expect(await before).toBe('one');
    await settled();
    expect(thread.requests.map(({ type }) => type)).toEqual(['group', 'close']);
    thread.answer(undefined);
    await closing;
    thread.die();
    expect([thread.terminated(), thread.starts.length]).toEqual([1, 1]);
  });

  it('fails a group that cannot be sent, and goes on with the next', async () => {
    const thread = createFakeThread();
    let refuses = true;
    const start: StartChannel = (reply, exit) => {
      const channel = thread.start(reply, exit);
      return {
        ...channel,
        post: (request) => {
          if (refuses) throw new Error('cannot be cloned');
          channel.post(request);
        },
      };
    };
    const { call } = await connectClient(start, createRecordingLog());
    await expect(call('kv.get', 'a', '1')).rejects.toMatchObject({ kind: 'internal' });
    refuses = false;
    const next = call('kv.get', 'a', '1');
    await settled();
    thread.answer('fine');
    expect(await next).toBe('fine');
  });
});
