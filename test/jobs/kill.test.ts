import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import OpenAI, { toFile } from 'openai';
import { afterAll, expect, it } from 'vitest';
import { createUpstream, openaiAnswer, openaiHandler } from '../support/upstream.ts';

const ROUNDS = process.env.TORTURE === undefined ? 4 : 20;
const LINES = 1_000;
/** Lines at work and lines whose result is being written when the process dies. */
const IN_FLIGHT = 30;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const children: ChildProcess[] = [];
const folder = await mkdtemp(join(tmpdir(), 'orchestrator-kill-'));
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

it(
  'answers each line of a batch exactly once, however often the gateway is killed',
  async () => {
    const pace = 15;
    const upstream = await createUpstream(
      openaiHandler(['m'], async (seen, response) => {
        await sleep(pace);
        await openaiAnswer(['ok'])(seen, response);
      }),
    );
    const start = async () => {
      const child = spawn(process.execPath, [fileURLToPath(new URL('./gateway-child.ts', import.meta.url)), upstream.url, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      const [address] = (await once(child.stdout, 'data')) as [Buffer];
      return { child, client: new OpenAI({ baseURL: `${address.toString().trim()}/v1`, apiKey: 'x', maxRetries: 0 }) };
    };

    let running = await start();
    const line = (index: number): string =>
      JSON.stringify({
        custom_id: `c${index}`,
        method: 'POST',
        url: '/v1/chat/completions',
        body: { model: 'm', messages: [{ role: 'user', content: `q${index}` }] },
      });
    const file = await toFile(Buffer.from(Array.from({ length: LINES }, (_, index) => line(index)).join('\n')), 'in.jsonl');
    const { id: input } = await running.client.files.create({ file, purpose: 'batch' });
    const { id } = await running.client.batches.create({ input_file_id: input, endpoint: '/v1/chat/completions', completion_window: '24h' });

    let kills = 0;
    for (; kills < ROUNDS; kills += 1) {
      await sleep(Math.random() * 250);
      running.child.kill('SIGKILL');
      await once(running.child, 'exit');
      running = await start();
    }
    await expect.poll(async () => (await running.client.batches.retrieve(id)).status, { timeout: 60_000, interval: 100 }).toBe('completed');
    const batch = await running.client.batches.retrieve(id);
    expect(batch.request_counts).toEqual({ total: LINES, completed: LINES, failed: 0 });
    const text = await (await running.client.files.content(batch.output_file_id ?? '')).text();
    const ids = text
      .trimEnd()
      .split('\n')
      .map((row) => (JSON.parse(row) as { custom_id: string }).custom_id);
    expect(ids).toHaveLength(LINES);
    expect(new Set(ids).size).toBe(LINES);
    expect(upstream.calls().length).toBeLessThanOrEqual(LINES + kills * IN_FLIGHT);
    expect(upstream.calls().length).toBeGreaterThanOrEqual(LINES);
    running.child.kill('SIGKILL');
    await upstream.close();
  },
  60_000 + ROUNDS * 10_000,
);
