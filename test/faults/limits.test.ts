import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, openaiAnswer, openaiHandler, sendJson, sseChunk, type Upstream } from '../support/upstream.ts';
import { spawnGateway } from './child-gateway.ts';
import { note, thorough } from './support.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

async function start(handlers: readonly Handler[], gateway: object = {}): Promise<{ gateway: TestGateway; upstreams: Upstream[] }> {
  const upstreams = await Promise.all(handlers.map((handler) => createUpstream(openaiHandler(['m'], handler))));
  const started = await startGateway({
    gateway: {
      providers: upstreams.map(({ url }, index) => ({ name: `up${index}`, type: 'openai', url: `${url}/v1`, weight: index === 0 ? 1e9 : 1 })),
      ...gateway,
    },
    routing: { balance: 'weighted' },
    performance: { caching: { enabled: false } },
  });
  open.push(started, ...upstreams);
  return { gateway: started, upstreams };
}

const body = (content: string, more: object = {}): object => ({ model: 'm', messages: [{ role: 'user', content }], ...more });
const good = openaiAnswer(['fine']);
const tooMany =
  (retryAfter: string): Handler =>
  (_seen, response) => {
    response.setHeader('retry-after', retryAfter);
    sendJson(response, { error: { message: 'slow down' } }, 429);
  };

describe('an upstream that wants to be left alone (429)', () => {
  const VALUES = ['1', '99999', '-1', 'soon', '0', '1e9', new Date(Date.now() + 5_000).toUTCString(), 'Thu, 01 Jan 1970 00:00:00 GMT'];

  it.each(VALUES)('with Retry-After %s: another one answers at once', async (value) => {
    const { gateway } = await start([tooMany(value), good]);
    const begun = performance.now();
    const response = await gateway.post('/v1/chat/completions', body('x'));
    expect(response.status).toBe(200);
    expect(response.headers.get('x-orchestrator-provider')).toBe('up1');
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it.each(VALUES)('with Retry-After %s and nobody else: 429 with a wait of at most a minute', async (value) => {
    const { gateway } = await start([tooMany(value)]);
    const response = await gateway.post('/v1/chat/completions', body('x'));
    expect(response.status).toBe(429);
    const wait = Number(response.headers.get('retry-after'));
    expect(Number.isInteger(wait) && wait >= 1 && wait <= 60).toBe(true);
  });
});

describe('requests that an upstream refuses', () => {
  it.each([400, 422])('with %i a hundred times over are each sent once and put nobody out of the rotation', async (status) => {
    const { gateway, upstreams } = await start([
      (seen, response) => (seen.text.includes('bad') ? sendJson(response, { error: { message: 'no such thing' } }, status) : good(seen, response)),
      good,
    ]);
    const count = thorough ? 1_000 : 100;
    for (let turn = 0; turn < count; turn++) expect((await gateway.post('/v1/chat/completions', body(`bad ${turn}`))).status).toBe(status);
    expect(upstreams[0]?.calls()).toHaveLength(count);
    expect(upstreams[1]?.calls()).toHaveLength(0);
    const after = await gateway.post('/v1/chat/completions', body('fine'));
    expect(after.headers.get('x-orchestrator-provider')).toBe('up0');
  });
});

describe('one client', () => {
  it('that opens more streams than it may gets 429 for the rest, and slots come back when streams end', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { gateway } = await start(
      [
        async (seen, response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.write(sseChunk({ content: 'x' }));
          await held;
          response.end(`${sseChunk({}, 'stop')}data: [DONE]\n\n`);
          seen.cancelled();
        },
      ],
      { limits: { concurrency: 40 } },
    );
    const asked = Array.from({ length: thorough ? 1_000 : 200 }, (_, index) => gateway.post('/v1/chat/completions', body(`q${index}`, { stream: true })));
    const answers = await Promise.all(asked);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(40);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(answers.length - 40);
    expect(refused.every(({ headers }) => Number(headers.get('retry-after')) >= 1)).toBe(true);
    release();
    await Promise.all(answers.map((answer) => answer.text()));
    await vi.waitFor(async () => expect((await gateway.post('/v1/chat/completions', body('again'))).status).toBe(200));
  });
});

/** Asks for a stream and never reads it; what the kernel takes is all that leaves the gateway. */
const mute = (port: number, index: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const text = JSON.stringify(body(`q${index}`, { stream: true }));
    const socket = connect(port, '127.0.0.1', () => {
      socket.pause();
      socket.write(`POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
      resolve(socket);
    });
    socket.on('error', reject);
  });

describe('readers that do not read', () => {
  it('cost bounded memory, and their upstream calls end when they leave', { timeout: 60_000 }, async () => {
    const readers = thorough ? 200 : 60;
    const chunk = sseChunk({ content: 'x'.repeat(16_000) });
    const upstream = await createUpstream(
      openaiHandler(['m'], async (seen, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (let part = 0; part < 2_000 && !seen.cancelled(); part++) {
          if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
        }
      }),
    );
    const gateway = await spawnGateway(
      { providers: [{ name: 'up', type: 'openai', url: `${upstream.url}/v1`, concurrency: 10_000 }], limits: { concurrency: 10_000 } },
      { performance: { caching: { enabled: false } } },
    );
    open.push(gateway, upstream);
    const residentKib = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.process.pid}/status`, 'utf8'))?.[1]);
    const before = residentKib();
    const port = Number(new URL(gateway.url).port);
    const sockets = await Promise.all(Array.from({ length: readers }, (_, index) => mute(port, index)));
    await vi.waitFor(() => expect(upstream.calls().length).toBe(readers), { timeout: 20_000 });
    await delay(2_000);
    const begun = performance.now();
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    const healthMs = performance.now() - begun;
    const perReader = (residentKib() - before) / readers;
    // 32 MB would go to every reader: what is not read must not be fetched.
    expect(perReader).toBeLessThan(4_096);
    for (const socket of sockets) socket.destroy();
    const left = performance.now();
    await vi.waitFor(() => expect(upstream.calls().every((seen) => seen.cancelled())).toBe(true), { timeout: 5_000 });
    note('A2', { readers, kibPerReader: Math.round(perReader), healthMs: Math.round(healthMs), cancelledMs: Math.round(performance.now() - left) });
  });
});
