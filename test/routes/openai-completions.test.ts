import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSse, startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, nativeAnswer, ollamaHandler, openaiHandler, sendJson, type Upstream } from '../support/upstream.ts';

interface Completion {
  choices: { text: string; index: number; finish_reason: string | null; logprobs: Record<string, unknown> | null }[];
  usage?: Record<string, unknown> | null;
  object: string;
}

const chunk = (choice: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'cmpl-up', object: 'text_completion', created: 1, model: 'up', choices: [{ index: 0, finish_reason: null, logprobs: null, ...choice }], ...more })}\n\n`;

const vllmHandler: Handler = (seen, response) => {
  if (seen.path === '/v1/embeddings') {
    const input = seen.body['input'] as string[];
    // Out of order on purpose: the index decides.
    const data = input.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 0.5, -1] })).reverse();
    sendJson(response, { object: 'list', data, model: 'up', usage: { prompt_tokens: 9, total_tokens: 9 } });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const logprobs =
    seen.body['logprobs'] === undefined ? null : { tokens: ['Hel'], token_logprobs: [-0.5], top_logprobs: [{ Hel: -0.5, Wor: -1 }], text_offset: [0] };
  response.write(chunk({ text: 'Hel', logprobs }));
  response.write(chunk({ text: 'lo 세계' }));
  response.write(chunk({ text: '', finish_reason: 'length' }));
  response.end(`data: {"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6}}\n\ndata: [DONE]\n\n`);
};

const MODELS = [
  { name: 'llama3.1:8b', capabilities: ['completion', 'insert'] },
  { name: 'nomic-embed-text:latest', capabilities: ['embedding'] },
  { name: 'hf.co/someone/some-model:Q4_K_M', capabilities: ['completion'] },
];

const embedding: Handler = (seen, response) =>
  seen.path === '/api/embed'
    ? sendJson(response, { model: 'e', embeddings: (seen.body['input'] as string[]).map((text) => [text.length, 0.25]), prompt_eval_count: 3 })
    : nativeAnswer(['Hel', 'lo'])(seen, response);

let ollama: Upstream;
let vllm: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  ollama = await createUpstream(ollamaHandler(MODELS, embedding));
  vllm = await createUpstream(openaiHandler(['mistral-7b'], vllmHandler));
  gateway = await startGateway({
    gateway: {
      providers: [
        { name: 'ollama', type: 'ollama', url: ollama.url },
        { name: 'vllm', type: 'openai', url: `${vllm.url}/v1` },
      ],
    },
    performance: { caching: { enabled: false } },
  });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([ollama.close(), vllm.close()]);
});

const ask = async (body: object): Promise<Completion> => {
  const response = await gateway.post('/v1/completions', body);
  expect(response.status).toBe(200);
  return (await response.json()) as Completion;
};

