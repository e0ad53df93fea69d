import { afterEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, openaiAnswer, openaiHandler, type Upstream } from '../support/upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

async function start(): Promise<{ gateway: TestGateway; upstream: Upstream }> {
  const upstream = await createUpstream(openaiHandler(['m', 'n'], openaiAnswer(['hello'])));
  const gateway = await startGateway({ gateway: { providers: [{ name: 'up', type: 'openai', url: `${upstream.url}/v1` }] } });
  open.push(gateway, upstream);
  return { gateway, upstream };
}

const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const ask = (gateway: TestGateway, headers: Record<string, string> = {}, path = '/v1/chat/completions'): Promise<Response> => gateway.post(path, body, headers);
/** Asked often enough that the last one is answered without being read. */
async function repeat(gateway: TestGateway, headers: Record<string, string> = {}): Promise<Response[]> {
  const answers = [];
  for (let turn = 0; turn < 3; turn++) answers.push(await ask(gateway, headers));
  return answers;
}
const cacheOf = (response: Response): string | null => response.headers.get('x-orchestrator-cache');

describe('a request that comes again byte for byte', () => {
  it('is answered like the time before, under an id of its own', async () => {
    const { gateway } = await start();
    const answers = await repeat(gateway);
    expect(answers.map(cacheOf)).toEqual(['miss', 'hit', 'hit']);
    const [, second, third] = (await Promise.all(answers.map((answer) => answer.json()))) as { id: string; created: number }[];
    expect({ ...third, id: 0, created: 0 }).toEqual({ ...second, id: 0, created: 0 });
    expect(third?.id).toBe(`chatcmpl-${answers[2]?.headers.get('x-request-id')}`);
    const names = (answer: Response | undefined): string[] => [...(answer?.headers.keys() ?? [])].sort();
    expect(names(answers[2])).toEqual(names(answers[1]));
  });

  it('is counted, logged and shown among the decisions like every other', async () => {
    const { gateway } = await start();
    const last = (await repeat(gateway))[2]?.headers.get('x-request-id') ?? '';
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toContain('orchestrator_cache_requests_total{outcome="hit"} 2');
    expect(metrics).toContain('orchestrator_plans_total{strategy="single",task="pinned"} 3');
    expect(metrics).toContain('orchestrator_requests_in_flight 0');
    expect(gateway.services.cache.stats()).toMatchObject({ hits: 2, misses: 1 });
    expect(gateway.logs().filter((line) => line.includes(last) && line.includes('"outcome":"ok"'))).toHaveLength(1);
    expect(gateway.services.decisions(1)[0]).toMatchObject({ id: last, cache: 'hit', outcome: 'ok', served: 'up/m' });
  });

  it('is asked anew when the cache has let go of the answer, or may not be read', async () => {
    const { gateway, upstream } = await start();
    await repeat(gateway);
    expect(cacheOf(await ask(gateway, { 'cache-control': 'no-cache' }))).toBe('miss');
    await repeat(gateway);
    gateway.services.cache.clear();
    expect(cacheOf(await ask(gateway))).toBe('miss');
    expect(upstream.calls()).toHaveLength(3);
  });

  it('is decided on again when the rules have changed', async () => {
    const { gateway } = await start();
    const auto = (): Promise<Response> => gateway.post('/v1/chat/completions', { ...body, model: 'auto' });
    const reasonOf = (answer: Response): string | null => answer.headers.get('x-orchestrator-reason');
    const answers = [await auto(), await auto(), await auto()];
    expect(answers.map(cacheOf)).toEqual(['miss', 'hit', 'hit']);
    expect(reasonOf(answers[2] as Response)).not.toContain('priority_override');
    const task = String(answers[2]?.headers.get('x-orchestrator-task'));
    const { live } = gateway.services;
    await live.putRouting({ ...live.routing().rules, priority_override: { [task]: 'n' } });
    expect(reasonOf(await auto())).toContain('priority_override');
  });

  it('is another request at another route', async () => {
    const { gateway } = await start();
    await repeat(gateway);
    const answer = await ask(gateway, {}, '/api/chat');
    expect(await answer.text()).toContain('"done":true');
  });

  it('holds for one key only, while that key is valid and its budget lasts', async () => {
    const { gateway } = await start();
    const { keyring } = gateway.services;
    const bearer = ({ secret }: { secret: string }): Record<string, string> => ({ authorization: `Bearer ${secret}` });
    const one = await keyring.create({ name: 'one', role: 'user' });
    const two = await keyring.create({ name: 'two', role: 'user', allowedModels: ['n'] });
    const poor = await keyring.create({ name: 'poor', role: 'user', tokenBudget: 1_100 });
    await repeat(gateway, bearer(one));
    expect((await ask(gateway, bearer(two))).status).toBe(403);
    const statuses = [];
    for (let turn = 0; turn < 40; turn++) statuses.push((await ask(gateway, bearer(poor))).status);
    expect(statuses[0]).toBe(200);
    expect(statuses.at(-1)).toBe(429);
    await keyring.revoke(one.key.id);
    expect((await ask(gateway, bearer(one))).status).toBe(401);
  });
});
