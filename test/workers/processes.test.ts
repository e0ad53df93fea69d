import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { runProgram, spawnGateway } from '../faults/child-gateway.ts';
import { createUpstream, openaiHandler, sseChunk } from '../support/upstream.ts';
import { alive, ask, chat, childrenOf, metric, tally, until } from './support.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});

async function start(more: object = {}) {
  const gates: (() => void)[] = [];
  const upstream = await createUpstream(
    openaiHandler(['m'], async (seen, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sseChunk({ content: 'pong' }));
      if (seen.text.includes('held')) await new Promise<void>((resolve) => gates.push(resolve));
      response.end(`${sseChunk({}, 'stop')}data: [DONE]\n\n`);
    }),
  );
  open.push(upstream);
  const gateway = await spawnGateway({ server: { workers: 2 }, providers: [{ name: 'up', type: 'openai', url: `${upstream.url}/v1` }], ...more });
  open.push(gateway);
  const primary = gateway.process.pid as number;
  return { gateway, upstream, gates, workers: () => childrenOf(primary) };
}

describe('a worker that dies', { timeout: 240_000 }, () => {
  it('takes its own requests with it, and neither the others nor what was counted', async () => {
    const { gateway, gates, workers } = await start();
    for (let turn = 0; turn < 4; turn++) await chat(gateway.url, `before ${turn}`);
    expect(metric((await ask(gateway.url, '/metrics')).text, 'orchestrator_calls_total')).toBe(4);
    const held = Promise.allSettled(Array.from({ length: 4 }, (_, index) => chat(gateway.url, `held ${index}`)));
    await until(() => gates.length === 4);
    const [, victim] = workers() as [number, number];
    process.kill(victim, 'SIGKILL');
    await until(() => !alive(victim));
    for (const release of gates) release();
    const outcomes = (await held).map((one) => (one.status === 'fulfilled' ? one.value.status : 'cut'));
    const { 200: answered = 0, cut = 0 } = tally(outcomes);
    expect(answered + cut).toBe(4);
    expect(cut).toBeGreaterThan(0);
    await until(() => workers().length === 2);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => chat(gateway.url, `after ${index}`)));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 8 });
    const { text } = await ask(gateway.url, '/metrics');
    // What was counted before, after, and held by the worker that lived.
    expect(metric(text, 'orchestrator_calls_total', 'outcome="ok"')).toBe(4 + 8 + answered);
  });

  it('is replaced when it is the one that answers for all, with what is stored still there', async () => {
    const { gateway, workers } = await start();
    const { id } = (await ask(gateway.url, '/v1/responses', { body: { model: 'm', input: 'kept' } })).json<{ id: string }>();
    const [lead] = workers() as [number, number];
    process.kill(lead, 'SIGKILL');
    await until(() => !alive(lead));
    await until(async () => (await ask(gateway.url, '/readyz')).status === 200);
    expect((await ask(gateway.url, `/v1/responses/${id}`)).status).toBe(200);
    expect((await ask(gateway.url, '/orchestrator/stats')).status).toBe(200);
  });
});

describe('the end of the primary', { timeout: 240_000 }, () => {
  it('by SIGTERM comes after every open answer, with 0', async () => {
    const { gateway, gates, workers } = await start();
    const held = Promise.all(Array.from({ length: 6 }, (_, index) => chat(gateway.url, `held ${index}`)));
    await until(() => gates.length === 6);
    const all = workers();
    gateway.process.kill('SIGTERM');
    await delay(200);
    for (const release of gates) release();
    expect(tally((await held).map(({ status }) => status))).toEqual({ 200: 6 });
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
    expect(all.filter(alive)).toEqual([]);
  });

  it('by SIGKILL leaves no worker behind', async () => {
    const { gateway, workers } = await start();
    const all = workers();
    expect(all).toHaveLength(2);
    gateway.process.kill('SIGKILL');
    await gateway.exited;
    await until(() => !all.some(alive));
  });
});

describe('a start that cannot be', { timeout: 240_000 }, () => {
  it('says so once, for all workers', async () => {
    const blocker = createServer();
    const port = await new Promise<number>((resolve) => blocker.listen(0, '127.0.0.1', () => resolve((blocker.address() as { port: number }).port)));
    try {
      const { code, stderr } = await runProgram(['start', '--port', String(port), '--workers', '2'], {
        ORCHESTRATOR_STATE: await mkdtemp(join(tmpdir(), 'orchestrator-workers-')),
      });
      expect(stderr.match(/^orchestrator start: Port \d+ on 127\.0\.0\.1 is taken\. .*$/gm)).toHaveLength(1);
      expect(stderr).not.toContain('    at ');
      expect(code).toBe(2);
    } finally {
      blocker.close();
    }
  });

  it('refuses a number of workers that makes no sense', async () => {
    const { code, stderr } = await runProgram(['start', '--workers', '0']);
    expect(stderr).toContain('--workers: expected a number from 1 to 64');
    expect(code).toBe(2);
  });
});
