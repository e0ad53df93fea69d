import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readNdjson, startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, nativeAnswer, ollamaHandler, openaiAnswer, openaiHandler, sendJson, type Upstream } from '../support/upstream.ts';

const MODELS = [
  { name: 'llama3.1:8b', contextLength: 131_072 },
  { name: 'plain:latest', capabilities: ['completion'], contextLength: 8_192 },
  { name: 'thinker:latest', capabilities: ['completion', 'tools', 'thinking', 'insert', 'vision'] },
  { name: 'nomic-embed-text:latest', capabilities: ['embedding'], family: 'nomic-bert' },
];
const SHOWN = {
  modelfile: '# Modelfile',
  model_info: { 'general.architecture': 'llama', 'llama.context_length': 8192 },
  tensors: [{ name: 't', type: 'F16', shape: [1] }],
  capabilities: ['completion'],
};
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let one: Upstream;
let two: Upstream;
let vllm: Upstream;
let gateway: TestGateway;
/** What the hosts do beside their lists; a test may change it. */
const usual: Handler = (seen, response) => {
  if (seen.path === '/api/embed') return sendJson(response, { embeddings: [] });
  return seen.body['prompt'] === '' ? sendJson(response, { done: true, done_reason: 'load' }) : nativeAnswer(['Hi'])(seen, response);
};
let act = usual;
let loaded: object[] = [];

const withPs = (models: typeof MODELS, version: string): Handler => {
  const lists = ollamaHandler(models, (seen, response) => act(seen, response));
  return (seen, response) => {
    if (seen.path === '/api/ps') return sendJson(response, { models: loaded });
    if (seen.path === '/api/version') return sendJson(response, { version });
    if (seen.path === '/api/show' && ('verbose' in seen.body || 'tensors' in seen.body)) return sendJson(response, { ...SHOWN, asked: seen.body });
    return lists(seen, response);
  };
};

beforeAll(async () => {
  one = await createUpstream(withPs(MODELS, '0.33.0-rc2'));
  two = await createUpstream(withPs(MODELS.slice(0, 1), '0.9.6'));
  vllm = await createUpstream(openaiHandler(['mistral-7b'], openaiAnswer(['Hi'])));
  gateway = await startGateway({
    gateway: {
      providers: [
        { name: 'one', type: 'ollama', url: one.url },
        { name: 'two', type: 'ollama', url: two.url },
        { name: 'vllm', type: 'openai', url: `${vllm.url}/v1` },
      ],
    },
    performance: { caching: { enabled: false } },
  });
});
afterEach(() => {
  act = usual;
  for (const { seen } of [one, two]) seen.length = 0;
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([one.close(), two.close(), vllm.close()]);
});

const messages = [{ role: 'user', content: 'Hi' }];
const json = async (path: string, body?: unknown): Promise<Record<string, unknown>> =>
  (await (body === undefined ? fetch(gateway.url + path) : gateway.post(path, body)).then((response) => response.json())) as Record<string, unknown>;
const sent = () => [...one.calls(), ...two.calls()].map(({ body }) => body);

