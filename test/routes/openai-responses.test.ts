import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, nativeAnswer, ollamaHandler, openaiHandler, sendJson, sseChunk, type Upstream } from '../support/upstream.ts';

interface Item {
  id: string;
  type: string;
  [key: string]: unknown;
}
interface Answer {
  id: string;
  status: string;
  output: Item[];
  usage: Record<string, unknown>;
  [key: string]: unknown;
}
interface Frame {
  type: string;
  sequence_number: number;
  [key: string]: unknown;
}

const readEvents = async (response: Response): Promise<Frame[]> =>
  (await response.text())
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const frame = JSON.parse(block.slice(block.indexOf('data: ') + 6)) as Frame;
      expect(block.slice(7, block.indexOf('\n'))).toBe(frame.type);
      return frame;
    });

/** Thinking, then text, then with tools a call. */
const native: Handler = (seen, response) => {
  const tools = seen.body['tools'] as { function: { name: string } }[] | undefined;
  const options = seen.body['options'] as { num_predict?: number } | undefined;
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const line = (message: object, more: object = { done: false }): void => {
    response.write(`${JSON.stringify({ model: 'm', created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content: '', ...message }, ...more })}\n`);
  };
  if (seen.body['think'] !== undefined) line({ thinking: 'Hmm, ' });
  if (seen.body['think'] !== undefined) line({ thinking: 'yes.' });
  line({ content: 'Hel' });
  line({ content: 'lo' });
  for (const [index, tool] of (tools ?? []).entries()) {
    line({ tool_calls: [{ id: `call_${index}`, function: { index, name: tool.function.name, arguments: { input: 'a b' } } }] });
  }
  line({}, { done: true, done_reason: options?.num_predict === 2 ? 'length' : 'stop', prompt_eval_count: 12, eval_count: 7 });
  response.end();
};

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
let client: OpenAI;

beforeAll(async () => {
  ollama = await createUpstream(ollamaHandler([{ name: 'qwen3:8b', capabilities: ['completion', 'tools', 'thinking', 'vision'] }], native));
  vllm = await createUpstream(openaiHandler(['mistral-7b'], interleaved));
  gateway = await startGateway({
    gateway: {
      providers: [
        { name: 'ollama', type: 'ollama', url: ollama.url },
        { name: 'vllm', type: 'openai', url: `${vllm.url}/v1` },
      ],
    },
    performance: { caching: { enabled: false } },
  });
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'none', maxRetries: 0 });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([ollama.close(), vllm.close()]);
});

const model = 'qwen3:8b';
const ask = async (body: object): Promise<Answer> => {
  const response = await gateway.post('/v1/responses', { model, ...body });
  const answer = (await response.json()) as Answer;
  expect(response.status, JSON.stringify(answer)).toBe(200);
  return answer;
};
const stream = async (body: object): Promise<Frame[]> => readEvents(await gateway.post('/v1/responses', { model, ...body, stream: true }));
const finalOf = (frames: readonly Frame[]): Answer => (frames.at(-1) as Frame)['response'] as Answer;
const sent = (): Record<string, unknown> => ollama.calls().at(-1)?.body ?? {};
const tool = { type: 'function', name: 'f', description: 'Does it.', parameters: { type: 'object', properties: {} }, strict: false };

