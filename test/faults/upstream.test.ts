import { afterEach, describe, expect, it } from 'vitest';
import { readNdjson, readSse, startGateway, type TestGateway } from '../support/gateway.ts';
import {
  createUpstream,
  type Handler,
  nativeAnswer,
  ollamaHandler,
  openaiAnswer,
  openaiHandler,
  sendJson,
  sseChunk,
  type Upstream,
} from '../support/upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

/** A gateway before a faulty upstream and a good one; the faulty one is listed first and always chosen first. */
async function pair(bad: Handler, server: object = {}): Promise<{ gateway: TestGateway; bad: Upstream; good: Upstream }> {
  const first = await createUpstream(openaiHandler(['m'], bad));
  const second = await createUpstream(openaiHandler(['m'], openaiAnswer(['good'])));
  const gateway = await startGateway({
    gateway: {
      server,
      providers: [
        { name: 'bad', type: 'openai', url: `${first.url}/v1`, weight: 1e9 },
        { name: 'good', type: 'openai', url: `${second.url}/v1` },
      ],
    },
    routing: { balance: 'weighted' },
    performance: { caching: { enabled: false } },
  });
  open.push(gateway, first, second);
  return { gateway, bad: first, good: second };
}

const chat = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };

const BEFORE: Record<string, Handler> = {
  'resets the connection': (_seen, response) => void response.socket?.resetAndDestroy(),
  'closes without an answer': (_seen, response) => void response.socket?.end(),
  'answers garbage instead of HTTP': (_seen, response) => void response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n'),
  'answers 500': (_seen, response) => sendJson(response, { error: { message: 'boom' } }, 500),
  'answers 503 busy': (_seen, response) => sendJson(response, { error: 'server busy, please try again.' }, 503),
  'answers 429': (_seen, response) => sendJson(response, { error: { message: 'slow down' } }, 429),
  'does not have the model': (_seen, response) => sendJson(response, { error: { message: 'no such model' } }, 404),
  'answers HTML with 200': (_seen, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
  'answers nothing with 200': (_seen, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
  'answers an error with 200': (_seen, response) => sendJson(response, { error: { message: 'boom' } }),
  'begins its stream with an error': (_seen, response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"error":{"message":"boom"}}\n\n'),
  'cuts its JSON off': (_seen, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[{"message":{"content":"ha'),
};

describe('an upstream that fails before its first token', () => {
  it.each(Object.entries(BEFORE))('%s: another one answers and the client never knows', async (_name, handler) => {
    const { gateway, bad, good } = await pair(handler);
    for (const stream of [false, true]) {
      const response = await gateway.post('/v1/chat/completions', { ...chat, stream });
      expect(response.status).toBe(200);
      expect(response.headers.get('x-orchestrator-provider')).toBe('good');
      expect(await response.text()).toContain('good');
    }
    expect(bad.calls().length).toBeGreaterThan(0);
    expect(good.calls()).toHaveLength(2);
  });

  it('only pings: the first-token clock rules and another one answers', async () => {
    const { gateway } = await pair(
      (seen, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(sseChunk({ role: 'assistant', content: '' }));
        const timer = setInterval(() => (seen.cancelled() ? clearInterval(timer) : response.write(': ping\n\n')), 20);
      },
      { first_token_ms: 200 },
    );
    const response = await gateway.post('/v1/chat/completions', { ...chat, stream: true });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-orchestrator-provider')).toBe('good');
  });

  it('refuses what the client did wrong: said once, not tried elsewhere', async () => {
    const { gateway, good } = await pair((_seen, response) => sendJson(response, { error: { message: 'temperature too high' } }, 400));
    const response = await gateway.post('/v1/chat/completions', chat);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: 'temperature too high' } });
    expect(good.calls()).toHaveLength(0);
  });
});

describe('what an OpenAI-shaped upstream says of its refusal', () => {
  it.each([
    ['the field and the code', 422, { param: 'logit_bias', code: 'unsupported_parameter' }, { param: 'logit_bias', code: 'unsupported_parameter' }],
    ['nothing that is no word', 400, { param: 'a b', code: 400 }, { param: null, code: null }],
  ])('reaches the client: %s', async (_name, status, told, expected) => {
    const { gateway } = await pair((_seen, response) => sendJson(response, { error: { message: 'no', type: 'x', ...told } }, status));
    const response = await gateway.post('/v1/chat/completions', chat);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: expected });
  });
});

describe('an upstream that fails after its first token', () => {
  const HALF: Record<string, Handler> = {
    resets: async (_seen, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sseChunk({ content: 'half' }));
      await new Promise((resolve) => setTimeout(resolve, 30));
      response.socket?.resetAndDestroy();
    },
    'ends without a finish': (_seen, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(sseChunk({ content: 'half' })),
    'goes silent': (_seen, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sseChunk({ content: 'half' }));
    },
  };

  it.each(Object.entries(HALF))('%s: the OpenAI stream ends in an error and no [DONE]', async (_name, handler) => {
    const { gateway, good } = await pair(handler, { idle_ms: 200 });
    const frames = await readSse(await gateway.post('/v1/chat/completions', { ...chat, stream: true }));
    expect(JSON.stringify(frames[0])).toContain('half');
    expect(frames.at(-1)).toMatchObject({ error: { message: expect.any(String) as string } });
    expect(JSON.stringify(frames)).not.toMatch(/DONE|"finish_reason":"/);
    expect(good.calls()).toHaveLength(0);
  });

  it.each(Object.entries(HALF))('%s: the native stream ends in an error line and no done', async (_name, handler) => {
    const { gateway } = await pair(handler, { idle_ms: 200 });
    const lines = await readNdjson(await gateway.post('/api/chat', chat));
    expect(lines.at(-1)).toEqual({ error: expect.any(String) as string });
    expect(lines.some((line) => line['done'] === true)).toBe(false);
  });

  it.each(Object.entries(HALF))('%s: a client that waits for the whole gets it from another one', async (_name, handler) => {
    const { gateway } = await pair(handler, { idle_ms: 200, first_token_ms: 200 });
    const response = await gateway.post('/v1/chat/completions', chat);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-orchestrator-provider')).toBe('good');
  });

  it('is an error, not half an answer, where there is no other one', async () => {
    const { gateway, good } = await pair(HALF['ends without a finish'] as Handler);
    good.handle(openaiHandler(['m'], HALF['ends without a finish'] as Handler));
    const response = await gateway.post('/v1/chat/completions', chat);
    expect(response.status).toBe(502);
    expect(response.headers.get('x-should-retry')).toBe('false');
  });
});

describe('no upstream at all', () => {
  it('says what to do', async () => {
    const gateway = await startGateway();
    open.push(gateway);
    const response = await gateway.post('/v1/chat/completions', { ...chat, model: 'auto' });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('pull a model') as string } });
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  });

  it('does not delay the models of another, and comes back by itself', async () => {
    const up = await createUpstream(ollamaHandler([{ name: 'alive' }], nativeAnswer(['yes'])));
    const dead = await createUpstream(ollamaHandler([{ name: 'late' }], nativeAnswer(['back'])));
    const { port } = dead;
    await dead.close();
    const gateway = await startGateway({
      gateway: {
        providers: [
          { name: 'dead', type: 'ollama', url: `http://127.0.0.1:${port}` },
          { name: 'up', type: 'ollama', url: up.url },
        ],
      },
    });
    open.push(gateway, up);
    expect((await gateway.post('/api/chat', { ...chat, model: 'alive', stream: false })).status).toBe(200);
    const back = await createUpstream(ollamaHandler([{ name: 'late' }], nativeAnswer(['back'])), port);
    open.push(back);
    await expect.poll(() => gateway.services.fleet.profiles().some(({ ref }) => ref.model === 'late'), { timeout: 5_000 }).toBe(true);
    expect((await gateway.post('/api/chat', { ...chat, model: 'late', stream: false })).status).toBe(200);
  });
});
