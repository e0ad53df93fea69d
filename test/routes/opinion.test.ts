import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, nativeAnswer, ollamaHandler, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: TestGateway | undefined;
let judge: Handler;

beforeEach(async () => {
  judge = nativeAnswer(['{"task":"creative"}']);
  upstream = await createUpstream(ollamaHandler([{ name: 'judge:1b' }, { name: 'llama3.1:8b' }], (seen, response) => judge(seen, response)));
});
afterEach(async () => {
  await gateway?.close();
  await upstream.close();
});

const start = async (llm: string, more: object = {}): Promise<TestGateway> => {
  gateway = await startGateway({
    gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] },
    routing: { classifier: { llm_model: 'judge:1b', llm, ...more } },
  });
  return gateway;
};
const route = async (prompt: string): Promise<Record<string, unknown>> =>
  (await (await (gateway as TestGateway).post('/orchestrator/route', { prompt })).json()) as Record<string, unknown>;
const CLEAR = 'Write a Python function that sorts a list of dictionaries by a key.';

describe('the second opinion', () => {
  it('is asked when confidence is low, with the labels as the only answers, and says so', async () => {
    await start('low-confidence', { threshold: 1 });
    expect(await route('hm, that thing again')).toMatchObject({ task: 'creative', classifier: 'llm', confidence: 0.85 });
    expect(JSON.stringify(upstream.calls()[0]?.body['format'])).toContain('"enum":["code","analysis"');
  });

  it('is not asked when the first decision is confident', async () => {
    await start('low-confidence');
    expect(await route(CLEAR)).toMatchObject({ task: 'code' });
    expect(upstream.calls()).toHaveLength(0);
  });

  it('is always asked when so configured, and never when off', async () => {
    await start('always');
    expect(await route(CLEAR)).toMatchObject({ task: 'creative', classifier: 'llm' });
    await gateway?.close();
    await start('off', { threshold: 1 });
    await route('hm, that thing again');
    expect(upstream.calls()).toHaveLength(1);
  });

  it.each([
    ['an error', ((_seen, response) => void response.writeHead(500).end('{"error":"broken"}')) as Handler],
    ['nonsense', nativeAnswer(['I would rather not say.'])],
    ['an invented label', nativeAnswer(['{"task":"cooking"}'])],
    ['silence beyond the deadline', (() => {}) as Handler],
  ])('changes nothing by %s', async (_, handler) => {
    judge = handler;
    await start('always');
    const decision = await route(CLEAR);
    expect(decision).toMatchObject({ task: 'code' });
    expect(decision['classifier']).not.toBe('llm');
  });
});
