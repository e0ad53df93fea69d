import Anthropic from '@anthropic-ai/sdk';
import { Ollama } from 'ollama';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CITY, type ClientBench, citySchema, collect, MODELS, question, SAID, startClientBench, THOUGHT, VECTOR } from '../support/clients.ts';

let bench: ClientBench;
beforeAll(async () => {
  bench = await startClientBench();
});
afterAll(async () => bench.close());

describe.each(MODELS)('ollama, before $kind', ({ model, embedder }) => {
  const client = () => new Ollama({ host: bench.gateway.url });
  const tools = [{ type: 'function', function: { name: 'weather', description: 'The weather in a city', parameters: citySchema } }];

  it('chats whole', async () => {
    const answer = await client().chat({ model, messages: question });
    expect(answer).toMatchObject({ model, message: { role: 'assistant', content: SAID }, done: true, done_reason: 'stop' });
    expect(answer).toMatchObject({ prompt_eval_count: 12, eval_count: 5 });
  });

  it('chats streamed', async () => {
    const parts = await collect(await client().chat({ model, messages: question, stream: true }));
    expect(parts.map(({ message }) => message.content).join('')).toBe(SAID);
    expect(parts.filter(({ done }) => done)).toHaveLength(1);
    expect(parts.at(-1)).toMatchObject({ done: true, eval_count: 5 });
  });

  it('generates whole and streamed', async () => {
    expect(await client().generate({ model, prompt: 'The capital' })).toMatchObject({ response: SAID, done: true });
    const parts = await collect(await client().generate({ model, prompt: 'The capital', stream: true }));
    expect(parts.map(({ response }) => response).join('')).toBe(SAID);
  });

  it('calls two tools at once, whole and streamed, and answers with a result', async () => {
    const both = [{ role: 'user', content: 'Weather in both cities?' }];
    const whole = await client().chat({ model, messages: both, tools });
    const wanted = [{ function: { name: 'weather', arguments: CITY } }, { function: { name: 'weather', arguments: { city: 'Paris' } } }];
    expect(whole.message.tool_calls).toMatchObject(wanted);
    const parts = await collect(await client().chat({ model, messages: both, tools, stream: true }));
    expect(parts.flatMap(({ message }) => message.tool_calls ?? [])).toMatchObject(wanted);
    const messages = [...both, whole.message, { role: 'tool', tool_name: 'weather', content: 'Sunny' }];
    expect((await client().chat({ model, messages, tools })).message.content).toBe(SAID);
  });

  it('gets structured output', async () => {
    const answer = await client().chat({ model, messages: question, format: citySchema });
    expect(JSON.parse(answer.message.content)).toEqual(CITY);
  });

  it('embeds one text and several', async () => {
    // This route gives unit vectors, the older one what the model said: as Ollama does.
    const length = Math.hypot(...VECTOR);
    const { embeddings } = await client().embed({ model: embedder, input: ['one', 'two'] });
    expect(embeddings).toHaveLength(2);
    for (const embedding of embeddings) for (const [index, value] of embedding.entries()) expect(value).toBeCloseTo((VECTOR[index] ?? 0) / length, 6);
    expect((await client().embeddings({ model: embedder, prompt: 'one' })).embedding).toEqual(VECTOR);
  });

  it('lists, shows and tells its version', async () => {
    expect((await client().list()).models.map(({ name }) => name)).toEqual(expect.arrayContaining([expect.stringContaining(model)]));
    expect((await client().show({ model })).capabilities).toContain('completion');
    expect((await client().ps()).models).toBeInstanceOf(Array);
    expect((await client().version()).version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it.each([false, true])('throws its own ResponseError for an unknown model, streamed %s', async (stream) => {
    const error = await client()
      .chat({ model: 'nobody', messages: question, stream: stream as false })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ResponseError', status_code: 404, error: expect.stringContaining("'nobody'") });
  });

  it('throws what broke a stream after its first words', async () => {
    let told = '';
    const reading = (async () => {
      for await (const part of await client().chat({ model, messages: [{ role: 'user', content: 'Now break.' }], stream: true })) told += part.message.content;
    })();
    await expect(reading).rejects.toThrow();
    expect(told).toBe(SAID);
  });

  it('aborts a stream, and the upstream learns of it', async () => {
    const stream = await client().chat({ model, messages: [{ role: 'user', content: 'Talk forever.' }], stream: true });
    const reading = (async () => {
      for await (const _part of stream) stream.abort();
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => bench.cancelled(model), { timeout: 5_000 }).toBe(true);
  });
});

it('ollama keeps thinking apart from the answer', async () => {
  const client = new Ollama({ host: bench.gateway.url });
  const messages = [{ role: 'user', content: 'Please think.' }];
  const model = MODELS[0].model;
  expect((await client.chat({ model, messages, think: true })).message).toMatchObject({ content: SAID, thinking: THOUGHT });
  const parts = await collect(await client.chat({ model, messages, think: true, stream: true }));
  expect(parts.map(({ message }) => message.thinking ?? '').join('')).toBe(THOUGHT);
});

describe.each(MODELS)('@anthropic-ai/sdk, before $kind', ({ model }) => {
  const client = () => new Anthropic({ baseURL: bench.gateway.url, apiKey: 'none', maxRetries: 0 });
  const tools: Anthropic.Tool[] = [{ name: 'weather', description: 'The weather in a city', input_schema: citySchema }];
  const base = { model, max_tokens: 100, messages: question };

  it('chats whole', async () => {
    const answer = await client().messages.create({ ...base, system: 'Be brief.' });
    expect(answer).toMatchObject({ type: 'message', role: 'assistant', content: [{ type: 'text', text: SAID }], stop_reason: 'end_turn' });
    expect(answer.usage).toMatchObject({ input_tokens: 12, output_tokens: 5 });
  });

  it('chats streamed, gathered by its own helper and by hand', async () => {
    const final = await client().messages.stream(base).finalMessage();
    expect(final).toMatchObject({ content: [{ type: 'text', text: SAID }], stop_reason: 'end_turn', usage: { output_tokens: 5 } });
    const events = await collect(await client().messages.create({ ...base, stream: true }));
    expect(events.at(0)?.type).toBe('message_start');
    expect(events.at(-1)?.type).toBe('message_stop');
    expect(events.map((event) => (event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : '')).join('')).toBe(SAID);
  });

  it('calls two tools at once, whole and streamed, and answers with their results', async () => {
    const messages = [{ role: 'user' as const, content: 'Weather in both cities?' }];
    const whole = await client().messages.create({ ...base, messages, tools });
    const wanted = [CITY, { city: 'Paris' }].map((input) => ({ type: 'tool_use', name: 'weather', input }));
    expect(whole).toMatchObject({ content: wanted, stop_reason: 'tool_use' });
    expect(
      await client()
        .messages.stream({ ...base, messages, tools })
        .finalMessage(),
    ).toMatchObject({ content: wanted, stop_reason: 'tool_use' });
    const results = whole.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: 'Sunny' }] : [],
    );
    const turns = [...messages, { role: 'assistant' as const, content: whole.content }, { role: 'user' as const, content: results }];
    expect((await client().messages.create({ ...base, messages: turns, tools })).content).toMatchObject([{ type: 'text', text: SAID }]);
  });

  it('keeps thinking apart from the answer, whole and streamed', async () => {
    const asked = {
      ...base,
      max_tokens: 4_000,
      messages: [{ role: 'user' as const, content: 'Please think.' }],
      thinking: { type: 'enabled' as const, budget_tokens: 1_024 },
    };
    const wanted = [
      { type: 'thinking', thinking: THOUGHT },
      { type: 'text', text: SAID },
    ];
    expect((await client().messages.create(asked)).content).toMatchObject(wanted);
    expect((await client().messages.stream(asked).finalMessage()).content).toMatchObject(wanted);
  });

  it('counts tokens and lists models', async () => {
    expect((await client().messages.countTokens({ model, messages: question })).input_tokens).toBeGreaterThan(0);
    expect((await collect(client().models.list())).map(({ id }) => id)).toEqual(expect.arrayContaining(['auto', model]));
  });

  it('throws its own NotFoundError for an unknown model, whole and streamed', async () => {
    await expect(client().messages.create({ ...base, model: 'nobody' })).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    await expect(
      client()
        .messages.stream({ ...base, model: 'nobody' })
        .finalMessage(),
    ).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });

  it('throws its own BadRequestError for a bad field', async () => {
    await expect(client().messages.create({ ...base, max_tokens: -1 })).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  });

  it('throws what broke a stream after its first words', async () => {
    const stream = client().messages.stream({ ...base, messages: [{ role: 'user', content: 'Now break.' }] });
    let told = '';
    stream.on('text', (delta) => {
      told += delta;
    });
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
    expect(told).toBe(SAID);
  });

  it('aborts a stream, and the upstream learns of it', async () => {
    const stream = client().messages.stream({ ...base, messages: [{ role: 'user', content: 'Talk forever.' }] });
    stream.on('text', () => stream.abort());
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
    await expect.poll(() => bench.cancelled(model), { timeout: 5_000 }).toBe(true);
  });
});
