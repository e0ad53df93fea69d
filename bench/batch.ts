/*
 * Throughput of /v1/batches against an upstream with a fixed pace: `node bench/batch.ts [LINES] [SLOTS] [MS]`.
 * Ideal is SLOTS answers every MS. A timer of 50 ms takes a little longer on a busy machine, so what the upstream could do at best is
 * measured first, without any HTTP, and the share of that is told too. The upstream runs in a thread of
 * its own. Prints what share of the ideal was reached and how the memory went.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { startGateway } from '../test/support/gateway.ts';

interface Pace {
  readonly slots: number;
  readonly ms: number;
}

/** An OpenAI-shaped server that answers `slots` requests at a time, each after `ms`. */
async function serve({ slots, ms }: Pace): Promise<number> {
  let busy = 0;
  const queue: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/v1/models')
        return response.setHeader('content-type', 'application/json').end('{"object":"list","data":[{"id":"m","object":"model"}]}');
      const streamed = Buffer.concat(chunks).includes('"stream":true');
      const answer = (): void => {
        busy += 1;
        setTimeout(() => {
          busy -= 1;
          queue.shift()?.();
          const usage = { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 };
          const message = { role: 'assistant', content: 'ok' };
          if (streamed) {
            const chunk = (value: object): string =>
              `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', ...value })}\n\n`;
            response.writeHead(200, { 'content-type': 'text/event-stream' });
            response.end(`${chunk({ choices: [{ index: 0, delta: message, finish_reason: 'stop' }] })}${chunk({ choices: [], usage })}data: [DONE]\n\n`);
          } else {
            response.writeHead(200, { 'content-type': 'application/json' });
            response.end(
              JSON.stringify({ id: 'x', object: 'chat.completion', created: 1, model: 'm', choices: [{ index: 0, message, finish_reason: 'stop' }], usage }),
            );
          }
        }, ms);
      };
      if (busy < slots) answer();
      else queue.push(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Seconds that the upstream's timers alone take for so many answers. */
async function bestOf(lines: number, { slots, ms }: Pace): Promise<number> {
  const startedAt = performance.now();
  let begun = 0;
  const slot = async (): Promise<void> => {
    while (begun++ < lines) await new Promise((resolve) => setTimeout(resolve, ms));
  };
  await Promise.all(Array.from({ length: slots }, slot));
  return (performance.now() - startedAt) / 1000;
}

async function measure(lines: number, pace: Pace, port: number): Promise<object> {
  const gateway = await startGateway({
    gateway: { providers: [{ name: 'up', type: 'openai', url: `http://127.0.0.1:${port}/v1`, models: ['m'] }], limits: { batch_concurrency: pace.slots * 2 } },
    performance: { caching: { enabled: false } },
  });
  const line = (index: number): string =>
    JSON.stringify({
      custom_id: `c${index}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: 'm', messages: [{ role: 'user', content: `question ${index}` }] },
    });
  const form = new FormData();
  form.append('purpose', 'batch');
  form.append('file', new Blob([Array.from({ length: lines }, (_, index) => line(index)).join('\n')]), 'in.jsonl');
  const file = (await (await fetch(`${gateway.url}/v1/files`, { method: 'POST', body: form })).json()) as { id: string };
  const best = await bestOf(lines, pace);
  const startedAt = performance.now();
  const asked = { input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' };
  const { id } = (await (await gateway.post('/v1/batches', asked)).json()) as { id: string };
  let peak = 0;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    peak = Math.max(peak, process.memoryUsage().rss);
    const batch = await gateway.services.state.batches.get(id);
    if (batch?.status !== 'completed') continue;
    const seconds = (performance.now() - startedAt) / 1000;
    const ideal = (lines * pace.ms) / pace.slots / 1000;
    await gateway.close();
    const share = (of: number): number => Number((of / seconds).toFixed(3));
    const rss = Math.round(peak / 2 ** 20);
    return { lines, ...pace, seconds: Number(seconds.toFixed(3)), share: share(ideal), share_of_timers: share(best), rss_peak_mb: rss, ...batch.counts };
  }
}

if (isMainThread) {
  const [lines = 1_000, slots = 20, ms = 50] = process.argv.slice(2).map(Number);
  const worker = new Worker(new URL(import.meta.url), { workerData: { slots, ms } });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  process.stdout.write(`${JSON.stringify(await measure(lines, { slots, ms }, port))}\n`);
  await worker.terminate();
} else {
  parentPort?.postMessage(await serve(workerData as Pace));
}
