import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildGateway, spawnGateway } from '../faults/child-gateway.ts';
import { createUpstream, openaiHandler, sseChunk, type Upstream } from '../support/upstream.ts';
import { ask, chat, metric, tally, until } from './support.ts';

/** Two workers behind one address; every question comes over a connection of its own, so that they answer in turn. */
let upstream: Upstream;
let gateway: ChildGateway;
let running = 0;
let most = 0;

beforeAll(async () => {
  upstream = await createUpstream(
    openaiHandler(['m'], async (seen, response) => {
      running += 1;
      most = Math.max(most, running);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sseChunk({ content: 'pong' }));
      if (seen.text.includes('slow')) await delay(300);
      running -= 1;
      response.end(`${sseChunk({}, 'stop')}data: {"id":"x","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":20}}\n\ndata: [DONE]\n\n`);
    }),
  );
  gateway = await spawnGateway(
    {
      server: { workers: 2 },
      providers: [{ name: 'up', type: 'openai', url: `${upstream.url}/v1`, concurrency: 3 }],
      aliases: { other: 'm' },
      limits: { concurrency: 6 },
    },
    { performance: { caching: { max_size: 1_000 } } },
  );
}, 120_000);
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const calls = (text: string): number => upstream.calls().filter((seen) => seen.text.includes(text)).length;
/** Whether both workers offer a model. */
const bothList = async (name: string): Promise<boolean> =>
  (await Promise.all([1, 2].map(() => ask(gateway.url, '/v1/models')))).every(({ text }) => text.includes(`"${name}"`));
const scrape = async (): Promise<string> => (await ask(gateway.url, '/metrics')).text;

