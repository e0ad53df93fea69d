import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNdjson, startGateway, type TestGateway } from '../support/gateway.ts';
import { playNative } from '../support/script.ts';
import { createUpstream, ollamaHandler, type Upstream } from '../support/upstream.ts';

/* What clients say about tools where an Ollama host has no word for it. */

let upstream: Upstream;
let gateway: TestGateway;

const call = (index: number) => ({ call: index, id: `call_${index}`, name: 'weather', args: `{"city":"${index}"}` });

beforeAll(async () => {
  upstream = await createUpstream(
    ollamaHandler([{ name: 'm:8b', capabilities: ['completion', 'tools'] }], (seen, response) =>
      playNative({ pieces: seen.body['tools'] === undefined ? [{ text: 'fine' }] : [call(0), call(1)] })(seen, response),
    ),
  );
  gateway = await startGateway({
    gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] },
    performance: { caching: { enabled: false } },
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const model = 'm:8b';
const messages = [{ role: 'user', content: 'How is the weather?' }];
const schema = { type: 'object', properties: { city: { type: 'string' } } };
const FACES = {
  '/v1/chat/completions': { body: { model, messages }, any: 'required', tool: { type: 'function', function: { name: 'weather', parameters: schema } } },
  '/v1/responses': { body: { model, input: 'How is the weather?' }, any: 'required', tool: { type: 'function', name: 'weather', parameters: schema } },
  '/v1/messages': { body: { model, messages, max_tokens: 50 }, any: { type: 'any' }, tool: { name: 'weather', input_schema: schema } },
} as const;
const PATHS = Object.keys(FACES) as (keyof typeof FACES)[];

describe.each(PATHS)('tools by %s', (path) => {
  const { body, any, tool } = FACES[path];
  const word = (choice: string): unknown => (typeof any === 'string' ? choice : { type: choice });

  it('refuses to demand a call where there is no tool, and says so', async () => {
    const before = upstream.calls().length;
    const response = await gateway.post(path, { ...body, tool_choice: any });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("'tools' holds no tool to call")]);
    expect(upstream.calls()).toHaveLength(before);
  });

  it('passes over a choice that demands nothing', async () => {
    for (const choice of ['auto', 'none']) expect((await gateway.post(path, { ...body, tool_choice: word(choice) })).status).toBe(200);
  });

  it('gives the first of several calls to who asked for one at a time', async () => {
    const one = path === '/v1/messages' ? { tool_choice: { type: 'auto', disable_parallel_tool_use: true } } : { parallel_tool_calls: false };
    const both = await (await gateway.post(path, { ...body, tools: [tool] })).text();
    const first = await (await gateway.post(path, { ...body, tools: [tool], ...one })).text();
    expect([both.includes('call_0'), both.includes('call_1')]).toEqual([true, true]);
    expect([first.includes('call_0'), first.includes('call_1')]).toEqual([true, false]);
  });
});

describe('tools that only the hosted service can run', () => {
  it.each([
    ['/v1/responses', { type: 'web_search' }, 'web_search'],
    ['/v1/messages', { type: 'web_search_20250305', name: 'web_search' }, 'web_search_20250305'],
  ] as const)('are left out beside others by %s, streamed or not, and the client is told', async (path, hosted, told) => {
    const { body, tool } = FACES[path];
    for (const stream of [false, true]) {
      const response = await gateway.post(path, { ...body, tools: [tool, hosted], stream });
      expect(response.headers.get('x-orchestrator-warning')).toContain(told);
      await response.text();
      expect(upstream.calls().at(-1)?.body['tools']).toHaveLength(1);
    }
    const plain = await gateway.post(path, { ...body, tools: [tool] });
    expect(plain.headers.get('x-orchestrator-warning')).toBeNull();
    expect((await gateway.post(path, { ...body, tools: [hosted] })).status).toBe(400);
  });
});

it("a role of the model's own template reaches it as it is", async () => {
  const asked = { model, messages: [{ role: 'Control', content: 'thinking' }, ...messages] };
  expect((await readNdjson(await gateway.post('/api/chat', asked))).at(-1)).toMatchObject({ done: true });
  expect(upstream.calls().at(-1)?.body['messages']).toMatchObject([{ role: 'control', content: 'thinking' }, { role: 'user' }]);
  expect((await gateway.post('/api/chat', { model, messages: [{ role: 'no role', content: 'x' }] })).status).toBe(400);
});
