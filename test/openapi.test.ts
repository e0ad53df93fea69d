import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { startGateway, type TestGateway } from './support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, sendJson, type Upstream } from './support/upstream.ts';

const text = readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8');

interface Media {
  readonly schema?: Record<string, unknown>;
  readonly example?: unknown;
  readonly examples?: Record<string, { readonly value: unknown }>;
}
interface Operation {
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<string, { readonly $ref?: string; readonly content?: Record<string, Media> }>;
}
const document = parse(text) as { paths: Record<string, Record<string, Operation>>; components: { schemas: object; responses: Record<string, object> } };

let gateway: TestGateway;
let upstream: Upstream;
const registered = new Set<string>();

/** '/v1/models/:model', '/v1/models/*' and '/v1/models/{model}' are one route. */
const routeName = (method: string, path: string): string => `${method.toUpperCase()} ${path.replace(/:\w+|\*|\{[^}]+\}/g, '{}').replace(/(.)\/$/, '$1')}`;

const watchRoutes = (message: unknown): void => {
  const { fastify } = message as { fastify: FastifyInstance };
  fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
    for (const one of [method].flat()) registered.add(routeName(one, url));
  });
};

beforeAll(async () => {
  subscribe('fastify.initialization', watchRoutes);
  upstream = await createUpstream(ollamaHandler([{ name: 'llama3.1:8b' }], nativeAnswer(['Hello.'])));
  gateway = await startGateway({ gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] } });
  unsubscribe('fastify.initialization', watchRoutes);
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'];
const documented = new Set(
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => METHODS.includes(method))
      .map((method) => routeName(method, path)),
  ),
);

/** The documented schema of an answer as a validator. */
function schemaOf(path: string, method: string, status: string): z.ZodType {
  const written = document.paths[path]?.[method]?.responses[status];
  const answer = written?.$ref === undefined ? written : (document.components.responses[written.$ref.split('/').at(-1) ?? ''] as typeof written);
  const schema = answer?.content?.['application/json']?.schema;
  expect(schema, `${method} ${path} ${status} has a JSON schema`).toBeDefined();
  return toValidator(schema ?? {});
}

function toValidator(schema: Record<string, unknown>): z.ZodType {
  const whole = JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/');
  return z.fromJSONSchema(JSON.parse(whole) as Parameters<typeof z.fromJSONSchema>[0]);
}