describe('two workers', { timeout: 240_000 }, () => {
  it('answer from what either of them kept', async () => {
    const outcomes: (string | undefined)[] = [];
    for (let turn = 0; turn < 6; turn++) outcomes.push((await chat(gateway.url, 'kept')).headers['x-orchestrator-cache'] as string);
    expect(tally(outcomes)).toEqual({ miss: 1, hit: 5 });
    expect(calls('kept')).toBe(1);
  });

  it('count every request once in one scrape, whoever is asked', async () => {
    const before = await scrape();
    await Promise.all(
      Array.from({ length: 5 }, async (_, row) => {
        for (let turn = 0; turn < 8; turn++) await chat(gateway.url, `count ${row} ${turn}`);
      }),
    );
    for (const after of [await scrape(), await scrape()]) {
      const grown = (name: string, labels = ''): number => metric(after, name, labels) - metric(before, name, labels);
      expect(grown('orchestrator_cache_requests_total', 'outcome="miss"')).toBe(40);
      expect(grown('orchestrator_calls_total', 'outcome="ok"')).toBe(40);
      expect(grown('gen_ai_server_request_duration_seconds_count')).toBe(40);
      expect(grown('gen_ai_client_token_usage_sum', 'gen_ai_token_type="output"')).toBe(800);
      expect(metric(after, 'orchestrator_provider_up')).toBe(1);
    }
  });

  it('let no more calls run at a provider than it may have', async () => {
    most = 0;
    const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => chat(gateway.url, `slow ${index}`)));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 6 });
    expect(most).toBe(3);
  });

  it('let one client have exactly as many answers at once as it may', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => chat(gateway.url, `slow at once ${index}`)));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 6, 429: 6 });
    await until(async () => (await chat(gateway.url, 'free again')).status === 200);
  });

  it('make one call for an Idempotency-Key that comes twice at once', async () => {
    const headers = { 'idempotency-key': 'once' };
    const answers = await Promise.all(Array.from({ length: 4 }, () => chat(gateway.url, 'slow once', { headers })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(calls('slow once')).toBe(1);
    const reused = await Promise.all([1, 2].map(() => chat(gateway.url, 'something else', { headers })));
    expect(reused.map(({ status }) => status)).toEqual([422, 422]);
  });

  it('take up rules that one of them was given', async () => {
    const rules = { keywords: { billing: ['invoice'] } };
    expect((await ask(gateway.url, '/orchestrator/rules', { method: 'PUT', body: rules })).status).toBe(200);
    await until(() => bothList('auto:billing'));
  });

  it('go on with a response that the other one stored', async () => {
    const first = (await ask(gateway.url, '/v1/responses', { body: { model: 'm', input: 'remember me' } })).json<{ id: string }>();
    const next = await Promise.all(
      [1, 2].map((turn) => ask(gateway.url, '/v1/responses', { body: { model: 'm', input: `turn ${turn}`, previous_response_id: first.id } })),
    );
    expect(next.map(({ status }) => status)).toEqual([200, 200]);
    expect(calls('remember me')).toBe(3);
  });

  it('know one vote for one answer', async () => {
    const { id } = (await chat(gateway.url, 'rate me', { more: { model: 'auto' } })).json<{ id: string }>();
    await until(async () => (await ask(gateway.url, '/orchestrator/feedback', { body: { id, rating: 5 } })).status === 200);
    const again = await Promise.all([1, 2].map(() => ask(gateway.url, '/orchestrator/feedback', { body: { id, rating: 1 } })));
    expect(again.map(({ status }) => status)).toEqual([409, 409]);
  });

  it('learn from what each of them answered', async () => {
    for (let turn = 0; turn < 4; turn++) await chat(gateway.url, `learn this ${turn}`, { more: { model: 'auto:math' } });
    await until(async () => {
      const { learned } = (await ask(gateway.url, '/orchestrator/stats')).json() as { learned: { task: string; answers: number }[] };
      return learned.some(({ task, answers }) => task === 'math' && answers >= 4);
    });
  });

  it('carry an MCP session on whichever gets its next message', async () => {
    const headers = { accept: 'application/json, text/event-stream' };
    const begun = await ask(gateway.url, '/mcp', {
      headers,
      body: {
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
      },
    });
    const session = { ...headers, 'mcp-session-id': String(begun.headers['mcp-session-id']) };
    const lists = await Promise.all(
      [2, 3, 4, 5].map((id) => ask(gateway.url, '/mcp', { headers: session, body: { jsonrpc: '2.0', id, method: 'tools/list' } })),
    );
    expect(lists.map(({ text }) => text.includes('smart_ask'))).toEqual([true, true, true, true]);
  });

  it('run each line of a batch once', async () => {
    const lines = Array.from({ length: 12 }, (_, index) =>
      JSON.stringify({
        custom_id: `line ${index}`,
        method: 'POST',
        url: '/v1/chat/completions',
        body: { model: 'm', messages: [{ role: 'user', content: `batch ${index}` }] },
      }),
    );
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob([lines.join('\n')]), 'in.jsonl');
    const file = (await (await fetch(`${gateway.url}/v1/files`, { method: 'POST', body: form })).json()) as { id: string };
    const batch = (
      await ask(gateway.url, '/v1/batches', { body: { input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' } })
    ).json<{ id: string }>();
    await until(async () => (await ask(gateway.url, `/v1/batches/${batch.id}`)).json<{ status: string }>().status === 'completed');
    const { output_file_id: output } = (await ask(gateway.url, `/v1/batches/${batch.id}`)).json<{ output_file_id: string }>();
    const contents = await Promise.all([1, 2].map(() => ask(gateway.url, `/v1/files/${output}/content`)));
    for (const { text } of contents) expect(text.trim().split('\n')).toHaveLength(12);
    expect(calls('batch ')).toBe(12);
  });

  it('show decisions of both in one live stream', async () => {
    let text = '';
    const stream = request(`${gateway.url}/orchestrator/live?limit=0`, { agent: false }, (answer) => {
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
    }).end();
    await until(() => text.includes('snapshot'));
    const ids = (await Promise.all([1, 2, 3, 4].map((index) => chat(gateway.url, `live ${index}`)))).map(({ headers }) => String(headers['x-request-id']));
    await until(() => ids.every((id) => text.includes(id)));
    stream.destroy();
  });

  it('read the configuration anew on SIGHUP, all of them', async () => {
    await writeFile(join(gateway.folder, 'routing.yaml'), JSON.stringify({ keywords: { shipping: ['parcel'] } }));
    gateway.process.kill('SIGHUP');
    await until(() => bothList('auto:shipping'));
  });

  // Last: from here on everybody needs a key.
  it('know a key at once, and at once no more', async () => {
    const admin = (await ask(gateway.url, '/orchestrator/keys', { body: { name: 'a', role: 'admin' } })).json<{ secret: string }>();
    const asAdmin = { authorization: `Bearer ${admin.secret}` };
    await until(async () => (await Promise.all([1, 2].map(() => chat(gateway.url, 'no key')))).every(({ status }) => status === 401));

    const limited = (
      await ask(gateway.url, '/orchestrator/keys', { headers: asAdmin, body: { name: 'b', rate: { requests: 10, window_s: 60 } } })
    ).json() as unknown as {
      secret: string;
      key: { id: string };
    };
    const headers = { authorization: `Bearer ${limited.secret}` };
    const statuses: number[] = [];
    for (let round = 0; round < 5; round++) {
      statuses.push(...(await Promise.all(Array.from({ length: 5 }, () => chat(gateway.url, 'limited', { headers })))).map(({ status }) => status));
    }
    expect(tally(statuses)).toEqual({ 200: 10, 429: 15 });

    const spending = (await ask(gateway.url, '/orchestrator/keys', { headers: asAdmin, body: { name: 'c', token_budget: 300 } })).json() as unknown as {
      secret: string;
    };
    const spent = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        chat(gateway.url, `slow spend ${index}`, { headers: { authorization: `Bearer ${spending.secret}` }, more: { max_tokens: 90 } }),
      ),
    );
    // Each sets aside 90 and its prompt, so that three at once fit into 300.
    expect(tally(spent.map(({ status }) => status))).toEqual({ 200: 3, 429: 3 });

    expect((await ask(gateway.url, `/orchestrator/keys/${limited.key.id}`, { method: 'DELETE', headers: asAdmin })).status).toBe(200);
    await until(async () => (await Promise.all([1, 2].map(() => chat(gateway.url, 'revoked', { headers })))).every(({ status }) => status === 401));
  });
});