describe('/v1/responses', () => {
  it('answers a text whole, with every key an SDK expects', async () => {
    const answer = await ask({ input: 'Hi', instructions: 'Be kind.', metadata: { a: 'b' }, max_output_tokens: 50, temperature: 0.5 });
    expect(answer).toMatchObject({
      id: expect.stringMatching(/^resp_[0-9a-f]{32}$/) as string,
      object: 'response',
      status: 'completed',
      error: null,
      incomplete_details: null,
      instructions: 'Be kind.',
      max_output_tokens: 50,
      model,
      output: [{ type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: 'Hello', annotations: [] }] }],
      parallel_tool_calls: true,
      previous_response_id: null,
      store: true,
      temperature: 0.5,
      text: { format: { type: 'text' } },
      tool_choice: 'auto',
      tools: [],
      truncation: 'disabled',
      usage: {
        input_tokens: 12,
        output_tokens: 7,
        total_tokens: 19,
        input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        output_tokens_details: { reasoning_tokens: 0 },
      },
      metadata: { a: 'b' },
    });
    expect(sent()).toMatchObject({
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Hi' },
      ],
      options: { num_predict: 50, temperature: 0.5 },
    });
  });

  it('streams reasoning, text and calls: each item added, filled and done', async () => {
    const frames = await stream({ input: 'Hi', reasoning: { effort: 'medium' }, tools: [tool] });
    expect(frames.map(({ type }) => type.replace('response.', ''))).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
      'completed',
    ]);
    expect(frames.map(({ sequence_number }) => sequence_number)).toEqual(frames.map((_, index) => index));
    const final = finalOf(frames);
    expect(final.output.map(({ type }) => type)).toEqual(['reasoning', 'message', 'function_call']);
    expect(final.output[0]).toMatchObject({ summary: [{ type: 'summary_text', text: 'Hmm, yes.' }] });
    expect(final.output[2]).toMatchObject({ name: 'f', call_id: 'call_0', arguments: '{"input":"a b"}', status: 'completed' });
    expect(new Set(final.output.map(({ id }) => id)).size).toBe(3);
  });

  it('gives the same answer streamed and whole', async () => {
    const body = { input: 'Hi', reasoning: { effort: 'low' }, tools: [tool], include: ['reasoning.encrypted_content'] };
    const whole = await ask(body);
    const final = finalOf(await stream(body));
    const plain = (answer: Answer): unknown => JSON.parse(JSON.stringify(answer.output).replace(/"(id)":"[^"]+"/g, '"id":""'));
    expect(plain(final)).toEqual(plain(whole));
    expect(whole.output[0]?.['encrypted_content']).toBe('Hmm, yes.');
  });

  it('keeps calls apart whose arguments come in turns', async () => {
    const frames = await stream({ model: 'mistral-7b', input: 'Hi', tools: [tool, { ...tool, name: 'g' }] });
    expect(finalOf(frames).output).toMatchObject([
      { type: 'function_call', call_id: 'a', arguments: '{"x":1}' },
      { type: 'function_call', call_id: 'b', arguments: '{"y":2}' },
    ]);
  });

  it('says that an answer was cut by its token limit', async () => {
    expect(await ask({ input: 'Hi', max_output_tokens: 2 })).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    const last = (await stream({ input: 'Hi', max_output_tokens: 2 })).at(-1);
    expect(last).toMatchObject({ type: 'response.incomplete', response: { status: 'incomplete', output: [{ status: 'incomplete' }] } });
  });

  it('ends a stream that breaks with response.failed', async () => {
    vllm.handle(
      openaiHandler(['mistral-7b'], (_seen, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(sseChunk({ content: 'Hel' }));
        setTimeout(() => response.destroy(), 20);
      }),
    );
    const frames = await stream({ model: 'mistral-7b', input: 'Hi' });
    vllm.handle(openaiHandler(['mistral-7b'], interleaved));
    expect(frames.at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server_error', message: expect.any(String) as string } },
    });
  });

  it('speaks of namespaces and custom tools as the client does', async () => {
    const answer = await ask({
      input: 'Hi',
      tools: [
        { type: 'namespace', name: 'fs', description: 'Files', tools: [tool] },
        { type: 'custom', name: 'patch', description: 'Patches.', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
        { type: 'web_search' },
      ],
    });
    expect((sent()['tools'] as { function: { name: string } }[]).map((item) => item.function.name)).toEqual(['fs__f', 'patch']);
    expect(answer.output.slice(1)).toMatchObject([
      { type: 'function_call', namespace: 'fs', name: 'f' },
      { type: 'custom_tool_call', name: 'patch', input: 'a b' },
    ]);
    const frames = await stream({ input: 'Hi', tools: [{ type: 'custom', name: 'patch' }] });
    expect(frames.map(({ type }) => type)).toContain('response.custom_tool_call_input.done');
  });

  it('carries items of every kind over', async () => {
    await ask({
      input: [
        { role: 'developer', content: 'Rules' },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'thought' }], encrypted_content: 'gAAAAxyz' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Looking.', annotations: [] }] },
        { type: 'function_call', call_id: 'c1', name: 'f', namespace: 'fs', arguments: '{"a":1}' },
        { type: 'function_call', call_id: 'c2', name: 'g', arguments: '{}' },
        { type: 'web_search_call', id: 'ws_1', status: 'completed' },
        { type: 'function_call_output', call_id: 'c1', output: 'one' },
        { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'two' }] },
      ],
      text: { format: { type: 'json_schema', name: 'x', schema: { type: 'object' } } },
    });
    expect(sent()).toMatchObject({
      format: { type: 'object' },
      messages: [
        { role: 'system', content: 'Rules' },
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: 'Looking.',
          thinking: 'thought',
          tool_calls: [
            { id: 'c1', function: { name: 'fs__f', arguments: { a: 1 } } },
            { id: 'c2', function: { name: 'g' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', tool_name: 'fs__f', content: 'one' },
        { role: 'tool', tool_call_id: 'c2', tool_name: 'g', content: 'two' },
      ],
    });
  });

  it.each([
    ['nothing', {}, 'input'],
    ['an item reference', { input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input.0'],
    ['a file', { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'f' }] }] }, 'input.0.content.0'],
    ['an unknown item', { input: [{ type: 'riddle' }] }, 'input.0.type'],
    ['a call without an id', { input: [{ type: 'function_call', name: 'f' }] }, 'input.0.call_id'],
    ['arguments that are no object', { input: [{ type: 'function_call', call_id: 'a', name: 'f', arguments: '[]' }] }, 'input.0.arguments'],
    ['a conversation', { input: 'a', conversation: 'conv_1' }, 'conversation'],
    ['a prompt template', { input: 'a', prompt: { id: 'p' } }, 'prompt'],
    ['only a hosted tool', { input: 'a', tools: [{ type: 'web_search' }] }, 'tools'],
    ['an unknown effort', { input: 'a', reasoning: { effort: 'huge' } }, 'reasoning.effort'],
    ['a choice of a tool that is not there', { input: 'a', tools: [tool], tool_choice: { type: 'function', name: 'z' } }, 'tool_choice.name'],
  ])('refuses %s and names the field', async (_name, body, param) => {
    const response = await gateway.post('/v1/responses', { model, ...body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });
});

