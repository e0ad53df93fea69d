import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, openaiAnswer, openaiHandler, sendJson, type Upstream } from '../support/upstream.ts';
import { note, thorough } from './support.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

/** A gateway before upstreams of the same model; the first one is always chosen first. */
async function start(...handlers: readonly Handler[]): Promise<{ gateway: TestGateway; upstreams: Upstream[] }> {
  const upstreams = await Promise.all(handlers.map((handler) => createUpstream(openaiHandler(['m'], handler))));
  const gateway = await startGateway({
    gateway: { providers: upstreams.map(({ url }, index) => ({ name: `up${index}`, type: 'openai', url: `${url}/v1`, weight: index === 0 ? 1e9 : 1 })) },
    routing: { balance: 'weighted' },
    performance: { caching: { enabled: false } },
  });
  open.push(gateway, ...upstreams);
  return { gateway, upstreams };
}

const body = (content: string): object => ({ model: 'm', messages: [{ role: 'user', content }] });
const ask = (gateway: TestGateway, content: string, headers: Record<string, string> = {}): Promise<Response> =>
  gateway.post('/v1/chat/completions', body(content), headers);
const good = openaiAnswer(['fine']);
const boom: Handler = (_seen, response) => sendJson(response, { error: { message: 'boom' } }, 500);

describe('an upstream', () => {
  it('that closes connections as requests come costs none of them', { timeout: 120_000 }, async () => {
    const served = new WeakMap<object, number>();
    const { gateway, upstreams } = await start((seen, response) => {
      const socket = response.socket as object;
      const count = (served.get(socket) ?? 0) + 1;
      served.set(socket, count);
      // Every third request on a connection meets its end.
      if (count % 3 === 0) response.socket?.resetAndDestroy();
      else void good(seen, response);
    });
    const total = thorough ? 10_000 : 300;
    let attempts = 0;
    for (let turn = 0; turn < total; turn++) {
      const response = await ask(gateway, `q${turn}`);
      expect(response.status).toBe(200);
      attempts += Number(response.headers.get('x-orchestrator-attempts'));
      await response.text();
    }
    note('B48', { total, attempts, calls: upstreams[0]?.calls().length });
    expect(attempts).toBe(total);
  });

  it('that cannot list its models but answers stays in use', async () => {
    const { gateway, upstreams } = await start(good, good);
    upstreams[0]?.handle((seen, response) => (seen.path === '/v1/models' ? boom(seen, response) : good(seen, response)));
    await gateway.services.fleet.refresh();
    expect((await ask(gateway, 'x')).headers.get('x-orchestrator-provider')).toBe('up0');
  });

  it('that lists its models but only fails is left alone', async () => {
    const { gateway, upstreams } = await start(boom, good);
    for (let turn = 0; turn < 20; turn++) expect((await ask(gateway, `q${turn}`)).headers.get('x-orchestrator-provider')).toBe('up1');
    expect(upstreams[0]?.calls().length).toBeLessThanOrEqual(4);
  });

  it('that lacks the model is not asked each time', async () => {
    const { gateway, upstreams } = await start((_seen, response) => sendJson(response, { error: { message: 'no such model' } }, 404), good);
    for (let turn = 0; turn < 20; turn++) expect((await ask(gateway, `q${turn}`)).status).toBe(200);
    expect(upstreams[0]?.calls()).toHaveLength(1);
  });
});

describe('all upstreams', () => {
  it('look dead and answer: they are asked', async () => {
    const { gateway, upstreams } = await start(good, good);
    for (const upstream of upstreams)
      upstream.handle((seen, response) => (seen.path === '/v1/models' ? void response.socket?.destroy() : good(seen, response)));
    await gateway.services.fleet.refresh();
    for (let turn = 0; turn < 10; turn++) expect((await ask(gateway, `q${turn}`)).status).toBe(200);
  });

  const refusals: Record<string, Handler> = {
    'fail with 500': boom,
    'are busy': (_seen, response) => sendJson(response, { error: { message: 'server busy' } }, 503),
    'ask for patience': (_seen, response) => sendJson(response, { error: { message: 'slow down' } }, 429),
    'lack the model': (_seen, response) => sendJson(response, { error: { message: 'no such model' } }, 404),
    'break the connection': (_seen, response) => void response.socket?.resetAndDestroy(),
  };
  it.each(Object.keys(refusals))('%s: they are asked at most a fifth more often than the clients ask, over few requests too', async (what) => {
    const refuse = refusals[what] as Handler;
    const { gateway, upstreams } = await start(refuse, refuse, refuse);
    const total = 200;
    for (let turn = 0; turn < total; turn += 20) {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(gateway, `q${turn + index}`)));
      for (const answer of answers) expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    const calls = upstreams.reduce((sum, upstream) => sum + upstream.calls().length, 0);
    note('B29 few', { what, total, calls });
    expect(calls).toBeLessThanOrEqual(total * 1.2);
  });

  it('only fail: a client is told that trying again is useless, also while they are left alone', async () => {
    const { gateway } = await start(boom, boom);
    for (let turn = 0; turn < 10; turn++) {
      const response = await ask(gateway, `q${turn}`);
      expect(response.status === 502 || response.status === 503).toBe(true);
      expect(response.headers.get('x-should-retry')).toBe('false');
    }
  });
});

describe("the caller's deadline", () => {
  it('goes on to each upstream, less each time, and ends what takes longer', async () => {
    const { gateway, upstreams } = await start(
      (seen, response) => void setTimeout(() => boom(seen, response), 100),
      () => undefined,
    );
    const response = await ask(gateway, 'x', { 'x-request-timeout-ms': '600' });
    expect(response.status).toBe(504);
    const told = upstreams.map((upstream) => Number(upstream.calls()[0]?.headers['x-request-timeout-ms']));
    expect(told[0]).toBeLessThanOrEqual(600);
    expect(told[1]).toBeLessThanOrEqual((told[0] as number) - 90);
    expect(told[1]).toBeGreaterThan(0);
    await expect.poll(() => upstreams[1]?.calls()[0]?.cancelled()).toBe(true);
  });

  it('is not invented where the caller has none', async () => {
    const { gateway, upstreams } = await start(good);
    await ask(gateway, 'x');
    await delay(0);
    expect(upstreams[0]?.calls()[0]?.headers['x-request-timeout-ms']).toBeUndefined();
  });
});
