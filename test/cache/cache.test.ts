import { afterEach, describe, expect, it, vi } from 'vitest';
import { readSse, startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, openaiAnswer, openaiHandler, sseChunk, type Upstream } from '../support/upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

async function start(answer: Handler = openaiAnswer(['hello']), config: object = {}): Promise<{ gateway: TestGateway; upstream: Upstream }> {
  const upstream = await createUpstream(openaiHandler(['m', 'n'], answer));
  const gateway = await startGateway({ gateway: { providers: [{ name: 'up', type: 'openai', url: `${upstream.url}/v1` }] }, ...config });
  open.push(gateway, upstream);
  return { gateway, upstream };
}

const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const slow =
  (ms: number): Handler =>
  async (seen, response) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    await openaiAnswer(['hello'])(seen, response);
  };

describe('the exact cache', () => {
  it('answers an equal request again without a call, streamed or not, in every face', async () => {
    const { gateway, upstream } = await start();
    expect((await gateway.post('/v1/chat/completions', body)).headers.get('x-orchestrator-cache')).toBe('miss');
    const again = await gateway.post('/v1/chat/completions', body);
    expect(again.headers.get('x-orchestrator-cache')).toBe('hit');
    expect(again.headers.get('x-orchestrator-model')).toBe('m');
    const frames = await readSse(await gateway.post('/v1/chat/completions', { ...body, stream: true }));
    expect(JSON.stringify(frames)).toContain('hello');
    expect(frames.at(-1)).toBe('[DONE]');
    expect(upstream.calls()).toHaveLength(1);
  });

  it.each([
    { model: 'n' },
    { messages: [{ role: 'user', content: 'hi!' }] },
    { messages: [{ role: 'system', content: 'x' }, ...body.messages] },
    { max_tokens: 5 },
    { seed: 1 },
    { stop: ['x'] },
    { response_format: { type: 'json_object' } },
    { logit_bias: { 5: 1 } },
    { reasoning_effort: 'low' },
  ])('misses when %j changes', async (change) => {
    const { gateway, upstream } = await start();
    await (await gateway.post('/v1/chat/completions', body)).text();
    await (await gateway.post('/v1/chat/completions', { ...body, ...change })).text();
    expect(upstream.calls()).toHaveLength(2);
  });

  it.each([{ temperature: 0.7 }, { tools: [{ type: 'function', function: { name: 'f' } }] }])(
    'keeps nothing that was sampled or may call tools: %j',
    async (change) => {
      const { gateway, upstream } = await start();
      for (let turn = 0; turn < 2; turn++)
        expect((await gateway.post('/v1/chat/completions', { ...body, ...change })).headers.get('x-orchestrator-cache')).toBe('bypass');
      expect(upstream.calls()).toHaveLength(2);
    },
  );

  it('obeys Cache-Control', async () => {
    const { gateway, upstream } = await start();
    await gateway.post('/v1/chat/completions', body, { 'cache-control': 'no-store' });
    await gateway.post('/v1/chat/completions', body);
    await gateway.post('/v1/chat/completions', body, { 'cache-control': 'no-cache' });
    expect(upstream.calls()).toHaveLength(3);
    await gateway.post('/v1/chat/completions', body);
    expect(upstream.calls()).toHaveLength(3);
  });

  it('keeps no answer that was cut off or failed', async () => {
    const { gateway, upstream } = await start(
      (_seen, response) =>
        void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`${sseChunk({ content: 'x' })}${sseChunk({}, 'length')}data: [DONE]\n\n`),
    );
    for (let turn = 0; turn < 2; turn++) await (await gateway.post('/v1/chat/completions', body)).text();
    expect(upstream.calls()).toHaveLength(2);
  });
});

describe('equal requests at once', () => {
  it('share one call', async () => {
    const { gateway, upstream } = await start(slow(300));
    const answers = await Promise.all(Array.from({ length: 60 }, () => gateway.post('/v1/chat/completions', body).then((response) => response.text())));
    expect(answers.every((text) => text.includes('hello'))).toBe(true);
    expect(upstream.calls()).toHaveLength(1);
  });

  it('go on when the one that asked first leaves', async () => {
    const { gateway, upstream } = await start(slow(400));
    const first = new AbortController();
    const leader = fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body), signal: first.signal }).catch(() => 'left');
    await vi.waitFor(() => expect(upstream.calls()).toHaveLength(1));
    const others = Array.from({ length: 10 }, () => gateway.post('/v1/chat/completions', body).then((response) => response.text()));
    await new Promise((resolve) => setTimeout(resolve, 100));
    first.abort();
    expect(await leader).toBe('left');
    expect((await Promise.all(others)).every((text) => text.includes('hello'))).toBe(true);
    expect(upstream.calls()).toHaveLength(1);
  });

  it('stop the upstream when all have left', async () => {
    const { gateway, upstream } = await start(() => undefined);
    const controllers = Array.from({ length: 5 }, () => new AbortController());
    const calls = controllers.map(({ signal }) =>
      fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body), signal }).catch(() => 'left'),
    );
    await vi.waitFor(() => expect(upstream.calls()).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (const controller of controllers) controller.abort();
    await Promise.all(calls);
    await vi.waitFor(() => expect(upstream.calls()[0]?.cancelled()).toBe(true));
  });

  it('cost at most one more call when the first one fails', async () => {
    let failed = false;
    const { gateway, upstream } = await start(async (seen, response) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (!failed) {
        failed = true;
        response.socket?.resetAndDestroy();
        return;
      }
      await openaiAnswer(['hello'])(seen, response);
    });
    const answers = await Promise.all(Array.from({ length: 50 }, () => gateway.post('/v1/chat/completions', body)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(upstream.calls().length).toBeLessThanOrEqual(2);
  });
});

describe('an Idempotency-Key', () => {
  it('means one generation, while it runs and after', async () => {
    const { gateway, upstream } = await start(slow(200));
    const ask = (): Promise<Response> => gateway.post('/v1/chat/completions', { ...body, temperature: 1 }, { 'idempotency-key': 'k1' });
    const both = await Promise.all([ask(), ask()]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    await Promise.all(both.map((response) => response.text()));
    expect((await ask()).status).toBe(200);
    expect(upstream.calls()).toHaveLength(1);
  });

  it('is refused for another request', async () => {
    const { gateway } = await start();
    await gateway.post('/v1/chat/completions', body, { 'idempotency-key': 'k2' });
    expect((await gateway.post('/v1/chat/completions', { ...body, seed: 3 }, { 'idempotency-key': 'k2' })).status).toBe(422);
  });
});
