import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNdjson, readSse, startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, openaiAnswer, openaiHandler, type Upstream } from '../support/upstream.ts';

let ollama: Upstream;
let vllm: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  ollama = await createUpstream(ollamaHandler([{ name: 'llama3.1:8b' }, { name: 'qwen2.5-coder:7b', family: 'qwen2' }], nativeAnswer(['Hel', 'lo ', '세계'])));
  vllm = await createUpstream(openaiHandler(['mistral-7b'], openaiAnswer(['Hel', 'lo ', '세계'])));
  gateway = await startGateway({
    gateway: {
      providers: [
        { name: 'ollama', type: 'ollama', url: ollama.url },
        { name: 'vllm', type: 'openai', url: `${vllm.url}/v1` },
      ],
      aliases: { 'gpt-4o': 'auto' },
    },
    performance: { caching: { enabled: false } },
  });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([ollama.close(), vllm.close()]);
});

const messages = [{ role: 'user', content: 'Say hello' }];

describe.each(['llama3.1:8b', 'mistral-7b', 'ollama/llama3.1:8b', 'LLAMA3.1:8B', 'auto', 'auto:latest', 'auto:code', 'gpt-4o'])('model %s', (model) => {
  it('answers an OpenAI client whole', async () => {
    const response = await gateway.post('/v1/chat/completions', { model, messages });
    const body = (await response.json()) as { model: string; choices: { message: { content: string }; finish_reason: string }[]; usage: object };
    expect(response.status).toBe(200);
    expect(body.choices[0]?.message.content).toBe('Hello 세계');
    expect(body.choices[0]?.finish_reason).toBe('stop');
    expect(body.model).toBe(model);
    expect(body.usage).toMatchObject({ prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 });
    expect(response.headers.get('x-orchestrator-model')).toMatch(/llama|qwen|mistral/);
    expect(response.headers.get('x-orchestrator-cache')).toBe('bypass');
  });

  it('streams to an OpenAI client: role first, one finish, usage when asked, [DONE]', async () => {
    const response = await gateway.post('/v1/chat/completions', { model, messages, stream: true, stream_options: { include_usage: true } });
    const frames = await readSse(response);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(frames.at(-1)).toBe('[DONE]');
    const chunks = frames.slice(0, -1) as { choices: { delta: { role?: string; content?: string }; finish_reason: string | null }[]; usage?: object | null }[];
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('Hello 세계');
    expect(chunks.filter((chunk) => chunk.choices[0]?.finish_reason).length).toBe(1);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } });
    expect(chunks[0]?.usage).toBeNull();
  });

  it('answers an Ollama client whole', async () => {
    const body = (await (await gateway.post('/api/chat', { model, messages, stream: false })).json()) as Record<string, unknown>;
    expect(body).toMatchObject({
      model,
      message: { role: 'assistant', content: 'Hello 세계' },
      done: true,
      done_reason: 'stop',
      prompt_eval_count: 7,
      eval_count: 3,
    });
  });

  it('streams to an Ollama client by default, one done line last', async () => {
    const response = await gateway.post('/api/chat', { model, messages });
    const lines = await readNdjson(response);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(lines.map((line) => (line['message'] as { content: string }).content).join('')).toBe('Hello 세계');
    expect(lines.filter((line) => line['done'] === true)).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({ done: true, done_reason: 'stop' });
    expect(lines.every((line) => !('error' in line))).toBe(true);
  });

  it('generates from a prompt', async () => {
    const body = await (await gateway.post('/api/generate', { model, prompt: 'Say hello', stream: false })).json();
    expect(body).toMatchObject({ model, response: 'Hello 세계', done: true });
  });
});

