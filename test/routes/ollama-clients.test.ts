import { createHash } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ollama } from 'ollama';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { nativeAnswer, ollamaHandler, type Seen, sendJson } from '../support/upstream.ts';

/** An Ollama small enough to keep its models in a map, which does what its API says. */
function createOllama() {
  const models = new Map([
    ['llama3.1:8b', { name: 'llama3.1:8b', capabilities: ['completion', 'tools', 'thinking'] }],
    ['nomic-embed-text:latest', { name: 'nomic-embed-text:latest', capabilities: ['embedding'] }],
  ]);
  const blobs = new Set<string>();
  const seen: { method: string; path: string; body: Record<string, unknown> }[] = [];
  const tagged = (name: unknown): string => (String(name).includes(':') ? String(name) : `${String(name)}:latest`);
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const bytes = Buffer.concat(parts);
    const path = request.url ?? '';
    const upload = /^\/api\/blobs\/(.+)$/.exec(path)?.[1];
    const body = (bytes.length > 0 && upload === undefined ? JSON.parse(bytes.toString('utf8')) : {}) as Record<string, unknown>;
    seen.push({ method: request.method ?? '', path, body });
    const progress = (...statuses: string[]): void => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      for (const status of statuses) response.write(`${JSON.stringify({ status })}\n`);
      response.end();
    };
    if (upload !== undefined) {
      if (request.method === 'HEAD') return void response.writeHead(blobs.has(upload) ? 200 : 404).end();
      if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== upload) return sendJson(response, { error: 'digest mismatch' }, 400);
      blobs.add(upload);
      return void response.writeHead(201).end();
    }
    const add = (name: unknown): void => void models.set(tagged(name), { name: tagged(name), capabilities: ['completion'] });
    switch (path) {
      case '/api/pull':
        if (body['model'] === 'missing') {
          response.writeHead(200).write('{"status":"pulling manifest"}\n');
          return void response.end('{"error":"pull model manifest: file does not exist"}\n');
        }
        add(body['model']);
        return progress('pulling manifest', 'verifying sha256 digest', 'writing manifest', 'success');
      case '/api/create': {
        const files = Object.values((body['files'] as Record<string, string> | undefined) ?? {});
        if (files.some((digest) => !blobs.has(digest))) return sendJson(response, { error: 'blob not found' }, 400);
        add(body['model']);
        return progress('parsing GGUF', 'writing manifest', 'success');
      }
      case '/api/copy':
        if (!models.has(tagged(body['source']))) return sendJson(response, { error: `model "${String(body['source'])}" not found` }, 404);
        add(body['destination']);
        return void response.writeHead(200).end();
      case '/api/delete':
        return models.delete(tagged(body['model']))
          ? void response.writeHead(200).end()
          : sendJson(response, { error: `model '${String(body['model'])}' not found` }, 404);
      case '/api/embed':
        return sendJson(response, { model: body['model'], embeddings: [body['input'] ?? []].flat().map(() => [0.6, 0.8]), prompt_eval_count: 2 });
      default: {
        const handler = ollamaHandler([...models.values()], (call, reply) => {
          if (call.body['prompt'] === '') return sendJson(reply, { done: true, done_reason: 'load' });
          if (JSON.stringify(call.body).includes('for ever')) return forEver(request, reply);
          return nativeAnswer(['Hel', 'lo ', '세계'])(call, reply);
        });
        await handler({ path, body } as Seen, response);
      }
    }
  });
  const forEver = (request: IncomingMessage, reply: Parameters<typeof sendJson>[0]): void => {
    reply.writeHead(200);
    const timer = setInterval(() => reply.write('{"message":{"role":"assistant","content":"more "},"done":false}\n'), 5);
    request.socket.once('close', () => {
      clearInterval(timer);
      cut += 1;
    });
  };
  let cut = 0;
  return { server, seen, models, blobs, cut: () => cut };
}

let upstream: ReturnType<typeof createOllama>;
let gateway: TestGateway;
let client: Ollama;

