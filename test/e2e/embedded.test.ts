import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { modelDirectory, testModels } from '../support/models.ts';

/** The whole way with real models and real clients: what a person gets from `npm start` without an Ollama. */
let inner: TestGateway;
let outer: TestGateway;

beforeAll(async () => {
  await testModels();
  inner = await startGateway(
    { gateway: { providers: [{ name: 'embedded', type: 'llama-cpp', models: [] }] } },
    { env: { ORCHESTRATOR_MODELS: modelDirectory() } },
  );
  await vi.waitFor(() => expect(inner.services.fleet.profiles(), inner.services.readiness().missing.join(' ')).toHaveLength(2), { timeout: 60_000 });
  // A second gateway sees the first as an Ollama.
  outer = await startGateway({ gateway: { providers: [{ name: 'upstream', type: 'ollama', url: inner.url }] } });
}, 900_000);
afterAll(async () => {
  await outer?.close();
  await inner?.close();
});

const question = [{ role: 'user' as const, content: 'What is the capital of France? Answer in one short sentence.' }];

describe.each(['embedded', 'through another gateway as Ollama'])('%s', (where) => {
  const url = (): string => (where === 'embedded' ? inner.url : outer.url);

  it.each(['auto', 'smollm2:135m', 'gemma3:270m'])('answers the openai package, model %s', async (model) => {
    const client = new OpenAI({ baseURL: `${url()}/v1`, apiKey: 'none' });
    const whole = await client.chat.completions.create({ model, messages: question, max_tokens: 48, temperature: 0 });
    expect(whole.choices[0]?.message.content).toMatch(/Paris/i);
    expect(whole.usage?.completion_tokens).toBeGreaterThan(0);
    let text = '';
    let finish: string | null = null;
    for await (const chunk of await client.chat.completions.create({ model, messages: question, max_tokens: 48, temperature: 0, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(finish).toMatch(/stop|length/);
  });

  it.each(['auto', 'smollm2:135m', 'gemma3:270m'])('answers the ollama package, model %s', async (model) => {
    const client = new Ollama({ host: url() });
    const options = { temperature: 0, num_predict: 48 };
    const whole = await client.chat({ model, messages: question, options });
    expect(whole.message.content).toMatch(/Paris/i);
    expect(whole.eval_count).toBeGreaterThan(0);
    let text = '';
    for await (const part of await client.chat({ model, messages: question, options, stream: true })) text += part.message.content;
    expect(text).toBe(whole.message.content);
    const generated = await client.generate({ model, prompt: 'The capital of France is', options });
    expect(generated.response?.length).toBeGreaterThan(0);
  });

  it('lists and shows its models', async () => {
    const client = new Ollama({ host: url() });
    const names = (await client.list()).models.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['smollm2:135m', 'gemma3:270m', 'auto:latest']));
    const shown = await client.show({ model: 'smollm2:135m' });
    expect(shown.capabilities).toContain('completion');
  });

  it('stops generating when the client aborts', async () => {
    const client = new Ollama({ host: url() });
    const stream = await client.chat({
      model: 'smollm2:135m',
      messages: [{ role: 'user', content: 'Count from 1 to 1000.' }],
      options: { num_predict: 2_000 },
      stream: true,
    });
    let parts = 0;
    await expect(
      (async () => {
        for await (const _part of stream) if (++parts === 3) stream.abort();
      })(),
    ).rejects.toThrow(/abort/i);
    await expect.poll(() => inner.services.fleet.profiles()[0]?.inFlight, { timeout: 5_000 }).toBe(0);
  });
});

it('refuses a prompt that does not fit, in words, before generating', async () => {
  const response = await inner.post('/v1/chat/completions', { model: 'smollm2:135m', messages: [{ role: 'user', content: 'word '.repeat(9_000) }] });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'context_length_exceeded' } });
});
