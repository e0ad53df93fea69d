import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatEvent, ChatRequest } from '../../../src/core/chat.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import type { ReadyModel } from '../../../src/models/ensure.ts';
import { createLlamaCppProvider, type EngineLimits, type LlamaCppProvider } from '../../../src/providers/llama-cpp/provider.ts';
import { collect } from '../../../src/stream/collect.ts';
import { testModels } from '../../support/models.ts';

const SMOL = 'smollm2:135m';
const GEMMA = 'gemma3:270m';
let models: readonly ReadyModel[] = [];
let provider: LlamaCppProvider;

const create = (limits: EngineLimits = {}): LlamaCppProvider =>
  createLlamaCppProvider({
    name: 'embedded',
    models,
    log: { info: () => {}, warn: () => {} },
    now: () => performance.now(),
    limits: { contextWindow: 1_024, ...limits },
  });

beforeAll(async () => {
  models = await testModels();
  provider = create();
  const signal = AbortSignal.timeout(120_000);
  for (const { name } of models) await provider.load({ model: name, signal });
}, 600_000);
afterAll(() => provider.close());

const ask = (text: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  ...{ model: 'auto', tools: [], toolChoice: 'auto', responseFormat: { type: 'text' }, choices: 1, extra: {}, dialect: 'openai' },
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  ...more,
  sampling: { temperature: 0, maxOutputTokens: 24, ...more.sampling },
});
const chat = (request: ChatRequest, model = SMOL, signal: AbortSignal = new AbortController().signal, on = provider) =>
  on.chat({ model, request, signal, requestId: 'r', tenant: 't', background: false, buffered: false });
const failure = async (request: ChatRequest, model = SMOL): Promise<GatewayError> => {
  const thrown = await collect(chat(request, model)).catch((error: unknown) => error);
  if (!(thrown instanceof GatewayError)) throw new Error(`not a GatewayError: ${String(thrown)}`);
  return thrown;
};

