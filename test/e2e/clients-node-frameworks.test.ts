import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOllama, OllamaEmbeddings } from '@langchain/ollama';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { APICallError, embedMany, generateText, jsonSchema, Output, stepCountIs, streamText, tool } from 'ai';
import { createOllama } from 'ai-sdk-ollama';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CITY, type ClientBench, citySchema, collect, MODELS, SAID, startClientBench, VECTOR } from '../support/clients.ts';

let bench: ClientBench;
beforeAll(async () => {
  bench = await startClientBench();
});
afterAll(async () => bench.close());

const PROMPT = 'What is the capital of France?';
const tools = [{ type: 'function', function: { name: 'weather', description: 'The weather in a city', parameters: citySchema } }];
const unit = VECTOR.map((value) => value / Math.hypot(...VECTOR));
const close = (values: readonly number[] | undefined, wanted: readonly number[]): void => {
  expect(values).toHaveLength(wanted.length);
  for (const [index, value] of wanted.entries()) expect(values?.[index]).toBeCloseTo(value, 6);
};

const langchain = {
  '@langchain/ollama': (model: string) => new ChatOllama({ baseUrl: bench.gateway.url, model, maxRetries: 0 }),
  '@langchain/openai': (model: string) => new ChatOpenAI({ configuration: { baseURL: `${bench.gateway.url}/v1` }, apiKey: 'none', model, maxRetries: 0 }),
} as const;
const chains = (Object.keys(langchain) as (keyof typeof langchain)[]).flatMap((name) => MODELS.map((model) => ({ name, ...model })));

describe.each(chains)('$name, before $kind', ({ name, model, embedder }) => {
  it('chats whole', async () => {
    const answer = await langchain[name](model).invoke(PROMPT);
    expect(answer.content).toBe(SAID);
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 12, output_tokens: 5 });
  });

  it('chats streamed', async () => {
    const chunks = await collect(await langchain[name](model).stream(PROMPT));
    expect(chunks.map(({ content }) => content).join('')).toBe(SAID);
    expect(chunks.length).toBeGreaterThan(2);
  });

  it('calls a tool, whole and streamed, and answers with its result', async () => {
    const bound = langchain[name](model).bindTools(tools);
    const asked = await bound.invoke(PROMPT);
    expect(asked.tool_calls).toMatchObject([{ name: 'weather', args: CITY }]);
    const chunks = await collect(await bound.stream('Weather in both cities?'));
    const [first, ...others] = chunks;
    const gathered = others.reduce((all, chunk) => all?.concat(chunk), first);
    expect(gathered?.tool_calls).toMatchObject([
      { name: 'weather', args: CITY },
      { name: 'weather', args: { city: 'Paris' } },
    ]);
    const result = new ToolMessage({ tool_call_id: asked.tool_calls?.[0]?.id ?? '', content: 'Sunny', name: 'weather' });
    expect((await bound.invoke([new HumanMessage(PROMPT), asked, result])).content).toBe(SAID);
  });

  it('gets structured output', async () => {
    const answer = await langchain[name](model).withStructuredOutput(citySchema, { method: 'jsonSchema', name: 'city' }).invoke(PROMPT);
    expect(answer).toEqual(CITY);
  });

  it('embeds documents and a query', async () => {
    const native = name === '@langchain/ollama';
    const embeddings = native
      ? new OllamaEmbeddings({ baseUrl: bench.gateway.url, model: embedder, maxRetries: 0 })
      : new OpenAIEmbeddings({ configuration: { baseURL: `${bench.gateway.url}/v1` }, apiKey: 'none', model: embedder, maxRetries: 0 });
    const documents = await embeddings.embedDocuments(['one', 'two']);
    expect(documents).toHaveLength(2);
    for (const vector of [...documents, await embeddings.embedQuery('one')]) close(vector, native ? unit : VECTOR);
  });

  it('throws the error of the package below for an unknown model, whole and streamed', async () => {
    const wanted = name === '@langchain/ollama' ? { name: 'ResponseError', status_code: 404 } : { status: 404, code: 'model_not_found' };
    const error = await langchain[name]('nobody')
      .invoke(PROMPT)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(wanted);
    if (name === '@langchain/openai') expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    await expect((async () => collect(await langchain[name]('nobody').stream(PROMPT)))()).rejects.toMatchObject(wanted);
  });

  it('aborts a stream, and the upstream learns of it', async () => {
    const leaving = new AbortController();
    const reading = (async () => {
      for await (const _chunk of await langchain[name](model).stream('Talk forever.', { signal: leaving.signal })) leaving.abort();
    })();
    await expect(reading).rejects.toThrow();
    await expect.poll(() => bench.cancelled(model), { timeout: 5_000 }).toBe(true);
  });
});