describe('/v1/completions', () => {
  it('continues a prompt at an OpenAI-shaped upstream without a chat template', async () => {
    const body = await ask({ model: 'mistral-7b', prompt: 'Say', max_tokens: 5, stop: 'x', seed: 3, logit_bias: { '5': 1 } });
    expect(body).toMatchObject({ object: 'text_completion', choices: [{ text: 'Hello 세계', index: 0, finish_reason: 'length', logprobs: null }] });
    expect(body.usage).toMatchObject({ prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 });
    const sent = vllm.seen.findLast(({ path }) => path === '/v1/completions')?.body;
    expect(sent).toMatchObject({ prompt: 'Say', max_tokens: 5, stop: ['x'], seed: 3, logit_bias: { '5': 1 } });
  });

  it('goes to the native generate call of an Ollama', async () => {
    const body = await ask({ model: 'llama3.1:8b', prompt: ['Say'], suffix: 'end' });
    expect(body.choices[0]).toMatchObject({ text: 'Hello', finish_reason: 'stop' });
    expect(ollama.seen.findLast(({ path }) => path === '/api/generate')?.body).toMatchObject({ prompt: 'Say', suffix: 'end' });
  });

  it('streams text, one finish, usage when asked, [DONE]', async () => {
    const frames = await readSse(
      await gateway.post('/v1/completions', { model: 'mistral-7b', prompt: 'Say', stream: true, stream_options: { include_usage: true } }),
    );
    expect(frames.at(-1)).toBe('[DONE]');
    const chunks = frames.slice(0, -1) as unknown as Completion[];
    expect(chunks.map((item) => item.choices[0]?.text ?? '').join('')).toBe('Hello 세계');
    expect(chunks.filter((item) => item.choices[0]?.finish_reason)).toHaveLength(1);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 6 } });
    expect(chunks[0]?.usage).toBeNull();
  });

  it('repeats the prompt on echo, streamed too', async () => {
    expect((await ask({ model: 'mistral-7b', prompt: 'Say: ', echo: true })).choices[0]?.text).toBe('Say: Hello 세계');
    const frames = (await readSse(await gateway.post('/v1/completions', { model: 'mistral-7b', prompt: 'Say: ', echo: true, stream: true }))).slice(0, -1);
    expect((frames as unknown as Completion[]).map((item) => item.choices[0]?.text).join('')).toBe('Say: Hello 세계');
  });

  it('gives log probabilities in the legacy shape', async () => {
    const body = await ask({ model: 'mistral-7b', prompt: 'Say', logprobs: 2 });
    expect(body.choices[0]?.logprobs).toEqual({ tokens: ['Hel'], token_logprobs: [-0.5], text_offset: [0], top_logprobs: [{ Hel: -0.5, Wor: -1 }] });
  });

  it('answers with n alternatives', async () => {
    const body = await ask({ model: 'mistral-7b', prompt: 'Say', n: 2 });
    expect(body.choices.map(({ index, text }) => [index, text])).toEqual([
      [0, 'Hello 세계'],
      [1, 'Hello 세계'],
    ]);
  });

  it('answers an empty prompt with an ordinary end', async () => {
    expect((await ask({ model: 'llama3.1:8b', prompt: '' })).choices[0]?.finish_reason).toBe('stop');
  });

  it.each([
    ['several texts', { prompt: ['a', 'b'] }, 'prompt'],
    ['tokens', { prompt: [1, 2] }, 'prompt'],
    ['lists of tokens', { prompt: [[1, 2]] }, 'prompt'],
    ['best_of', { prompt: 'a', best_of: 3 }, 'best_of'],
    ['echo with logprobs', { prompt: 'a', echo: true, logprobs: 1 }, 'logprobs'],
  ])('refuses %s and names the field', async (_name, body, param) => {
    const response = await gateway.post('/v1/completions', { model: 'mistral-7b', ...body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });
});

describe('/v1/embeddings', () => {
  it('gives vectors as lists by default, in the order of the input', async () => {
    const response = await gateway.post('/v1/embeddings', { model: 'mistral-7b', input: ['a', 'bcd', 'ef'] });
    expect(await response.json()).toEqual({
      object: 'list',
      data: [1, 3, 2].map((length, index) => ({ object: 'embedding', index, embedding: [length, 0.5, -1] })),
      model: 'mistral-7b',
      usage: { prompt_tokens: 9, total_tokens: 9 },
    });
    expect(response.headers.get('x-orchestrator-provider')).toBe('vllm');
  });

  it('gives little-endian 32-bit floats in base64 when asked', async () => {
    const body = (await (
      await gateway.post('/v1/embeddings', { model: 'nomic-embed-text', input: 'abc', encoding_format: 'base64', dimensions: 2 })
    ).json()) as {
      data: { embedding: string }[];
    };
    const bytes = Buffer.from(body.data[0]?.embedding ?? '', 'base64');
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4)]).toEqual([3, 0.25]);
    expect(ollama.seen.findLast(({ path }) => path === '/api/embed')?.body).toMatchObject({ input: ['abc'], dimensions: 2 });
  });

  it('cuts a vector that its server did not cut, and makes the rest one long again', async () => {
    const body = (await (await gateway.post('/v1/embeddings', { model: 'mistral-7b', input: 'abc', dimensions: 1 })).json()) as object;
    expect(body).toMatchObject({ data: [{ embedding: [1] }] });
  });

  it('embeds an empty text', async () => {
    expect((await gateway.post('/v1/embeddings', { model: 'nomic-embed-text', input: '' })).status).toBe(200);
  });

  it.each([
    ['fewer vectors than texts', [[1, 2]]],
    ['an empty vector', [[1, 2], []]],
  ])('never passes %s on', async (_name, embeddings) => {
    ollama.handle(ollamaHandler(MODELS, (_seen, response) => sendJson(response, { embeddings })));
    const response = await gateway.post('/v1/embeddings', { model: 'nomic-embed-text', input: ['a', 'b'] });
    ollama.handle(ollamaHandler(MODELS, embedding));
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { type: 'api_error' } });
  });

  it('answers 404 for a model that is not there', async () => {
    const response = await gateway.post('/v1/embeddings', { model: 'none', input: 'a' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'model_not_found' } });
  });

  it.each([
    ['nothing', {}],
    ['null', { input: null }],
    ['an empty list', { input: [] }],
    ['tokens', { input: [1, 2] }],
    ['lists of tokens', { input: [[1], [2]] }],
    ['more than 2048 texts', { input: Array.from({ length: 2049 }, () => 'a') }],
    ['an unknown encoding', { input: 'a', encoding_format: 'int8' }],
  ])('refuses %s', async (_name, body) => {
    const response = await gateway.post('/v1/embeddings', { model: 'nomic-embed-text', ...body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });
});

