import { connect } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import bodyClock from '../../plugins/body-clock.ts';

let app: FastifyInstance;
afterEach(() => app.close());

const start = async (): Promise<number> => {
  app = Fastify();
  await app.register(bodyClock, { ms: 100 });
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  const read = async (request: { body: unknown }): Promise<string> => {
    let size = 0;
    for await (const part of request.body as AsyncIterable<Buffer>) size += part.length;
    return String(size);
  };
  app.post('/json', read);
  app.post('/upload', { config: { upload: true } }, read);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as { port: number }).port;
};

/** Sends the head at once and then one byte after another, `count` of the `length` promised, every `everyMs`. */
const trickle = (port: number, path: string, length: number, count: number, everyMs: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    let sent = 0;
    const timer = setInterval(() => {
      if (sent++ < count && !socket.destroyed) socket.write('x');
    }, everyMs);
    socket.on('data', (part) => {
      answer += part.toString();
      if (answer.includes('HTTP/1.1 200')) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      resolve(answer.split('\r\n')[0] ?? '');
    });
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Length: ${length}\r\n\r\n`);
  });

describe('the body clock', () => {
  it('cuts off a body that trickles in', async () => {
    expect(await trickle(await start(), '/json', 1_000, 1_000, 20)).toContain('408');
  });

  it('lets an upload take its time while something of it comes', async () => {
    expect(await trickle(await start(), '/upload', 15, 15, 20)).toContain('200');
  });

  it('cuts off an upload of which nothing more comes', async () => {
    expect(await trickle(await start(), '/upload', 15, 3, 10)).toContain('408');
  });
});
