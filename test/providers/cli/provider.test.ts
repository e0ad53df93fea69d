import { randomUUID } from 'node:crypto';
import { access, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ChatRequest, ChatResult } from '../../../src/core/chat.ts';
import type { Provider } from '../../../src/core/provider.ts';
import { createGuard } from '../../../src/providers/cli/guard.ts';
import { type CliOptions, createCliProvider } from '../../../src/providers/cli/provider.ts';
import { processesOf } from '../../../src/providers/cli/tree.ts';
import { collect } from '../../../src/stream/collect.ts';

const FAKE = join(import.meta.dirname, '../../support/fake-cli.mjs');
const CALLS = process.env['TORTURE'] === undefined ? 100 : 500;

let folder: string;
const mark = randomUUID();
const open: Provider[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-test-'));
  await symlink(FAKE, join(folder, 'codex'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const make = (options: Partial<CliOptions> = {}): Provider => {
  const provider = createCliProvider({
    name: 'tool',
    tool: 'gemini',
    command: [FAKE],
    models: ['m1'],
    env: [],
    outputBytes: 10 << 20,
    environment: { PATH: process.env['PATH'], HOME: folder },
    guard: createGuard({ temporary: folder, node: process.execPath, mark: `${mark}-${randomUUID()}` }),
    createId: randomUUID,
    ...options,
  });
  open.push(provider);
  return provider;
};
const requestOf = (text: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'm1',
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  sampling: {},
  tools: [],
  toolChoice: 'auto',
  responseFormat: { type: 'text' },
  choices: 1,
  extra: {},
  dialect: 'openai',
  ...more,
});
const stream = (provider: Provider, text: string, options: { model?: string; signal?: AbortSignal; more?: Partial<ChatRequest> } = {}) =>
  provider.chat({
    model: options.model ?? 'm1',
    request: requestOf(text, options.more),
    signal: options.signal ?? new AbortController().signal,
    requestId: 'r',
    tenant: 't',
    background: false,
    buffered: false,
  });
const ask = (provider: Provider, text: string, options: Parameters<typeof stream>[2] = {}): Promise<ChatResult> => collect(stream(provider, text, options));
const alive = (): Promise<number[]> => processesOf(mark);

describe('answers', () => {
  it.each([
    ['codex', 3],
    ['gemini', 0],
    ['claude', 3],
  ] as const)('come from %s with their usage', async (tool, cached) => {
    const result = await ask(make({ tool }), 'hello 세계');
    expect(result.text).toBe('You said: hello 세계');
    expect(result).toMatchObject({ finishReason: 'stop', usage: { inputTokens: 11, outputTokens: 2, cachedInputTokens: cached } });
    expect(result.reasoning).toBe(tool === 'codex' ? 'Let me see.\n' : '');
  });

  it('come from any program that reads its standard input', async () => {
    const provider = make({ tool: 'command', command: [FAKE, '--with', '{model}', '{model}.gguf'], models: ['m1', 'm2'] });
    expect((await ask(provider, 'one\n\ntwo')).text).toBe('You said: one\n\ntwo');
    expect(JSON.parse((await ask(provider, '[args]', { model: 'm2' })).text)).toEqual(['--with', 'm2', 'm2.gguf']);
  });

  it('come piece by piece where the program streams', async () => {
    const pieces: string[] = [];
    for await (const batch of stream(make(), 'x')) for (const event of batch) if (event.type === 'text') pieces.push(event.delta);
    expect(pieces).toEqual(['You said: ', 'x']);
  });

  it('put a whole conversation into one text', async () => {
    const { text } = await ask(make(), '', {
      more: {
        messages: [
          { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', content: [{ type: 'text', text: 'a' }] },
          { role: 'assistant', content: [{ type: 'text', text: 'b' }] },
          { role: 'user', content: [{ type: 'text', text: 'c' }] },
        ],
      },
    });
    expect(text).toMatch(/Be brief\.[\s\S]*User: a\n\nAssistant: b\n\nUser: c$/);
  });
});

describe('what a client sends', () => {
  const hostile = [
    '$(touch CANARY)',
    '`touch CANARY`',
    '; touch CANARY',
    '&& touch CANARY',
    'a\ntouch CANARY\n',
    '--dangerously-skip-permissions',
    '--version',
    '-',
    '@/etc/passwd',
    '!touch CANARY',
    '/quit',
    '"; touch CANARY; "',
    '%s%n\u001b[2J',
  ];
  it.each(hostile)('is text and nothing else: %j', async (text) => {
    const canary = join(folder, 'canary');
    const sent = text.replaceAll('CANARY', canary);
    expect((await ask(make(), sent)).text).toContain(sent);
    await expect(access(canary)).rejects.toThrow();
  });

  it('never becomes an argument', async () => {
    const prompt = '[args] --yolo; $(id)';
    for (const tool of ['codex', 'gemini', 'claude'] as const) {
      const args = JSON.parse((await ask(make({ tool }), prompt)).text) as string[];
      expect(args.join(' ')).not.toContain('yolo');
      expect(args[args.indexOf('--model') + 1]).toBe('m1');
    }
  });

  it.each(['--dangerously-skip-permissions', '-c', '', 'a b', 'a;b', '$(x)', 'a\nb', 'x'.repeat(300), '../a\0'])(
    'is refused as a model name: %j',
    async (model) => {
      await expect(ask(make(), 'hi', { model })).rejects.toMatchObject({ kind: 'invalid-request' });
    },
  );

  it('is refused with a NUL, an image, or several choices', async () => {
    await expect(ask(make(), 'a\0b')).rejects.toMatchObject({ status: 400 });
    await expect(ask(make(), 'a', { more: { choices: 2 } })).rejects.toMatchObject({ status: 400 });
    const image = { role: 'user' as const, content: [{ type: 'image' as const, mediaType: 'image/png', data: '' }] };
    await expect(ask(make(), '', { more: { messages: [image] } })).rejects.toMatchObject({ status: 400 });
  });
});

describe('the program', () => {
  it('sees only the allowed part of the environment', async () => {
    const canaries = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`SECRET_${index}`, 'x']));
    const environment = { ...process.env, ...canaries, ORCHESTRATOR_KEY: 'x', GEMINI_API_KEY: 'k', OPENAI_API_KEY: 'k', WANTED: 'y' };
    const names = JSON.parse((await ask(make({ environment, env: ['WANTED'] }), '[env]')).text) as string[];
    expect(names).toEqual(expect.arrayContaining(['PATH', 'GEMINI_API_KEY', 'WANTED']));
    expect(names.filter((name) => /SECRET|ORCHESTRATOR_KEY|OPENAI/.test(name))).toEqual([]);
  });

  it('works in an empty folder of its own that is gone afterwards', async () => {
    const provider = make();
    const [a, b] = await Promise.all([ask(provider, '[cwd]'), ask(provider, '[cwd]')]);
    expect(a.text).not.toBe(b.text);
    for (const { text } of [a, b]) await expect(access(text)).rejects.toThrow();
  });

  it('is found in PATH as an absolute path, or said to be missing', async () => {
    const found = make({ command: ['codex'], environment: { PATH: `relative:${folder}:${process.env['PATH']}`, HOME: folder } });
    expect(await found.health(AbortSignal.timeout(20_000))).toEqual({ version: '0.169.0' });
    for (const command of ['no-such-program', './fake-cli.mjs', '../x', folder, '/etc/passwd']) {
      const missing = make({ command: [command] });
      await expect(missing.models(AbortSignal.timeout(1_000))).rejects.toMatchObject({ kind: 'unavailable', details: { code: 'cli_missing' } });
      await expect(ask(missing, 'hi')).rejects.toMatchObject({ kind: 'unavailable' });
    }
  });

  it('is asked for its version once, not at every look', async () => {
    const log = join(folder, 'versions');
    const provider = make({ env: ['FAKE_LOG'], environment: { PATH: process.env['PATH'], FAKE_LOG: log } });
    for (let index = 0; index < 5; index += 1) await provider.health(AbortSignal.timeout(20_000));
    expect(await readFile(log, 'utf8')).toBe('version\n');
  });

  it('tells its default model from its own settings', async () => {
    const home = await mkdtemp(join(folder, 'home-'));
    await writeFile(join(home, 'config.toml'), 'x = 1\nmodel = "gpt-6-sol"\n');
    const [model] = await make({ tool: 'codex', models: [], environment: { PATH: process.env['PATH'], CODEX_HOME: home } }).models(AbortSignal.timeout(1_000));
    expect(model).toMatchObject({ name: 'gpt-6-sol', family: 'codex', capabilities: ['completion'] });
    const plain = make({ tool: 'codex', models: [], environment: { PATH: process.env['PATH'], CODEX_HOME: folder } });
    expect((await plain.models(AbortSignal.timeout(1_000))).map(({ name }) => name)).toEqual(['codex']);
    expect(JSON.parse((await ask(plain, '[args]', { model: 'codex' })).text)).not.toContain('--model');
  });
});

