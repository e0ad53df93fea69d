/**
 * What an ensemble costs beside its members, and whether memory stays flat: `node --expose-gc bench/ensembles-overhead.ts [ENSEMBLES]`. The gateway and a
 * scripted upstream run in this process, so the cost of both is in the figures. Rounds alternate between the ensemble and its slowest member alone.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/config.ts';
import { createLog, serve } from '../src/server.ts';

const ENSEMBLES = Number(process.argv[2] ?? 10_000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 150);
const DELAYS: Readonly<Record<string, number>> = { 'fast-a': 20, 'fast-b': 30, slow: 60 };
const JUDGE_MS = 25;
let scale = 1;

const answer = (model: string, isJudge: boolean): string =>
  isJudge ? 'Tides come from the moon.' : `Tides come from the pull of the moon on the sea, says ${model}.`;

const upstream = createServer((request, response: ServerResponse) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    if (request.url === '/v1/models')
      return void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ data: Object.keys(DELAYS).map((id) => ({ id, object: 'model' })) }));
    const text = Buffer.concat(parts).toString();
    const { model } = JSON.parse(text) as { model: string };
    const isJudge = text.includes('[[BEGIN ANSWER');
    const json = { 'content-type': 'application/json' };
    setTimeout(
      () => {
        const message = { role: 'assistant', content: answer(model, isJudge) };
        const usage = { prompt_tokens: 9, completion_tokens: 9 };
        if (!text.includes('"stream":true'))
          return response.writeHead(200, json).end(JSON.stringify({ model, choices: [{ index: 0, message, finish_reason: 'stop' }], usage }));
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`data: ${JSON.stringify({ model, choices: [{ index: 0, delta: message, finish_reason: null }] })}\n\n`);
        return response.end(`data: ${JSON.stringify({ model, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage })}\n\ndata: [DONE]\n\n`);
      },
      (isJudge ? JUDGE_MS : (DELAYS[model] ?? 0)) * scale,
    );
  });
});
await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
const folder = await mkdtemp(join(tmpdir(), 'orchestrator-bench-'));
const providers = [{ name: 'up', type: 'openai', url: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`, concurrency: 256 }];
await writeFile(join(folder, 'gateway.yaml'), JSON.stringify({ providers }));
await writeFile(join(folder, 'routing.yaml'), JSON.stringify({ ensemble: { models: Object.keys(DELAYS), judge: 'fast-a' } }));
await writeFile(join(folder, 'performance.yaml'), JSON.stringify({ caching: { enabled: false } }));
const config = await loadConfig({ directory: folder, defaultsDirectory: join(import.meta.dirname, '../config'), env: {} });
const log = createLog('error', { write: () => undefined });
const gateway = await serve({ config, host: '127.0.0.1', port: 0, stateDirectory: join(folder, 'state'), log, env: { OLLAMA_HOST: '127.0.0.1:1' } });
await gateway.services.discovered;

async function ask(model: string, stream: boolean, nonce: number): Promise<{ first: number; total: number }> {
  const startedAt = performance.now();
  const body = { model, stream, messages: [{ role: 'user', content: `Explain the tides in one sentence (${nonce}).` }] };
  const response = await fetch(`${gateway.address}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  let first = 0;
  if (!response.ok) throw new Error(`${model}: ${response.status} ${await response.text()}`);
  for await (const _ of response.body ?? []) first ||= performance.now() - startedAt;

  return { first, total: performance.now() - startedAt };
}

/** The same calls without a gateway: all members at once, then the judge. */
async function byHand(nonce: number): Promise<number> {
  const startedAt = performance.now();
  const call = async (model: string, content: string): Promise<void> => {
    const response = await fetch(`${providers[0]?.url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content }] }),
    });
    await response.json();
  };
  await Promise.all(Object.keys(DELAYS).map((model) => call(model, `Explain the tides (${nonce}).`)));
  await call('fast-a', '[[BEGIN ANSWER');
  return performance.now() - startedAt;
}

const at = (values: readonly number[], share: number): number => [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] as number;
const show = (values: readonly number[]): string => `p50 ${at(values, 0.5).toFixed(1)}, p90 ${at(values, 0.9).toFixed(1)}`;

for (let round = 0; round < 40; round++) await ask('ensemble', round % 2 === 0, round);
const times: Record<string, number[]> = { slow: [], hand: [], ensemble: [], vote: [], first: [] };
for (let round = 0; round < ROUNDS; round++) {
  times['slow']?.push((await ask('slow', false, round)).total);
  times['hand']?.push(await byHand(round));
  times['ensemble']?.push((await ask('ensemble', false, round)).total);
  times['vote']?.push((await ask('ensemble:vote', false, round)).total);
  times['first']?.push((await ask('ensemble', true, round)).first);
}
const slow = at(times['slow'] ?? [], 0.5);
process.stdout.write(`Slowest member alone (${DELAYS['slow']} ms upstream): ${show(times['slow'] ?? [])} ms\n`);
process.stdout.write(
  `ensemble, judge ${JUDGE_MS} ms: ${show(times['ensemble'] ?? [])} ms; beyond slowest member and judge: ${(at(times['ensemble'] ?? [], 0.5) - slow - JUDGE_MS).toFixed(1)} ms at p50\n`,
);
process.stdout.write(
  `The same calls by hand, without a gateway: ${show(times['hand'] ?? [])} ms; the gateway adds ${(at(times['ensemble'] ?? [], 0.5) - at(times['hand'] ?? [], 0.5)).toFixed(1)} ms at p50\n`,
);
process.stdout.write(`ensemble:vote: ${show(times['vote'] ?? [])} ms; beyond slowest member: ${(at(times['vote'] ?? [], 0.5) - slow).toFixed(1)} ms at p50\n`);
process.stdout.write(`First byte of a streamed ensemble: ${show(times['first'] ?? [])} ms\n`);

scale = 0;
/** CPU of one request, gateway, upstream and client together, in ms: what the machine's load does not change. */
async function cpuOf(work: (round: number) => Promise<unknown>): Promise<number> {
  const rounds = 200;
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) await work(round);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / rounds;
}
const cpu = {
  'one model': await cpuOf((round) => ask('slow', false, round)),
  'the same calls by hand': await cpuOf(byHand),
  ensemble: await cpuOf((round) => ask('ensemble', false, round)),
  'ensemble:vote': await cpuOf((round) => ask('ensemble:vote', false, round)),
};
process.stdout.write(
  `CPU of a request with its upstream and client: ${Object.entries(cpu)
    .map(([name, ms]) => `${name} ${ms.toFixed(2)}`)
    .join(', ')} ms\n`,
);
if (ENSEMBLES === 0) process.exit(0);
const startedAt = performance.now();
for (let done = 0; done < ENSEMBLES; ) {
  const until = Math.min(ENSEMBLES, done + ENSEMBLES / 10);
  const worker = async (): Promise<void> => {
    while (done < until) await ask(done % 2 === 0 ? 'ensemble' : 'ensemble:vote', done % 3 === 0, done++);
  };
  await Promise.all(Array.from({ length: 12 }, worker));
  global.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.stdout.write(`${done} ensembles: heap ${(heapUsed / 1e6).toFixed(1)} MB, RSS ${(rss / 1e6).toFixed(0)} MB\n`);
}
process.stdout.write(`${(ENSEMBLES / ((performance.now() - startedAt) / 1_000)).toFixed(0)} ensembles a second\n`);
await gateway.services.close();
upstream.closeAllConnections();
upstream.close();
await rm(folder, { recursive: true });
process.exit(0);
