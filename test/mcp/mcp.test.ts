import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as FirstTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as AnyFirstTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
const clients: Client[] = [];

beforeAll(async () => {
  upstream = await createUpstream(
    ollamaHandler([{ name: 'llama3.1:8b' }, { name: 'qwen2.5-coder:7b', family: 'qwen2' }], (seen, response) => {
      const text = (seen.body['messages'] as { content: string }[]).at(-1)?.content ?? '';
      return nativeAnswer([`<${text.slice(0, 60)}>`])(seen, response);
    }),
  );
  gateway = await startGateway({ gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] } });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const overHttp = (secret?: string): Transport =>
  new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), {
    requestInit: { headers: secret === undefined ? {} : { authorization: `Bearer ${secret}` } },
  });
const overStdio = (url = gateway.url): Transport =>
  new StdioClientTransport({
    command: process.execPath,
    args: [join(import.meta.dirname, '../../src/cli/main.ts'), 'mcp', '--url', url],
    stderr: 'inherit',
  });
const connect = async (transport: Transport, mode: 'legacy' | 'auto' = 'auto'): Promise<Client> => {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  clients.push(client);
  await client.connect(transport);
  return client;
};
const textOf = (result: unknown): string => (result as { content: { text: string }[] }).content.map(({ text }) => text).join('');

describe.each([
  ['Streamable HTTP, with a session', '2025-11-25', () => connect(overHttp(), 'legacy')],
  ['Streamable HTTP, without', '2026-07-28', () => connect(overHttp())],
  ['stdio', '2026-07-28', () => connect(overStdio())],
])('MCP over %s', (_name, version, start) => {
  it('speaks the newest protocol the client knows', async () => {
    expect((await start()).getNegotiatedProtocolVersion()).toBe(version);
  });

  it('lists the six tools with their schemas', async () => {
    const { tools } = await (await start()).listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(['ask_codex', 'ask_gemini', 'chain_ask', 'compare_models', 'get_model_info', 'smart_ask']);
    for (const { inputSchema, description } of tools) {
      expect(inputSchema.type).toBe('object');
      expect(description?.length).toBeGreaterThan(20);
    }
  });

  it('answers by the best model and says which', async () => {
    const result = await (await start()).callTool({ name: 'smart_ask', arguments: { prompt: 'Write a binary search in Go', task: 'code' } });
    expect(textOf(result)).toContain('Write a binary search');
    expect(result.structuredContent).toMatchObject({ model: expect.any(String) as string, provider: 'ollama', strategy: 'single' });
  });

  it('feeds each step of a chain with the output of the one before, and tells its progress', async () => {
    const client = await start();
    const seen: number[] = [];
    const result = await client.callTool(
      { name: 'chain_ask', arguments: { prompt: 'start', steps: [{ instruction: 'one' }, { instruction: 'two', model: 'llama3.1:8b' }] } },
      { onprogress: ({ progress, total }) => void seen.push(progress, total ?? 0) },
    );
    expect(textOf(result)).toBe('<two\n\n<one\n\nstart>>');
    expect((result.structuredContent as { steps: unknown[] }).steps).toHaveLength(2);
    expect(seen).toEqual([0, 2, 1, 2]);
  });

  it('compares models', async () => {
    const client = await start();
    const result = await client.callTool({ name: 'compare_models', arguments: { prompt: 'hi', models: ['llama3.1:8b', 'qwen2.5-coder:7b'] } });
    expect(textOf(result)).toMatch(/## llama3\.1:8b[\s\S]*## qwen2\.5-coder:7b[\s\S]*Agreement/);
  });

  it('tells what models there are, all or one', async () => {
    const client = await start();
    const all = await client.callTool({ name: 'get_model_info', arguments: {} });
    expect((all.structuredContent as { models: unknown[] }).models).toHaveLength(2);
    const one = await client.callTool({ name: 'get_model_info', arguments: { model: 'ollama/llama3.1:8b' } });
    expect((one.structuredContent as { models: { name: string }[] }).models[0]?.name).toBe('llama3.1:8b');
    const none = await client.callTool({ name: 'get_model_info', arguments: { model: 'x' } });
    expect(none.isError).toBe(true);
    expect(textOf(none)).toContain('llama3.1:8b');
  });

  it('says how to set up a tool that is not there', async () => {
    const result = await (await start()).callTool({ name: 'ask_codex', arguments: { prompt: 'hi' } });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain('type: cli, command: [codex]');
  });

  it('gives the words of the gateway when a call fails', async () => {
    const result = await (await start()).callTool({ name: 'smart_ask', arguments: { prompt: 'hi', model: 'llama3.1:9b' } });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain("'llama3.1:9b' not found");
  });

  it('refuses arguments that do not fit and tools that do not exist', async () => {
    const client = await start();
    for (const call of [
      { name: 'smart_ask', arguments: { prompt: 7 } },
      { name: 'smart_ask', arguments: { prompt: 'x', task: 'other' } },
      { name: 'chain_ask', arguments: { prompt: 'x', steps: Array.from({ length: 9 }, () => ({ instruction: 'y' })) } },
      { name: 'read_file', arguments: { path: '/etc/passwd' } },
    ]) {
      const outcome = await client.callTool(call).catch((error: unknown) => ({ isError: true, content: [{ text: String(error) }] }));
      expect(outcome.isError).toBe(true);
    }
  });

  it('serves profiles and recent decisions as resources', async () => {
    const client = await start();
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri).sort()).toEqual(['orchestrator://decisions', 'orchestrator://profiles']);
    for (const [name, key] of [
      ['profiles', 'profiles'],
      ['decisions', 'decisions'],
    ] as const) {
      const { contents } = await client.readResource({ uri: `orchestrator://${name}` });
      expect(JSON.parse((contents[0] as { text: string }).text)).toHaveProperty(key);
    }
    await expect(client.readResource({ uri: 'file:///etc/passwd' })).rejects.toThrow();
  });
});

