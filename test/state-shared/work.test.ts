import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { thorough } from '../faults/support.ts';
import type { TestGateway } from '../support/gateway.ts';
import { createUpstream, openaiAnswer, openaiHandler, type Upstream } from '../support/upstream.ts';
import { hasServer, open, type RedisServer, startOn, startRedis } from './support.ts';

const LINES = thorough ? 400 : 60;

const jsonl = (lines: number): string =>
  Array.from({ length: lines }, (_, line) =>
    JSON.stringify({
      custom_id: `c${line}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: 'm', messages: [{ role: 'user', content: `line ${line}` }] },
    }),
  ).join('\n');

async function upload(gateway: TestGateway, text: string, headers: Record<string, string> = {}): Promise<string> {
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([text]), 'in.jsonl');
  const response = await fetch(`${gateway.url}/v1/files`, { method: 'POST', body: form, headers });
  return ((await response.json()) as { id: string }).id;
}
const get = async <T>(gateway: TestGateway, path: string): Promise<T> => (await (await fetch(gateway.url + path)).json()) as T;
const text = async (gateway: TestGateway, file: string): Promise<string> => (await fetch(`${gateway.url}/v1/files/${file}/content`)).text();
interface Batch {
  readonly id: string;
  readonly status: string;
  readonly output_file_id?: string;
  readonly error_file_id?: string;
  readonly request_counts: { readonly total: number; readonly completed: number; readonly failed: number };
}
const begin = async (gateway: TestGateway, file: string): Promise<Batch> =>
  (await (await gateway.post('/v1/batches', { input_file_id: file, endpoint: '/v1/chat/completions', completion_window: '24h' })).json()) as Batch;
const ended = async (gateway: TestGateway, id: string): Promise<Batch> => {
  await expect
    .poll(async () => (await get<Batch>(gateway, `/v1/batches/${id}`)).status, { timeout: 30_000, interval: 100 })
    .toMatch(/completed|cancelled|expired|failed/);
  return get(gateway, `/v1/batches/${id}`);
};
const idsOf = (file: string): string[] =>
  file
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { custom_id: string }).custom_id);
const expected = (lines: number): string[] => Array.from({ length: lines }, (_, line) => `c${line}`);

/** How often each line was sent to the upstream. */
const callsOf = (upstream: Upstream): number[] => {
  const counts = new Map<string, number>();
  for (const { body } of upstream.calls()) {
    const content = (body as { messages?: { content: string }[] }).messages?.[0]?.content;
    if (content !== undefined) counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  return [...counts.values()];
};

async function setup(delayMs: number): Promise<{ redis: RedisServer; upstream: Upstream; first: TestGateway; second: TestGateway }> {
  const redis = await startRedis();
  const answer = openaiAnswer(['pong']);
  const upstream = await createUpstream(
    openaiHandler(['m'], async (...call) => {
      await delay(delayMs);
      return answer(...call);
    }),
  );
  open.push(upstream);
  const more = { limits: { batch_concurrency: 2 }, redis: { url: `redis://127.0.0.1:${redis.port}`, lease_s: 2 } };
  return { redis, upstream, first: await startOn(redis, upstream, more), second: await startOn(redis, upstream, more) };
}

describe.skipIf(!hasServer)('files and batches of several gateways (skipped where redis-server is not installed)', () => {
  it('are there at each: a file given to one is read, listed and deleted at the other', async () => {
    const { first, second } = await setup(0);
    const bytes = `${'x'.repeat(700_000)}\n한글`;
    const id = await upload(first, bytes);
    expect(await text(second, id)).toBe(bytes);
    expect((await get<{ data: { id: string }[] }>(second, '/v1/files')).data.map((file) => file.id)).toEqual([id]);
    await fetch(`${second.url}/v1/files/${id}`, { method: 'DELETE' });
    await expect.poll(async () => (await fetch(`${first.url}/v1/files/${id}`)).status, { timeout: 5_000 }).toBe(404);
    expect((await fetch(`${second.url}/v1/files/file-${'0'.repeat(24)}`)).status).toBe(404);
  });

  it('are worked at by all, each line by one; the end and the files are the same everywhere', async () => {
    const { first, second, upstream } = await setup(40);
    const { id } = await begin(second, await upload(first, jsonl(LINES)));
    const [one, other] = [await ended(first, id), await ended(second, id)];
    expect(one.request_counts).toEqual({ total: LINES, completed: LINES, failed: 0 });
    expect(other).toEqual({ ...one, ...timesOf(other) });
    const output = await text(first, one.output_file_id as string);
    expect(idsOf(output)).toEqual(expected(LINES));
    expect(await text(second, other.output_file_id as string)).toBe(output);
    expect(callsOf(upstream)).toEqual(Array(LINES).fill(1));
    const parts = [first, second].map((gateway) => gateway.logs().filter((line) => line.includes('"operation":"batch"')).length);
    expect(Math.min(...parts)).toBeGreaterThan(0);
  });

  it('come to their end when the gateway that was given a batch is gone, once its leases are over', async () => {
    const { first, second, upstream } = await setup(150);
    const { id } = await begin(first, await upload(first, jsonl(LINES)));
    await expect.poll(async () => (await get<Batch>(second, `/v1/batches/${id}`)).request_counts.completed, { timeout: 10_000 }).toBeGreaterThan(4);
    open.splice(open.indexOf(first), 1);
    // As good as dead to the others: it tells nothing more, and gives no lease back.
    first.services.shared?.close();
    await first.services.jobs.close();
    const { status, output_file_id } = await ended(second, id);
    expect(status).toBe('completed');
    expect(idsOf(await text(second, output_file_id as string))).toEqual(expected(LINES));
    expect(callsOf(upstream).filter((count) => count > 1).length).toBeLessThanOrEqual(6);
    await first.close();
  });

  it.each(['FLUSHALL', 'a stop', 'a restart'])('lose and double no line over %s of the store', async (fault) => {
    const { redis, first, second, upstream } = await setup(40);
    const { id } = await begin(first, await upload(first, jsonl(LINES)));
    await expect.poll(async () => (await get<Batch>(second, `/v1/batches/${id}`)).request_counts.completed, { timeout: 10_000 }).toBeGreaterThan(4);
    if (fault === 'FLUSHALL') await first.services.shared?.run((client) => client.flushall(), 1_000);
    else if (fault === 'a stop') {
      redis.process.kill('SIGSTOP');
      await delay(1_500);
      redis.process.kill('SIGCONT');
    } else {
      await redis.close();
      await delay(500);
      await startRedis(redis.port);
    }
    for (const gateway of [first, second]) {
      const { status, output_file_id, request_counts } = await ended(gateway, id);
      expect(status).toBe('completed');
      expect(request_counts).toEqual({ total: LINES, completed: LINES, failed: 0 });
      expect(idsOf(await text(gateway, output_file_id as string))).toEqual(expected(LINES));
    }
    // What was under way when the store went may run twice; what was done may not.
    expect(callsOf(upstream).filter((count) => count > 1).length).toBeLessThanOrEqual(60);
  });

  it('are cancelled everywhere by a word to one of them, with the same results', async () => {
    const { first, second } = await setup(100);
    const { id } = await begin(first, await upload(first, jsonl(200)));
    await expect.poll(async () => (await get<Batch>(second, `/v1/batches/${id}`)).request_counts.completed, { timeout: 10_000 }).toBeGreaterThan(4);
    expect((await second.post(`/v1/batches/${id}/cancel`, {})).status).toBe(200);
    const [one, other] = [await ended(first, id), await ended(second, id)];
    expect([one.status, other.status]).toEqual(['cancelled', 'cancelled']);
    for (const file of ['output_file_id', 'error_file_id'] as const) {
      expect(await text(first, one[file] as string)).toBe(await text(second, other[file] as string));
    }
    expect([...idsOf(await text(first, one.output_file_id as string)), ...idsOf(await text(first, one.error_file_id as string))].sort()).toEqual(
      expected(200).sort(),
    );
  });
});

/** When which step was taken is each gateway's own. */
const timesOf = (batch: object): object => Object.fromEntries(Object.entries(batch).filter(([name]) => name.endsWith('_at')));
