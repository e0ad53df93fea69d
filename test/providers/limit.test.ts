import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ChatRequest, ChatStream } from '../../src/core/chat.ts';
import type { GatewayError } from '../../src/core/errors.ts';
import type { LoadedModel } from '../../src/core/model.ts';
import type { ChatCall, Provider } from '../../src/core/provider.ts';
import { createSlots } from '../../src/core/slots.ts';
import { createLimiter, type LimitOptions } from '../../src/providers/wraps/limit.ts';
import { ALL_RESIDENT, createResidency } from '../../src/providers/wraps/residency.ts';

/** A provider whose calls end when they are told to; `begun` lists them in the order they came. */
function start(more: Partial<LimitOptions> = {}) {
  let at = 1_000_000;
  const begun: ChatCall[] = [];
  const ends: (() => void)[] = [];
  let listed: readonly LoadedModel[] = [];
  const inner: Provider = {
    name: 'p',
    kind: 'ollama',
    models: () => Promise.resolve([]),
    loaded: () => Promise.resolve(listed),
    health: () => Promise.resolve({}),
    async *chat(call): ChatStream {
      begun.push(call);
      const ended = new Promise<void>((resolve, reject) => {
        ends.push(resolve);
        call.signal.addEventListener('abort', () => reject(call.signal.reason as Error));
      });
      yield [{ type: 'start', model: call.model }];
      await ended;
    },
    close: () => Promise.resolve(),
  };
  const limiter = createLimiter(
    { concurrency: 1, slots: createSlots(more.concurrency ?? 1), queue: 100, queueMs: 60_000, residency: ALL_RESIDENT, now: () => at, ...more },
    'p',
  );
  const provider = limiter.wrap(inner);
  const ask = (more: Partial<ChatCall> = {}): Promise<'done' | GatewayError> => {
    const call = {
      model: 'a',
      request: {} as ChatRequest,
      signal: new AbortController().signal,
      requestId: 'r',
      tenant: 't',
      background: false,
      buffered: false,
      ...more,
    };
    return (async () => {
      try {
        for await (const _ of provider.chat(call));
        return 'done';
      } catch (error) {
        return error as GatewayError;
      }
    })();
  };
  /** Ends the call that has run longest, after `ms` on the clock. */
  const end = async (ms = 0): Promise<void> => {
    at += ms;
    ends.shift()?.();
    await delay(0);
  };
  return {
    ask,
    end,
    begun,
    gauge: limiter.gauge,
    provider,
    list: (...names: string[]) => (listed = names.map((name) => ({ name }))),
    pass: (ms: number) => (at += ms),
    now: () => at,
  };
}

const codeOf = async (asked: Promise<'done' | GatewayError>): Promise<string | undefined> => {
  const result = await asked;
  return result === 'done' ? result : result.details.code;
};

