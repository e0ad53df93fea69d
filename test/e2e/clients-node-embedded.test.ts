import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { ChatOllama } from '@langchain/ollama';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, streamText } from 'ai';
import { createOllama } from 'ai-sdk-ollama';
import type OpenAI from 'openai';
import OpenAI4 from 'openai4';
import OpenAI5 from 'openai5';
import OpenAI6 from 'openai6';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { collect } from '../support/clients.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { modelDirectory, testModels } from '../support/models.ts';

/* The clients that embedded.test.ts does not use, before a real model: a plain question, whole and streamed. */

let gateway: TestGateway;
beforeAll(async () => {
  await testModels();
  gateway = await startGateway(
    { gateway: { providers: [{ name: 'embedded', type: 'llama-cpp', models: [] }] } },
    { env: { ORCHESTRATOR_MODELS: modelDirectory() } },
  );
  await vi.waitFor(() => expect(gateway.services.fleet.profiles(), gateway.services.readiness().missing.join(' ')).toHaveLength(2), { timeout: 60_000 });
}, 900_000);
afterAll(async () => gateway?.close());

const model = 'smollm2:135m';
const prompt = 'What is the capital of France? Answer in one short sentence.';
const messages = [{ role: 'user' as const, content: prompt }];
const openaiUrl = (): string => `${gateway.url}/v1`;

interface Asked {
  whole(): Promise<string>;
  streamed(): Promise<string>;
}

const openai = (Client: unknown) => (): Asked => {
  const client = new (Client as typeof OpenAI)({ baseURL: openaiUrl(), apiKey: 'none' });
  const asked = { model, messages, max_tokens: 32, temperature: 0 };
  return {
    whole: async () => (await client.chat.completions.create(asked)).choices[0]?.message.content ?? '',
    streamed: async () =>
      (await collect(await client.chat.completions.create({ ...asked, stream: true }))).map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
  };
};

const chain = (chat: ChatOllama | ChatOpenAI): Asked => ({
  whole: async () => String((await chat.invoke(prompt)).content),
  streamed: async () => (await collect(await chat.stream(prompt))).map(({ content }) => content).join(''),
});

const kit = (language: Parameters<typeof generateText>[0]['model']): Asked => {
  const asked = { model: language, prompt, maxOutputTokens: 32, temperature: 0 };
  return {
    whole: async () => (await generateText(asked)).text,
    streamed: async () => (await collect(streamText(asked).textStream)).join(''),
  };
};

const CLIENTS: Readonly<Record<string, () => Asked>> = {
  'openai 4.104.0': openai(OpenAI4),
  'openai 5.23.2': openai(OpenAI5),
  'openai 6.49.0': openai(OpenAI6),
  '@anthropic-ai/sdk': () => {
    const client = new Anthropic({ baseURL: gateway.url, apiKey: 'none' });
    const asked = { model, messages, max_tokens: 32, temperature: 0 };
    const text = ({ content }: Anthropic.Message): string => content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    return { whole: async () => text(await client.messages.create(asked)), streamed: async () => text(await client.messages.stream(asked).finalMessage()) };
  },
  '@langchain/ollama': () => chain(new ChatOllama({ baseUrl: gateway.url, model, temperature: 0, numPredict: 32 })),
  '@langchain/openai': () => chain(new ChatOpenAI({ configuration: { baseURL: openaiUrl() }, apiKey: 'none', model, temperature: 0, maxTokens: 32 })),
  'ai-sdk-ollama': () => kit(createOllama({ baseURL: gateway.url })(model)),
  '@ai-sdk/openai-compatible': () => kit(createOpenAICompatible({ name: 'gateway', baseURL: openaiUrl() })(model)),
};

it.each(Object.entries(CLIENTS))('%s reads the same answer whole and streamed', async (_name, create) => {
  const client = create();
  const whole = await client.whole();
  expect(whole).toMatch(/Paris/i);
  expect(await client.streamed()).toBe(whole);
});
