import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type ChildUpstream, load, note, spawnUpstream, thorough } from './support.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

const RPS = thorough ? 400 : 100;
const SECONDS = thorough ? 10 : 4;

async function start(upstreams: readonly ChildUpstream[], server: object = {}): Promise<TestGateway> {
  const gateway = await startGateway({
    gateway: {
      server,
      providers: upstreams.map(({ url }, index) => ({ name: `up${index}`, type: 'openai', url: `${url}/v1` })),
      limits: { concurrency: 4_096 },
    },
    performance: { caching: { enabled: false } },
  });
  open.push(gateway, ...upstreams);
  return gateway;
}

const three = (): Promise<ChildUpstream[]> => Promise.all([spawnUpstream(), spawnUpstream(), spawnUpstream()]);

describe('one of three upstreams', () => {
  it('is killed: no request fails, and few calls go to the dead one', async () => {
    const upstreams = await three();
    const gateway = await start(upstreams);
    const seen = await load(gateway.url, {
      rps: RPS,
      seconds: SECONDS,
      during: async () => {
        await delay(1_000);
        upstreams[1]?.process.kill('SIGKILL');
      },
    });
    note('B1', seen);
    expect(seen.statuses).toEqual({ 200: seen.sent });
    expect(seen.attempts / seen.sent).toBeLessThanOrEqual(1.05);
  });

  it('stops without closing: no request fails, and it is out of the rotation after its clock', async () => {
    const upstreams = await three();
    const gateway = await start(upstreams, { first_token_ms: 500 });
    const seen = await load(gateway.url, {
      rps: RPS,
      seconds: SECONDS,
      during: async () => {
        await delay(1_000);
        upstreams[1]?.process.kill('SIGSTOP');
      },
    });
    note('B2', seen);
    expect(seen.statuses).toEqual({ 200: seen.sent });
    expect(seen.slowest).toBeLessThan(4_000);
    expect(seen.attempts / seen.sent).toBeLessThanOrEqual(1.05);
  });

  it('comes and goes: no request fails', async () => {
    const upstreams = await three();
    const { port } = upstreams[1] as ChildUpstream;
    const gateway = await start(upstreams);
    const seen = await load(gateway.url, {
      rps: RPS,
      seconds: SECONDS + 2,
      during: async () => {
        for (let turn = 0; turn < (thorough ? 4 : 2); turn++) {
          await delay(800);
          upstreams[1]?.process.kill('SIGKILL');
          await delay(1_000);
          upstreams[1] = await spawnUpstream('good', port);
          open.push(upstreams[1]);
        }
      },
    });
    note('B22', seen);
    expect(seen.statuses).toEqual({ 200: seen.sent });
    expect(seen.attempts / seen.sent).toBeLessThanOrEqual(1.05);
  });
});

describe('all upstreams', () => {
  it('are gone: refused at once with 503 and when to come back; answered within two seconds of the first return', async () => {
    const upstreams = await three();
    const ports = upstreams.map(({ port }) => port);
    const gateway = await start(upstreams);
    await load(gateway.url, { rps: 50, seconds: 1 });
    for (const upstream of upstreams) await upstream.close();
    const down = await load(gateway.url, { rps: 50, seconds: 2 });
    expect(down.statuses).toEqual({ 503: down.sent });
    const refused = await gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'x' }] });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(refused.headers.get('x-should-retry')).toBe('true');
    expect(await refused.json()).toMatchObject({ error: { message: expect.any(String) as string, type: expect.any(String) as string } });

    open.push(await spawnUpstream('good', ports[2]));
    const back = performance.now();
    let tries = 0;
    for (;;) {
      tries += 1;
      if ((await gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: `x${tries}` }] })).status === 200) break;
      if (performance.now() - back > 10_000) break;
      await delay(50);
    }
    const recovered = performance.now() - back;
    note('B3', { down, recoveredMs: Math.round(recovered) });
    expect(recovered).toBeLessThan(2_000);
  });

  it('fail always: they are asked hardly more often than the clients ask', async () => {
    const upstreams = await Promise.all([spawnUpstream('fail'), spawnUpstream('fail'), spawnUpstream('fail')]);
    const gateway = await start(upstreams);
    const seen = await load(gateway.url, { rps: RPS, seconds: SECONDS });
    const counts = await Promise.all(upstreams.map((upstream) => upstream.count()));
    const calls = counts.reduce((sum, count) => sum + count.calls, 0);
    note('B29', { ...seen, calls });
    expect(Object.keys(seen.statuses).every((status) => status === '502' || status === '503')).toBe(true);
    expect(calls / seen.sent).toBeLessThanOrEqual(1.2);
  });
});