describe('lists', () => {
  it('gives every model once, complete in each field that clients read', async () => {
    const { models } = (await json('/api/tags')) as { models: Record<string, unknown>[] };
    const names = models.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['llama3.1:8b', 'mistral-7b:latest', 'auto:latest', 'auto:code', 'ensemble:latest']));
    for (const model of models) {
      expect(model['model']).toBe(model['name']);
      expect(model['digest']).toMatch(/^[0-9a-f]{64}$/);
      expect(model['modified_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
      expect(Number.isInteger(model['size'])).toBe(true);
      expect(Object.keys(model['details'] as object)).toEqual(
        expect.arrayContaining(['parent_model', 'format', 'family', 'families', 'parameter_size', 'quantization_level']),
      );
      expect(model['capabilities']).toEqual(expect.any(Array));
    }
    const virtual = models.find(({ name }) => name === 'auto:latest') as { size: number; details: { parameter_size: string } };
    expect(virtual.size).toBeGreaterThan(1_000_000);
    expect(virtual.details.parameter_size).toBe('7B');
  });

  it('gives a model that two hosts hold in memory once', async () => {
    const running = (name: string) => ({
      name,
      model: name,
      size: 5e9,
      size_vram: 4e9,
      context_length: 8192,
      digest: 'a'.repeat(64),
      expires_at: '2030-01-01T00:00:00.5+09:00',
    });
    loaded = [running('llama3.1:8b')];
    await gateway.services.fleet.refresh();
    const { models } = (await json('/api/ps')) as { models: Record<string, unknown>[] };
    expect(models.filter(({ name }) => name === 'llama3.1:8b')).toHaveLength(1);
    expect(models.find(({ name }) => name === 'llama3.1:8b')).toMatchObject({
      name: 'llama3.1:8b',
      size_vram: 4e9,
      context_length: 8192,
      expires_at: '2029-12-31T15:00:00.500Z',
    });
    loaded = [];
    await gateway.services.fleet.refresh();
    expect(JSON.stringify(await json('/api/ps'))).not.toContain('llama3.1:8b');
  });

  it('tells the lowest version as plain numbers', async () => {
    expect(await json('/api/version')).toEqual({ version: '0.9.6' });
  });

  it.each(['/', '/api/version', '/api/tags'])('answers HEAD %s without a body', async (path) => {
    const response = await fetch(gateway.url + path, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('answers the account routes as an Ollama without its cloud', async () => {
    expect(await json('/api/status')).toEqual({ cloud: { disabled: true, source: 'config' } });
    const me = await fetch(`${gateway.url}/api/me`, { method: 'POST', headers: { 'content-type': 'application/json' } });
    expect([me.status, await me.json()]).toEqual([401, { error: 'unauthorized' }]);
    expect(await (await fetch(`${gateway.url}/api/signout`, { method: 'POST' })).json()).toBeNull();
    expect(await (await fetch(`${gateway.url}/api/user/keys/abc%2Fd`, { method: 'DELETE' })).json()).toBeNull();
    for (const path of ['/api/experimental/web_search', '/api/experimental/web_fetch']) {
      const response = await gateway.post(path, { query: 'x' });
      expect(response.status).toBe(403);
      expect(((await response.json()) as { error: string }).error).toMatch(/^ollama cloud is disabled: /);
    }
    expect(await json('/api/experimental/model-recommendations')).toEqual({ recommendations: [] });
  });
});

describe('show', () => {
  it("gives the host's own answer untouched, whatever it holds", async () => {
    expect(await json('/api/show', { name: 'LLAMA3.1:8B', verbose: true, system: 's' })).toEqual({
      ...SHOWN,
      asked: { model: 'llama3.1:8b', verbose: true, system: 's' },
    });
  });

  it('tells VS Code the name that its user picked', async () => {
    for (const model of ['llama3.1:8b', 'auto', 'mistral-7b']) {
      const response = await gateway.post('/api/show', { model }, { 'user-agent': 'GitHubCopilotChat/0.30.0' });
      expect(((await response.json()) as { model_info: Record<string, unknown> }).model_info['general.basename']).toBe(model);
    }
    expect((await json('/api/show', { model: 'auto' }))['model_info']).not.toHaveProperty('general.basename');
  });

  it('describes models of other providers and virtual ones', async () => {
    for (const model of ['mistral-7b', 'mistral-7b:latest', 'auto', 'auto:latest', 'auto:code', 'ensemble']) {
      const shown = await json('/api/show', { model });
      expect(shown).toMatchObject({ details: { parent_model: '' }, capabilities: expect.arrayContaining(['completion']) as unknown });
      expect(Object.keys(shown['model_info'] as object).some((key) => key.endsWith('.context_length'))).toBe(true);
    }
  });

  it('still describes a model whose host is away', async () => {
    const gone = await createUpstream(ollamaHandler([{ name: 'far:1b' }], nativeAnswer(['Hi'])));
    const own = await startGateway({ gateway: { providers: [{ name: 'far', type: 'ollama', url: gone.url }] } });
    await gone.close();
    expect(await (await own.post('/api/show', { model: 'far:1b' })).json()).toMatchObject({ capabilities: ['completion', 'tools'] });
    await own.close();
  });
});

describe('the error catalogue', () => {
  const chat = (more: object) => ({ model: 'llama3.1:8b', messages, stream: false, ...more });
  const generate = (more: object) => ({ model: 'llama3.1:8b', prompt: 'Hi', stream: false, ...more });
  const noThinking = '"plain" does not support thinking';

  it.each([
    ['/api/chat', '', 400, 'missing request body'],
    ['/api/generate', '', 400, 'missing request body'],
    ['/api/embed', '', 400, 'missing request body'],
    ['/api/show', '', 400, 'missing request body'],
    ['/api/chat', {}, 400, 'model is required'],
    ['/api/chat', { model: '', messages }, 400, 'model is required'],
    ['/api/embeddings', { prompt: 'x' }, 400, 'model is required'],
    ['/api/show', {}, 400, 'model is required'],
    ['/api/generate', { prompt: 'x' }, 404, "model '' not found"],
    ['/api/embed', { input: 'x' }, 404, "model '' not found"],
    ['/api/show', { model: 'a b' }, 400, 'invalid model name'],
    ['/api/show', { model: '../x' }, 400, 'invalid model name'],
    ['/api/show', { model: 'ghost' }, 404, "model 'ghost:latest' not found"],
    ['/api/show', { model: 'ghost:7b' }, 404, "model 'ghost:7b' not found"],
    ['/api/embed', { model: 'ghost', input: 'x' }, 404, 'model "ghost" not found, try pulling it first'],
    ['/api/embed', { model: 'ghost' }, 404, 'model "ghost" not found, try pulling it first'],
    ['/api/embeddings', { model: 'ghost', prompt: 'x' }, 404, 'model "ghost" not found, try pulling it first'],
    ['/api/embed', { model: 'nomic-embed-text', input: [1, 2] }, 400, 'invalid input type'],
    ['/api/embed', { model: 'nomic-embed-text', input: ['a', ['b']] }, 400, 'invalid input type'],
    ['/api/embed', { model: 'nomic-embed-text', input: 7 }, 400, 'invalid input type'],
    ['/api/chat', chat({ model: 'nomic-embed-text' }), 400, '"nomic-embed-text" does not support chat'],
    ['/api/generate', generate({ model: 'nomic-embed-text' }), 400, '"nomic-embed-text" does not support generate'],
    ['/api/chat', chat({ model: 'plain', think: true }), 400, noThinking],
    ['/api/chat', chat({ model: 'plain', think: 'high' }), 400, noThinking],
    ['/api/generate', generate({ model: 'plain', think: true }), 400, noThinking],
    [
      '/api/chat',
      chat({ model: 'plain', tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }] }),
      400,
      'one/plain:latest does not support tools',
    ],
    ['/api/generate', generate({ model: 'plain', suffix: 'x' }), 400, 'one/plain:latest does not support insert'],
    ['/api/chat', chat({ model: 'plain', messages: [{ role: 'user', content: 'x', images: [PNG] }] }), 400, 'one/plain:latest does not support vision'],
    ['/api/chat', chat({ think: 'huge' }), 400, 'invalid think value: "huge" (must be "high", "medium", "low", "max", true, or false)'],
    ['/api/chat', chat({ format: 'xml' }), 400, 'invalid format: "xml"; expected "json" or a valid JSON Schema object'],
    ['/api/chat', chat({ top_logprobs: 21 }), 400, 'top_logprobs must be between 0 and 20'],
    ['/api/chat', chat({ model: 'ghost', top_logprobs: -1 }), 400, 'top_logprobs must be between 0 and 20'],
    ['/api/chat', chat({ options: { temperature: 'hot' } }), 400, 'option "temperature" must be of type float32'],
    ['/api/chat', chat({ options: { num_ctx: '8k' } }), 400, 'option "num_ctx" must be of type integer'],
    ['/api/chat', chat({ options: { stop: 7 } }), 400, 'option "stop" must be of type array'],
    ['/api/chat', chat({ options: { stop: [7] } }), 400, 'option "stop" must be of an array of strings'],
    ['/api/chat', chat({ options: { use_mmap: 1 } }), 400, 'option "use_mmap" must be of type boolean'],
    ['/api/chat', chat({ options: { temperature: 999_999 } }), 400, 'option "temperature" must be between 0 and 5'],
    ['/api/generate', generate({ raw: true, system: 's' }), 400, 'raw mode does not support template, system, or context'],
    ['/api/generate', generate({ raw: true, context: [1] }), 400, 'raw mode does not support template, system, or context'],
  ])('%s %j: %i %s', async (path, body, status, error) => {
    const response = await gateway.post(path, body);
    expect(await response.json()).toEqual({ error });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(sent()).toEqual([]);
  });

  it.each(['5', '-1', 'soon', '5 m', '', 'm', true, {}])('refuses keep_alive %j', async (keep_alive) => {
    expect((await gateway.post('/api/chat', chat({ keep_alive }))).status).toBe(400);
  });

  it.each([
    ['1h30m', 5_400],
    ['300ms', 0.3],
    ['-1s', -1],
    ['1.5h', 5_400],
    ['.5s', 0.5],
    ['0', 0],
    [-1, -1],
    [2.5, 2.5],
  ])('reads keep_alive %j as %d seconds', async (keep_alive, seconds) => {
    await gateway.post('/api/chat', chat({ keep_alive }));
    expect(sent()[0]?.['keep_alive']).toBe(seconds);
  });

  it("asks a model that cannot think for nothing when Claude Code's API does", async () => {
    const response = await gateway.post('/v1/messages', { model: 'plain', max_tokens: 50, messages, thinking: { type: 'enabled', budget_tokens: 1_024 } });
    expect(response.status).toBe(200);
    expect(sent()[0]).not.toHaveProperty('think');
  });

  it('never calls a model for a name that means nothing, and tells it whole or streamed with the same status', async () => {
    for (const stream of [true, false]) {
      const response = await gateway.post('/api/generate', { model: 'ghost', prompt: 'x', stream });
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ error: expect.stringMatching(/^model 'ghost' not found/) as string });
    }
  });
});

