import OpenAI from 'openai';
import OpenAI4 from 'openai4';
import OpenAI5 from 'openai5';
import OpenAI6 from 'openai6';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CITY, type ClientBench, citySchema, collect, MODELS, question, SAID, startClientBench, THOUGHT, VECTOR } from '../support/clients.ts';

/* Four generations of the openai package, as installed by people who never upgrade: each reads the wire a little differently. */

let bench: ClientBench;
beforeAll(async () => {
  bench = await startClientBench();
});
afterAll(async () => bench.close());

type Client = typeof OpenAI;
const VERSIONS: readonly { version: string; Client: Client }[] = [
  { version: '4.104.0', Client: OpenAI4 as unknown as Client },
  { version: '5.23.2', Client: OpenAI5 as unknown as Client },
  { version: '6.49.0', Client: OpenAI6 as unknown as Client },
  { version: 'newest', Client: OpenAI },
];
const cases = VERSIONS.flatMap((version) => MODELS.map((model) => ({ ...version, ...model })));
const tools = [{ type: 'function' as const, function: { name: 'weather', description: 'The weather in a city', parameters: citySchema } }];

describe.each(cases)('openai $version, before $kind', ({ Client, model, embedder }) => {
  const client = () => new Client({ baseURL: `${bench.gateway.url}/v1`, apiKey: 'none', maxRetries: 0 });

  it('chats whole', async () => {
    const answer = await client().chat.completions.create({ model, messages: question, max_completion_tokens: 50 });
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model,
      choices: [{ index: 0, message: { role: 'assistant', content: SAID }, finish_reason: 'stop' }],
    });
    expect(answer.usage).toMatchObject({ prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 });
  });

  it('chats streamed, with usage at the end', async () => {
    const stream = await client().chat.completions.create({ model, messages: question, stream: true, stream_options: { include_usage: true } });
    const chunks = await collect(stream);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(SAID);
    expect(chunks.filter((chunk) => chunk.choices[0]?.finish_reason === 'stop')).toHaveLength(1);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 17 } });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  it('gathers a stream with its own helper', async () => {
    const own = client();
    const { completions } = 'stream' in own.chat.completions ? own.chat : (own as unknown as { beta: { chat: OpenAI['chat'] } }).beta.chat;
    const both = [{ role: 'user' as const, content: 'Weather in both cities?' }];
    const final = await completions.stream({ model, messages: both, tools }).finalChatCompletion();
    const calls = final.choices[0]?.message.tool_calls ?? [];
    expect(final.choices[0]?.finish_reason).toBe('tool_calls');
    expect(calls.map((call) => (call.type === 'function' ? JSON.parse(call.function.arguments) : undefined))).toEqual([CITY, { city: 'Paris' }]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
  });

  it('calls a tool and answers with its result', async () => {
    const asked = await client().chat.completions.create({ model, messages: question, tools });
    const message = asked.choices[0]?.message;
    const call = message?.tool_calls?.[0];
    if (message === undefined || call?.type !== 'function') throw new Error('no call');
    expect(asked.choices[0]?.finish_reason).toBe('tool_calls');
    expect(call.function.name).toBe('weather');
    expect(JSON.parse(call.function.arguments)).toEqual(CITY);
    const messages = [...question, message, { role: 'tool' as const, tool_call_id: call.id, content: 'Sunny' }];
    const answer = await client().chat.completions.create({ model, messages, tools });
    expect(answer.choices[0]?.message.content).toBe(SAID);
  });

  it('keeps reasoning apart from the answer', async () => {
    const messages = [{ role: 'user' as const, content: 'Please think.' }];
    const answer = await client().chat.completions.create({ model, messages, reasoning_effort: 'high' });
    expect(answer.choices[0]?.message).toMatchObject({ content: SAID, reasoning: THOUGHT });
    const chunks = await collect(await client().chat.completions.create({ model, messages, reasoning_effort: 'high', stream: true }));
    expect(chunks.map((chunk) => (chunk.choices[0]?.delta as { reasoning?: string } | undefined)?.reasoning ?? '').join('')).toBe(THOUGHT);
  });

  it('gets structured output', async () => {
    const answer = await client().chat.completions.create({
      model,
      messages: question,
      response_format: { type: 'json_schema', json_schema: { name: 'city', strict: true, schema: citySchema } },
    });
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual(CITY);
  });

  it('completes a prompt whole and streamed', async () => {
    const whole = await client().completions.create({ model, prompt: 'The capital' });
    expect(whole.choices[0]?.text).toBe(SAID);
    const chunks = await collect(await client().completions.create({ model, prompt: 'The capital', stream: true }));
    expect(chunks.map((chunk) => chunk.choices[0]?.text ?? '').join('')).toBe(SAID);
  });

  it('reads a response whole and streamed', async () => {
    const whole = await client().responses.create({ model, input: 'What is the capital of France?' });
    expect(whole).toMatchObject({ object: 'response', status: 'completed', output_text: SAID });
    const final = await client().responses.stream({ model, input: 'What is the capital of France?' }).finalResponse();
    // Its output_text is left empty by streams of older versions; the items are there in all.
    expect(final.output).toMatchObject([{ type: 'message', content: [{ type: 'output_text', text: SAID }] }]);
    const asked = await client()
      .responses.stream({ model, input: 'Weather?', tools: [{ type: 'function', name: 'weather', parameters: citySchema, strict: false }] })
      .finalResponse();
    expect(asked.output.find(({ type }) => type === 'function_call')).toMatchObject({ name: 'weather', arguments: JSON.stringify(CITY) });
  });

  it('embeds: the default, base64, decodes to the same numbers as floats', async () => {
    const base64 = await client().embeddings.create({ model: embedder, input: ['one', 'two'] });
    const floats = await client().embeddings.create({ model: embedder, input: ['one', 'two'], encoding_format: 'float' });
    expect(floats.data.map(({ embedding }) => embedding)).toEqual([VECTOR, VECTOR]);
    expect(base64.data.map(({ index }) => index)).toEqual([0, 1]);
    expect(base64.data.map(({ embedding }) => [...embedding])).toEqual([VECTOR, VECTOR].map((vector) => [...new Float32Array(vector)]));
  });

  it('lists and retrieves models', async () => {
    const names = (await collect(await client().models.list())).map(({ id }) => id);
    expect(names).toEqual(expect.arrayContaining(['auto', model]));
    expect(await client().models.retrieve(model)).toMatchObject({ id: model, object: 'model' });
  });

  it('throws its own NotFoundError for an unknown model, whole and streamed', async () => {
    for (const stream of [false, true]) {
      const error = await client()
        .chat.completions.create({ model: 'nobody', messages: question, stream })
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Client.NotFoundError);
      expect(error).toMatchObject({ status: 404, code: 'model_not_found' });
    }
  });

  it('throws its own BadRequestError for a bad field', async () => {
    const error = await client()
      .chat.completions.create({ model, messages: question, temperature: 'hot' as unknown as number })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Client.BadRequestError);
    expect(error).toMatchObject({ param: 'temperature' });
  });

  it('throws what broke a stream after its first words', async () => {
    const stream = await client().chat.completions.create({ model, messages: [{ role: 'user', content: 'Now break.' }], stream: true });
    let told = '';
    const reading = (async () => {
      for await (const chunk of stream) told += chunk.choices[0]?.delta.content ?? '';
    })();
    await expect(reading).rejects.toBeInstanceOf(Client.APIError);
    expect(told).toBe(SAID);
  });

  it('aborts a stream, and the upstream learns of it', async () => {
    const stream = await client().chat.completions.create({ model, messages: [{ role: 'user', content: 'Talk forever.' }], stream: true });
    let told = '';
    for await (const chunk of stream) {
      told += chunk.choices[0]?.delta.content ?? '';
      if (told !== '') stream.controller.abort();
    }
    await expect.poll(() => bench.cancelled(model), { timeout: 5_000 }).toBe(true);
  });
});
