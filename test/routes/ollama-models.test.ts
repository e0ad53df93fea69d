import { createHash, randomBytes } from 'node:crypto';
import { createServer, request as httpRequest, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNdjson, startGateway, type TestGateway } from '../support/gateway.ts';
import {
  createUpstream,
  type Handler,
  nativeAnswer,
  ollamaHandler,
  openaiAnswer,
  openaiHandler,
  type Seen,
  sendJson,
  type Upstream,
} from '../support/upstream.ts';

const HEX = 'ab'.repeat(32);
const layer = (completed: number | undefined) => ({
  status: 'pulling aabbccddeeff',
  digest: `sha256:${HEX}`,
  total: 100,
  ...(completed !== undefined && { completed }),
});

const progress =
  (lines: readonly object[]): Handler =>
  (_seen, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (const line of lines) response.write(`${JSON.stringify(line)}\n`);
    response.end();
  };
const PULLED = [{ status: 'pulling manifest' }, layer(undefined), layer(50), layer(100), { status: 'verifying sha256 digest' }, { status: 'success' }];

/** What a host does with management calls; everything else it answers like an Ollama with these models. */
const host = (models: readonly string[], manage: Handler): Handler =>
  ollamaHandler(
    models.map((name) => ({ name })),
    (seen, response) => (/\/(chat|generate)$/.test(seen.path) ? nativeAnswer(['Hi'])(seen, response) : manage(seen, response)),
  );

let one: Upstream;
let two: Upstream;
let gateway: TestGateway;
const start = (management?: string): Promise<TestGateway> =>
  startGateway({
    gateway: {
      providers: [
        { name: 'one', type: 'ollama', url: one.url },
        { name: 'two', type: 'ollama', url: two.url },
      ],
      ...(management !== undefined && { discovery: { management } }),
    },
  });
const managing = (upstream: Upstream): Seen[] => upstream.seen.filter(({ path }) => /\/(pull|push|create|copy|delete)$/.test(path) || path.includes('/blobs/'));
const remove = (body: unknown): Promise<Response> => fetch(`${gateway.url}/api/delete`, { method: 'DELETE', body: JSON.stringify(body) });

beforeEach(async () => {
  one = await createUpstream(host(['llama3.1:8b', 'shared:latest'], progress(PULLED)));
  two = await createUpstream(host(['qwen2.5:7b', 'shared:latest'], progress(PULLED)));
});
afterEach(async () => {
  await gateway.close();
  await Promise.all([one.close(), two.close()]);
});