it("serves clients of the SDK's first major, progress included", async () => {
  const client = new FirstClient({ name: 'test', version: '1' });
  await client.connect(new FirstTransport(new URL(`${gateway.url}/mcp`)) as AnyFirstTransport);
  try {
    expect((await client.listTools()).tools).toHaveLength(6);
    const seen: string[] = [];
    const call = { name: 'smart_ask', arguments: { prompt: 'hi', model: 'llama3.1:8b' } };
    const result = await client.callTool(call, undefined, { onprogress: ({ message }) => void seen.push(message ?? '') });
    expect(textOf(result)).toBe('<hi>');
    expect(seen).toEqual(['asking llama3.1:8b']);
  } finally {
    await client.close();
  }
});

it('asks a command-line tool that is configured', async () => {
  const command = [join(import.meta.dirname, '../support/fake-cli.mjs')];
  const providers = [{ name: 'my-codex', type: 'cli', tool: 'codex', command, models: ['gpt-6-sol', 'gpt-6-luna'] }];
  const own = await startGateway({ gateway: { providers } }, { env: { PATH: process.env['PATH'] ?? '' } });
  try {
    const client = await connect(new StreamableHTTPClientTransport(new URL(`${own.url}/mcp`)));
    const asked = (args: object) => client.callTool({ name: 'ask_codex', arguments: { prompt: 'hi', ...args } });
    expect(await asked({})).toMatchObject({ content: [{ text: 'You said: hi' }], structuredContent: { provider: 'my-codex', model: 'gpt-6-sol' } });
    expect((await asked({ model: 'gpt-6-luna' })).structuredContent).toMatchObject({ model: 'gpt-6-luna' });
    expect(textOf(await asked({ model: 'gpt-2' }))).toContain('it has gpt-6-sol, gpt-6-luna');
    await client.close();
  } finally {
    await own.close();
  }
});

it('says over stdio when no gateway answers', async () => {
  const result = await (await connect(overStdio('http://127.0.0.1:1'))).callTool({ name: 'smart_ask', arguments: { prompt: 'hi' } });
  expect(result.isError).toBe(true);
  expect(textOf(result)).toContain('No gateway answers');
});