describe('what reaches the host', () => {
  it('asks it to cut nothing, unless the client wants it', async () => {
    await gateway.post('/api/chat', { model: 'llama3.1:8b', messages });
    await gateway.post('/api/chat', { model: 'llama3.1:8b', messages, truncate: true, shift: true });
    await gateway.post('/v1/chat/completions', { model: 'llama3.1:8b', messages });
    expect(sent().map(({ truncate, shift }) => [truncate, shift])).toEqual(
      expect.arrayContaining([
        [false, false],
        [true, true],
        [false, false],
      ]),
    );
    expect(sent().filter(({ truncate }) => truncate === false)).toHaveLength(2);
  });

  it('passes on fields and options that only Ollama knows', async () => {
    await gateway.post('/api/generate', {
      model: 'thinker',
      prompt: 'a',
      suffix: 'b',
      template: '{{ .Prompt }}',
      context: [1, 2, 3],
      images: [PNG],
      think: 'medium',
      new_field: { deep: [1] },
      options: { mirostat: 2, num_predict: -1, num_gpu: 3.9, typical_p: 0.5, temperature: null, stop: 'END', seed: 7 },
    });
    expect(sent()[0]).toMatchObject({
      prompt: 'a',
      suffix: 'b',
      template: '{{ .Prompt }}',
      context: [1, 2, 3],
      images: [PNG],
      think: 'medium',
      new_field: { deep: [1] },
      options: { mirostat: 2, num_predict: -1, num_gpu: 3, typical_p: 0.5, stop: ['END'], seed: 7 },
    });
    expect(sent()[0]?.['options']).not.toHaveProperty('temperature');
  });

  it('says one num_ctx whatever clients ask, so that no request reloads the model', async () => {
    for (const num_ctx of [undefined, 16_384, 2_048, 9_000, undefined]) {
      await (await gateway.post('/api/chat', { model: 'thinker', messages, stream: false, options: { num_ctx } })).text();
    }
    await (await gateway.post('/v1/chat/completions', { model: 'thinker', messages })).text();
    const windows = sent().map(({ options }) => (options as { num_ctx?: number } | undefined)?.num_ctx);
    expect(windows).toEqual([undefined, ...Array(5).fill(8_192)]);
  });

  it('opens a window that the prompt fits into', async () => {
    const content = 'word '.repeat(12_000);
    await (await gateway.post('/api/chat', { model: 'llama3.1:8b', messages: [{ role: 'user', content }], stream: false })).text();
    const num_ctx = (sent()[0]?.['options'] as { num_ctx?: number } | undefined)?.num_ctx ?? 0;
    expect(num_ctx).toBeGreaterThanOrEqual(16_384);
    expect(Math.log2(num_ctx) % 1).toBe(0);
  });

  it('opens a larger one when the host counts more tokens than were estimated', async () => {
    let refused = 0;
    act = (seen, response) => {
      const { num_ctx } = seen.body['options'] as { num_ctx: number };
      if (num_ctx < 65_536) {
        refused += 1;
        return sendJson(
          response,
          {
            error: JSON.stringify({
              error: { code: 400, message: `request (40000 tokens) exceeds the available context size (${num_ctx} tokens)`, type: 'exceed_context_size_error' },
            }),
          },
          400,
        );
      }
      return nativeAnswer(['fits'])(seen, response);
    };
    expect(await json('/api/chat', { model: 'two/llama3.1:8b', messages, stream: false, options: { num_ctx: 8_192 } })).toMatchObject({
      message: { content: 'fits' },
    });
    expect(refused).toBe(1);
  });

  it('refuses before sending what fits into no window of the model', async () => {
    const response = await gateway.post('/api/chat', { model: 'plain', messages: [{ role: 'user', content: 'word '.repeat(40_000) }] });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: string }).error).toContain('8192');
    const openai = await gateway.post('/v1/chat/completions', { model: 'plain', messages: [{ role: 'user', content: 'word '.repeat(40_000) }] });
    expect(await openai.json()).toMatchObject({ error: { code: 'context_length_exceeded' } });
    expect(sent()).toEqual([]);
  });

  it('lets the host render a prompt without answering it', async () => {
    act = (seen, response) => sendJson(response, { model: seen.body['model'], _debug_info: { rendered_template: '<s>Hi' } });
    expect(await json('/api/chat', { model: 'llama3.1:8b', messages, _debug_render_only: true })).toMatchObject({
      _debug_info: { rendered_template: '<s>Hi' },
    });
    expect((await gateway.post('/api/chat', { model: 'mistral-7b', messages, _debug_render_only: true })).status).toBe(400);
  });
});

