import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { sendJson } from '../support/upstream.ts';
import { type Fixture, hasErrorForm, pathOf, type Route, raw, routesOf, startFixture, statusesOf } from './support.ts';

let fixture: Fixture;
let routes: Route[];
let admin: string;
let user: string;
/** A server that nobody may ever call. */
const canary = createServer();
let canaryHits = 0;
let canaryUrl: string;

beforeAll(async () => {
  fixture = await startFixture({ gateway: { auth: { required: 'always' } } });
  const { services } = fixture.gateway;
  const app = await createApp(services);
  await app.ready();
  routes = routesOf(app);
  admin = (await services.keyring.create({ name: 'a', role: 'admin' })).secret;
  user = (await services.keyring.create({ name: 'u', role: 'user' })).secret;
  canary.on('connection', (socket) => {
    canaryHits += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  canaryUrl = `http://127.0.0.1:${(canary.address() as { port: number }).port}`;
});
afterAll(async () => {
  await fixture.close();
  await new Promise((resolve) => canary.close(resolve));
});

/** What anyone may see: that it runs, how to use it, and the page that asks for a key. */
const PUBLIC = ['/', '/healthz', '/readyz', '/docs', '/openapi.yaml', '/ui', '/ui/:file'];
/** What changes the fleet, the keys or what was learned. */
const ADMIN = [
  ...['POST /api/pull', 'POST /api/push', 'POST /api/create', 'POST /api/copy', 'DELETE /api/delete', 'POST /api/blobs/:digest'],
  ...[
    'POST /orchestrator/keys',
    'GET /orchestrator/keys',
    'DELETE /orchestrator/keys/:id',
    'PATCH /orchestrator/profiles',
    'POST /orchestrator/profiles/refresh',
  ],
  ...['POST /orchestrator/learning/import', 'POST /orchestrator/learning/reset', 'POST /orchestrator/learning/freeze'],
];

const call = (route: Route, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(fixture.gateway.url + pathOf(route.url), {
    method: route.method,
    headers,
    ...(['POST', 'PATCH', 'PUT'].includes(route.method) && { body: '{}' }),
    signal: AbortSignal.timeout(5_000),
  });
const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

describe('without a key', () => {
  it('every route answers 401 but the written list', async () => {
    expect(routes.length).toBeGreaterThan(50);
    const open: string[] = [];
    for (const route of routes) {
      const response = await call(route);
      const text = await response.text();
      if (response.status !== 401) open.push(route.url);
      else if (route.method !== 'HEAD') expect(hasErrorForm(pathOf(route.url), JSON.parse(text)), `${route.method} ${route.url}`).toBe(true);
    }
    expect([...new Set(open)].sort()).toEqual([...PUBLIC].sort());
  });

  it('unknown routes tell nothing either, nor other methods of known ones', async () => {
    for (const [method, url] of [
      ['GET', '/v1/secret'],
      ['POST', '/api/unknown'],
      ['PUT', '/v1/models'],
      ['DELETE', '/orchestrator/keys'],
      ['GET', '/.env'],
    ] as const)
      expect((await call({ method, url })).status, `${method} ${url}`).toBe(401);
  });

  it('other ways to write a path lead to no other door', async () => {
    for (const path of [
      '//v1/models',
      '/v1//models',
      '/v1/models/',
      '/v1/./models',
      '/V1/models',
      '/v1/%6dodels',
      '/v1/models%00',
      '/healthz/../v1/models',
      '/ui/..%2fv1/models',
      '/v1/models;x',
      '/healthz%2f..%2fv1%2fmodels',
    ]) {
      const [status = 0] = statusesOf(await raw(fixture.gateway.url, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`));
      expect([400, 401, 404], path).toContain(status);
    }
  });
});

describe('a wrong key', () => {
  const variants = (good: string): [string, Record<string, string>][] => [
    ['another scheme', { authorization: `Basic ${Buffer.from(`x:${good}`).toString('base64')}` }],
    ['nothing after the scheme', { authorization: 'Bearer ' }],
    ['no scheme', { authorization: good }],
    ['two words', { authorization: `Bearer ${good} ${good}` }],
    ['half of it', { authorization: `Bearer ${good.slice(0, 20)}` }],
    ['more behind it', { authorization: `Bearer ${good}x` }],
    ['another case', { authorization: `Bearer ${good.toUpperCase()}` }],
    ['SQL', { authorization: "Bearer ' OR '1'='1" }],
    ['an object', { authorization: 'Bearer {"$ne":1}' }],
    ['much', { authorization: `Bearer ${'x'.repeat(8_000)}` }],
    ['two different keys', { authorization: `Bearer ${good}`, 'x-api-key': `${good}y` }],
    ['a wrong one where Anthropic puts it', { 'x-api-key': 'mao_x' }],
  ];

  it('is 401 in every form', async () => {
    for (const [name, headers] of variants(user)) expect((await call({ method: 'GET', url: '/v1/models' }, headers)).status, name).toBe(401);
  });

  it('is 401 in the query, and two Authorization headers are no key', async () => {
    expect((await call({ method: 'GET', url: `/v1/models?key=${user}&api_key=${user}&access_token=${user}` })).status).toBe(401);
    const answer = await raw(
      fixture.gateway.url,
      `GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer wrong\r\nAuthorization: Bearer ${user}\r\nConnection: close\r\n\r\n`,
    );
    expect(statusesOf(answer)).toEqual([401]);
  });

  it('is never written to the log, nor is the right one', async () => {
    await call({ method: 'GET', url: '/v1/models' }, bearer('mao_canary-wrong'));
    await call({ method: 'GET', url: '/v1/models' }, bearer(user));
    expect(fixture.gateway.logs().join('')).not.toMatch(new RegExp(`canary-wrong|${user}|${admin}`));
  });
});

describe('a key of a user', () => {
  it('is 403 on everything that manages, and no upstream hears of it', async () => {
    const before = fixture.ollama.seen.length;
    for (const entry of ADMIN) {
      const [method = '', url = ''] = entry.split(' ');
      expect(
        routes.some((route) => route.method === method && route.url === url),
        entry,
      ).toBe(true);
      expect((await call({ method, url }, bearer(user))).status, entry).toBe(403);
    }
    expect(fixture.ollama.seen).toHaveLength(before);
  });

  it('does not reach admin routes by other spellings', async () => {
    for (const path of ['//api//delete', '/api/delete/', '/api/%64elete', '/API/delete', '/v1/models/..%2f..%2fapi%2fdelete']) {
      const [status = 0] = statusesOf(
        await raw(
          fixture.gateway.url,
          `DELETE ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${user}\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{"model":"n"}`,
        ),
      );
      expect([400, 403, 404, 405], path).toContain(status);
    }
  });
});

describe('addresses in a request', () => {
  const FORMS = (url: string): string[] => {
    const { port } = new URL(url);
    return [
      ...['127.0.0.1', '127.1', '0x7f.1', '2130706433', '0177.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0', 'localhost', 'localhost.', 'LOCALHOST'].map(
        (host) => `http://${host}:${port}/x.png`,
      ),
      ...[
        `http://user:pass@127.0.0.1:${port}/`,
        `http://example.com#@127.0.0.1:${port}/`,
        `http://example.com@127.0.0.1:${port}/`,
        `http://127.0.0.1:${port}/latest/meta-data`,
      ],
      ...[
        'http://169.254.169.254/latest/meta-data/',
        'http://metadata.google.internal/',
        'file:///etc/passwd',
        'gopher://127.0.0.1:6379/_x',
        'ftp://127.0.0.1/',
        '//127.0.0.1/',
        'data:text/html;base64,PGI+',
        'data:image/svg+xml;base64,PHN2Zz4=',
      ],
    ];
  };

  it('are refused as images, and nothing is fetched', async () => {
    for (const url of FORMS(canaryUrl)) {
      const bodies: [string, object][] = [
        ['/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] }],
        ['/v1/responses', { model: 'm', input: [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }] }],
        ['/v1/messages', { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url } }] }] }],
        ['/api/chat', { model: 'n', messages: [{ role: 'user', content: 'x', images: [url] }] }],
        ['/api/generate', { model: 'n', prompt: 'x', images: [url] }],
      ];
      for (const [path, body] of bodies) expect((await fixture.gateway.post(path, body, bearer(user))).status, `${path} ${url}`).toBe(400);
    }
    expect(canaryHits).toBe(0);
  });

  it('change no upstream as fields or headers', async () => {
    const fields = Object.fromEntries(['base_url', 'api_base', 'url', 'host', 'endpoint', 'provider', 'proxy', 'webhook'].map((name) => [name, canaryUrl]));
    const headers = Object.fromEntries(
      ['x-base-url', 'x-api-base', 'x-upstream', 'x-portkey-custom-host', 'x-forwarded-host', 'x-original-url', 'x-http-method-override', 'forwarded'].map(
        (name) => [name, canaryUrl],
      ),
    );
    for (const [path, body] of [
      ['/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'x' }] }],
      ['/v1/completions', { model: 'm', prompt: 'x' }],
      ['/v1/responses', { model: 'm', input: 'x' }],
      ['/v1/messages', { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'x' }] }],
      ['/api/chat', { model: 'n', messages: [{ role: 'user', content: 'x' }], stream: false }],
      ['/api/generate', { model: 'n', prompt: 'x', stream: false }],
      ['/orchestrator/route', { prompt: 'x' }],
      ['/api/show', { model: 'n' }],
    ] as const)
      expect([200, 400]).toContain((await fixture.gateway.post(path, { ...body, ...fields }, { ...bearer(user), ...headers })).status);
    expect(canaryHits).toBe(0);
  });

  it.each([301, 302, 307, 308])('are not followed when an upstream redirects with %i', async (status) => {
    const redirected = await startFixture({
      chat: (_seen, response) => void response.writeHead(status, { location: `${canaryUrl}/v1/chat/completions` }).end(),
      native: (_seen, response) => void response.writeHead(status, { location: `${canaryUrl}/api/chat` }).end(),
    });
    for (const [path, model] of [
      ['/v1/chat/completions', 'm'],
      ['/api/chat', 'n'],
    ] as const) {
      const response = await redirected.gateway.post(path, { model, messages: [{ role: 'user', content: 'x' }] });
      expect(response.status).toBeGreaterThanOrEqual(500);
      expect(response.headers.get('location')).toBeNull();
    }
    await redirected.close();
    expect(canaryHits).toBe(0);
  });
});