describe('the HTTP side', () => {
  const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  };
  const send = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${gateway.url}/mcp`, { method: 'POST', headers: { ...HEADERS, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
  const begin = async (headers: Record<string, string> = {}): Promise<string> => {
    const response = await send(initialize, headers);
    expect(response.status).toBe(200);
    await response.text();
    return response.headers.get('mcp-session-id') ?? '';
  };

  it('refuses requests without a session or with one that does not exist', async () => {
    expect((await send(list)).status).toBe(400);
    expect((await send(list, { 'mcp-session-id': 'x' })).status).toBe(404);
    expect((await fetch(`${gateway.url}/mcp`, { headers: { accept: 'text/event-stream' } })).status).toBe(400);
    expect((await fetch(`${gateway.url}/mcp`, { method: 'DELETE' })).status).toBe(400);
  });

  it('refuses a foreign origin and a foreign host', async () => {
    expect((await send(initialize, { origin: 'https://evil.example' })).status).toBe(403);
    const { status } = await gatewayWithHost('evil.example');
    expect(status).toBe(403);
  });

  it('refuses a message that is too large, not JSON, or not JSON-RPC', async () => {
    const id = await begin();
    const prompt = 'x'.repeat(10 << 20);
    expect((await send({ ...list, method: 'tools/call', params: { name: 'smart_ask', arguments: { prompt } } }, { 'mcp-session-id': id })).status).toBe(413);
    expect((await send('{', { 'mcp-session-id': id })).status).toBe(400);
    expect((await send([list, list], { 'mcp-session-id': id })).status).toBe(400);
    expect((await send({ a: 1 }, { 'mcp-session-id': id })).status).toBe(400);
  });

  it('ends a session when asked', async () => {
    const id = await begin();
    expect((await send(list, { 'mcp-session-id': id })).status).toBe(200);
    expect((await fetch(`${gateway.url}/mcp`, { method: 'DELETE', headers: { 'mcp-session-id': id } })).status).toBe(200);
    expect((await send(list, { 'mcp-session-id': id })).status).toBe(404);
  });

  it('bounds sessions and open streams: the one unused for longest makes room, open ones are not taken', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 40; index += 1) ids.push(await begin());
    expect((await send(list, { 'mcp-session-id': ids[0] ?? '' })).status).toBe(404);
    expect((await send(list, { 'mcp-session-id': ids.at(-1) ?? '' })).status).toBe(200);
    const stop = new AbortController();
    const streams = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        fetch(`${gateway.url}/mcp`, {
          headers: { accept: 'text/event-stream', 'mcp-session-id': ids[ids.length - 1 - (index % 32)] ?? '' },
          signal: stop.signal,
        }),
      ),
    );
    expect(streams.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(32);
    expect((await send(initialize)).status).toBe(429);
    stop.abort();
    await expect.poll(async () => (await send(initialize)).status).toBe(200);
  });

  it('bounds the streams of a client without sessions, and frees their places', async () => {
    const listen = (stop: AbortController): Promise<number> =>
      fetch(`${gateway.url}/mcp`, {
        method: 'POST',
        headers: { ...HEADERS, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'subscriptions/listen',
          params: {
            notifications: { toolsListChanged: true },
            _meta: {
              'io.modelcontextprotocol/protocolVersion': '2026-07-28',
              'io.modelcontextprotocol/clientInfo': { name: 't', version: '1' },
              'io.modelcontextprotocol/clientCapabilities': {},
            },
          },
        }),
        signal: stop.signal,
      }).then(({ status }) => status);
    const stop = new AbortController();
    const statuses = await Promise.all(Array.from({ length: 70 }, () => listen(stop)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(64);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6);
    stop.abort();
    const later = new AbortController();
    await expect.poll(() => listen(later)).toBe(200);
    later.abort();
  });

  it('asks for a key, keeps sessions to it, and holds its allowed models', async () => {
    const { keyring } = gateway.services;
    const [a, b] = await Promise.all([
      keyring.create({ name: 'a', role: 'user', allowedModels: ['llama3.1:8b'] }),
      keyring.create({ name: 'b', role: 'user' }),
    ]);
    expect((await send(initialize)).status).toBe(401);
    const id = await begin({ authorization: `Bearer ${a.secret}` });
    expect((await send(list, { 'mcp-session-id': id, authorization: `Bearer ${b.secret}` })).status).toBe(404);
    const client = await connect(overHttp(a.secret));
    expect((await client.callTool({ name: 'smart_ask', arguments: { prompt: 'hi', model: 'llama3.1:8b' } })).isError).toBeFalsy();
    const refused = await client.callTool({ name: 'smart_ask', arguments: { prompt: 'hi', model: 'qwen2.5-coder:7b' } });
    expect(refused.isError).toBe(true);
    expect(textOf(refused)).toContain('may not use');
    await Promise.all([a, b].map(({ key }) => keyring.revoke(key.id)));
  });

  async function gatewayWithHost(host: string): Promise<{ status: number }> {
    const { request } = await import('node:http');
    return new Promise((resolve, reject) => {
      const call = request(`${gateway.url}/mcp`, { method: 'POST', headers: { ...HEADERS, host } }, (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0 });
      });
      call.on('error', reject);
      call.end(JSON.stringify(initialize));
    });
  }
});
