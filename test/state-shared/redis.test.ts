import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { load, note, thorough } from '../faults/support.ts';
import type { TestGateway } from '../support/gateway.ts';
import { hasServer, type RedisServer, startRedis, startTwo } from './support.ts';

const ask = (gateway: TestGateway, content: string): Promise<Response> =>
  gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content }] });
const cacheOf = (response: Response): string | null => response.headers.get('x-orchestrator-cache');

describe.skipIf(!hasServer)('two gateways with one Redis (skipped where redis-server is not installed)', () => {
  it('share an answer that one of them got, and not what was left out of the cache', async () => {
    const { upstream, first, second } = await startTwo(await startRedis());
    expect(cacheOf(await ask(first, 'hi'))).toBe('miss');
    await delay(50);
    const hit = await ask(second, 'hi');
    expect(cacheOf(hit)).toBe('hit');
    expect(await hit.text()).toContain('pong');
    expect(upstream.calls()).toHaveLength(1);
    expect(cacheOf(await ask(second, 'other'))).toBe('miss');
    await first.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'mine' }] }, { 'cache-control': 'no-store' });
    await delay(50);
    expect(cacheOf(await ask(second, 'mine'))).toBe('miss');
  });

  it('share one request limit', async () => {
    const { first, second } = await startTwo(await startRedis(), { limits: { rate: { enabled: true, requests: 10, window: 60 } } });
    const statuses: number[] = [];
    for (let turn = 0; turn < 8; turn++) for (const gateway of [first, second]) statuses.push((await ask(gateway, 'hi')).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6);
  });

  it('keep their own limit when the store is gone', async () => {
    const redis = await startRedis();
    const { first } = await startTwo(redis, { limits: { rate: { enabled: true, requests: 5, window: 60 } } });
    await redis.close();
    const statuses: number[] = [];
    for (let turn = 0; turn < 8; turn++) statuses.push((await ask(first, 'hi')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
  });

  const RPS = thorough ? 300 : 80;
  const command = (gateway: TestGateway, ...words: [string, ...string[]]): Promise<unknown> =>
    gateway.services.shared?.run((client) => client.call(...words), 1_000) as Promise<unknown>;
  const FAULTS: Record<string, (redis: RedisServer, gateway: TestGateway) => Promise<unknown>> = {
    stops: async (redis) => redis.process.kill('SIGSTOP'),
    'is killed': async (redis) => redis.process.kill('SIGKILL'),
    'is emptied': (_redis, gateway) => command(gateway, 'FLUSHALL'),
    'has no memory left': (_redis, gateway) => command(gateway, 'CONFIG', 'SET', 'maxmemory', '1'),
    'became a replica that takes no writes': (_redis, gateway) => command(gateway, 'REPLICAOF', '127.0.0.1', '1'),
    'answers after five seconds': (_redis, gateway) => command(gateway, 'CLIENT', 'PAUSE', '5000', 'ALL'),
    'stops and goes on': async (redis) => {
      redis.process.kill('SIGSTOP');
      await delay(1_000);
      redis.process.kill('SIGCONT');
    },
  };
  it.each(Object.entries(FAULTS))('lose no request when it %s', async (name, fault) => {
    const redis = await startRedis();
    const { first } = await startTwo(redis);
    const before = await load(first.url, { rps: RPS, seconds: thorough ? 2 : 1 });
    const seen = await load(first.url, {
      rps: RPS,
      seconds: 3,
      body: { seed: 7 },
      during: async () => {
        await delay(500);
        await fault(redis, first);
      },
    });
    note('B46', { name, p99Before: before.p99, ...seen });
    expect(seen.statuses).toEqual({ 200: seen.sent });
  });

  it('take answers that cannot be read for a miss, and come back to the store by themselves', async () => {
    const redis = await startRedis();
    const { first, second } = await startTwo(redis);
    await ask(first, 'hi');
    await redis.close();
    for (let turn = 0; turn < 5; turn++) expect((await ask(second, `again ${turn}`)).status).toBe(200);
    expect(second.services.shared?.usable()).toBe(false);
    await startRedis(redis.port);
    await expect
      .poll(
        async () => {
          await ask(second, `back ${Math.random()}`);
          return second.services.shared?.usable();
        },
        { timeout: 10_000, interval: 200 },
      )
      .toBe(true);
    expect(second.logs().some((line) => line.includes('the shared store answers again'))).toBe(true);
  });
});
