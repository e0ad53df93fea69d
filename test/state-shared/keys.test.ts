import { describe, expect, it } from 'vitest';
import type { TestGateway } from '../support/gateway.ts';
import { createUpstream, openaiAnswer, openaiHandler } from '../support/upstream.ts';
import { hasServer, open, type RedisServer, startOn, startRedis } from './support.ts';

const ADMIN = 'admin-key-of-these-tests-0123456789';
const SECRET = 'a secret that all gateways of this test have';

async function setup(secret = SECRET): Promise<{ redis: RedisServer; first: TestGateway; second: TestGateway }> {
  const redis = await startRedis();
  const upstream = await createUpstream(openaiHandler(['m'], openaiAnswer(['pong'])));
  open.push(upstream);
  const more = {
    auth: { required: 'always' },
    // Long: on a busy machine an answer may take more than the usual 50 ms, and what is late is not waited for.
    redis: { url: `redis://127.0.0.1:${redis.port}`, timeout_ms: 5_000, ...(secret !== '' && { secret }) },
  };
  const env = { ORCHESTRATOR_ADMIN_KEY: ADMIN };
  return { redis, first: await startOn(redis, upstream, more, env), second: await startOn(redis, upstream, more, env) };
}
const bearer = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` });
const make = async (gateway: TestGateway, body: object): Promise<{ secret: string; key: { id: string } }> =>
  (await (await gateway.post('/orchestrator/keys', body, bearer(ADMIN))).json()) as { secret: string; key: { id: string } };
const ask = async (gateway: TestGateway, secret: string, more: object = {}): Promise<number> =>
  (await gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'hi' }], ...more }, bearer(secret))).status;
const revoke = (gateway: TestGateway, id: string): Promise<Response> =>
  fetch(`${gateway.url}/orchestrator/keys/${id}`, { method: 'DELETE', headers: bearer(ADMIN) });

describe.skipIf(!hasServer)('keys of several gateways with a secret in common (skipped where redis-server is not installed)', () => {
  it('hold at each, are revoked at each, and neither needs the store', async () => {
    const { redis, first, second } = await setup();
    const one = await make(first, { name: 'one' });
    const two = await make(second, { name: 'two' });
    await expect.poll(() => ask(second, one.secret), { timeout: 5_000 }).toBe(200);
    expect((await revoke(second, one.key.id)).status).toBe(200);
    expect(await ask(second, one.secret)).toBe(401);
    await expect.poll(() => ask(first, one.secret), { timeout: 5_000 }).toBe(401);
    await first.services.shared?.run((client) => client.flushall(), 1_000);
    await expect.poll(() => ask(first, two.secret), { timeout: 5_000 }).toBe(200);
    await redis.close();
    expect(await ask(first, two.secret)).toBe(200);
    expect(await ask(first, one.secret)).toBe(401);
    // Revoked while nothing could be told: the others hear of it when they can.
    expect((await revoke(first, two.key.id)).status).toBe(200);
    expect(await ask(second, two.secret)).toBe(200);
    await startRedis(redis.port);
    // Each of the two may rest up to ten seconds before it tries the store again.
    await expect.poll(() => ask(second, two.secret), { timeout: 45_000, interval: 200 }).toBe(401);
  }, 90_000);

  it('cannot be made, changed or brought back by who can write to the store', async () => {
    const { first, second } = await setup();
    const one = await make(first, { name: 'one' });
    await expect.poll(() => ask(second, one.secret), { timeout: 5_000 }).toBe(200);
    const write = (id: string, text: string): Promise<unknown> =>
      first.services.shared?.run(
        (client) => client.multi().hset('keys', id, text).set('keys:version', String(Math.random())).exec(),
        1_000,
      ) as Promise<unknown>;
    const sealed = (await first.services.shared?.run((client) => client.hget('keys', one.key.id), 1_000)) as string;
    expect(sealed).not.toContain(one.secret);
    const stored = JSON.parse((JSON.parse(sealed) as { text: string }).text) as { key: object; digest: string };
    await write(
      'key_0000000000000000',
      JSON.stringify({ text: JSON.stringify({ ...stored, key: { ...stored.key, id: 'key_0000000000000000', role: 'admin' } }), code: '00' }),
    );
    await write('key_1111111111111111', sealed);
    await revoke(first, one.key.id);
    await expect.poll(() => ask(second, one.secret), { timeout: 5_000 }).toBe(401);
    await write(one.key.id, sealed);
    await expect.poll(() => second.services.shared?.run((client) => client.hget('keys', one.key.id), 1_000), { timeout: 5_000 }).not.toBe(sealed);
    expect(await ask(first, one.secret)).toBe(401);
    expect(await ask(second, one.secret)).toBe(401);
    const listed = (await (await fetch(`${second.url}/orchestrator/keys`, { headers: bearer(ADMIN) })).json()) as { keys: { id: string }[] };
    expect(listed.keys.map(({ id }) => id)).toEqual([one.key.id]);
  });

  it('belong to one gateway where there is no secret', async () => {
    const { first, second } = await setup('');
    const one = await make(first, { name: 'one' });
    expect(await ask(first, one.secret)).toBe(200);
    expect(await second.services.shared?.run((client) => client.exists('keys'), 1_000)).toBe(0);
    expect(await ask(second, one.secret)).toBe(401);
  });

  it('have one request limit and one token budget, also for many requests at once', async () => {
    const { first, second } = await setup();
    const limited = await make(first, { name: 'limited', rate: { requests: 10, window_s: 60 } });
    // About 110 tokens are set aside for each of these.
    const poor = await make(first, { name: 'poor', token_budget: 1_200 });
    await expect.poll(() => ask(second, poor.secret, { model: 'none' }), { timeout: 5_000 }).toBe(404);
    const twenty = (secret: string): Promise<number[]> =>
      Promise.all(Array.from({ length: 20 }, (_, turn) => ask(turn % 2 === 0 ? first : second, secret, { max_tokens: 100, seed: turn })));
    const passed = (statuses: readonly number[]): number => statuses.filter((status) => status === 200).length;
    expect(passed(await twenty(limited.secret))).toBe(10);
    const answered = passed(await twenty(poor.secret));
    expect(answered).toBeGreaterThan(5);
    expect(answered).toBeLessThanOrEqual(13);
  });
});