describe('what is kept', () => {
  it('carries a conversation on by the id of the answer before, over several turns', async () => {
    const first = await ask({ input: 'One', instructions: 'Only now.' });
    const second = await ask({ input: 'Two', previous_response_id: first.id });
    const frames = await stream({ input: 'Three', previous_response_id: second.id });
    expect((sent()['messages'] as { role: string; content: string }[]).map(({ role, content }) => `${role}: ${content}`)).toEqual([
      'user: One',
      'assistant: Hello',
      'user: Two',
      'assistant: Hello',
      'user: Three',
    ]);
    const third = finalOf(frames);
    expect(third.previous_response_id).toBe(second.id);
    expect(await client.responses.retrieve(third.id)).toMatchObject({ id: third.id, output_text: 'Hello' });
  });

  it('forgets what was not to be stored or was deleted', async () => {
    const unstored = await ask({ input: 'One', store: false });
    expect((await fetch(`${gateway.url}/v1/responses/${unstored.id}`)).status).toBe(404);
    const stored = await ask({ input: 'One' });
    const gone = (await (await fetch(`${gateway.url}/v1/responses/${stored.id}`, { method: 'DELETE' })).json()) as object;
    expect(gone).toEqual({ id: stored.id, object: 'response', deleted: true });
    expect((await fetch(`${gateway.url}/v1/responses/${stored.id}`)).status).toBe(404);
    const after = await gateway.post('/v1/responses', { model, input: 'Two', previous_response_id: stored.id });
    expect(after.status).toBe(400);
    expect(await after.json()).toMatchObject({ error: { code: 'previous_response_not_found', param: 'previous_response_id' } });
  });

  it('lists the input of a turn in pages', async () => {
    const answer = await ask({ input: ['a', 'b', 'c'].map((content) => ({ role: 'user', content })) });
    const items = [];
    for await (const item of client.responses.inputItems.list(answer.id, { limit: 2, order: 'asc' })) items.push(item);
    expect(items.map((item) => (item as unknown as { content: string }).content)).toEqual(['a', 'b', 'c']);
  });

  it('cannot cancel what is complete', async () => {
    const answer = await ask({ input: 'One' });
    expect((await gateway.post(`/v1/responses/${answer.id}/cancel`, '')).status).toBe(400);
    expect((await gateway.post('/v1/responses/resp_none/cancel', '')).status).toBe(404);
  });

  it('belongs to its owner only', async () => {
    const { responses } = gateway.services.state;
    await responses.put({ id: 'resp_other', owner: 'someone else', body: { id: 'resp_other', created_at: 1, output: [] }, inputItems: [], createdAt: 1e12 });
    for (const path of ['', '/input_items']) expect((await fetch(`${gateway.url}/v1/responses/resp_other${path}`)).status).toBe(404);
    expect((await fetch(`${gateway.url}/v1/responses/resp_other`, { method: 'DELETE' })).status).toBe(404);
    expect((await gateway.post('/v1/responses', { model, input: 'a', previous_response_id: 'resp_other' })).status).toBe(400);
  });

  it('counts the tokens of an input without answering it', async () => {
    const before = ollama.calls().length;
    const body = (await (await gateway.post('/v1/responses/input_tokens', { model, input: 'Hello there' })).json()) as { input_tokens: number };
    expect(body.input_tokens).toBeGreaterThan(0);
    expect(ollama.calls().length).toBe(before);
  });
});

