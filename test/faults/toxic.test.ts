import { afterEach, describe, expect, it } from 'vitest';
import { type Toxics, toxic } from '../../tools/toxic.mjs';
import { readSse, startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, openaiAnswer, openaiHandler } from '../support/upstream.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

const TEXT = ['한국어 ', '🙂 and ', 'plain ', 'text'];

/** A gateway before an upstream behind a bad line, and a good one; the bad line is always tried first. */
async function start(server: object = {}) {
  const first = await createUpstream(openaiHandler(['m'], openaiAnswer(TEXT)));
  const second = await createUpstream(openaiHandler(['m'], openaiAnswer(TEXT)));
  const line = await toxic({ target: first.port });
  const gateway: TestGateway = await startGateway({
    gateway: {
      server,
      providers: [
        { name: 'line', type: 'openai', url: `http://127.0.0.1:${line.port}/v1`, weight: 1e9 },
        { name: 'good', type: 'openai', url: `${second.url}/v1` },
      ],
    },
    routing: { balance: 'weighted' },
    performance: { caching: { enabled: false } },
  });
  open.push(gateway, line, first, second);
  return { gateway, line };
}

const ask = (gateway: TestGateway, stream: boolean): Promise<Response> =>
  gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'x' }], stream });

describe('a line to an upstream that', () => {
  const SLOW: Record<string, Toxics> = { 'gives one byte at a time': { slice: 1 }, 'is late and uneven': { latency: 100, jitter: 90 }, 'is slow': { rate: 2 } };
  it.each(Object.entries(SLOW))('%s is no failure: the answer is whole and comes from there', async (_name, toxics) => {
    const { gateway, line } = await start();
    await line.set(toxics);
    for (let turn = 0; turn < 5; turn++) {
      const response = await ask(gateway, turn % 2 === 0);
      expect(response.headers.get('x-orchestrator-provider')).toBe('line');
      if (turn % 2 === 1) expect(await response.text()).toContain(TEXT.join(''));
      else {
        const frames = (await readSse(response)) as { choices?: { delta: { content?: string } }[] }[];
        expect(frames.map((frame) => frame.choices?.[0]?.delta.content ?? '').join('')).toBe(TEXT.join(''));
        expect(frames.at(-1)).toBe('[DONE]');
      }
    }
  });

  const DEAD: Record<string, Toxics> = {
    'resets every connection': { reset: true },
    'swallows everything': { blackhole: true },
    'ends after a few bytes': { limit: 40 },
    'resets after a few bytes': { limitReset: 40 },
    'goes dead': { timeout: 50 },
  };
  it.each(Object.entries(DEAD))('%s costs no request', async (_name, toxics) => {
    const { gateway, line } = await start({ first_token_ms: 400 });
    await line.set(toxics);
    line.kill();
    for (let turn = 0; turn < 6; turn++) {
      const response = await ask(gateway, turn % 2 === 0);
      expect(response.status).toBe(200);
      expect(response.headers.get('x-orchestrator-provider')).toBe('good');
      await response.text();
    }
    await line.clear();
    await expect.poll(async () => (await ask(gateway, false)).headers.get('x-orchestrator-provider'), { timeout: 8_000, interval: 200 }).toBe('line');
  });
});
