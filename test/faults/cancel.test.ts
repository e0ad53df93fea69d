import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, openaiHandler, sseChunk, type Upstream } from '../support/upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

async function behind(upstream: Upstream, type: 'ollama' | 'openai' = 'ollama', more: object = {}): Promise<TestGateway> {
  const gateway = await startGateway({
    gateway: { providers: [{ name: 'up', type, url: type === 'ollama' ? upstream.url : `${upstream.url}/v1` }], ...more },
    performance: { caching: { enabled: false } },
  });
  open.push(gateway, upstream);
  return gateway;
}

/** Sends a chat and hangs up after `afterBytes` bytes of the answer, or at once when the upstream has got the call. */
function hangUp(gateway: TestGateway, path: string, body: object, when: (received: number) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const request = httpRequest(gateway.url + path, { method: 'POST' });
    let received = 0;
    const timer = setInterval(() => {
      if (!when(received)) return;
      clearInterval(timer);
      request.destroy();
      resolve();
    }, 5);
    request.on('response', (response) => response.on('data', (chunk: Buffer) => (received += chunk.length)));
    request.on('error', () => undefined);
    request.end(JSON.stringify(body));
  });
}

const messages = [{ role: 'user', content: 'hi' }];

describe('a client that leaves', () => {
  it.each([true, false])('stops the upstream before its first byte (stream %s)', async (stream) => {
    const upstream = await createUpstream(ollamaHandler([{ name: 'm' }], () => undefined));
    const gateway = await behind(upstream);
    await hangUp(gateway, '/api/chat', { model: 'm', messages, stream }, () => upstream.calls().length > 0);
    await vi.waitFor(() => expect(upstream.calls()[0]?.cancelled()).toBe(true));
  });

  it.each([true, false])('stops the upstream in the middle of an answer (stream %s)', async (stream) => {
    const upstream = await createUpstream(
      openaiHandler(['m'], async (seen, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        while (!seen.cancelled()) {
          response.write(sseChunk({ content: 'token ' }));
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }),
    );
    const gateway = await behind(upstream, 'openai');
    const startedAt = Date.now();
    await hangUp(gateway, '/v1/chat/completions', { model: 'm', messages, stream }, (received) => received > 500 || (!stream && Date.now() - startedAt > 100));
    await vi.waitFor(() => expect(upstream.calls()[0]?.cancelled()).toBe(true));
  });

  it('is never sent on when it left while it waited for a slot', async () => {
    let release = (): void => undefined;
    const upstream = await createUpstream(
      ollamaHandler([{ name: 'm' }], (seen, response) => {
        release = () => void nativeAnswer(['x'])(seen, response);
      }),
    );
    const gateway = await startGateway({
      gateway: { providers: [{ name: 'up', type: 'ollama', url: upstream.url, concurrency: 1 }] },
      performance: { caching: { enabled: false } },
    });
    open.push(gateway, upstream);
    const first = gateway.post('/api/chat', { model: 'm', messages, stream: false });
    await vi.waitFor(() => expect(upstream.calls()).toHaveLength(1));
    await hangUp(
      gateway,
      '/api/chat',
      { model: 'm', messages: [{ role: 'user', content: 'second' }] },
      () => gateway.services.fleet.profiles()[0]?.inFlight === 2,
    );
    await vi.waitFor(() => expect(gateway.services.fleet.profiles()[0]?.inFlight).toBe(1));
    release();
    expect((await first).status).toBe(200);
    expect(upstream.calls()).toHaveLength(1);
  });

  it('is not mistaken for one that waits', async () => {
    const upstream = await createUpstream(
      ollamaHandler([{ name: 'm' }], (seen, response) => {
        setTimeout(() => void nativeAnswer(['slow'])(seen, response), 400);
      }),
    );
    const gateway = await behind(upstream);
    const answer = (await (await gateway.post('/api/chat', { model: 'm', messages, stream: false })).json()) as { message: { content: string } };
    expect(answer.message.content).toBe('slow');
    expect(upstream.calls()[0]?.cancelled()).toBe(false);
  });
});
