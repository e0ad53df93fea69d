import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readNdjson, readSse, startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, type Seen, sendJson, type Upstream } from '../support/upstream.ts';

const MODELS = ['llama3.1:8b', 'mistral:7b', 'qwen2.5:7b'];
let upstream: Upstream;
let gateway: TestGateway;
/** What a model says; undefined keeps the connection open and says nothing. */
let say: (model: string, seen: Seen) => string | undefined;

beforeAll(async () => {
  upstream = await createUpstream(
    ollamaHandler(
      [
        { name: 'llama3.1:8b', family: 'llama' },
        { name: 'mistral:7b', family: 'mistral' },
        { name: 'qwen2.5:7b', family: 'qwen2' },
      ],
      (seen, response) => {
        if (seen.path === '/api/embed') return sendJson(response, { error: 'no' }, 500);
        const text = say(String(seen.body['model']), seen);
        if (text === undefined) return undefined;
        return nativeAnswer([text], seen.text.includes('"tools":[{') ? {} : {})(seen, response);
      },
    ),
  );
  gateway = await startGateway({
    gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] },
    routing: { ensemble: { models: MODELS, judge: 'qwen2.5:7b' } },
    performance: { caching: { enabled: false } },
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const isJudge = (seen: Seen): boolean => seen.text.includes('[[BEGIN ANSWER');
beforeEach(() => {
  upstream.seen.length = 0;
  say = (model, seen) => (isJudge(seen) ? 'Judged: 18.' : model === 'mistral:7b' ? 'The answer is 19.' : 'The answer is 18.');
});

const question = 'How many eggs are 9 times 2?';
const messages = [{ role: 'user', content: question }];

interface Told {
  readonly members: { model: string; outcome: string }[];
  readonly agreement: number;
  readonly confidence: number;
  readonly degraded: boolean;
  readonly usage: object;
  readonly calls: number;
}
interface Face {
  readonly name: string;
  readonly path: string;
  readonly body: (model: string) => object;
  readonly whole: (body: never) => string;
  readonly streamed: (response: Response) => Promise<{ text: string; progress: string; told: Told | undefined }>;
}

const joined = (frames: readonly object[], read: (frame: never) => string | undefined): string => frames.map((frame) => read(frame as never) ?? '').join('');
const toldIn = (frames: readonly object[]): Told | undefined =>
  frames
    .map(
      (frame) =>
        (frame as { orchestrator?: Told; response?: { orchestrator?: Told } }).orchestrator ??
        (frame as { response?: { orchestrator?: Told } }).response?.orchestrator,
    )
    .findLast((told) => told !== undefined);
const objects = (frames: readonly unknown[]): object[] => frames.filter((frame): frame is object => typeof frame === 'object' && frame !== null);

const FACES: readonly Face[] = [
  {
    name: 'OpenAI chat completions',
    path: '/v1/chat/completions',
    body: (model) => ({ model, messages }),
    whole: (body: { choices: { message: { content: string } }[] }) => body.choices[0]?.message.content ?? '',
    streamed: async (response) => {
      const frames = objects(await readSse(response));
      type Chunk = { choices?: { delta: { content?: string; reasoning?: string } }[] };
      return {
        text: joined(frames, (chunk: Chunk) => chunk.choices?.[0]?.delta.content),
        progress: joined(frames, (chunk: Chunk) => chunk.choices?.[0]?.delta.reasoning),
        told: toldIn(frames),
      };
    },
  },
  {
    name: 'OpenAI responses',
    path: '/v1/responses',
    body: (model) => ({ model, input: question }),
    whole: (body: { output: { type: string; content?: { text: string }[] }[] }) => body.output.find(({ type }) => type === 'message')?.content?.[0]?.text ?? '',
    streamed: async (response) => {
      const frames = objects(await readSse(response));
      type Frame = { type: string; delta?: string };
      return {
        text: joined(frames, ({ type, delta }: Frame) => (type === 'response.output_text.delta' ? delta : '')),
        progress: joined(frames, ({ type, delta }: Frame) => (type.includes('reasoning') ? delta : '')),
        told: toldIn(frames),
      };
    },
  },
  {
    name: 'Ollama chat',
    path: '/api/chat',
    body: (model) => ({ model, messages }),
    whole: (body: { message: { content: string } }) => body.message.content,
    streamed: async (response) => {
      const frames = await readNdjson(response);
      type Line = { message?: { content: string; thinking?: string } };
      return {
        text: joined(frames, (line: Line) => line.message?.content),
        progress: joined(frames, (line: Line) => line.message?.thinking),
        told: toldIn(frames),
      };
    },
  },
  {
    name: 'Anthropic messages',
    path: '/v1/messages',
    body: (model) => ({ model, messages, max_tokens: 100 }),
    whole: (body: { content: { type: string; text?: string }[] }) => body.content.find(({ type }) => type === 'text')?.text ?? '',
    streamed: async (response) => {
      const frames = objects(await readSse(response));
      type Frame = { delta?: { type?: string; text?: string; thinking?: string } };
      return { text: joined(frames, ({ delta }: Frame) => delta?.text), progress: joined(frames, ({ delta }: Frame) => delta?.thinking), told: toldIn(frames) };
    },
  },
];
const ANSWERS = {
  ensemble: { text: 'Judged: 18.', calls: 4 },
  'ensemble:vote': { text: 'The answer is 18.', calls: 3 },
  'ensemble:best': { text: 'The answer is 18.', calls: 3 },
  'ensemble:race': { text: expect.stringMatching(/^The answer is 1[89]\.$/), calls: 3 },
  'ensemble:cascade': { text: 'The answer is 18.', calls: 4 },
};

describe.each(FACES)('through $name', ({ path, body, whole, streamed }) => {
  it.each(Object.entries(ANSWERS))('%s answers whole and streamed, and tells what it did when asked', async (model, { text, calls }) => {
    const plain = await gateway.post(path, { ...body(model), stream: false });
    const answer = await plain.json();
    expect(whole(answer as never)).toEqual(text);
    expect(answer).not.toHaveProperty('orchestrator');
    expect(plain.headers.get('x-orchestrator-strategy')).toBe(model === 'ensemble' ? 'ensemble:synthesis' : model);
    const seen = await streamed(await gateway.post(path, { ...body(model), stream: true, orchestrator: true }));
    expect(seen.text).toEqual(text);
    expect(seen.progress).toContain('Asking ollama/');
    expect(seen.told?.members).toHaveLength(3);
    expect(seen.told).toMatchObject({ degraded: false, usage: { outputTokens: expect.any(Number) } });
    expect(seen.told?.calls).toBe(calls);
    if (model !== 'ensemble:race') expect(seen.told?.agreement).toBeCloseTo(model === 'ensemble:cascade' ? (seen.told?.agreement ?? 0) : 0.65, 1);
  });

  it('names a dead member and marks the answer, whole and streamed', async () => {
    const usual = say;
    say = (model, seen) => (model === 'mistral:7b' ? '' : usual(model, seen));
    const answer = (await (await gateway.post(path, { ...body('ensemble:vote'), stream: false, orchestrator: true })).json()) as { orchestrator: Told };
    expect(answer.orchestrator).toMatchObject({ degraded: true });
    expect(answer.orchestrator.members.find(({ model }) => model === 'mistral:7b')?.outcome).toBe('empty');
    const seen = await streamed(await gateway.post(path, { ...body('ensemble:vote'), stream: true, orchestrator: true }));
    expect(seen.told?.degraded).toBe(true);
  });

  it.each([false, true])('cancels every member when the client hangs up (stream: %s)', async (stream) => {
    say = () => undefined;
    const { port } = new URL(gateway.url);
    const call = httpRequest({ port, path, method: 'POST', headers: { 'content-type': 'application/json' } });
    call.on('error', () => undefined);
    call.end(JSON.stringify({ ...body('ensemble'), stream }));
    await expect.poll(() => upstream.calls().length).toBe(3);
    call.destroy();
    await expect.poll(() => upstream.calls().map((seen) => seen.cancelled())).toEqual([true, true, true]);
    expect(upstream.calls()).toHaveLength(3);
  });
});

describe('a request with tools', () => {
  const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } }];

  it.each(['ensemble', 'ensemble:vote', 'chain', 'correct'])('goes unchanged to one member of %s', async (model) => {
    say = () => 'Sunny.';
    const response = await gateway.post('/v1/chat/completions', { model, messages, tools });
    expect(response.status).toBe(200);
    expect(upstream.calls()).toHaveLength(1);
    expect(upstream.calls()[0]?.body['tools']).toHaveLength(1);
  });

  it('is refused by a workflow, in words', async () => {
    const response = await gateway.post('/v1/chat/completions', { model: 'workflow:blog', messages, tools });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: { message: string } }).error.message).toContain('takes no tools');
    expect(upstream.calls()).toHaveLength(0);
  });
});

describe('the metrics', () => {
  it('count members, agreement, calls, judge time and degraded answers', async () => {
    say = (model, seen) => (isJudge(seen) ? '' : model === 'mistral:7b' ? '' : 'The answer is 18.');
    await gateway.post('/v1/chat/completions', { model: 'ensemble', messages });
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(text).toMatch(/orchestrator_ensemble_members_total\{strategy="ensemble:synthesis",outcome="empty"\} [1-9]/);
    expect(text).toMatch(/orchestrator_ensemble_agreement_count\{strategy="ensemble:vote"\} [1-9]/);
    expect(text).toMatch(/orchestrator_ensemble_judge_duration_seconds_count\{outcome="empty"\} [1-9]/);
    expect(text).toMatch(/orchestrator_degraded_answers_total\{strategy="ensemble:synthesis"\} [1-9]/);
    expect(text).toMatch(/orchestrator_strategy_calls_count\{strategy="ensemble:synthesis"\} [1-9]/);
  });
});