describe('openapi.yaml', () => {
  it('names every route that is served', () => {
    // A HEAD beside a GET is the framework's and says nothing of its own.
    const served = [...registered].filter(
      (route) => !(route.startsWith('HEAD ') && registered.has(route.replace('HEAD', 'GET'))) && !route.startsWith('OPTIONS '),
    );
    expect(served.filter((route) => !documented.has(route)).sort()).toEqual([]);
  });

  it('names no route that is not served', () => {
    expect([...documented].filter((route) => !registered.has(route)).sort()).toEqual([]);
  });

  it('shows an example for every body', () => {
    const bare: string[] = [];
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const bodies = [operation.requestBody, ...Object.values(operation.responses).filter(({ $ref }) => $ref === undefined)];
        for (const media of bodies.flatMap((body) => Object.values(body?.content ?? {}))) {
          if (media.example === undefined && media.examples === undefined) bare.push(`${method} ${path}`);
        }
      }
    }
    expect(bare).toEqual([]);
  });

  const written = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) => {
      const bodies = [['request', operation.requestBody] as const, ...Object.entries(operation.responses)];
      return bodies.flatMap(([of, body]) =>
        Object.entries(body?.content ?? {}).flatMap(([type, { schema, example, examples = {} }]) => {
          const values = [...(example === undefined ? [] : [example]), ...Object.values(examples).map(({ value }) => value)];
          return type === 'application/json' && schema !== undefined ? values.map((value) => ({ name: `${method} ${path} ${of}`, schema, value })) : [];
        }),
      );
    }),
  );

  it('shows only examples that fit their schemas', () => {
    expect(written.length).toBeGreaterThan(90);
    const wrong = written.flatMap(({ name, schema, value }) => {
      const { error } = toValidator(schema).safeParse(value);
      return error === undefined ? [] : [`${name}: ${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`];
    });
    expect(wrong).toEqual([]);
  });

  it('shows only request examples that a gateway answers', async () => {
    const models = [{ name: 'llama3.1:8b' }, { name: 'qwen3:8b' }, { name: 'qwen2.5-coder:7b' }, { name: 'nomic-embed-text', capabilities: ['embedding'] }];
    upstream.handle(
      ollamaHandler(models, (seen, response) => {
        if (seen.path === '/api/embed') return sendJson(response, { embeddings: [seen.body['input']].flat().map(() => [0.1, 0.2]) });
        return seen.path === '/api/embeddings' ? sendJson(response, { embedding: [0.1, 0.2] }) : nativeAnswer(['Hello.'])(seen, response);
      }),
    );
    const own = await startGateway({ gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] } });
    const refused: string[] = [];
    // The first key closes the gateway to who has none, so it is made last.
    const asked = written.filter(({ name }) => name.endsWith(' request')).sort((a, b) => Number(a.name.includes('/keys')) - Number(b.name.includes('/keys')));
    for (const { name, value } of asked) {
      const [method = '', path = ''] = name.split(' ');
      const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
      // One that hangs is named by the failure.
      const call = { method: method.toUpperCase(), headers, body: JSON.stringify(value), signal: AbortSignal.timeout(20_000) };
      try {
        const response = await fetch(own.url + path.replace('{model}', 'llama3.1:8b'), call);
        const text = await response.text();
        if (response.status >= 400) refused.push(`${name}: ${response.status} ${text.slice(0, 160)}`);
      } catch (error) {
        refused.push(`${name}: ${error}`);
      }
    }
    await own.close();
    // What they name was never uploaded, answered or begun here, and nothing is looked up outside.
    const expected = ['web_search request: 403', 'web_fetch request: 403', 'batches request: 400', 'feedback request: 404', 'mcp request: 400'];
    expect(refused.filter((line) => !expected.some((part) => line.includes(part)))).toEqual([]);
  }, 120_000);

  it.each([
    ['/api/version', 'get', undefined],
    ['/api/tags', 'get', undefined],
    ['/api/ps', 'get', undefined],
    ['/api/show', 'post', { model: 'auto' }],
    ['/api/show', 'post', { model: 'llama3.1:8b' }],
    ['/api/chat', 'post', { model: 'auto', stream: false, messages: [{ role: 'user', content: 'hi' }] }],
    ['/api/generate', 'post', { model: 'auto', stream: false, prompt: 'hi' }],
    ['/v1/models', 'get', undefined],
    ['/v1/chat/completions', 'post', { model: 'auto', messages: [{ role: 'user', content: 'hi' }] }],
    ['/api/status', 'get', undefined],
    ['/api/experimental/model-recommendations', 'get', undefined],
    ['/v1/responses', 'post', { model: 'auto', input: 'hi' }],
    ['/v1/responses/input_tokens', 'post', { model: 'auto', input: 'hi' }],
    ['/v1/files', 'get', undefined],
    ['/v1/batches', 'get', undefined],
    ['/orchestrator/profiles', 'get', undefined],
    ['/orchestrator/profiles/refresh', 'post', {}],
    ['/orchestrator/stats', 'get', undefined],
    ['/orchestrator/learning/export', 'get', undefined],
    ['/orchestrator/learning/reset', 'post', { task: 'code' }],
    ['/orchestrator/learning/freeze', 'post', { frozen: false }],
    ['/v1/completions', 'post', { model: 'auto', prompt: 'hi' }],
    ['/v1/messages', 'post', { model: 'auto', max_tokens: 20, messages: [{ role: 'user', content: 'hi' }] }],
    ['/v1/messages/count_tokens', 'post', { model: 'auto', messages: [{ role: 'user', content: 'hi' }] }],
    ['/orchestrator/route', 'post', { prompt: 'Write a binary search in Go' }],
    ['/orchestrator/compare', 'post', { prompt: 'hi' }],
    ['/orchestrator/decisions', 'get', undefined],
    ['/orchestrator/keys', 'get', undefined],
    ['/healthz', 'get', undefined],
    ['/readyz', 'get', undefined],
  ] as const)('describes what %s answers to %s', async (path, method, body) => {
    const response = method === 'get' ? await fetch(gateway.url + path) : await gateway.post(path, body);
    expect(response.status).toBe(200);
    expect(schemaOf(path, method, '200').safeParse(await response.json()).error?.issues ?? []).toEqual([]);
  });

  it.each([
    ['/api/chat', '400', { model: 'auto', messages: 1 }],
    ['/api/chat', '404', { model: 'nothing-like-it', messages: [{ role: 'user', content: 'hi' }] }],
    ['/v1/chat/completions', '400', { model: 'auto', messages: [] }],
    ['/v1/chat/completions', '404', { model: 'nothing-like-it', messages: [{ role: 'user', content: 'hi' }] }],
    ['/v1/messages', '400', { model: 'auto', messages: [] }],
    ['/v1/messages', '404', { model: 'nothing-like-it', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }],
    ['/orchestrator/route', '400', {}],
  ] as const)('describes the error of %s with status %s', async (path, status, body) => {
    const response = await gateway.post(path, body);
    expect(String(response.status)).toBe(status);
    expect(schemaOf(path, 'post', status).safeParse(await response.json()).error?.issues ?? []).toEqual([]);
  });
});

describe('the documentation routes', () => {
  it('serve the document as it stands in the repository', async () => {
    const response = await fetch(`${gateway.url}/openapi.yaml`);
    expect(response.headers.get('content-type')).toContain('yaml');
    expect(await response.text()).toBe(text);
  });

  it('show every documented route on one page', async () => {
    const page = await (await fetch(`${gateway.url}/docs`)).text();
    for (const path of Object.keys(document.paths)) expect(page).toContain(path);
  });

  it('use no script and nothing from outside', async () => {
    const response = await fetch(`${gateway.url}/docs`);
    const page = await response.text();
    expect(page).not.toMatch(/<script|<link|<img|src=|@import|url\(/i);
    expect([...page.matchAll(/href="([^"]+)"/g)].map(([, href]) => href).filter((href) => !/^[#/]/.test(href ?? ''))).toEqual([]);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('never let text of the document become markup', async () => {
    const page = await (await fetch(`${gateway.url}/docs`)).text();
    expect(page).toContain('&lt;!doctype html&gt;');
  });
});