describe('loading', () => {
  it.each([
    ['/api/chat', { messages: [] }, 'load', { message: { role: 'assistant', content: '' } }],
    ['/api/chat', { keep_alive: 0 }, 'unload', { message: { role: 'assistant', content: '' } }],
    ['/api/generate', {}, 'load', { response: '' }],
    ['/api/generate', { prompt: '', system: 'kept out' }, 'load', { response: '' }],
    ['/api/generate', { prompt: '', keep_alive: '0s', stream: true }, 'unload', { response: '' }],
  ])('%s %j answers one object: %s', async (path, body, done_reason, shape) => {
    const response = await gateway.post(path, { model: 'LLAMA3.1:8B', ...body });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const answer = (await response.json()) as object;
    expect(answer).toEqual({ model: 'LLAMA3.1:8B', created_at: expect.any(String) as string, ...shape, done: true, done_reason });
  });

  it('loads one replica with the window that was asked for, and unloads all', async () => {
    await gateway.post('/api/generate', { model: 'llama3.1:8b', keep_alive: '10m', options: { num_ctx: 100_000 } });
    expect(sent()).toEqual([{ model: 'llama3.1:8b', prompt: '', stream: false, keep_alive: 600, options: { num_ctx: 131_072 } }]);
    for (const { seen } of [one, two]) seen.length = 0;
    await gateway.post('/api/generate', { model: 'llama3.1:8b', keep_alive: 0 });
    expect([one.calls().length, two.calls().length]).toEqual([1, 1]);
    expect(sent()[0]).toEqual({ model: 'llama3.1:8b', prompt: '', stream: false, keep_alive: 0 });
  });

  it('says 404 when there is nothing to load', async () => {
    expect((await gateway.post('/api/generate', { model: 'ghost' })).status).toBe(404);
  });
});

