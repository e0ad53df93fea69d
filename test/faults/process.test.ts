import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createUpstream, openaiHandler, sseChunk, type Upstream } from '../support/upstream.ts';
import { runProgram, spawnGateway } from './child-gateway.ts';
import { note, thorough } from './support.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});

/** An upstream whose answers take a while. */
async function slow(ms: number): Promise<Upstream> {
  const upstream = await createUpstream(
    openaiHandler(['m'], async (seen, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let part = 0; part < 10 && !seen.cancelled(); part++) {
        response.write(sseChunk({ content: `part${part} ` }));
        await delay(ms / 10);
      }
      response.end(`${sseChunk({}, 'stop')}data: [DONE]\n\n`);
    }),
  );
  open.push(upstream);
  return upstream;
}

const STREAMS = thorough ? 50 : 20;
const ask = (url: string, number: number): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: `q${number}` }], stream: true }),
  });

async function streaming(ms: number, server: object) {
  const upstream = await slow(ms);
  const gateway = await spawnGateway({ server, providers: [{ name: 'up', type: 'openai', url: `${upstream.url}/v1` }] });
  open.push(gateway);
  const answers = await Promise.all(Array.from({ length: STREAMS }, (_, index) => ask(gateway.url, index)));
  const texts = Promise.all(answers.map((answer) => answer.text()));
  return { gateway, texts };
}

describe('SIGTERM', () => {
  it('lets every open stream finish, says not ready and refuses new work meanwhile, and ends with 0', async () => {
    const { gateway, texts } = await streaming(2_000, {});
    const begun = performance.now();
    gateway.process.kill('SIGTERM');
    await delay(300);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    const refused = await ask(gateway.url, 99);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    const finished = (await texts).filter((text) => text.includes('part9') && text.endsWith('data: [DONE]\n\n'));
    expect(finished).toHaveLength(STREAMS);
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
    note('B42', { streams: STREAMS, broken: STREAMS - finished.length, exitMs: Math.round(performance.now() - begun) });
  });

  it('ends streams that outlast the grace with an error event', async () => {
    const { gateway, texts } = await streaming(60_000, { drain_ms: 500 });
    gateway.process.kill('SIGTERM');
    for (const text of await texts) {
      expect(text).toContain('"error"');
      expect(text).not.toContain('[DONE]');
    }
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
  });

  it('ends at once when it comes a second time', async () => {
    const { gateway, texts } = await streaming(60_000, {});
    texts.catch(() => undefined);
    gateway.process.kill('SIGTERM');
    await delay(300);
    const begun = performance.now();
    gateway.process.kill('SIGTERM');
    await gateway.exited;
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

describe('a start that cannot work', () => {
  const folder = async (files: Record<string, string>): Promise<string> => {
    const path = await mkdtemp(join(tmpdir(), 'orchestrator-start-'));
    open.push({ close: () => rm(path, { recursive: true, force: true }) });
    for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
    return path;
  };

  const cases: Record<string, () => Promise<{ args: string[]; env: Record<string, string> }>> = {
    'a port that is taken': async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
      const path = await folder({ 'gateway.yaml': 'providers: []\n' });
      return { args: ['--config', path, '--port', String((server.address() as { port: number }).port)], env: { ORCHESTRATOR_STATE: join(path, 'state') } };
    },
    'a configuration that is no YAML': async () => ({ args: ['--config', await folder({ 'gateway.yaml': 'a: [\n' })], env: {} }),
    'a configuration with a wrong value': async () => ({ args: ['--config', await folder({ 'gateway.yaml': 'server:\n  port: many\n' })], env: {} }),
    'a configuration folder that is missing': async () => ({ args: ['--config', '/nonexistent/folder'], env: {} }),
    'a state directory that is a file': async () => {
      const path = await folder({ 'gateway.yaml': 'providers: []\n', state: 'x' });
      return { args: ['--config', path, '--port', '0'], env: { ORCHESTRATOR_STATE: join(path, 'state') } };
    },
    'a state directory where nothing can be made': async () => ({
      args: ['--config', await folder({ 'gateway.yaml': 'providers: []\n' }), '--port', '0'],
      env: { ORCHESTRATOR_STATE: '/dev/null/state' },
    }),
  };

  it.each(Object.entries(cases))('says so in one line and ends with 2: %s', async (name, make) => {
    const { args, env } = await make();
    const { code, stderr, ms } = await runProgram(['start', ...args], { ORCHESTRATOR_STATE: '/nonexistent', ...env });
    note('B50', { name, code, ms: Math.round(ms), stderr: stderr.trim() });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(/^\s+at |node:internal/m);
    expect(code).toBe(2);
  });

  it('refuses a state directory that another gateway has', async () => {
    const path = await folder({ 'gateway.yaml': 'providers: []\n' });
    const first = await spawnGateway({ providers: [] });
    open.push(first);
    const { code, stderr } = await runProgram(['start', '--config', path, '--port', '0'], { ORCHESTRATOR_STATE: first.stateDirectory });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });
});