describe('the openai package', () => {
  it('streams a response with its helper', async () => {
    const run = client.responses.stream({ model, input: 'Hi', reasoning: { effort: 'high' }, tools: [tool as never] });
    const types: string[] = [];
    for await (const event of run) types.push(event.type);
    const final = await run.finalResponse();
    expect(final.output_text).toBe('Hello');
    expect(types).toContain('response.completed');
  });

  it('streams calls that come in turns with its helper', async () => {
    const final = await client.responses.stream({ model: 'mistral-7b', input: 'Hi', tools: [tool as never, { ...tool, name: 'g' } as never] }).finalResponse();
    expect(final.output.map((item) => (item.type === 'function_call' ? item.arguments : ''))).toEqual(['{"x":1}', '{"y":2}']);
  });

  it('gets an empty answer as an empty text', async () => {
    vllm.handle(
      openaiHandler(['mistral-7b'], (_seen, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`${sseChunk({}, 'stop')}data: [DONE]\n\n`);
      }),
    );
    expect((await client.responses.stream({ model: 'mistral-7b', input: 'Hi' }).finalResponse()).output_text).toBe('');
    expect((await client.responses.create({ model: 'mistral-7b', input: 'Hi' })).output_text).toBe('');
    vllm.handle(openaiHandler(['mistral-7b'], interleaved));
  });

  it('throws what broke', async () => {
    vllm.handle(openaiHandler(['mistral-7b'], (_seen, response) => sendJson(response, { error: { message: 'no', code: 'context_length_exceeded' } }, 400)));
    await expect(client.responses.create({ model: 'mistral-7b', input: 'Hi' })).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' });
    vllm.handle(openaiHandler(['mistral-7b'], interleaved));
  });

  it('streams a chat with its helper, and embeds', async () => {
    ollama.handle(
      ollamaHandler([{ name: 'qwen3:8b' }], (seen, response) =>
        seen.path === '/api/embed' ? sendJson(response, { embeddings: [[0.5, 0.25]], prompt_eval_count: 2 }) : nativeAnswer(['Hel', 'lo'])(seen, response),
      ),
    );
    const chat = client.chat.completions.stream({ model, messages: [{ role: 'user', content: 'Hi' }] });
    expect((await chat.finalChatCompletion()).choices[0]?.message.content).toBe('Hello');
    const vector = await client.embeddings.create({ model, input: 'Hi' });
    expect(vector.data[0]?.embedding).toEqual([0.5, 0.25]);
    ollama.handle(ollamaHandler([{ name: 'qwen3:8b' }], native));
  });
});