beforeAll(async () => {
  upstream = createOllama();
  await new Promise<void>((resolve) => upstream.server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(upstream.server.address() as AddressInfo).port}`;
  gateway = await startGateway({ gateway: { providers: [{ name: 'one', type: 'ollama', url }] }, performance: { caching: { enabled: false } } });
  client = new Ollama({ host: gateway.url });
});
afterAll(async () => {
  await gateway.close();
  upstream.server.closeAllConnections();
  await new Promise((resolve) => upstream.server.close(resolve));
});

const messages = [{ role: 'user', content: 'Hi' }];
const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(gateway.url + path, {
    method,
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

describe('the ollama package', () => {
  it('chats, whole and streamed', async () => {
    expect((await client.chat({ model: 'llama3.1:8b', messages })).message.content).toBe('Hello 세계');
    let text = '';
    let last: unknown;
    for await (const part of await client.chat({ model: 'llama3.1:8b', messages, stream: true })) {
      text += part.message.content;
      last = part;
    }
    expect(text).toBe('Hello 세계');
    expect(last).toMatchObject({ done: true, done_reason: 'stop', eval_count: 3 });
  });

  it('generates, and loads a model with an empty prompt', async () => {
    expect(await client.generate({ model: 'llama3.1:8b', prompt: 'Hi' })).toMatchObject({ response: 'Hello 세계', done: true });
    expect(await client.generate({ model: 'llama3.1:8b', prompt: '' })).toMatchObject({ response: '', done_reason: 'load' });
  });

  it('stops the host when it aborts a stream', async () => {
    const before = upstream.cut();
    const own = new Ollama({ host: gateway.url });
    const stream = await own.chat({ model: 'llama3.1:8b', messages: [{ role: 'user', content: 'for ever' }], stream: true });
    await expect(
      (async () => {
        let parts = 0;
        for await (const _part of stream) if (++parts === 3) own.abort();
      })(),
    ).rejects.toThrow(/abort/i);
    await expect.poll(() => upstream.cut()).toBe(before + 1);
  });

  it('embeds one text and several', async () => {
    expect((await client.embed({ model: 'nomic-embed-text', input: 'a' })).embeddings).toEqual([[0.6, 0.8]]);
    expect((await client.embed({ model: 'nomic-embed-text', input: ['a', 'b'] })).embeddings).toHaveLength(2);
  });

  it('lists, shows, and asks what runs and which version', async () => {
    expect((await client.list()).models.map(({ name }) => name)).toEqual(expect.arrayContaining(['llama3.1:8b', 'auto:latest']));
    expect((await client.show({ model: 'llama3.1:8b' })).capabilities).toContain('tools');
    expect((await client.ps()).models).toEqual([]);
    expect((await client.version()).version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('pulls with progress, copies, deletes', async () => {
    const statuses: string[] = [];
    for await (const part of await client.pull({ model: 'tiny', stream: true })) statuses.push(part.status);
    expect(statuses).toEqual(['pulling manifest', 'verifying sha256 digest', 'writing manifest', 'success']);
    expect(await client.pull({ model: 'tiny' })).toMatchObject({ status: 'success' });
    expect((await client.list()).models.map(({ name }) => name)).toContain('tiny:latest');
    expect(await client.copy({ source: 'tiny', destination: 'tiny2' })).toMatchObject({ status: 'success' });
    expect((await client.list()).models.map(({ name }) => name)).toContain('tiny2:latest');
    expect(await client.delete({ model: 'tiny' })).toMatchObject({ status: 'success' });
    expect((await client.list()).models.map(({ name }) => name)).not.toContain('tiny:latest');
    await expect(client.delete({ model: 'tiny' })).rejects.toThrow("model 'tiny' not found");
    await expect(client.copy({ source: 'tiny', destination: 'x' })).rejects.toThrow('not found');
  });

  it('is told of a pull that fails', async () => {
    await expect(client.pull({ model: 'missing' })).rejects.toThrow('file does not exist');
    const stream = await client.pull({ model: 'missing', stream: true });
    await expect(
      (async () => {
        for await (const _part of stream);
      })(),
    ).rejects.toThrow('file does not exist');
  });

  it('creates a model from an uploaded file', async () => {
    const file = Buffer.alloc(300_000, 'gguf');
    const digest = `sha256:${createHash('sha256').update(file).digest('hex')}`;
    const uploaded = await fetch(`${gateway.url}/api/blobs/${digest}`, { method: 'POST', body: file, headers: { 'content-type': 'application/json' } });
    expect(uploaded.status).toBe(201);
    // The package's types do not know of files yet; it sends what it is given.
    const asked = { model: 'mine', files: { 'm.gguf': digest }, stream: false as const };
    expect(await client.create(asked)).toMatchObject({ status: 'success' });
    expect((await client.list()).models.map(({ name }) => name)).toContain('mine:latest');
  });

  it('gets an error it can print', async () => {
    await expect(client.chat({ model: 'ghost', messages })).rejects.toMatchObject({
      status_code: 404,
      message: expect.stringMatching(/^model 'ghost' not found/) as string,
    });
  });
});

describe('the ollama command', () => {
  it('runs a model: heartbeat, show, load, chat', async () => {
    expect((await call('HEAD', '/')).status).toBe(200);
    expect((await call('POST', '/api/show', { model: 'llama3.1:8b' })).status).toBe(200);
    expect(JSON.parse((await call('POST', '/api/generate', { model: 'llama3.1:8b', prompt: '', keep_alive: '5m' })).text)).toMatchObject({
      done_reason: 'load',
    });
    const chat = await call('POST', '/api/chat', { model: 'llama3.1:8b', messages, think: false, options: {} });
    expect(chat.type).toBe('application/x-ndjson');
    expect(
      chat.text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { message: { role: string } }).message.role),
    ).toEqual(Array(4).fill('assistant'));
  });

  it('creates a model: blob asked for, sent, then the model', async () => {
    const file = 'a file of weights';
    const digest = `sha256:${createHash('sha256').update(file).digest('hex')}`;
    expect((await call('HEAD', `/api/blobs/${digest}`)).status).toBe(404);
    expect(await call('POST', `/api/blobs/${digest}`, file, { 'content-type': 'application/json' })).toMatchObject({ status: 201, text: '' });
    expect((await call('HEAD', `/api/blobs/${digest}`)).status).toBe(200);
    const created = await call('POST', '/api/create', { model: 'made', files: { 'm.gguf': digest } });
    expect(created.text.trim().split('\n').at(-1)).toBe('{"status":"success"}');
  });
});

describe('Open WebUI', () => {
  it('starts: version, tags, running models; then chats and unloads', async () => {
    const { version } = JSON.parse((await call('GET', '/api/version')).text) as { version: string };
    expect(
      version
        .replace(/^v/, '')
        .split('-')[0]
        ?.split('.')
        .every((part) => /^\d+$/.test(part)),
    ).toBe(true);
    const { models } = JSON.parse((await call('GET', '/api/tags')).text) as { models: { model: string }[] };
    expect(models.every(({ model }) => model.includes(':'))).toBe(true);
    expect(JSON.parse((await call('GET', '/api/ps')).text)).toEqual({ models: [] });
    for (const model of ['llama3.1:8b', 'auto:latest']) {
      const chat = await call('POST', '/api/chat', { model, messages, stream: true, options: {} }, { 'content-type': 'application/json' });
      expect(chat.text.endsWith('\n')).toBe(true);
      expect(JSON.parse(chat.text.trim().split('\n').at(-1) ?? '')).toMatchObject({ model, done: true });
    }
    expect(JSON.parse((await call('POST', '/api/generate', { model: 'llama3.1:8b', keep_alive: 0, prompt: '' })).text)).toMatchObject({
      done_reason: 'unload',
    });
  });

  it('goes from a page on another port of this machine', async () => {
    const response = await fetch(`${gateway.url}/api/tags`, { headers: { origin: 'http://localhost:8080' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:8080');
    await response.text();
  });
});

describe('Continue', () => {
  it('asks by name for what it parses with expressions', async () => {
    const shown = JSON.parse((await call('POST', '/api/show', { name: 'auto' })).text) as { parameters: string; template: string };
    expect(typeof shown.parameters).toBe('string');
    expect(typeof shown.template).toBe('string');
  });

  it('finds a role in every chunk, no error key, and each line in one piece of the network', async () => {
    const pieces = await new Promise<string[]>((resolve, reject) => {
      const request = httpRequest(`${gateway.url}/api/pull`, { method: 'POST' }, (response) => {
        const parts: string[] = [];
        response.on('data', (part: Buffer) => parts.push(part.toString()));
        response.on('end', () => resolve(parts));
      });
      request.once('error', reject);
      request.end(JSON.stringify({ name: 'tiny3' }));
    });
    for (const piece of pieces) for (const line of piece.split('\n').filter((text) => text !== '')) expect(() => JSON.parse(line) as unknown).not.toThrow();
    const chat = await call('POST', '/api/chat', { model: 'llama3.1:8b', messages });
    for (const line of chat.text.trim().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({ message: { role: 'assistant' } });
      expect(line).not.toContain('"error"');
    }
  });
});

describe('VS Code Copilot Chat', () => {
  it('lists, shows by its own name and chats by the OpenAI route', async () => {
    const headers = { 'user-agent': 'GitHubCopilotChat/0.32.0' };
    expect((await call('GET', '/api/version', undefined, headers)).status).toBe(200);
    const { models } = JSON.parse((await call('GET', '/api/tags', undefined, headers)).text) as { models: { model: string; capabilities: string[] }[] };
    for (const { model, capabilities } of models.filter((item) => item.capabilities.includes('completion')).slice(0, 4)) {
      const shown = JSON.parse((await call('POST', '/api/show', { model }, headers)).text) as { capabilities: string[]; model_info: Record<string, unknown> };
      expect(shown.model_info['general.basename']).toBe(model);
      const architecture = shown.model_info['general.architecture'] as string;
      expect(shown.model_info[`${architecture}.context_length`]).toEqual(expect.any(Number));
      expect(shown.capabilities).toEqual(expect.arrayContaining([capabilities[0]]));
    }
    const chat = await call('POST', '/v1/chat/completions', { model: 'llama3.1:8b', messages, stream: true }, headers);
    expect(chat.text.trim().endsWith('data: [DONE]')).toBe(true);
  });
});

describe('LangChain', () => {
  it('reads usage from the last chunk, keep_alive and format as it sends them', async () => {
    const chat = await call('POST', '/api/chat', {
      model: 'llama3.1:8b',
      messages,
      stream: true,
      keep_alive: '5m',
      format: 'json',
      tools: [],
      options: { temperature: 0, num_ctx: 4_096 },
    });
    expect(JSON.parse(chat.text.trim().split('\n').at(-1) ?? '')).toMatchObject({ prompt_eval_count: 7, eval_count: 3 });
    const body = upstream.seen.findLast(({ path }) => path === '/api/chat')?.body ?? {};
    expect(body).toMatchObject({ keep_alive: 300, format: 'json', options: { temperature: 0 } });
  });

  it('keeps a conversation with tool calls in order', async () => {
    const turns = [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: '', tool_calls: [{ id: 'c1', function: { name: 'w', arguments: { city: '서울', units: { z: 1, a: 2 } } } }] },
      { role: 'tool', content: 'sunny', tool_name: 'w', tool_call_id: 'c1' },
    ];
    await call('POST', '/api/chat', { model: 'llama3.1:8b', messages: turns, stream: false });
    const body = upstream.seen.findLast(({ path }) => path === '/api/chat')?.body ?? {};
    expect(body['messages']).toMatchObject(turns);
    expect(JSON.stringify(body['messages'])).toContain('{"city":"서울","units":{"z":1,"a":2}}');
  });
});