describe('the queue before a provider', () => {
  it('gives tenants turns, however many requests one of them has there', async () => {
    const { ask, end, begun } = start();
    void ask({ tenant: 'flood' });
    for (let turn = 0; turn < 30; turn++) void ask({ tenant: 'flood' });
    for (const tenant of ['x', 'y', 'z', 'x', 'y', 'z']) void ask({ tenant });
    for (let turn = 0; turn < 36; turn++) await end();
    expect(begun.slice(1, 9).map(({ tenant }) => tenant)).toEqual(['x', 'y', 'z', 'flood', 'x', 'y', 'z', 'flood']);
    expect(begun).toHaveLength(37);
  });

  it('makes room for a tenant that has none there when another one filled it, and refuses the one that did', async () => {
    const { ask, gauge } = start({ queue: 10 });
    void ask({ tenant: 'flood' });
    const waiting = Array.from({ length: 10 }, () => ask({ tenant: 'flood' }));
    expect(await codeOf(ask({ tenant: 'flood' }))).toBe('queue_full');
    void ask({ tenant: 'quiet' });
    expect(await codeOf(waiting[9] as Promise<GatewayError>)).toBe('queue_full');
    expect(gauge).toEqual({ inFlight: 1, queued: 10 });
  });

  it('lets batch work wait for everybody, and go first when there is no room', async () => {
    const { ask, end, begun } = start({ queue: 3 });
    void ask();
    const batch = [ask({ background: true, requestId: 'b1' }), ask({ background: true, requestId: 'b2' }), ask({ background: true, requestId: 'b3' })];
    void ask({ requestId: 'i1' });
    expect(await codeOf(batch[2] as Promise<GatewayError>)).toBe('queue_full');
    for (let turn = 0; turn < 4; turn++) await end();
    expect(begun.slice(1).map(({ requestId }) => requestId)).toEqual(['i1', 'b1', 'b2']);
  });

  it('refuses at once what would come after its deadline, and admits what would not', async () => {
    const { ask, end, now, begun } = start();
    void ask();
    await end(200);
    void ask();
    const waiting = [ask(), ask(), ask()];
    expect(await codeOf(ask({ deadlineAt: now() + 900 }))).toBe('deadline_unreachable');
    const inTime = ask({ deadlineAt: now() + 1_100 });
    for (let turn = 0; turn < 5; turn++) await end(200);
    expect(await Promise.all(waiting)).toEqual(['done', 'done', 'done']);
    expect(await inTime).toBe('done');
    expect(begun).toHaveLength(6);
  });

  it('never sends what became too late while it waited', async () => {
    const { ask, end, now, begun } = start();
    void ask();
    await end(200);
    void ask();
    const late = ask({ deadlineAt: now() + 500 });
    const other = ask();
    await end(450);
    expect(await codeOf(late)).toBe('deadline_unreachable');
    await end(200);
    expect(await other).toBe('done');
    expect(begun).toHaveLength(3);
  });

  it('forgets a client that leaves while it waits, and hands its turn on', async () => {
    const { ask, end, begun, gauge } = start();
    void ask();
    const controller = new AbortController();
    const left = ask({ signal: controller.signal, requestId: 'left' });
    void ask({ requestId: 'next' });
    controller.abort();
    expect(((await left) as GatewayError).kind).toBe('client-closed');
    await end();
    expect(begun.map(({ requestId }) => requestId)).toEqual(['r', 'next']);
    expect(gauge).toEqual({ inFlight: 1, queued: 0 });
  });
});

describe('a provider that holds one model at a time', () => {
  const alternate = async (apart: boolean): Promise<{ loads: number; order: string[] }> => {
    const clock = { at: 1_000_000 };
    const { ask, end, begun } = start({ concurrency: 4, residency: createResidency({ apart, now: () => clock.at }) });
    for (let turn = 0; turn < 100; turn++) void ask({ model: turn % 2 === 0 ? 'a' : 'b' });
    for (let turn = 0; turn < 100; turn++) await end(10);
    const order = begun.map(({ model }) => model);
    return { loads: order.filter((model, index) => model !== order[index - 1]).length, order };
  };

  it.each([true, false])('swaps models a few times for a hundred requests that alternate, and starves none (said so: %s)', async (apart) => {
    const { loads, order } = await alternate(apart);
    expect(order).toHaveLength(100);
    expect(loads).toBeLessThanOrEqual(10);
    expect(order.indexOf('b')).toBeLessThan(40);
  });

  it('never runs two models at once', async () => {
    const { ask, end, begun } = start({ concurrency: 4, residency: createResidency({ apart: true, now: () => 1 }) });
    void ask({ model: 'a' });
    void ask({ model: 'b' });
    void ask({ model: 'a' });
    await delay(0);
    expect(begun.map(({ model }) => model)).toEqual(['a', 'a']);
    await end();
    expect(begun).toHaveLength(2);
    await end();
    expect(begun.map(({ model }) => model)).toEqual(['a', 'a', 'b']);
  });

  it('is found out by what it lists as loaded, either way', async () => {
    const clock = { at: 1_000_000 };
    const residency = createResidency({ apart: false, now: () => clock.at });
    expect(residency.rule()).toBe('unknown');
    residency.seen([{ name: 'a' }, { name: 'b' }]);
    expect(residency.rule()).toBe('together');
    residency.answered('a');
    residency.seen([{ name: 'b' }]);
    expect(residency.rule()).toBe('apart');
    clock.at += 600_000;
    expect(residency.rule()).toBe('unknown');
  });
});

describe('a model that is being loaded', () => {
  it('is told from one that was in memory before, though both are listed', () => {
    const clock = { at: 1_000 };
    const residency = createResidency({ apart: false, now: () => clock.at });
    residency.seen([{ name: 'warm' }]);
    clock.at = 2_000;
    residency.seen([{ name: 'warm' }, { name: 'cold' }]);
    expect(residency.loading('warm', 1_500)).toBe(false);
    expect(residency.loading('cold', 1_500)).toBe(true);
    expect(residency.loading('absent', 1_500)).toBe(true);
    clock.at = 3_000;
    residency.answered('cold');
    expect(residency.loading('cold', 1_500)).toBe(false);
  });
});
