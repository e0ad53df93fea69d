import { describe, expect, it } from 'vitest';
import type { ChatRequest, ChatStream } from '../../src/core/chat.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { ModelRef } from '../../src/core/model.ts';
import { createRetryBudget, type RetryBudget } from '../../src/execution/retry-budget.ts';
import { runSingle } from '../../src/execution/single.ts';

const providers = ['a', 'b', 'c'];
const lost = (): GatewayError => new GatewayError('upstream-failed', 'The connection broke.', { code: 'connection_lost' });

/** Asks three providers that stand in for each other, beginning with another one each time; `answer` throws where a provider fails. */
function group(answer: (provider: string) => void | Promise<void>) {
  let time = 1e6;
  const budget: RetryBudget = createRetryBudget(() => time);
  const seen = { calls: 0, failed: 0 };
  let turn = 0;
  const ask = async (): Promise<void> => {
    const first = turn++ % providers.length;
    const targets: ModelRef[] = [...providers.slice(first), ...providers.slice(0, first)].map((provider) => ({ provider, model: 'm' }));
    const call = async function* ({ provider }: ModelRef): ChatStream {
      seen.calls += 1;
      await answer(provider);
      yield [{ type: 'text', delta: 'fine' }];
    };
    await runSingle({ targets, request: {} as ChatRequest, signal: new AbortController().signal, budget, buffered: false, call }).catch(() => {
      seen.failed += 1;
    });
  };
  const pass = (ms: number): void => {
    time += ms;
  };
  return { ask, pass, seen };
}

describe('a group of providers', () => {
  it.each([10, 200, 4_000])('of which all fail is asked at most a fifth more often than the clients ask: %i requests', async (requests) => {
    const { ask, pass, seen } = group(() => {
      throw new GatewayError('unavailable', 'Busy.');
    });
    for (let count = 0; count < requests; count++) {
      await ask();
      pass(25);
    }
    expect(seen.calls).toBeLessThanOrEqual(Math.max(requests * 1.2, requests + 3));
    expect(seen.failed).toBe(requests);
  });

  it('of which all begin to fail after a busy hour is soon asked no more than a fifth more often', async () => {
    let down = false;
    const { ask, pass, seen } = group(() => {
      if (down) throw lost();
    });
    for (let count = 0; count < 2_000; count++) {
      await ask();
      pass(5);
    }
    down = true;
    seen.calls = 0;
    pass(60_000);
    for (let count = 0; count < 200; count++) {
      await ask();
      pass(50);
    }
    // The three good answers of before are believed once each.
    expect(seen.calls).toBeLessThanOrEqual(200 * 1.2 + providers.length);
  });

  it.each([50, 1_000, 60_000])('of which one is dead costs no request, one every %i ms', async (every) => {
    let dead = '';
    const { ask, pass, seen } = group((provider) => {
      if (provider === dead) throw lost();
    });
    for (let count = 0; count < 6; count++) await ask();
    dead = 'b';
    for (let count = 0; count < 60; count++) {
      await ask();
      pass(every);
    }
    expect(seen.failed).toBe(0);
  });

  it('of which one dies with a hundred long answers under way loses none of them', async () => {
    const death = Promise.withResolvers<void>();
    let begun = 0;
    const { ask, pass, seen } = group(async (provider) => {
      if (provider !== 'b' || begun < 6) return;
      await death.promise;
      throw lost();
    });
    for (; begun < 6; begun++) await ask();
    pass(30_000);
    const running = Array.from({ length: 300 }, () => ask());
    pass(30_000);
    death.resolve();
    await Promise.all(running);
    expect(seen.failed).toBe(0);
  });

  it('of which two fail may be asked three times for a few requests only', async () => {
    const { ask, pass, seen } = group((provider) => {
      if (provider !== 'a') throw lost();
    });
    await ask();
    for (let count = 0; count < 199; count++) {
      await ask();
      pass(25);
    }
    // One in three begins at 'b' and needs two more.
    expect(seen.calls).toBeLessThanOrEqual(200 + 67 + 67 + 40);
  });
});