describe('lists', () => {
  it('lists real and virtual models in both faces', async () => {
    const tags = (await (await fetch(`${gateway.url}/api/tags`)).json()) as { models: { name: string }[] };
    const models = (await (await fetch(`${gateway.url}/v1/models`)).json()) as { data: { id: string }[] };
    expect(tags.models.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['llama3.1:8b', 'mistral-7b:latest', 'auto:latest', 'ensemble:latest', 'auto:code']),
    );
    expect(models.data.map(({ id }) => id)).toEqual(expect.arrayContaining(['llama3.1:8b', 'mistral-7b', 'auto', 'chain', 'correct']));
  });

  it('shows a real and a virtual model', async () => {
    for (const model of ['llama3.1:8b', 'auto', 'auto:latest']) {
      const shown = (await (await gateway.post('/api/show', { model })).json()) as { capabilities: string[]; model_info: Record<string, unknown> };
      expect(shown.capabilities).toContain('completion');
      expect(Object.keys(shown.model_info).some((key) => key.endsWith('.context_length'))).toBe(true);
    }
  });

  it('says it is Ollama', async () => {
    expect(await (await fetch(gateway.url)).text()).toBe('Ollama is running');
    expect(await (await fetch(`${gateway.url}/api/version`)).json()).toEqual({ version: '0.33.0' });
  });
});

describe('errors', () => {
  it('names the nearest models when one is unknown, in the form of the API that was called', async () => {
    const openai = await gateway.post('/v1/chat/completions', { model: 'llama3.1:8c', messages });
    const native = await gateway.post('/api/chat', { model: 'llama3.1:8c', messages });
    expect(openai.status).toBe(404);
    expect(await openai.json()).toMatchObject({
      error: { code: 'model_not_found', type: 'not_found_error', message: expect.stringContaining('llama3.1:8b') as string },
    });
    expect(native.status).toBe(404);
    expect(await native.json()).toMatchObject({ error: expect.stringMatching(/^model 'llama3.1:8c' not found/) as string });
  });

  it.each([
    ['/v1/chat/completions', '{', 400],
    ['/v1/chat/completions', '', 400],
    ['/v1/chat/completions', '[]', 400],
    ['/v1/chat/completions', '{"model":"auto","messages":"hi"}', 400],
    ['/v1/chat/completions', '{"model":"auto","messages":[]}', 400],
    ['/v1/nothing', '{}', 404],
  ])('answers %s with body %s: %s as an OpenAI error', async (path, body, status) => {
    const response = await gateway.post(path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) as string, type: expect.any(String) as string } });
  });

  it.each(['/v1/chat/completions', '/api/chat', '/v1/messages', '/orchestrator/route'])('says that %s needs a body', async (path) => {
    const response = await fetch(gateway.url + path, { method: 'POST' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('missing request body');
  });

  it('refuses nesting that could not be written again', async () => {
    const response = await gateway.post('/v1/chat/completions', `{"model":"auto","messages":${'['.repeat(5000)}${']'.repeat(5000)}}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('nested') as string } });
  });

  it('answers a native route with a string error', async () => {
    const response = await gateway.post('/api/chat', '{"model":"auto","messages":[{"role":"user","content":["x"]}]}');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('messages.0.content') as string });
  });

  it('accepts JSON whatever the content type says, as Ollama does', async () => {
    const body = JSON.stringify({ model: 'llama3.1:8b', messages, stream: false });
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/octet-stream']) {
      expect((await gateway.post('/api/chat', body, { 'content-type': type })).status).toBe(200);
    }
  });
});

describe('explaining', () => {
  it('tells the plan without executing it', async () => {
    const before = ollama.calls().length + vllm.calls().length;
    const plan = (await (await gateway.post('/orchestrator/route', { prompt: '파이썬으로 퀵정렬 함수 짜줘' })).json()) as Record<string, unknown>;
    expect(plan).toMatchObject({ task: 'code', language: 'ko', pinned: false });
    expect(plan['candidates']).toHaveLength(3);
    expect(plan['reason']).toMatch(/^code \d+%/);
    expect(ollama.calls().length + vllm.calls().length).toBe(before);
  });
});