describe('failures', () => {
  const CODEX_QUOTA =
    'You’ve hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro), visit https://chatgpt.com/settings/usage to purchase more credits or try again later.';
  const GEMINI_QUOTA =
    '[API Error: You have exhausted your daily quota on this model.]\nPlease wait and try again later. To increase your limits, request a quota increase through AI Studio, or switch to another /auth method';
  it.each([
    ['codex', CODEX_QUOTA, 'rate-limited', 'cli_quota'],
    ['gemini', GEMINI_QUOTA, 'rate-limited', 'cli_quota'],
    ['codex', 'unexpected status 401 Unauthorized: Missing bearer or basic authentication in header', 'upstream-failed', 'cli_login'],
    ['gemini', '[API Error: {"error":{"code":400,"message":"API key not valid. Please pass a valid API key."}}]', 'upstream-failed', 'cli_login'],
    ['claude', 'Not logged in · Please run /login', 'upstream-failed', 'cli_login'],
    ['command', 'please log in first', 'upstream-failed', 'cli_login'],
    ['codex', 'The model `gpt-9` does not exist or you do not have access to it.', 'model-not-found', undefined],
    ['claude', 'Prompt is too long', 'context-too-long', undefined],
    ['gemini', 'something else', 'upstream-failed', 'cli_failed'],
  ] as const)('of %s are told apart: %s', async (tool, message, kind, code) => {
    await expect(ask(make({ tool }), `[fail] ${message}`)).rejects.toMatchObject({ kind, details: { target: 'tool', ...(code !== undefined && { code }) } });
  });

  it('say how the program ended and what it said', async () => {
    await expect(ask(make(), '[code] 7')).rejects.toThrow("'tool' ended with code 7. It says: it broke");
    await expect(ask(make(), '[code] 41')).rejects.toMatchObject({ details: { code: 'cli_login' } });
    await expect(ask(make({ tool: 'codex' }), '[code] 0')).rejects.toThrow('ended without an answer');
  });

  it('do not wait for codex when it would wait for a network for ever', async () => {
    await expect(ask(make({ tool: 'codex' }), '[offline]')).rejects.toMatchObject({ kind: 'unavailable', details: { code: 'cli_network' } });
    expect(await alive()).toEqual([]);
  });

  it.each(['[flood]', '[line]'])('cut off a program that writes without end: %s', async (order) => {
    await expect(ask(make({ tool: 'command', outputBytes: 1 << 20 }), order)).rejects.toMatchObject({ details: { code: 'cli_flood' } });
    expect(await alive()).toEqual([]);
  });
});