const providers = {
  'ai-sdk-ollama': () => createOllama({ baseURL: bench.gateway.url }),
  '@ai-sdk/openai-compatible': () =>
    createOpenAICompatible({ name: 'gateway', baseURL: `${bench.gateway.url}/v1`, includeUsage: true, supportsStructuredOutputs: true }),
} as const;
const kits = (Object.keys(providers) as (keyof typeof providers)[]).flatMap((name) => MODELS.map((model) => ({ name, ...model })));
const weather = tool({
  description: 'The weather in a city',
  inputSchema: jsonSchema<{ city: string }>(citySchema),
  execute: ({ city }) => `Sunny in ${city}`,
});

describe.each(kits)('ai with $name, before $kind', ({ name, model, embedder }) => {
  const chat = (id: string = model) => providers[name]()(id);

  it('chats whole', async () => {
    const answer = await generateText({ model: chat(), prompt: PROMPT, maxRetries: 0 });
    expect(answer).toMatchObject({ text: SAID, finishReason: 'stop' });
    expect(answer.usage).toMatchObject({ inputTokens: 12, outputTokens: 5 });
  });

  it('chats streamed', async () => {
    const answer = streamText({ model: chat(), prompt: PROMPT, maxRetries: 0 });
    expect((await collect(answer.textStream)).join('')).toBe(SAID);
    expect(await answer.finishReason).toBe('stop');
    expect(await answer.usage).toMatchObject({ inputTokens: 12, outputTokens: 5 });
  });

  it('runs two tools and answers with their results, whole and streamed', async () => {
    const asked = { model: chat(), prompt: 'Weather in both cities?', tools: { weather }, stopWhen: stepCountIs(3), maxRetries: 0 };
    const answer = await generateText(asked);
    expect(answer.steps.flatMap(({ toolResults }) => toolResults).map(({ output }) => output)).toEqual(['Sunny in Seoul', 'Sunny in Paris']);
    expect(answer.text).toBe(SAID);
    const streamed = streamText(asked);
    expect(await streamed.text).toBe(SAID);
    expect((await streamed.steps).flatMap(({ toolCalls }) => toolCalls)).toHaveLength(2);
  });

  it('gets structured output', async () => {
    const output = Output.object({ schema: jsonSchema<{ city: string }>(citySchema) });
    expect((await generateText({ model: chat(), prompt: PROMPT, output, maxRetries: 0 })).output).toEqual(CITY);
  });

  it('embeds several values', async () => {
    const native = name === 'ai-sdk-ollama';
    const embedding = native ? providers['ai-sdk-ollama']().embedding(embedder) : providers['@ai-sdk/openai-compatible']().embeddingModel(embedder);
    const { embeddings } = await embedMany({ model: embedding, values: ['one', 'two'], maxRetries: 0 });
    expect(embeddings).toHaveLength(2);
    for (const vector of embeddings) close(vector, native ? unit : VECTOR);
  });

  it('throws its own error for an unknown model', async () => {
    const error = await generateText({ model: chat('nobody'), prompt: PROMPT, maxRetries: 0 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toContain("'nobody'");
    if (name === '@ai-sdk/openai-compatible') expect(APICallError.isInstance(error) && error.statusCode).toBe(404);
  });

  it('aborts a stream', async () => {
    const leaving = new AbortController();
    const answer = streamText({ model: chat(), prompt: 'Talk forever.', abortSignal: leaving.signal, maxRetries: 0 });
    for await (const _text of answer.textStream) leaving.abort();
    // ai-sdk-ollama hands its signal to ollama's chat, which takes none: it stops reading, and keeps its connection.
    if (name === '@ai-sdk/openai-compatible') await expect.poll(() => bench.cancelled(model), { timeout: 5_000 }).toBe(true);
  });
});