describe('one host takes management calls (the default)', () => {
  beforeEach(async () => {
    gateway = await start();
  });

  it('passes the progress of a pull on, line by line', async () => {
    const response = await gateway.post('/api/pull', { name: 'new-model', insecure: true });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(await readNdjson(response)).toEqual(PULLED);
    expect(managing(one)[0]?.body).toEqual({ model: 'new-model', insecure: true, stream: true });
    expect(managing(two)).toEqual([]);
  });

  it('answers one object with stream false', async () => {
    const response = await gateway.post('/api/pull', { model: 'new-model', stream: false });
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual({ status: 'success' });
  });

  it('tells of a failed pull on a line of the stream, and with 500 without one', async () => {
    one.handle(host([], progress([{ status: 'pulling manifest' }, { error: 'pull model manifest: file does not exist' }])));
    expect((await readNdjson(await gateway.post('/api/pull', { model: 'nope' }))).at(-1)).toEqual({ error: 'pull model manifest: file does not exist' });
    const whole = await gateway.post('/api/pull', { model: 'nope', stream: false });
    expect(whole.status).toBe(500);
    expect(await whole.json()).toEqual({ error: 'pull model manifest: file does not exist' });
  });

  it('ends a stream that the host broke off with an error', async () => {
    one.handle(host([], progress([{ status: 'pulling manifest' }])));
    const lines = await readNdjson(await gateway.post('/api/pull', { model: 'nope' }));
    expect(lines).toEqual([{ status: 'pulling manifest' }, { error: expect.stringContaining('ended before') as string }]);
  });

  it('knows the new model as soon as the pull is done', async () => {
    one.handle(host(['llama3.1:8b', 'shared:latest', 'new-model:latest'], progress(PULLED)));
    await (await gateway.post('/api/pull', { model: 'new-model' })).text();
    expect((await gateway.post('/api/show', { model: 'new-model' })).status).toBe(200);
  });

  it('sends a delete to the host that has the model, under the name it has there', async () => {
    two.handle(host(['shared:latest'], (_seen, response) => void response.writeHead(200).end()));
    const response = await remove({ name: 'QWEN2.5:7B' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    expect(managing(two)[0]).toMatchObject({ method: 'DELETE', body: { model: 'qwen2.5:7b' } });
    expect(managing(one)).toEqual([]);
    expect((await gateway.post('/api/show', { model: 'qwen2.5:7b' })).status).toBe(404);
  });

  it('takes a host by its name before the model', async () => {
    two.handle(host(['qwen2.5:7b'], (_seen, response) => void response.writeHead(200).end()));
    await remove({ model: 'two/shared' });
    expect(managing(two)[0]?.body).toEqual({ model: 'shared:latest' });
    expect(managing(one)).toEqual([]);
  });

  it('gives the answer of the host for a model nobody has', async () => {
    one.handle(host([], (_seen, response) => sendJson(response, { error: "model 'ghost' not found" }, 404)));
    const response = await remove({ model: 'ghost' });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: "model 'ghost' not found" });
  });

  it('copies with both names, and answers nothing', async () => {
    one.handle(host(['llama3.1:8b', 'shared:latest'], (_seen, response) => void response.writeHead(200).end()));
    const response = await gateway.post('/api/copy', { source: 'llama3.1:8b', destination: 'backup' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(managing(one)[0]?.body).toEqual({ source: 'llama3.1:8b', destination: 'backup' });
  });

  it('creates from a model at the host that has it', async () => {
    two.handle(host(['qwen2.5:7b'], progress([{ status: 'writing manifest' }, { status: 'success' }])));
    const lines = await readNdjson(await gateway.post('/api/create', { model: 'mine', from: 'qwen2.5:7b', system: 'Be brief.' }));
    expect(lines.at(-1)).toEqual({ status: 'success' });
    expect(managing(two)[0]?.body).toEqual({ model: 'mine', from: 'qwen2.5:7b', system: 'Be brief.', stream: true });
  });

  it('pushes from the host that has the model', async () => {
    expect((await readNdjson(await gateway.post('/api/push', { model: 'qwen2.5:7b' }))).at(-1)).toEqual({ status: 'success' });
    expect(managing(two)).toHaveLength(1);
  });

  it('refuses what is no name of a real model, in the words of Ollama, before any host hears of it', async () => {
    const rows: [string, string, unknown, number, string][] = [
      ['POST', '/api/pull', { model: '' }, 400, 'invalid model name'],
      ['POST', '/api/pull', { model: '../../etc/passwd' }, 400, 'invalid model name'],
      ['POST', '/api/pull', { model: 'a\u0000b' }, 400, 'invalid model name'],
      ['POST', '/api/pull', { model: 'x'.repeat(81) }, 400, 'invalid model name'],
      ['POST', '/api/pull', { model: 'auto' }, 400, 'invalid model name'],
      ['POST', '/api/pull', { model: 'auto:code' }, 400, 'invalid model name'],
      ['POST', '/api/pull', { model: 'ensemble:latest' }, 400, 'invalid model name'],
      ['POST', '/api/push', {}, 400, 'model is required'],
      ['POST', '/api/push', { model: 'a b' }, 400, 'invalid model name'],
      ['POST', '/api/create', { model: 'mine' }, 400, "neither 'from' or 'files' was specified"],
      ['POST', '/api/create', { model: 'mine', from: 'auto' }, 400, 'invalid model name'],
      ['POST', '/api/create', { model: 'chain', from: 'llama3.1:8b' }, 400, 'invalid model name'],
      ['POST', '/api/create', { model: 'mine', files: { 'm.gguf': 'sha256:../../x' } }, 400, 'invalid digest format'],
      ['POST', '/api/copy', { source: '', destination: 'b' }, 400, 'source "" is invalid'],
      ['POST', '/api/copy', { source: 'auto', destination: 'b' }, 400, 'source "auto" is invalid'],
      ['POST', '/api/copy', { source: 'llama3.1:8b', destination: '../x' }, 400, 'destination "../x" is invalid'],
      ['DELETE', '/api/delete', { model: '' }, 400, 'model is required'],
      ['DELETE', '/api/delete', { model: '%2e%2e/x' }, 400, 'name "%2e%2e/x" is invalid'],
      ['DELETE', '/api/delete', undefined, 400, 'missing request body'],
    ];
    for (const [method, path, body, status, error] of rows) {
      const response = await fetch(gateway.url + path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
      expect([response.status, await response.json()], `${path} ${JSON.stringify(body)}`).toEqual([status, { error }]);
    }
    expect([...managing(one), ...managing(two)]).toEqual([]);
  });

  it('stops the pull at the host when the client leaves', async () => {
    one.handle(host([], (_seen, response) => void response.writeHead(200).write('{"status":"pulling manifest"}\n')));
    const controller = new AbortController();
    const response = await fetch(`${gateway.url}/api/pull`, { method: 'POST', body: '{"model":"big"}', signal: controller.signal });
    await response.body?.getReader().read();
    controller.abort();
    await expect.poll(() => managing(one)[0]?.cancelled()).toBe(true);
  });
});

describe('all hosts take management calls', () => {
  beforeEach(async () => {
    gateway = await start('all');
  });

  it('merges the progress and ends with one success', async () => {
    const lines = await readNdjson(await gateway.post('/api/pull', { model: 'new-model' }));
    expect(lines.filter(({ status }) => status === 'success')).toHaveLength(1);
    expect(lines.at(-1)).toEqual({ status: 'success' });
    expect(lines.filter(({ status }) => status === 'pulling manifest')).toHaveLength(1);
    expect(lines.findLast(({ digest }) => digest !== undefined)).toMatchObject({ total: 200, completed: 200 });
    expect([managing(one).length, managing(two).length]).toEqual([1, 1]);
  });

  it('names the host that failed, after the other is done', async () => {
    two.handle(host([], progress([{ error: 'no space left on device' }])));
    const lines = await readNdjson(await gateway.post('/api/pull', { model: 'new-model' }));
    expect(lines.filter((line) => 'error' in line)).toEqual([{ error: 'two: no space left on device' }]);
    expect(lines.at(-1)).toHaveProperty('error');
    expect(lines.some(({ status }) => status === 'success')).toBe(false);
  });

  it('deletes wherever the model is, and nowhere else', async () => {
    const ok: Handler = (_seen, response) => void response.writeHead(200).end();
    one.handle(host(['llama3.1:8b', 'shared:latest'], ok));
    two.handle(host(['qwen2.5:7b', 'shared:latest'], ok));
    expect((await remove({ model: 'shared' })).status).toBe(200);
    expect([managing(one).length, managing(two).length]).toEqual([1, 1]);
    expect((await remove({ model: 'qwen2.5:7b' })).status).toBe(200);
    expect([managing(one).length, managing(two).length]).toEqual([1, 2]);
  });
});

describe('other policies', () => {
  it('refuses every management call where it is turned off', async () => {
    gateway = await start('refuse');
    for (const path of ['/api/pull', '/api/push', '/api/copy', '/api/create']) {
      const body = { model: 'm', from: 'llama3.1:8b', source: 'llama3.1:8b', destination: 'b' };
      expect((await gateway.post(path, body)).status).toBe(403);
    }
    expect((await remove({ model: 'llama3.1:8b' })).status).toBe(403);
    expect((await gateway.post(`/api/blobs/sha256:${HEX}`, 'x')).status).toBe(403);
    expect([...managing(one), ...managing(two)]).toEqual([]);
  });

  it('sends everything to the named host', async () => {
    gateway = await start('two');
    await (await gateway.post('/api/pull', { model: 'new-model' })).text();
    expect([managing(one).length, managing(two).length]).toEqual([0, 1]);
  });

  it('says so when the named host is none', async () => {
    gateway = await start('three');
    const response = await gateway.post('/api/pull', { model: 'new-model' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: expect.stringContaining("'three'") as string });
  });

  it('says that only Ollama can do it where there is none', async () => {
    const vllm = await createUpstream(openaiHandler(['mistral-7b'], openaiAnswer(['Hi'])));
    gateway = await startGateway({ gateway: { providers: [{ name: 'vllm', type: 'openai', url: `${vllm.url}/v1` }] } });
    for (const path of ['/api/pull', `/api/blobs/sha256:${HEX}`]) {
      const response = await gateway.post(path, { model: 'new-model' });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: expect.stringContaining('No Ollama host') as string });
    }
    await vllm.close();
  });
});

describe('blobs', () => {
  /** A store of blobs as Ollama has it, counting bytes without keeping them. */
  interface Store {
    readonly server: Server;
    readonly url: string;
    readonly blobs: Map<string, number>;
    readonly types: (string | undefined)[];
  }
  const stores: Store[] = [];
  const createStore = async (): Promise<Store> => {
    const blobs = new Map<string, number>();
    const types: (string | undefined)[] = [];
    const lists = ollamaHandler([], (_seen, response) => void response.writeHead(404).end());
    const server = createServer((request, response: ServerResponse) => {
      const digest = /^\/api\/blobs\/(.+)$/.exec(request.url ?? '')?.[1];
      if (digest === undefined) {
        request.resume();
        return void lists({ path: request.url ?? '', body: {} } as Seen, response);
      }
      if (request.method === 'HEAD') return void response.writeHead(blobs.has(digest) ? 200 : 404).end();
      if (blobs.has(digest)) return void response.writeHead(200).end();
      types.push(request.headers['content-type']);
      const hash = createHash('sha256');
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        hash.update(chunk);
        size += chunk.length;
      });
      request.on('end', () => {
        if (`sha256:${hash.digest('hex')}` !== digest) return void sendJson(response, { error: 'digest mismatch' }, 400);
        blobs.set(digest, size);
        response.writeHead(201).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const store = { server, blobs, types, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    stores.push(store);
    return store;
  };
  afterAll(() => Promise.all(stores.map(({ server }) => new Promise((resolve) => server.close(resolve)))));

  const startStores = async (count: number, management: string): Promise<Store[]> => {
    const made = await Promise.all(Array.from({ length: count }, createStore));
    gateway = await startGateway({
      gateway: {
        providers: made.map(({ url }, index) => ({ name: `s${index}`, type: 'ollama', url })),
        discovery: { management },
        limits: { body: 100_000 },
      },
    });
    return made;
  };
  const upload = (digest: string, body: Buffer | AsyncIterable<Buffer>, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(`${gateway.url}/api/blobs/${digest}`, { method: 'POST', headers }, (response) => {
        let text = '';
        response.on('data', (part: Buffer) => {
          text += part.toString();
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      request.once('error', reject);
      if (Buffer.isBuffer(body)) return void request.end(body);
      void (async () => {
        for await (const part of body) if (!request.write(part)) await new Promise((next) => request.once('drain', next));
        request.end();
      })();
    });
  const file = randomBytes(5_000_000);
  const digest = `sha256:${createHash('sha256').update(file).digest('hex')}`;

  it.each(['application/json', 'application/octet-stream', 'application/x-www-form-urlencoded', undefined])(
    'streams a file through whatever it is called (%s), beyond the body limit',
    async (type) => {
      const [store] = await startStores(1, 'first');
      expect(await upload(digest, file, type === undefined ? {} : { 'content-type': type })).toEqual({ status: 201, text: '' });
      expect(store?.blobs.get(digest)).toBe(file.length);
      expect((await fetch(`${gateway.url}/api/blobs/${digest}`, { method: 'HEAD' })).status).toBe(200);
      expect(await upload(digest, file)).toEqual({ status: 200, text: '' });
    },
  );

  it('takes a file in chunks, and one named with a dash', async () => {
    const [store] = await startStores(1, 'first');
    const parts = async function* () {
      for (let at = 0; at < file.length; at += 100_000) yield file.subarray(at, at + 100_000);
    };
    expect((await upload(digest.replace(':', '-'), parts())).status).toBe(201);
    expect(store?.blobs.get(digest)).toBe(file.length);
  });

  it('stores a file at every host under the policy all', async () => {
    const [a, b] = await startStores(2, 'all');
    a?.blobs.set(digest, 1);
    expect((await fetch(`${gateway.url}/api/blobs/${digest}`, { method: 'HEAD' })).status).toBe(404);
    expect((await upload(digest, file)).status).toBe(201);
    expect(b?.blobs.get(digest)).toBe(file.length);
    expect((await fetch(`${gateway.url}/api/blobs/${digest}`, { method: 'HEAD' })).status).toBe(200);
  });

  it('gives the refusal of the host', async () => {
    await startStores(1, 'first');
    expect(await upload(`sha256:${HEX}`, file)).toEqual({ status: 400, text: '{"error":"digest mismatch"}' });
  });

  it.each(['sha256:abc', 'sha512:'.concat(HEX), `sha256:${HEX}x`, '..%2f..%2fapi%2fdelete', `sha256%3A${'g'.repeat(64)}`])(
    'refuses the digest %s',
    async (bad) => {
      await startStores(1, 'first');
      expect(await upload(bad, Buffer.from('x'))).toEqual({ status: 400, text: '{"error":"invalid digest format"}' });
      expect((await fetch(`${gateway.url}/api/blobs/${bad}`, { method: 'HEAD' })).status).toBe(400);
    },
  );
});