describe('embeddings', () => {
  const vectors =
    (...list: number[][]): Handler =>
    (_seen, response) =>
      sendJson(response, { embeddings: list, prompt_eval_count: 5, load_duration: 2_000_000 });

  it('gives unit vectors in the order of the input, and what was counted', async () => {
    act = vectors([3, 4], [0, 2]);
    const body = await json('/api/embed', { model: 'nomic-embed-text', input: ['a', 'b'], truncate: false, keep_alive: '5m' });
    expect(body).toMatchObject({
      model: 'nomic-embed-text',
      embeddings: [
        [0.6, 0.8],
        [0, 1],
      ],
      prompt_eval_count: 5,
      load_duration: 2_000_000,
    });
    expect(one.seen.find(({ path }) => path === '/api/embed')?.body).toEqual({
      model: 'nomic-embed-text:latest',
      input: ['a', 'b'],
      truncate: false,
      keep_alive: 300,
    });
  });

  it('leaves a vector that is one long already as it came', async () => {
    act = vectors([0.6000000238418579, 0.800000011920929]);
    expect((await json('/api/embed', { model: 'nomic-embed-text', input: 'a' }))['embeddings']).toEqual([[0.6000000238418579, 0.800000011920929]]);
  });

  it('cuts to the dimensions asked for, and makes the rest one long again', async () => {
    act = vectors([0.6, 0, 0.8]);
    expect((await json('/api/embed', { model: 'nomic-embed-text', input: 'a', dimensions: 2 }))['embeddings']).toEqual([[1, 0]]);
  });

  it.each([{}, { input: null }, { input: '' }, { input: [] }])('loads the model for %j', async (input) => {
    expect(await json('/api/embed', { model: 'nomic-embed-text', ...input })).toEqual({ model: 'nomic-embed-text', embeddings: [] });
  });

  it('embeds one empty text', async () => {
    act = vectors([1, 0]);
    expect((await json('/api/embed', { model: 'nomic-embed-text', input: [''] }))['embeddings']).toEqual([[1, 0]]);
  });

  it('speaks the older route, whose vectors are as they are', async () => {
    act = (_seen, response) => sendJson(response, { embedding: [3, 4] });
    expect(await json('/api/embeddings', { model: 'nomic-embed-text', prompt: 'a' })).toEqual({ embedding: [3, 4] });
    expect(await json('/api/embeddings', { model: 'nomic-embed-text', prompt: '' })).toEqual({ embedding: [] });
  });

  it('passes on that an input is too long', async () => {
    act = (_seen, response) => sendJson(response, { error: 'the input length exceeds the context length' }, 400);
    const response = await gateway.post('/api/embed', { model: 'nomic-embed-text', input: 'a', truncate: false });
    expect([response.status, await response.json()]).toEqual([400, { error: 'the input length exceeds the context length' }]);
  });
});

describe('logprobs', () => {
  it('passes on chunks that hold nothing else', async () => {
    const logprobs = [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [{ token: 'Ho', logprob: -2, bytes: [72, 111] }] }];
    act = (seen, response) => {
      const piece = seen.path.endsWith('/chat') ? { message: { role: 'assistant', content: '' } } : { response: '' };
      response.writeHead(200).write(`${JSON.stringify({ ...piece, logprobs, done: false })}\n`);
      response.end(`${JSON.stringify({ ...piece, done: true, done_reason: 'stop' })}\n`);
    };
    const lines = await readNdjson(await gateway.post('/api/chat', { model: 'llama3.1:8b', messages, logprobs: true, top_logprobs: 1 }));
    expect(lines[0]).toMatchObject({ message: { role: 'assistant', content: '' }, logprobs });
    expect(sent()[0]).toMatchObject({ logprobs: true, top_logprobs: 1 });
    const whole = await json('/api/generate', { model: 'llama3.1:8b', prompt: 'x', logprobs: true, stream: false });
    expect(whole['logprobs']).toEqual([{ token: 'Hi', logprob: -0.1, bytes: [72, 105] }]);
  });
});