describe('zstd bodies', () => {
  const send = (path: string, body: Buffer): Promise<Response> =>
    fetch(gateway.url + path, { method: 'POST', body: new Uint8Array(body), headers: { 'content-encoding': 'zstd', 'content-type': 'application/json' } });

  it('are unpacked on the routes that Codex uses', async () => {
    const body = zstdCompressSync(JSON.stringify({ model: 'mistral-7b', prompt: 'Say' }));
    expect((await send('/v1/completions', body)).status).toBe(200);
  });

  it('are refused when they unpack to more than 20 MiB', async () => {
    const response = await send('/v1/chat/completions', zstdCompressSync(Buffer.alloc(64 << 20, 32)));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('20 MiB') as string } });
  });

  it('are refused when they are none, and on other routes', async () => {
    expect((await send('/v1/embeddings', Buffer.from('{}'))).status).toBe(400);
    expect((await send('/api/chat', zstdCompressSync('{}'))).status).toBe(415);
  });
});

describe('/v1/models/{name}', () => {
  it.each(['mistral-7b', 'vllm/mistral-7b', 'vllm%2Fmistral-7b', 'llama3.1:8b', 'auto'])('knows %s and echoes the name', async (name) => {
    const response = await fetch(`${gateway.url}/v1/models/${name}`);
    expect(await response.json()).toMatchObject({ id: decodeURIComponent(name), object: 'model', owned_by: expect.any(String) as string });
  });

  it.each([
    ['llama3.1:8b', 'library'],
    ['hf.co/someone/some-model:Q4_K_M', 'someone'],
  ])('says whose %s is, as Ollama does', async (name, owner) => {
    expect(await (await fetch(`${gateway.url}/v1/models/${name}`)).json()).toMatchObject({ owned_by: owner });
  });

  it('answers 404 for others, in OpenAI form', async () => {
    const response = await fetch(`${gateway.url}/v1/models/no/such/model`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { type: 'not_found_error', code: 'model_not_found' } });
  });

  it('speaks to an Anthropic client in its own way', async () => {
    const response = await fetch(`${gateway.url}/v1/models/mistral-7b`, { headers: { 'anthropic-version': '2023-06-01' } });
    expect(await response.json()).toMatchObject({ type: 'model', id: 'mistral-7b', display_name: 'mistral-7b' });
  });

  it('refuses an Anthropic client in the form that it reads', async () => {
    const response = await fetch(`${gateway.url}/v1/models/none`, { headers: { 'anthropic-version': '2023-06-01' } });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' }, request_id: expect.any(String) as string });
  });

  it('dates models whose server tells no date, and the virtual ones, to the start of the gateway', async () => {
    const before = Math.floor(Date.now() / 1000);
    const own = await startGateway({ gateway: { providers: [{ name: 'vllm', type: 'openai', url: `${vllm.url}/v1`, models: ['undated'] }] } });
    try {
      const { data } = (await (await fetch(`${own.url}/v1/models`)).json()) as { data: { id: string; created: number }[] };
      expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(['undated', 'auto']));
      expect(data.filter(({ created }) => created < before)).toEqual([]);
    } finally {
      await own.close();
    }
  });
});

describe('routes this gateway does not have', () => {
  it.each(['/v1/moderations', '/v1/audio/speech', '/v1/images/generations'])('answers %s with 404 as OpenAI would', async (path) => {
    const response = await gateway.post(path, {});
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) as string, type: 'not_found_error', param: null, code: null } });
  });

  it('says that a model cannot be deleted here', async () => {
    const response = await fetch(`${gateway.url}/v1/models/mistral-7b`, { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toContain('GET');
  });
});
