import { createServer, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHttpClient, type HttpClient, readText } from '../../src/providers/http.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});

/** A body may come in a piece of its own. */
const isHead = (chunk: Buffer | string): boolean => chunk.toString().startsWith('POST');

/** A TCP server that tells what it read; `onRequest` answers each request by hand. */
async function listen(onRequest: (socket: Socket, served: number) => void): Promise<{ url: string; dials: () => number; requests: () => number }> {
  let dials = 0;
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    dials += 1;
    sockets.add(socket);
    let served = 0;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (!isHead(chunk)) return;
      requests += 1;
      onRequest(socket, served++);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, dials: () => dials, requests: () => requests };
}

const client = (url: string, connectMs = 2_000): HttpClient => {
  const made = createHttpClient({ target: 'up', url, connectMs });
  open.push(made);
  return made;
};

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const ask = async (http: HttpClient, method = 'POST'): Promise<string> =>
  readText(await http.open({ method, path: '/x', body: '{}', signal: new AbortController().signal }), 100, 'up');

describe('a connection that was idle', () => {
  it('and is closed as the next request leaves costs nothing: the request goes out again over another one', async () => {
    // Every second request on a connection meets a reset, as from a server whose idle clock ran out.
    const { url, dials, requests } = await listen((socket, served) => void (served === 0 ? socket.write(OK) : socket.resetAndDestroy()));
    const http = client(url);
    for (let turn = 0; turn < 20; turn++) {
      expect(await ask(http)).toBe('ok');
      await delay(5);
    }
    expect(dials()).toBe(20);
    expect(requests()).toBe(39);
  });

  it('is not mistaken for a new one that breaks: that is a failure', async () => {
    const { url, requests } = await listen((socket) => void socket.resetAndDestroy());
    await expect(ask(client(url))).rejects.toMatchObject({ details: { code: 'connection_lost' } });
    expect(requests()).toBe(1);
  });

  it('never sends again what was answered in part', async () => {
    const { url, requests } = await listen((socket, served) => {
      if (served === 0) socket.write(OK);
      else {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf');
        setTimeout(() => socket.resetAndDestroy(), 20);
      }
    });
    const http = client(url);
    await ask(http);
    await delay(20);
    await expect(ask(http)).rejects.toMatchObject({ details: { code: 'connection_lost' } });
    expect(requests()).toBe(2);
  });

  it('when a whole pool of them breaks with the upstream, one dial finds out for all', async () => {
    let dials = 0;
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      dials += 1;
      sockets.add(socket);
      let served = 0;
      socket.on('error', () => undefined).on('data', (chunk) => void (isHead(chunk) && served++ === 0 && setTimeout(() => socket.write(OK), 50)));
      // Once the first round is served, the listener is gone: whoever dials now is told so at once.
      if (dials === 12) server.close();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const http = client(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
    await Promise.all(Array.from({ length: 12 }, () => ask(http)));
    await delay(20);
    const counted = vi.spyOn(Socket.prototype, 'connect');
    const asked = Promise.allSettled(Array.from({ length: 12 }, () => ask(http)));
    await delay(50);
    for (const socket of sockets) socket.resetAndDestroy();
    const codes = (await asked).map((result) => (result.status === 'rejected' ? (result.reason as { details: { code: string } }).details.code : 'answered'));
    expect(new Set(codes)).toEqual(new Set(['connect_failed']));
    expect(counted.mock.calls.length).toBeLessThanOrEqual(2);
    counted.mockRestore();
  });
});
