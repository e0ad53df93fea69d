import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, nativeAnswer, ollamaHandler, openaiHandler, sseChunk, type Upstream } from '../support/upstream.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

interface Frame {
  event: string;
  data: Record<string, unknown>;
}

const readEvents = async (response: Response): Promise<Frame[]> =>
  (await response.text())
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => ({ event: block.slice(7, block.indexOf('\n')), data: JSON.parse(block.slice(block.indexOf('data: ') + 6)) as Record<string, unknown> }));

/** Thinking, text and one call from an Ollama-shaped upstream. */
const native: Handler = (seen, response) => {
  if (seen.body['tools'] === undefined) return nativeAnswer(['Hel', 'lo'])(seen, response);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const line = (message: object, more: object = { done: false }): void => {
    response.write(`${JSON.stringify({ model: 'm', created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content: '', ...message }, ...more })}\n`);
  };
  line({ thinking: 'Hmm' });
  line({ content: 'Let me look.' });
  line({ tool_calls: [{ id: 'call_1', function: { index: 0, name: 'read', arguments: { path: 'a' } } }] });
  line({}, { done: true, done_reason: 'stop', prompt_eval_count: 12, eval_count: 7 });
  response.end();
};

/** Two calls whose arguments come in turns. */
const interleaved: Handler = (_seen, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const call = (index: number, more: object): string => sseChunk({ tool_calls: [{ index, ...more }] });
  response.write(call(0, { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x"' } }));
  response.write(call(1, { id: 'b', type: 'function', function: { name: 'g', arguments: '{"y"' } }));
  response.write(call(0, { function: { arguments: ':1}' } }));
  response.write(call(1, { function: { arguments: ':2}' } }));
  response.write(sseChunk({}, 'tool_calls'));
  response.end('data: [DONE]\n\n');
};

let ollama: Upstream;
let vllm: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  ollama = await createUpstream(
    ollamaHandler(
      [
        { name: 'llama3.1:8b' },
        { name: 'qwen3:8b', capabilities: ['completion', 'tools', 'thinking'] },
        { name: 'llava:7b', capabilities: ['completion', 'vision', 'tools'] },
      ],
      native,
    ),
  );
  vllm = await createUpstream(openaiHandler(['mistral-7b'], interleaved));
  gateway = await startGateway({
    gateway: {
      providers: [
        { name: 'ollama', type: 'ollama', url: ollama.url },
        { name: 'vllm', type: 'openai', url: `${vllm.url}/v1` },
      ],
      aliases: { 'claude-sonnet-4-5': 'llama3.1:8b' },
    },
    performance: { caching: { enabled: false } },
  });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([ollama.close(), vllm.close()]);
});

const tools = [
  {
    name: 'read',
    description: 'Reads a file.',
    input_schema: { type: 'object', properties: { path: { type: 'string' } } },
    cache_control: { type: 'ephemeral' },
  },
];
const base = { model: 'llama3.1:8b', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };
const sent = (): Record<string, unknown> => ollama.calls().at(-1)?.body ?? {};

describe('/v1/messages', () => {
  it('answers whole, with nothing left out that an SDK reads', async () => {
    const response = await gateway.post('/v1/messages?beta=true', base, { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' });
    expect(response.headers.get('request-id')).toMatch(/^req_/);
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^msg_[0-9a-f]{32}$/) as string,
      type: 'message',
      role: 'assistant',
      model: 'llama3.1:8b',
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 7, output_tokens: 2, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    });
  });

  it('streams the events in order, blocks one after the other', async () => {
    const response = await gateway.post('/v1/messages', {
      ...base,
      model: 'qwen3:8b',
      tools,
      thinking: { type: 'enabled', budget_tokens: 1024 },
      stream: true,
    });
    const frames = await readEvents(response);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(frames.map(({ event }) => event)).toEqual([
      'message_start',
      ...['content_block_start', 'content_block_delta', 'content_block_delta', 'content_block_stop'],
      ...['content_block_start', 'content_block_delta', 'content_block_stop'],
      ...['content_block_start', 'content_block_delta', 'content_block_stop'],
      'message_delta',
      'message_stop',
    ]);
    expect(frames.every(({ event, data }) => data['type'] === event)).toBe(true);
    expect(frames[0]?.data).toMatchObject({
      message: { content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: expect.any(Number) as number } },
    });
    expect(frames.filter(({ event }) => event === 'content_block_start').map(({ data }) => data['content_block'])).toEqual([
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'text', text: '' },
      { type: 'tool_use', id: 'call_1', name: 'read', input: {} },
    ]);
    expect(frames.filter(({ event }) => event === 'content_block_delta').map(({ data }) => data['delta'])).toEqual([
      { type: 'thinking_delta', thinking: 'Hmm' },
      { type: 'signature_delta', signature: expect.stringMatching(/^[\w+/]{43}=$/) as string },
      { type: 'text_delta', text: 'Let me look.' },
      { type: 'input_json_delta', partial_json: '{"path":"a"}' },
    ]);
    expect(frames.at(-2)?.data).toMatchObject({ delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { input_tokens: 12, output_tokens: 7 } });
    expect(sent()).toMatchObject({ think: true });
  });

  it('keeps calls apart whose arguments come in turns', async () => {
    const asked = { ...base, model: 'mistral-7b', tools };
    const whole = (await (await gateway.post('/v1/messages', asked)).json()) as { content: object[]; stop_reason: string };
    expect(whole).toMatchObject({
      content: [
        { id: 'a', input: { x: 1 } },
        { id: 'b', input: { y: 2 } },
      ],
      stop_reason: 'tool_use',
    });
    const frames = await readEvents(await gateway.post('/v1/messages', { ...asked, stream: true }));
    const inputs = new Map<number, string>();
    let open: number | undefined;
    for (const { event, data } of frames) {
      const index = data['index'] as number;
      if (event === 'content_block_start') {
        expect(open).toBeUndefined();
        open = index;
      } else if (event === 'content_block_delta') {
        expect(index).toBe(open);
        inputs.set(index, (inputs.get(index) ?? '') + String((data['delta'] as { partial_json: string }).partial_json));
      } else if (event === 'content_block_stop') open = undefined;
    }
    expect([...inputs.values()]).toEqual(['{"x":1}', '{"y":2}']);
  });

  it('carries a whole conversation of Claude Code over', async () => {
    await gateway.post('/v1/messages?beta=true', {
      ...base,
      model: 'llava:7b',
      system: [
        { type: 'text', text: 'x-anthropic-billing-header: cc_version=2; cch=abc' },
        { type: 'text', text: 'You are a helper.', cache_control: { type: 'ephemeral' } },
      ],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look', cache_control: { type: 'ephemeral' } },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'I read it.', signature: 'sig' },
            { type: 'redacted_thinking', data: 'zzz' },
            { type: 'tool_use', id: 'toolu_1', name: 'read', input: { path: 'a' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Go on' },
            { type: 'tool_result', tool_use_id: 'toolu_1', is_error: true, content: [{ type: 'text', text: 'no such file' }] },
          ],
        },
      ],
      tools: [...tools, { type: 'web_search_20250305', name: 'web_search', max_uses: 5 }],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      stop_sequences: ['END'],
      temperature: 0.5,
      top_k: 5,
      metadata: { user_id: 'u' },
      context_management: { edits: [] },
    });
    expect(sent()).toMatchObject({
      messages: [
        { role: 'system', content: 'You are a helper.' },
        { role: 'user', content: 'Look', images: [PNG] },
        { role: 'assistant', thinking: 'I read it.', tool_calls: [{ id: 'toolu_1', function: { name: 'read', arguments: { path: 'a' } } }] },
        { role: 'tool', tool_call_id: 'toolu_1', tool_name: 'read', content: 'Error: no such file' },
        { role: 'user', content: 'Go on' },
      ],
      options: { stop: ['END'], temperature: 0.5, top_k: 5, num_predict: 100 },
    });
    expect((sent()['tools'] as object[]).length).toBe(1);
    expect(sent()).not.toHaveProperty('metadata');
  });

  it.each([
    ['enabled', { type: 'enabled', budget_tokens: 2000 }],
    ['adaptive', { type: 'adaptive' }],
    ['disabled', { type: 'disabled' }],
  ])('takes thinking %s on a model that cannot think', async (_name, thinking) => {
    const response = await gateway.post('/v1/messages', { ...base, thinking, output_config: { effort: 'high' } });
    expect(response.status).toBe(200);
    expect([undefined, false]).toContain(sent()['think']);
  });

  it('asks for JSON of a schema', async () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } } };
    await gateway.post('/v1/messages', { ...base, output_config: { format: { type: 'json_schema', schema } } });
    expect(sent()).toMatchObject({ format: schema });
  });

  it('takes a limit far beyond the window as a ceiling, and tells the model what is left', async () => {
    const response = await gateway.post('/v1/messages', { ...base, max_tokens: 64_000 });
    expect(response.status).toBe(200);
    const { num_predict: limit } = sent()['options'] as { num_predict: number };
    expect(limit).toBeGreaterThan(4_000);
    expect(limit).toBeLessThan(8_192);
  });

  it('refuses a prompt that does not fit itself', async () => {
    const response = await gateway.post('/v1/messages', { ...base, messages: [{ role: 'user', content: 'word '.repeat(20_000) }] });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', message: expect.stringContaining('context window') as string } });
  });

  it('serves aliases under the name that was asked for', async () => {
    expect(await (await gateway.post('/v1/messages', { ...base, model: 'claude-sonnet-4-5' })).json()).toMatchObject({ model: 'claude-sonnet-4-5' });
  });

  it.each([
    ['no max_tokens', { ...base, max_tokens: undefined }, 'max_tokens'],
    ['max_tokens 0', { ...base, max_tokens: 0 }, 'max_tokens'],
    ['no messages', { ...base, messages: [] }, 'messages'],
    [
      'an image by address',
      { ...base, messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'http://x/a.png' } }] }] },
      'data URL',
    ],
    [
      'a PDF',
      { ...base, messages: [{ role: 'user', content: [{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'aa' } }] }] },
      'plain text',
    ],
    ['only a tool it cannot run', { ...base, tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'web_search_20250305'],
    ['a choice of a tool that is not there', { ...base, tools, tool_choice: { type: 'tool', name: 'x' } }, 'tool_choice'],
    ['a result that is no text', { ...base, messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 5 }] }] }, 'content'],
    ['a search result that holds nonsense', { ...base, messages: [{ role: 'user', content: [{ type: 'search_result', content: 7 }] }] }, ''],
  ])('refuses %s in its own form', async (_name, body, word) => {
    const response = await gateway.post('/v1/messages', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringContaining(word) as string },
      request_id: expect.stringMatching(/^req_/) as string,
    });
  });

  it('answers 404, 405 and malformed JSON in its own form', async () => {
    expect(await (await gateway.post('/v1/messages', { ...base, model: 'none' })).json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
    expect((await fetch(`${gateway.url}/v1/messages`)).status).toBe(405);
    expect(await (await gateway.post('/v1/messages', '{')).json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });

  it('ends a stream that breaks with an error event', async () => {
    vllm.handle(
      openaiHandler(['mistral-7b'], (_seen, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(sseChunk({ content: 'Hel' }));
        setTimeout(() => response.destroy(), 20);
      }),
    );
    const frames = await readEvents(await gateway.post('/v1/messages', { ...base, model: 'mistral-7b', stream: true }));
    expect(frames.at(-1)).toMatchObject({ event: 'error', data: { type: 'error', error: { type: 'api_error' } } });
    vllm.handle(openaiHandler(['mistral-7b'], interleaved));
  });
});

describe('/v1/messages/count_tokens', () => {
  it('estimates what the prompt costs, tools and system included', async () => {
    const count = async (body: object): Promise<number> =>
      ((await (await gateway.post('/v1/messages/count_tokens?beta=true', body)).json()) as { input_tokens: number }).input_tokens;
    const plain = await count({ model: 'llama3.1:8b', messages: base.messages });
    expect(plain).toBeGreaterThan(0);
    expect(await count({ model: 'llama3.1:8b', messages: base.messages, tools, system: 'You are a helper of many words.' })).toBeGreaterThan(plain);
  });
});

describe('/v1/models for an Anthropic client', () => {
  it('is a page of models', async () => {
    const body = (await (await fetch(`${gateway.url}/v1/models?limit=1000`, { headers: { 'anthropic-version': '2023-06-01' } })).json()) as { data: object[] };
    expect(body).toMatchObject({ has_more: false, first_id: expect.any(String) as string });
    expect(body.data[0]).toMatchObject({ type: 'model', id: expect.any(String) as string, created_at: expect.stringMatching(/Z$/) as string });
  });
});