describe('nothing is left', () => {
  it('of a program that is cancelled while it is silent', async () => {
    const stop = new AbortController();
    const answer = ask(make(), '[silent]', { signal: stop.signal });
    await expect.poll(async () => (await alive()).length).toBe(1);
    stop.abort();
    await expect(answer).rejects.toMatchObject({ kind: 'client-closed' });
    expect(await alive()).toEqual([]);
  });

  it('of one that ignores TERM and has children in its group and in a session of their own', async () => {
    const stop = new AbortController();
    const answer = ask(make(), '[stubborn]', { signal: stop.signal });
    await expect.poll(async () => (await alive()).length, { timeout: 5_000 }).toBe(3);
    const startedAt = performance.now();
    stop.abort();
    await expect(answer).rejects.toMatchObject({ kind: 'client-closed' });
    expect(await alive()).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('of one whose child holds the pipe after it ended', async () => {
    expect((await ask(make(), '[stray]')).text).toBe('left a stray');
    expect(await alive()).toEqual([]);
  });

  it('when the reader leaves in the middle', async () => {
    for await (const batch of stream(make(), '[stubborn]')) if (batch.some(({ type }) => type === 'text')) break;
    expect(await alive()).toEqual([]);
  });

  it('when the provider is closed', async () => {
    const provider = make();
    const answers = Promise.allSettled([ask(provider, '[silent]'), ask(provider, '[silent]')]);
    await expect.poll(async () => (await alive()).length).toBe(2);
    await provider.close();
    expect(await alive()).toEqual([]);
    expect((await answers).every(({ status }) => status === 'rejected')).toBe(true);
  });

  it(
    `after ${CALLS} calls: no zombie, no descriptor, no folder`,
    async () => {
      const provider = make({ tool: 'command', command: ['/bin/cat'] });
      await ask(provider, 'first');
      const descriptors = (await readdir('/proc/self/fd')).length;
      for (let done = 1; done < CALLS; done += 4) {
        const results = await Promise.all([1, 2, 3, 4].map((index) => ask(provider, `call ${index}`)));
        expect(results.map(({ text }) => text)).toEqual(['call 1', 'call 2', 'call 3', 'call 4']);
      }
      const states = await Promise.all(
        (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((pid) => readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')),
      );
      const own = states.map((text) => text.slice(text.lastIndexOf(')') + 2).split(' ')).filter(([, parent]) => parent === String(process.pid));
      expect(own.filter(([state]) => state === 'Z')).toEqual([]);
      expect((await readdir('/proc/self/fd')).length).toBeLessThanOrEqual(descriptors + 4);
      const left = (await readdir(folder)).filter((name) => name.startsWith('orchestrator-cli-'));
      for (const name of left) expect(await readdir(join(folder, name)).catch(() => [])).toEqual([]);
    },
    30_000 + CALLS * 500,
  );
});
