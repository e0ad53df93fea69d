import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

beforeEach(async () => {
  const models = [{ name: 'llama3.1:8b' }, { name: 'qwen2.5-coder:7b', family: 'qwen2' }];
  upstream = await createUpstream(ollamaHandler(models, nativeAnswer(['Hello', ' there', ' and', ' more', '.'])));
  gateway = await startGateway({
    routing: { exploration: 0 },
    gateway: {
      providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }],
      schedules: [
        { name: 'look', cron: '0 3 * * *', job: 'refresh' },
        { name: 'fetch', cron: '0 4 * * *', job: 'pull' },
        { name: 'tidy', cron: '0 5 * * *', job: 'cache-sweep' },
        { name: 'free', cron: '0 6 * * *', job: 'unload-idle' },
        { name: 'table', cron: '0 7 * * *', job: 'benchmarks' },
      ],
    },
  });
});
afterEach(async () => {
  await gateway.close();
  await upstream.close();
});

const put = (path: string, body: unknown): Promise<Response> =>
  fetch(gateway.url + path, { method: 'PUT', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
const json = async (response: Response): Promise<Record<string, unknown>> => (await response.json()) as Record<string, unknown>;
const modelFor = async (prompt: string): Promise<unknown> => (await json(await gateway.post('/orchestrator/route', { prompt })))['model'];
const CODE = 'Write a Python function that sorts a list of dictionaries by a key.';

describe('the routing rules', () => {
  it('are shown, and take effect at once when they are set', async () => {
    expect(await json(await fetch(`${gateway.url}/orchestrator/rules`))).toMatchObject({ edited: false, rules: { default_task: 'analysis' } });
    expect(await modelFor(CODE)).toBe('qwen2.5-coder:7b');
    const answer = await put('/orchestrator/rules', { task_model_mapping: { code: 'llama3.1:8b' } });
    expect(answer.status).toBe(200);
    expect(await json(answer)).toMatchObject({ edited: true });
    expect(await modelFor(CODE)).toBe('llama3.1:8b');
  });

  it('teach a task of their own by example', async () => {
    await put('/orchestrator/rules', {
      examples: { legal: ['Is this clause of the lease enforceable?', '이 계약서 조항이 유효한지 검토해줘'] },
      task_model_mapping: { legal: 'llama3.1:8b' },
    });
    const decision = await json(await gateway.post('/orchestrator/route', { prompt: 'Is this clause of the lease enforceable?' }));
    expect(decision).toMatchObject({ task: 'legal', model: 'llama3.1:8b' });
  });

  it.each([
    ['an unknown model', { task_model_mapping: { code: 'nothing-like-it' } }, /task_model_mapping\.code.*nothing-like-it/],
    ['an unknown task', { priority_override: { cooking: 'llama3.1:8b' } }, /priority_override\.cooking.*cooking/],
    ['an unknown default task', { default_task: 'cooking' }, /default_task/],
    ['an unknown judge', { ensemble: { judge: 'nobody' } }, /ensemble\.judge/],
    ['a value of the wrong kind', { exploration: 7 }, /exploration/],
    ['a key that means nothing', { keywrods: { code: ['x'] } }, /keywrods/],
    ['a list', [1, 2], /./],
  ])('refuse %s by name, and the old ones stay', async (_, rules, message) => {
    await put('/orchestrator/rules', { task_model_mapping: { code: 'llama3.1:8b' } });
    const answer = await put('/orchestrator/rules', rules);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toMatch(message);
    expect(await modelFor(CODE)).toBe('llama3.1:8b');
  });

  it('survive a restart, until the file changes', async () => {
    await put('/orchestrator/rules', { task_model_mapping: { code: 'llama3.1:8b' } });
    await writeFile(join(gateway.folder, 'routing.yaml'), stringify({ default_task: 'quick' }));
    expect((await gateway.post('/orchestrator/reload', {})).status).toBe(200);
    expect(await json(await fetch(`${gateway.url}/orchestrator/rules`))).toMatchObject({
      edited: false,
      rules: { default_task: 'quick', task_model_mapping: {} },
    });
  });
});

describe('a reload', () => {
  it('takes up rules, models and aliases without a new start', async () => {
    await writeFile(join(gateway.folder, 'models.yaml'), stringify([{ name: 'qwen2.5-coder:7b', enabled: false }]));
    await gateway.post('/orchestrator/reload', {});
    expect(await modelFor(CODE)).toBe('llama3.1:8b');
  });

  it.each([
    ['broken YAML', 'routing.yaml', 'keywords: [', /routing\.yaml/],
    ['a wrong value', 'routing.yaml', 'exploration: 9', /routing\.yaml: exploration/],
    ['an unknown model', 'routing.yaml', 'task_model_mapping: { code: nobody }', /nobody/],
    ['a broken benchmark table', 'benchmarks.yaml', 'models: [{ names: [x], scores: { mmlu: 900 }, source: [s] }]', /benchmarks/],
    ['a broken workflow', 'gateway.yaml', 'server: { port: -4 }', /gateway\.yaml: server\.port/],
  ])('changes nothing for %s, and says why', async (_, file, text, message) => {
    const before = await json(await fetch(`${gateway.url}/orchestrator/rules`));
    await writeFile(join(gateway.folder, file), text);
    const answer = await gateway.post('/orchestrator/reload', {});
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toMatch(message);
    expect(await json(await fetch(`${gateway.url}/orchestrator/rules`))).toEqual(before);
    expect(await modelFor(CODE)).toBe('qwen2.5-coder:7b');
  });
});

describe('the schedules', () => {
  const run = async (name: string) => json(await gateway.post(`/orchestrator/schedules/${name}/run`, {}));

  it('are listed with their next time and last result, and run now', async () => {
    const listed = (await json(await fetch(`${gateway.url}/orchestrator/schedules`)))['schedules'] as { name: string; next: number; last: unknown }[];
    expect(listed.map(({ name }) => name)).toEqual(['look', 'fetch', 'tidy', 'free', 'table']);
    expect(listed[0]?.next).toBeGreaterThan(Date.now());
    expect(await run('look')).toMatchObject({ ok: true, message: '2 models at 1 providers' });
    const after = (await json(await fetch(`${gateway.url}/orchestrator/schedules`)))['schedules'] as { last: { ok: boolean } | null }[];
    expect(after[0]?.last?.ok).toBe(true);
  });

  it.each([
    ['tidy', true, /stale answers/],
    ['free', true, /nothing was idle/],
    ['fetch', false, /models/],
    ['table', false, /benchmark_source/],
  ])('run %s', async (name, ok, message) => {
    const result = await run(name);
    expect(result).toMatchObject({ ok });
    expect(result['message']).toMatch(message);
  });

  it('answer 404 for a name that is not there', async () => expect((await gateway.post('/orchestrator/schedules/nothing/run', {})).status).toBe(404));

  it('stop the start when a time cannot be read', async () => {
    await expect(startGateway({ gateway: { providers: [], schedules: [{ name: 'x', cron: 'every day', job: 'refresh' }] } })).rejects.toThrow(
      /schedules\.0\.cron/,
    );
  });
});
