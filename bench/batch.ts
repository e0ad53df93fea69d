/*
 * Throughput of /v1/batches against an upstream with a fixed pace: `node bench/batch.ts [LINES] [SLOTS] [MS]`.
 * Ideal is SLOTS answers every MS. Prints what share of it was reached and how the memory went.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startGateway } from '../test/support/gateway.ts';

const [lines = 1_000, slots = 20, ms = 50] = process.argv.slice(2).map(Number);

let busy = 0;
const queue: (() => void)[] = [];
const upstream = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/v1/models')
      return response.setHeader('content-type', 'application/json').end('{"object":"list","data":[{"id":"m","object":"model"}]}');
    const answer = (): void => {
      busy += 1;
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const usage = { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 };
        const message = { role: 'assistant', content: 'ok' };
        if (Buffer.concat(chunks).includes('"stream":true')) {
          const chunk = (value: object): string =>
            `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', ...value })}\n\n`;
          response.setHeader?.('content-type', 'text/event-stream');
          response.write(chunk({ choices: [{ index: 0, delta: message, finish_reason: 'stop' }] }) + chunk({ choices: [], usage }));
          response.end('data: [DONE]\n\n');
        } else {
          response.end(
            JSON.stringify({ id: 'x', object: 'chat.completion', created: 1, model: 'm', choices: [{ index: 0, message, finish_reason: 'stop' }], usage }),
          );
        }
        busy -= 1;
        queue.shift()?.();
      }, ms);
    };
    if (busy < slots) answer();
    else queue.push(answer);
  });
});
await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;

const gateway = await startGateway({
  gateway: { providers: [{ name: 'up', type: 'openai', url, models: ['m'] }], limits: { batch_concurrency: Math.ceil(slots * 1.5) } },
  performance: { caching: { enabled: false } },
});
const body = Array.from({ length: lines }, (_, index) =>
  JSON.stringify({
    custom_id: `c${index}`,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'm', messages: [{ role: 'user', content: `question ${index}` }] },
  }),
).join('\n');
const form = new FormData();
form.append('purpose', 'batch');
form.append('file', new Blob([body]), 'in.jsonl');
const file = (await (await fetch(`${gateway.url}/v1/files`, { method: 'POST', body: form })).json()) as { id: string };
const startedAt = performance.now();
const made = (await (await gateway.post('/v1/batches', { input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' })).json()) as {
  id: string;
};
let peak = 0;
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, 10));
  peak = Math.max(peak, process.memoryUsage().rss);
  const batch = await gateway.services.state.batches.get(made.id);
  if (batch?.status === 'completed') {
    const seconds = (performance.now() - startedAt) / 1000;
    const ideal = (lines * ms) / slots / 1000;
    process.stdout.write(
      `${JSON.stringify({ lines, slots, ms, seconds: +seconds.toFixed(3), ideal_seconds: ideal, share: +(ideal / seconds).toFixed(3), rss_peak_mb: Math.round(peak / 2 ** 20), counts: batch.counts })}\n`,
    );
    break;
  }
}
await gateway.close();
upstream.close();
upstream.closeAllConnections();
