import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type FakeModel, nativeAnswer, ollamaHandler, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
const models: FakeModel[] = [];
const answer = nativeAnswer(['One', ' two', ' three', ' four', ' five', ' six.']);

const configured = () => ({ gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }], discovery: { interval_s: 1 } } });

beforeEach(async () => {
  models.splice(0, models.length, { name: 'llama3.1:8b' }, { name: 'llava:7b', capabilities: ['completion', 'vision'] });
  upstream = await createUpstream((seen, response) => ollamaHandler(models, answer)(seen, response));
  gateway = await startGateway(configured());
});
afterEach(async () => {
  await gateway.close();
  await upstream.close();
});

interface Entry {
  name: string;
  priority: number;
  optimal_for: string[];
  quality: Record<string, number>;
  measured: Record<string, number | null>;
}
const profiles = async (of = gateway): Promise<Entry[]> => ((await (await fetch(`${of.url}/orchestrator/profiles`)).json()) as { profiles: Entry[] }).profiles;
const until = async (condition: () => Promise<boolean>): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come about');
};

describe('profiles', () => {
  it('hold published quality before anything was measured', async () => {
    const llama = (await profiles()).find(({ name }) => name === 'llama3.1:8b');
    expect(llama?.quality['code']).toBeGreaterThan(60);
    expect(llama?.measured['tokens_per_second']).toBeNull();
  });

  it('keep what a person set through every refresh and restart', async () => {
    const patch = await fetch(`${gateway.url}/orchestrator/profiles`, {
      method: 'PATCH',
      body: JSON.stringify({ model: 'llama3.1:8b', priority: 9, optimal_for: ['math'] }),
    });
    expect(patch.status).toBe(200);
    await gateway.post('/orchestrator/profiles/refresh', {});
    expect((await profiles()).find(({ name }) => name === 'llama3.1:8b')).toMatchObject({ priority: 9, optimal_for: ['math'] });
  });

  it.each([
    ['task', { optimal_for: ['cooking'] }, 'optimal_for'],
    ['task it is weak at', { weak_at: ['math', 'cooking'] }, 'weak_at'],
    ['complement', { complement: 'nobody:7b' }, 'complement'],
  ])('refuse an unknown %s by name and change nothing', async (_, change, param) => {
    const answer = await fetch(`${gateway.url}/orchestrator/profiles`, {
      method: 'PATCH',
      body: JSON.stringify({ model: 'llama3.1:8b', priority: 2, ...change }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { param, message: expect.stringMatching(/cooking|nobody/) } });
    expect((await profiles()).find(({ name }) => name === 'llama3.1:8b')?.priority).toBe(5);
  });

  it('notice a model that came, changed or went, log it, and list it without a restart', async () => {
    models.push({ name: 'qwen3:8b' });
    models[0] = { name: 'llama3.1:8b', digest: 'b' };
    models.splice(1, 1);
    await gateway.post('/orchestrator/profiles/refresh', {});
    const listed = (await (await fetch(`${gateway.url}/v1/models`)).json()) as { data: { id: string }[] };
    const names = listed.data.map(({ id }) => id);
    expect(names).toContain('qwen3:8b');
    expect(names).not.toContain('llava:7b');
    const { changes } = (await (await fetch(`${gateway.url}/orchestrator/changes`)).json()) as { changes: object[] };
    expect(changes[0]).toMatchObject({ provider: 'ollama', added: ['qwen3:8b'], changed: ['llama3.1:8b'], removed: ['llava:7b'] });
    expect(gateway.logs().some((line) => line.includes('models changed') && line.includes('qwen3:8b'))).toBe(true);
  });

  it('notice it by themselves within the interval', async () => {
    models.push({ name: 'qwen3:8b' });
    await until(async () => (await profiles()).some(({ name }) => name === 'qwen3:8b'));
  });
});

describe('a start with a warm cache', () => {
  it('knows the models although no host answers in time', async () => {
    const stateDirectory = gateway.stateDirectory;
    await until(async () => (await profiles()).length === 2);
    await gateway.services.close();
    upstream.handle(() => {});
    const again = await startGateway(configured(), { stateDirectory });
    try {
      expect((await profiles(again)).map(({ name }) => name).sort()).toEqual(['llama3.1:8b', 'llava:7b']);
      expect(again.services.readiness().ready).toBe(true);
    } finally {
      await again.close();
    }
  });
});

describe('a probe', () => {
  const probe = (model: string, body: unknown = {}): Promise<Response> => gateway.post(`/orchestrator/profiles/${encodeURIComponent(model)}/probe`, body);

  it('measures speed and waiting time, and the profile has them', async () => {
    const response = await probe('llama3.1:8b', { rounds: 2 });
    expect(response.status).toBe(200);
    const { results } = (await response.json()) as { results: { provider: string; rounds: number; failures: number; timeToFirstTokenMs: number }[] };
    expect(results[0]).toMatchObject({ provider: 'ollama', rounds: 2, failures: 0 });
    expect(results[0]?.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
    expect((await profiles()).find(({ name }) => name === 'llama3.1:8b')?.measured['time_to_first_token_ms']).not.toBeNull();
  });

  it('is refused while the provider works, and nothing is disturbed', async () => {
    let finish = (): void => {};
    upstream.handle((seen, response) =>
      ollamaHandler(models, async (asked, open) => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        await answer(asked, open);
      })(seen, response),
    );
    const running = gateway.post('/api/chat', { model: 'llama3.1:8b', stream: false, messages: [{ role: 'user', content: 'hi' }] });
    await until(async () => upstream.calls().length === 1);
    const refused = await probe('llava:7b');
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('provider_busy');
    finish();
    expect((await running).status).toBe(200);
  });

  it.each([
    ['auto', {}, 400],
    ['nothing-like-it', {}, 404],
    ['llama3.1:8b', { rounds: 99 }, 400],
  ])('answers %s %j with %d', async (model, body, status) => expect((await probe(model, body)).status).toBe(status));
});
