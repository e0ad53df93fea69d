import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
let closed: TestGateway;
let admin: string;
let user: string;
let other: string;

const ask = (where: TestGateway, headers: Record<string, string> = {}, content = 'hi'): Promise<Response> =>
  where.post('/v1/chat/completions', { model: 'auto', messages: [{ role: 'user', content }] }, headers);

interface Live {
  /** The next event of this name; others on the way are passed over. */
  next(event: string): Promise<Record<string, unknown>>;
  /** Resolves when the gateway ends the stream. */
  ended(): Promise<void>;
  close(): void;
}

async function listen(where: TestGateway, headers: Record<string, string> = {}, query = ''): Promise<Live> {
  const controller = new AbortController();
  const response = await fetch(`${where.url}/orchestrator/live${query}`, { headers, signal: controller.signal });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let rest = '';
  const waiting: { event: string; data: Record<string, unknown> }[] = [];
  const pull = async (): Promise<boolean> => {
    const { value, done } = await reader.read();
    if (done) return false;
    const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      if (event !== undefined && data !== undefined) waiting.push({ event, data: JSON.parse(data) as Record<string, unknown> });
    }
    return true;
  };
  return {
    async next(event) {
      for (;;) {
        const item = waiting.shift();
        if (item?.event === event) return item.data;
        if (item === undefined && !(await pull())) throw new Error(`the stream ended before '${event}'`);
      }
    },
    async ended() {
      while (await pull());
    },
    close: () => controller.abort(),
  };
}

beforeAll(async () => {
  upstream = await createUpstream(ollamaHandler([{ name: 'llama3.1:8b' }], nativeAnswer(['Hello.'])));
  const providers = [{ name: 'ollama', type: 'ollama', url: upstream.url }];
  gateway = await startGateway({ gateway: { providers } });
  closed = await startGateway({ gateway: { providers, auth: { required: 'always' } } });
  const { keyring } = closed.services;
  const make = async (name: string, role: 'user' | 'admin'): Promise<string> => (await keyring.create({ name, role, allowedModels: [] })).secret;
  [admin, user, other] = [await make('a', 'admin'), await make('u', 'user'), await make('o', 'user')];
});
afterAll(async () => {
  await gateway?.close();
  await closed?.close();
  await upstream?.close();
});

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

describe('GET /', () => {
  it('says to clients what Ollama says', async () => {
    const response = await fetch(gateway.url, { redirect: 'manual' });
    expect([response.status, await response.text()]).toEqual([200, 'Ollama is running']);
  });

  it('sends browsers to the page', async () => {
    const response = await fetch(gateway.url, { redirect: 'manual', headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    expect([response.status, response.headers.get('location'), response.headers.get('vary')]).toEqual([302, '/ui', 'Accept, Authorization, Origin']);
  });
});

describe('GET /ui', () => {
  it.each([
    ['/ui', 'text/html; charset=utf-8'],
    ['/ui/', 'text/html; charset=utf-8'],
    ['/ui/style.css', 'text/css; charset=utf-8'],
    ['/ui/main.js', 'text/javascript; charset=utf-8'],
    ['/ui/icon.svg', 'image/svg+xml; charset=utf-8'],
  ])('serves %s as %s without a key', async (path, type) => {
    const response = await fetch(closed.url + path);
    expect([response.status, response.headers.get('content-type'), response.headers.get('x-content-type-options')]).toEqual([200, type, 'nosniff']);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
  });

  it('answers 304 while nothing changed', async () => {
    const first = await fetch(`${gateway.url}/ui/main.js`);
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(`${gateway.url}/ui/main.js`, { headers: { 'if-none-match': `"x", W/${etag}` } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
  });

  it.each(['/ui/none.js', '/ui/tsconfig.json', '/ui/..%2fpackage.json', '/ui/%2e%2e%2fpackage.json'])('has no %s', async (path) => {
    expect((await fetch(gateway.url + path)).status).toBe(404);
  });
});

describe('GET /orchestrator/live', () => {
  it('begins with what was decided so far and goes on with what is decided now', async () => {
    await ask(gateway, {}, 'before');
    const live = await listen(gateway);
    const { decisions, own } = await live.next('snapshot');
    expect(own).toBe(false);
    expect(decisions).toHaveLength(1);
    await ask(gateway, {}, 'Write a binary search in Go');
    const decision = await live.next('decision');
    expect(decision).toMatchObject({ task: 'code', reason: expect.any(String) });
    expect(decision).not.toHaveProperty('outcome');
    expect(await live.next('finished')).toMatchObject({ id: decision['id'], outcome: 'ok', served: 'ollama/llama3.1:8b' });
    live.close();
  });

  it('gives as many old decisions as were asked for', async () => {
    for (const word of ['one', 'two', 'three']) await ask(gateway, {}, word);
    const live = await listen(gateway, {}, '?limit=2');
    expect((await live.next('snapshot'))['decisions']).toHaveLength(2);
    live.close();
  });

  it('wants a key where the gateway does', async () => {
    expect((await fetch(`${closed.url}/orchestrator/live`)).status).toBe(401);
  });

  it('shows a user only the finished requests of the own key', async () => {
    const mine = await listen(closed, bearer(user));
    expect(await mine.next('snapshot')).toEqual({ own: true, decisions: [] });
    await ask(closed, bearer(other), 'of somebody else');
    await ask(closed, bearer(admin), 'of an admin');
    const answer = await ask(closed, bearer(user), 'my own');
    const { id } = (await answer.json()) as { id: string };
    expect(id).toContain((await mine.next('finished'))['id']);
    mine.close();
    const again = await listen(closed, bearer(user));
    expect((await again.next('snapshot'))['decisions']).toHaveLength(1);
    again.close();
    const all = await listen(closed, bearer(admin));
    expect((await all.next('snapshot'))['decisions']).toHaveLength(3);
    all.close();
  });

  it('refuses more streams than it can feed', async () => {
    const many = await startGateway();
    const streams = await Promise.all(Array.from({ length: 64 }, () => listen(many)));
    const refused = await fetch(`${many.url}/orchestrator/live`);
    expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([503, 'too_many_streams']);
    for (const stream of streams) stream.close();
    await many.close();
  });

  it('ends when the gateway closes', async () => {
    const short = await startGateway();
    const live = await listen(short);
    await live.next('snapshot');
    await Promise.all([short.close(), live.ended()]);
  });
});