describe('credentials', () => {
  it('of a client stay here, and what an upstream says of itself stays there', async () => {
    const own = await startFixture({
      chat: (_seen, response) => {
        response.setHeader('set-cookie', 'session=1');
        response.setHeader('server', 'upstream/1.2');
        response.setHeader('x-upstream-key', 'secret');
        sendJson(response, { choices: [{ index: 0, message: { role: 'assistant', content: 'fine' }, finish_reason: 'stop' }], usage: {} });
      },
    });
    const sent = {
      authorization: 'Bearer client-key',
      'x-api-key': 'client-key',
      cookie: 'a=client-key',
      'proxy-authorization': 'client-key',
      'x-forwarded-for': '10.9.8.7',
      forwarded: 'for=client-key',
    };
    const response = await own.gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'x' }] }, sent);
    const seen = own.openai.calls().at(-1);
    expect(JSON.stringify(seen?.headers)).not.toMatch(/client-key|10\.9\.8\.7|cookie/);
    for (const name of ['set-cookie', 'server', 'x-upstream-key', 'x-powered-by']) expect(response.headers.get(name)).toBeNull();
    await own.close();
  });
});

describe('every answer', () => {
  it('forbids to be kept or sniffed, and varies by its key', async () => {
    for (const route of routes.filter(({ method, url }) => method === 'GET' && !PUBLIC.includes(url) && url !== '/orchestrator/live' && url !== '/mcp')) {
      const response = await call(route, bearer(admin));
      expect(response.headers.get('cache-control'), route.url).toContain('no-store');
      expect(response.headers.get('vary'), route.url).toContain('Authorization');
      expect(response.headers.get('x-content-type-options'), route.url).toBe('nosniff');
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      await response.body?.cancel();
    }
  });

  it('of 200 provoked errors tells nothing of the machine', async () => {
    const leaky = await startFixture({
      chat: (_seen, response) => void response.socket?.resetAndDestroy(),
      native: (_seen, response) => sendJson(response, { error: `open /root/.ollama/models/blobs/sha256-1: no such file; dial tcp 127.0.0.1:33333` }, 500),
    });
    const secrets = new RegExp(
      [
        `127\\.0\\.0\\.1:(${leaky.openai.port}|${leaky.ollama.port}|33333)`,
        process.cwd(),
        'node_modules',
        '\\.ts:\\d+',
        '\\n\\s+at ',
        '/root/',
        'undici',
        'UND_ERR',
        process.version,
      ].join('|'),
    );
    const told: string[] = [];
    let provoked = 0;
    const bodies = [
      '',
      '{',
      '[]',
      'null',
      '{"model":5}',
      '{"model":"nope"}',
      '{"model":"m","messages":[{"role":"user","content":"x"}]}',
      '{"model":"n","messages":[{"role":"user","content":"x"}],"prompt":"x","stream":false}',
    ];
    for (const { method, url } of routes.filter((route) => route.method !== 'HEAD' && route.url !== '/orchestrator/live')) {
      for (const body of method === 'GET' ? [''] : bodies) {
        const response = await fetch(leaky.gateway.url + pathOf(url), { method, ...(method !== 'GET' && { body }), signal: AbortSignal.timeout(5_000) });
        const text = await response.text();
        if (response.status < 400) continue;
        provoked += 1;
        if (secrets.test(text) || secrets.test(JSON.stringify([...response.headers]))) told.push(`${method} ${url} ${body}: ${text.slice(0, 200)}`);
      }
    }
    await leaky.close();
    expect(told).toEqual([]);
    expect(provoked).toBeGreaterThan(200);
  });
});