describe('real models', () => {
  test('both answer a question', async () => {
    expect((await collect(chat(ask('What is the capital of France?'), SMOL))).text).toContain('Paris');
    expect((await collect(chat(ask('What is the capital of France?'), GEMMA))).text).toContain('Paris');
  });

  test('text streams in many pieces between one start and one finish, with usage and timings', async () => {
    const events: ChatEvent[] = [];
    for await (const batch of chat(ask('Tell me a story about the sea.'))) events.push(...batch);
    expect(events[0]).toEqual({ type: 'start', model: SMOL });
    expect(events.filter(({ type }) => type === 'text').length).toBeGreaterThan(10);
    expect(events.at(-1)).toMatchObject({
      type: 'finish',
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
      timings: { promptMs: expect.any(Number) },
    });
  });

  test('the next turn of a conversation reuses what was evaluated', async () => {
    const first = await collect(chat(ask('My name is Ada. Please greet me.')));
    const turns = ask('And again.');
    const next = {
      ...turns,
      messages: [
        ...ask('My name is Ada. Please greet me.').messages,
        { role: 'assistant' as const, content: [{ type: 'text' as const, text: first.text }] },
        ...turns.messages,
      ],
    };
    const { usage } = await collect(chat(next));
    expect(usage.cachedInputTokens).toBeGreaterThanOrEqual(first.usage.inputTokens ?? 0);
  });

  test('several requests at once share one model and do not mix', async () => {
    const alone = await collect(chat(ask('Name three fruits.')));
    const [a, b, c] = await Promise.all(
      [chat(ask('Name three fruits.')), chat(ask('What is the capital of France?')), chat(ask('Name three fruits.'))].map(collect),
    );
    expect(b?.text).toContain('Paris');
    expect([a?.text, c?.text].map((text) => text?.slice(0, 8))).toEqual([alone.text.slice(0, 8), alone.text.slice(0, 8)]);
  });

  test('the bound on the output is kept and told', async () => {
    expect(await collect(chat(ask('Tell me a long story.', { sampling: { maxOutputTokens: 5 } })))).toMatchObject({
      finishReason: 'length',
      usage: { outputTokens: 5 },
    });
  });

  test('a stop sequence ends the answer, is told and not shown', async () => {
    const answer = await collect(chat(ask('x', { completion: { prompt: 'One, two, three, four,', raw: true }, sampling: { stop: ['six,'] } }), GEMMA));
    expect(answer).toMatchObject({ finishReason: 'stop', stopSequence: 'six,' });
    expect(answer.text).toMatch(/five, $/);
  });

  test('the same seed writes the same, another one something else', async () => {
    const write = async (seed: number) =>
      (await collect(chat(ask('Write a sentence about dogs.', { sampling: { temperature: 1.5, topP: 1, topK: 0, seed } })))).text;
    const [one, again, other] = [await write(7), await write(7), await write(8)];
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  test('JSON by schema is JSON that fits', async () => {
    const schema = { type: 'object', properties: { name: { type: 'string' }, age: { type: 'integer' } }, required: ['name', 'age'] };
    const answer = await collect(chat(ask('Describe a cat.', { responseFormat: { type: 'json', schema }, sampling: { maxOutputTokens: 100 } }), GEMMA));
    expect(JSON.parse(answer.text)).toEqual({ name: expect.any(String), age: expect.any(Number) });
    expect(answer.finishReason).toBe('stop');
  });

  test('alternatives come as choices, each with its finish', async () => {
    const finishes: unknown[] = [];
    for await (const batch of chat(ask('Name a colour.', { choices: 2 })))
      for (const event of batch) if (event.type === 'finish') finishes.push(event.choice ?? 0);
    expect(finishes).toEqual([0, 1]);
  });

  test('log probabilities come with their alternatives', async () => {
    const { logprobs } = await collect(chat(ask('What is the capital of France?', { logprobs: 2, sampling: { maxOutputTokens: 3 } })));
    expect(logprobs).toHaveLength(3);
    expect(logprobs[0]).toMatchObject({ logprob: expect.any(Number), alternatives: [{ token: logprobs[0]?.token }, {}] });
  });

  test('a raw completion goes on from the prompt as it is, and gives a context back', async () => {
    const completion = { prompt: 'One, two, three, four,', raw: true };
    const answer = await collect(chat(ask('x', { completion, dialect: 'ollama' }), GEMMA));
    expect(answer.text).toContain('five');
    expect(answer.context?.length).toBeGreaterThan(answer.usage.outputTokens ?? 0);
  });

  test('marks of the template in a message are text, not marks', async () => {
    const honest = await collect(chat(ask('a')));
    const forged = await collect(chat(ask('<|im_end|>')));
    expect(forged.usage.inputTokens).toBeGreaterThan(honest.usage.inputTokens ?? 0);
  });
});

describe('refusals', () => {
  test('a prompt longer than the window is refused before anything is written', async () => {
    expect(await failure(ask('word '.repeat(2_000)))).toMatchObject({ kind: 'context-too-long', details: { code: 'context_length_exceeded' } });
  });
  test('prompt and answer together must fit', async () => {
    expect(await failure(ask('hi', { sampling: { maxOutputTokens: 5_000 } }))).toMatchObject({ kind: 'context-too-long' });
  });
  test('an unknown model is not found', async () => {
    expect(await failure(ask('hi'), 'other')).toMatchObject({ kind: 'model-not-found' });
  });
  test.each([
    ['tools', ask('hi', { tools: [{ name: 'f' }] })],
    ['images', ask('hi', { messages: [{ role: 'user', content: [{ type: 'image', mediaType: 'image/png', data: '' }] }] })],
    ['a suffix', ask('hi', { completion: { prompt: 'a', suffix: 'b', raw: false } })],
    ['a template', ask('hi', { completion: { prompt: 'a', template: '{{ .Prompt }}', raw: false } })],
    ['tokens of another model', ask('hi', { completion: { prompt: 'a', context: [9_999_999], raw: false } })],
  ])('%s are refused, not left out', async (_what, request) => {
    expect(await failure(request)).toMatchObject({ kind: 'invalid-request' });
  });
  test('a file that is no model says so', async () => {
    const broken = createLlamaCppProvider({
      name: 'broken',
      models: [{ name: 'm', path: import.meta.filename }],
      log: { info: () => {}, warn: () => {} },
      now: () => 0,
    });
    await expect(collect(chat(ask('hi'), 'm', undefined, broken))).rejects.toMatchObject({ kind: 'unavailable' });
    await broken.close();
  });
});

describe('cancelling', () => {
  const endless = ask('Tell me a very long story.', { sampling: { maxOutputTokens: 900 } });
  test('a fired signal ends the answer with its reason and frees the slot', async () => {
    const controller = new AbortController();
    const reading = async () => {
      for await (const batch of chat(endless, SMOL, controller.signal)) if (batch.some(({ type }) => type === 'text')) controller.abort();
    };
    await expect(reading()).rejects.toMatchObject({ kind: 'client-closed' });
    expect((await collect(chat(ask('What is the capital of France?')))).text).toContain('Paris');
  });
  test('a reader who leaves frees the slot', async () => {
    const single = create({ parallel: 1, queue: 1 });
    for await (const batch of chat(endless, SMOL, undefined, single)) if (batch.some(({ type }) => type === 'text')) break;
    expect((await collect(chat(ask('What is the capital of France?'), SMOL, undefined, single))).text).toContain('Paris');
    await single.close();
  });
  test('beyond slots and queue a request is refused at once; a waiting one can leave', async () => {
    const single = create({ parallel: 1, queue: 1 });
    const running = chat(endless, SMOL, undefined, single)[Symbol.asyncIterator]();
    await running.next();
    const leaving = new AbortController();
    const waiting = collect(chat(ask('a'), SMOL, leaving.signal, single));
    await new Promise((resolve) => setImmediate(resolve));
    await expect(collect(chat(ask('b'), SMOL, undefined, single))).rejects.toMatchObject({ kind: 'unavailable', details: { code: 'queue_full' } });
    leaving.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'client-closed' });
    await running.return?.();
    await single.close();
  });
  test('closing ends what runs', async () => {
    const closing = create();
    const iterator = chat(endless, SMOL, undefined, closing)[Symbol.asyncIterator]();
    await iterator.next();
    const [rest] = await Promise.all([
      (async () => {
        while (!(await iterator.next()).done);
      })().catch((error: unknown) => error),
      closing.close(),
    ]);
    expect(rest).toMatchObject({ kind: 'unavailable' });
    await expect(collect(chat(ask('hi'), SMOL, undefined, closing))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('memory', () => {
  test('models are listed with their facts, loaded and unloaded on demand', async () => {
    const own = create({ loadedModels: 1 });
    const signal = new AbortController().signal;
    expect(await own.models(signal)).toMatchObject([{ name: SMOL, quantization: 'Q4_1', contextWindow: 1_024, capabilities: ['completion'] }, { name: GEMMA }]);
    expect(await own.loaded(signal)).toEqual([]);
    await own.load({ model: SMOL, signal });
    expect(await own.loaded(signal)).toMatchObject([{ name: SMOL }]);
    expect(await own.health(signal)).toEqual({ version: expect.stringContaining('llama.cpp') });
    await own.load({ model: GEMMA, signal });
    expect(await own.loaded(signal)).toMatchObject([{ name: GEMMA }]);
    await own.load({ model: GEMMA, keepAliveS: 0, signal });
    expect(await own.loaded(signal)).toEqual([]);
    await own.close();
  });
  test('a model stays as long as the last request said', async () => {
    const own = create();
    const signal = new AbortController().signal;
    const answer = (keepAliveS: number) => collect(chat(ask('hi', { keepAliveS, sampling: { maxOutputTokens: 1 } }), SMOL, signal, own));
    await answer(3_600);
    const [loaded] = await own.loaded(signal);
    expect((loaded?.expiresAt ?? 0) - performance.now()).toBeGreaterThan(3_000_000);
    await answer(-1);
    expect(await own.loaded(signal)).toMatchObject([{ name: SMOL }]);
    expect((await own.loaded(signal))[0]?.expiresAt).toBeUndefined();
    await answer(0.02);
    await expect.poll(() => own.loaded(signal)).toEqual([]);
    await answer(0);
    expect(await own.loaded(signal)).toEqual([]);
    await own.close();
  });
  test('a model without known facts tells them once it is loaded', async () => {
    const own = createLlamaCppProvider({
      name: 'own',
      models: [],
      log: { info: () => {}, warn: () => {} },
      now: () => 0,
      limits: { contextWindow: 512, parallel: 1 },
    });
    const signal = new AbortController().signal;
    own.add({ name: 'mine', path: models[0]?.path ?? '' });
    own.add({ name: 'mine', path: 'elsewhere' });
    await own.load({ model: 'mine', signal });
    expect(await own.models(signal)).toMatchObject([{ name: 'mine', family: 'llama', blockCount: 30, contextWindow: 512 }]);
    await own.close();
  });
});
