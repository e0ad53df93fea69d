import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway.ts';

const FAKE = join(import.meta.dirname, '../../support/fake-cli.mjs');
const providers = [{ name: 'codex', type: 'cli', tool: 'codex', command: [FAKE], models: ['gpt-6-sol'] }];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ gateway: { providers } }, { env: { PATH: process.env['PATH'] ?? '' } });
});
afterAll(() => gateway.close());

it('serves a command-line model to every client', async () => {
  const messages = [{ role: 'user', content: 'hi' }];
  const listed = (await (await fetch(`${gateway.url}/v1/models`)).json()) as { data: { id: string }[] };
  expect(listed.data.map(({ id }) => id)).toContain('gpt-6-sol');
  const answer = await gateway.post('/v1/chat/completions', { model: 'codex/gpt-6-sol', messages });
  expect(answer.headers.get('x-orchestrator-provider')).toBe('codex');
  expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'You said: hi' } }], usage: { prompt_tokens: 11, completion_tokens: 2 } });
  const native = await gateway.post('/api/chat', { model: 'gpt-6-sol', messages, stream: false });
  expect(await native.json()).toMatchObject({ message: { content: 'You said: hi' } });
});

it('tells a client of a lost sign-in and of a spent quota in words', async () => {
  const fail = (words: string) => gateway.post('/v1/chat/completions', { model: 'gpt-6-sol', messages: [{ role: 'user', content: `[fail] ${words}` }] });
  const login = await fail('401 Unauthorized');
  expect(login.status).toBe(502);
  expect(await login.json()).toMatchObject({ error: { message: expect.stringContaining("run 'codex login'") as string } });
  expect((await fail('usage limit reached')).status).toBe(429);
});

/** Living processes whose environment names the call of a command-line model of that gateway. */
async function callsUnder(tag: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => ((await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')).includes(`LANG=${tag}`) ? pid : '')),
  );
  return found.filter((pid) => pid !== '');
}

it('leaves no orphan when the gateway is killed, not even one in a session of its own that ignores TERM', async () => {
  const tag = `kill-${process.pid}-${Date.now()}`;
  const child = spawn(process.execPath, [fileURLToPath(new URL('./gateway-child.ts', import.meta.url)), FAKE, tag], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [address] = (await once(child.stdout, 'data')) as [Buffer];
  onTestFinished(() => void child.kill('SIGKILL'));
  const bodyOf = (index: number): string => JSON.stringify({ model: 'm', messages: [{ role: 'user', content: `[stubborn] ${index}` }] });
  for (let index = 0; index < 3; index += 1)
    void fetch(`${address.toString().trim()}/v1/chat/completions`, { method: 'POST', body: bodyOf(index) }).catch(() => undefined);
  await expect.poll(async () => (await callsUnder(tag)).length, { timeout: 15_000 }).toBe(9);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expect.poll(async () => callsUnder(tag), { timeout: 10_000 }).toEqual([]);
}, 40_000);
