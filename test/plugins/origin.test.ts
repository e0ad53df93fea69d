import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrigins, isLocalHost } from '../../src/origins.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await createUpstream(ollamaHandler([{ name: 'llama3.1:8b' }], nativeAnswer(['Hi'])));
  gateway = await startGateway({
    gateway: {
      providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }],
      server: { hosts: ['gateway.example'], origins: ['https://chat.example', 'https://*.apps.example'] },
    },
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** One request written by hand, since fetch sets Host and Origin itself. */
const raw = (text: string): Promise<{ status: number; headers: string; body: string }> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    let answer = '';
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (part) => {
      answer += part.toString();
    });
    socket.once('error', reject).once('close', () => {
      const [headers = '', body = ''] = answer.split('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), headers: headers.toLowerCase(), body });
    });
    socket.write(text);
  });

const ask = (method: string, path: string, headers: Record<string, string>, body = '') =>
  raw(
    `${method} ${path} HTTP/1.1\r\n${Object.entries({ Host: 'localhost', Connection: 'close', ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}${body === '' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`}\r\n${body}`,
  );

describe('origins', () => {
  it.each([
    ['http://localhost', true],
    ['http://localhost:3000', true],
    ['https://127.0.0.1:8443', true],
    ['app://obsidian.md', true],
    ['vscode-webview://0abc', true],
    ['https://chat.example', true],
    ['https://a.apps.example', true],
    ['null', false],
    ['http://localhost:3000.evil.com', false],
    ['http://localhost.evil.com', false],
    ['http://evil.com', false],
    ['https://chat.example.evil.com', false],
    ['https://evilchat.example', false],
    ['http://chat.example', false],
    ['chrome-extension://abc', false],
  ])('%s is allowed: %s', async (origin, allowed) => {
    const answer = await ask('GET', '/api/version', { Host: '127.0.0.1', Origin: origin });
    expect(answer.status).toBe(allowed ? 200 : 403);
    expect(answer.headers.includes(`access-control-allow-origin: ${origin.toLowerCase()}`)).toBe(allowed);
    expect(answer.headers.includes('vary: origin')).toBe(allowed);
    expect(answer.headers).not.toContain('access-control-allow-credentials');
    if (!allowed) expect(answer.body).toBe('');
  });

  it('lets everybody in where the configuration says so', () => {
    expect(createOrigins(['*'])).toMatchObject({ any: true });
    expect(createOrigins(['*']).allows('http://evil.com')).toBe(true);
  });

  it('says nothing of origins to a client that has none, or the same one', async () => {
    expect((await ask('GET', '/api/version', {})).headers).not.toContain('access-control');
    const same = await ask('GET', '/api/version', { Origin: 'http://localhost' });
    expect(same.status).toBe(200);
    expect(same.headers).not.toContain('access-control');
  });

  it('answers a preflight on any path with what clients send', async () => {
    for (const path of ['/api/chat', '/v1/chat/completions', '/v1/messages', '/nowhere']) {
      const { status, headers } = await ask('OPTIONS', path, { Origin: 'http://localhost:3000', 'Access-Control-Request-Method': 'POST' });
      expect(status).toBe(204);
      expect(headers).toContain('access-control-allow-methods: get,post,put,patch,delete,head,options');
      expect(headers).toContain('access-control-max-age: 43200');
      for (const name of ['authorization', 'x-stainless-retry-count', 'openai-organization', 'x-api-key', 'anthropic-version', 'idempotency-key'])
        expect(headers).toContain(name);
    }
  });

  it('refuses a preflight of a foreign page', async () => {
    expect((await ask('OPTIONS', '/api/chat', { Origin: 'https://evil.com', 'Access-Control-Request-Method': 'POST' })).status).toBe(403);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'refuses the simple POST (%s) of a foreign page, and the model hears nothing of it',
    async (type) => {
      const before = upstream.calls().length;
      const body = JSON.stringify({ model: 'llama3.1:8b', messages: [{ role: 'user', content: 'x' }] });
      for (const path of ['/api/chat', '/api/pull', '/api/delete', '/v1/chat/completions'])
        expect((await ask('POST', path, { Origin: 'https://evil.com', 'Content-Type': type }, body)).status).toBe(403);
      expect(upstream.calls().length).toBe(before);
    },
  );

  it('answers OPTIONS without an origin like Ollama: 204 for a name, 405 for an address', async () => {
    expect((await ask('OPTIONS', '/api/tags', {})).status).toBe(204);
    expect((await ask('OPTIONS', '/api/tags', { Host: '127.0.0.1' })).status).toBe(405);
  });
});

describe('hosts', () => {
  const names = { own: ['mybox', '203.0.113.7'], configured: ['gateway.example'] };

  it.each([
    '',
    'localhost',
    'LOCALHOST:11435',
    'localhost.',
    'a.localhost',
    'box.local',
    'x.internal',
    '127.0.0.1:80',
    '10.1.2.3',
    '192.168.0.9',
    '172.16.0.1',
  ])('knows %j as local', (host) => expect(isLocalHost(host, names)).toBe(true));
  it.each(['0.0.0.0', '[::1]:11435', '[fd00::1]', 'mybox', '203.0.113.7', 'gateway.example:443'])('knows %j as its own', (host) =>
    expect(isLocalHost(host, names)).toBe(true),
  );
  it.each([
    'evil.com',
    'localhost.evil.com',
    'evillocal',
    '8.8.8.8',
    '172.32.0.1',
    '127.0.0.1.evil.com',
    '10.evil.com',
    '[2001:db8::1]',
    'a b',
    '127.1',
    'http://localhost',
  ])('refuses %j', (host) => expect(isLocalHost(host, names)).toBe(false));

  it.each(['/api/tags', '/api/chat', '/v1/models', '/healthz', '/metrics', '/nowhere'])('refuses a foreign Host on %s before any handler', async (path) => {
    expect(await ask('GET', path, { Host: 'evil.com' })).toMatchObject({ status: 403, body: '' });
  });

  it('serves the host names of its configuration', async () => {
    expect((await ask('GET', '/api/version', { Host: 'gateway.example' })).status).toBe(200);
  });

  it('refuses two Host headers, and a target for another host', async () => {
    expect((await raw('GET /api/version HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n')).status).toBe(400);
    expect((await ask('GET', 'http://evil.com/api/version', {})).status).toBe(400);
    expect((await ask('GET', 'http://localhost/api/version', {})).status).toBe(200);
  });
});

describe('paths', () => {
  it.each(['/api/tags/', '//api/tags', '/api//tags', '/api/tags?x=1'])('serves %s as /api/tags', async (path) => {
    expect((await ask('GET', path, {})).status).toBe(200);
  });

  it.each([
    ['GET', '/api/chat', 'POST'],
    ['GET', '/api/chat/', 'POST'],
    ['DELETE', '/api/tags', 'GET, HEAD'],
    ['POST', '/v1/models/some/model', 'GET, HEAD'],
    ['PATCH', '//api/version', 'GET, HEAD'],
  ])('answers %s %s with 405 and Allow: %s', async (method, path, allow) => {
    const { status, headers, body } = await ask(method, path, {});
    expect(status).toBe(405);
    expect(headers).toContain(`allow: ${allow.toLowerCase()}`);
    expect(JSON.parse(body)).toHaveProperty('error');
  });

  it.each(['/api/nothing', '/api/x/../chat', '/apis', '/%00', '/api/..%2fv1', '/API/CHAT'])('answers %s with 404', async (path) => {
    expect((await ask('POST', path, {}, '{}')).status).toBe(404);
  });

  it.each([
    ['/api/%zz', 400],
    [`/api/tags?${'a'.repeat(20_000)}`, 431],
  ])('refuses %.20s with %i in a form that a client reads', async (path, status) => {
    const answer = await ask('GET', path, {});
    expect(answer.status).toBe(status);
    if (status !== 431) expect(JSON.parse(answer.body)).toHaveProperty('error');
  });

  it('gives errors of native paths as a string, however the path is written', async () => {
    for (const path of ['/api/nothing', '//api/nothing', 'http://localhost/api/nothing'])
      expect(typeof JSON.parse((await ask('GET', path, {})).body).error).toBe('string');
  });
});
