import { afterEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, nativeAnswer, ollamaHandler, type Upstream } from '../support/upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

async function start(gateway: object = {}, answer: Handler = nativeAnswer(['hi'])): Promise<{ gateway: TestGateway; upstream: Upstream }> {
  const upstream = await createUpstream(ollamaHandler([{ name: 'a' }, { name: 'b' }], answer));
  const made = await startGateway({ gateway: { providers: [{ name: 'up', type: 'ollama', url: upstream.url }], ...gateway } });
  open.push(made, upstream);
  return { gateway: made, upstream };
}

const makeKey = async (gateway: TestGateway, body: object, headers: Record<string, string> = {}): Promise<{ secret: string; key: { id: string } }> => {
  const response = await gateway.post('/orchestrator/keys', body, headers);
  expect(response.status).toBe(201);
  return (await response.json()) as { secret: string; key: { id: string } };
};
const bearer = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` });
const chat = (model: string): object => ({ model, messages: [{ role: 'user', content: 'hi' }], stream: false });

describe('access', () => {
  it('is open to this machine until a key exists, then every route but the public ones wants one', async () => {
    const { gateway } = await start();
    expect((await gateway.post('/api/chat', chat('a'), bearer('anything'))).status).toBe(200);
    const admin = await makeKey(gateway, { name: 'me', role: 'admin' });
    expect((await gateway.post('/api/chat', chat('a'))).status).toBe(401);
    expect((await gateway.post('/api/chat', chat('a'), bearer('anything'))).status).toBe(401);
    expect((await gateway.post('/api/chat', chat('a'), bearer(admin.secret))).status).toBe(200);
    expect((await gateway.post('/api/chat', chat('a'), { 'x-api-key': admin.secret })).status).toBe(200);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    expect((await fetch(gateway.url)).status).toBe(200);
  });

  it('guards every registered route', async () => {
    const { gateway } = await start({ auth: { required: 'always' } });
    const open = new Set(['/', '/healthz', '/readyz']);
    const spec = ['/api/tags', '/api/ps', '/api/version', '/v1/models', '/metrics', '/orchestrator/keys', '/orchestrator/stats'];
    for (const path of spec) if (!open.has(path)) expect([401, 404], path).toContain((await fetch(gateway.url + path)).status);
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(401);
  });

  it('keeps management from user keys', async () => {
    const { gateway } = await start();
    const admin = await makeKey(gateway, { name: 'root', role: 'admin' });
    const user = await makeKey(gateway, { name: 'bob', role: 'user' }, bearer(admin.secret));
    expect((await gateway.post('/orchestrator/keys', { name: 'x' }, bearer(user.secret))).status).toBe(403);
    expect((await fetch(`${gateway.url}/metrics`, { headers: bearer(user.secret) })).status).toBe(403);
    expect((await fetch(`${gateway.url}/metrics`, { headers: bearer(admin.secret) })).status).toBe(200);
  });

  it('never shows a secret again, and refuses a digest or an id as a key', async () => {
    const { gateway } = await start();
    const admin = await makeKey(gateway, { name: 'root', role: 'admin' });
    const listed = await (await fetch(`${gateway.url}/orchestrator/keys`, { headers: bearer(admin.secret) })).text();
    expect(listed).not.toContain(admin.secret);
    expect(listed).not.toMatch(/[0-9a-f]{64}/);
    expect((await gateway.post('/api/chat', chat('a'), bearer(admin.key.id))).status).toBe(401);
    for (const { digest } of await gateway.services.state.keys.load())
      for (const form of [digest, `mao_${digest}`]) expect((await gateway.post('/api/chat', chat('a'), bearer(form))).status).toBe(401);
  });

  it('revokes a key at once', async () => {
    const { gateway } = await start();
    const admin = await makeKey(gateway, { name: 'root', role: 'admin' });
    const user = await makeKey(gateway, { name: 'bob' }, bearer(admin.secret));
    const gone = await fetch(`${gateway.url}/orchestrator/keys/${user.key.id}`, { method: 'DELETE', headers: bearer(admin.secret) });
    expect(gone.status, gateway.logs().join('')).toBe(200);
    expect((await gateway.post('/api/chat', chat('a'), bearer(user.secret))).status).toBe(401);
  });

  it('checks the allowed models on the model that answers, however it was named', async () => {
    const { gateway, upstream } = await start({ aliases: { sneaky: 'b' } });
    const admin = await makeKey(gateway, { name: 'root', role: 'admin' });
    const user = await makeKey(gateway, { name: 'bob', allowed_models: ['a'] }, bearer(admin.secret));
    for (const model of ['b', 'up/b', 'sneaky']) expect((await gateway.post('/api/chat', chat(model), bearer(user.secret))).status).toBe(403);
    const answer = await gateway.post('/api/chat', chat('auto'), bearer(user.secret));
    expect(answer.headers.get('x-orchestrator-model')).toBe('a');
    const tags = await (await fetch(`${gateway.url}/api/tags`, { headers: bearer(user.secret) })).text();
    expect(tags).not.toContain('"b:latest"');
    expect(upstream.calls().every(({ body }) => body['model'] === 'a')).toBe(true);
  });

  it('holds a token budget against many requests at once', async () => {
    const { gateway } = await start({}, async (seen, response) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await nativeAnswer(['hi'])(seen, response);
    });
    const admin = await makeKey(gateway, { name: 'root', role: 'admin' });
    const user = await makeKey(gateway, { name: 'bob', token_budget: 300 }, bearer(admin.secret));
    const ask = (index: number): Promise<Response> =>
      gateway.post('/api/chat', { ...chat('a'), messages: [{ role: 'user', content: `q${index}` }], options: { num_predict: 100 } }, bearer(user.secret));
    const statuses = (await Promise.all(Array.from({ length: 10 }, (_, index) => ask(index)))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBe(2);
    expect(statuses.filter((status) => status === 429).length).toBe(8);
  });

  it("limits a key's rate", async () => {
    const { gateway } = await start();
    const admin = await makeKey(gateway, { name: 'root', role: 'admin' });
    const user = await makeKey(gateway, { name: 'bob', rate: { requests: 2, window_s: 60 } }, bearer(admin.secret));
    const statuses: number[] = [];
    for (let index = 0; index < 4; index++) statuses.push((await gateway.post('/api/chat', chat('a'), bearer(user.secret))).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  it('takes an admin key given at the start, so that a gateway others can reach has a first step', async () => {
    const given = 'a-long-admin-key-from-the-environment';
    const gateway = await startGateway({ gateway: { providers: [], auth: { required: 'always' } } }, { env: { ORCHESTRATOR_ADMIN_KEY: given } });
    open.push(gateway);
    expect((await gateway.post('/orchestrator/keys', { name: 'x' })).status).toBe(401);
    const made = await makeKey(gateway, { name: 'me', role: 'admin' }, bearer(given));
    expect((await fetch(`${gateway.url}/metrics`, { headers: bearer(made.secret) })).status).toBe(200);
    expect(await (await fetch(`${gateway.url}/orchestrator/keys`, { headers: bearer(made.secret) })).text()).not.toContain('key_given');
  });

  it('tells one address to wait after many wrong keys', async () => {
    const { gateway } = await start({ auth: { required: 'always' } });
    let last = 0;
    for (let index = 0; index < 62; index++) last = (await gateway.post('/api/chat', chat('a'), bearer(`mao_${index}`))).status;
    expect(last).toBe(429);
  });
});
