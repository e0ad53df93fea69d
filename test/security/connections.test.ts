import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { thorough } from '../faults/support.ts';
import { createUpstream, openaiAnswer, openaiHandler } from '../support/upstream.ts';

const hasStrace = ((): boolean => {
  try {
    execFileSync('strace', ['-qq', '-e', 'trace=none', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

it.skipIf(!hasStrace)(
  'connects to its upstreams and to nothing else, not even to resolve a name (skipped where strace cannot run)',
  async () => {
    const upstream = await createUpstream(openaiHandler(['m'], openaiAnswer(['pong'])));
    const folder = await mkdtemp(join(tmpdir(), 'orchestrator-connects-'));
    const gateway = { providers: [{ name: 'up', type: 'openai', url: `${upstream.url}/v1`, remote: true }], privacy: { mode: 'all' } };
    await writeFile(join(folder, 'gateway.yaml'), stringify(gateway));
    const trace = join(folder, 'trace');
    const main = resolve(import.meta.dirname, '../../src/cli/main.ts');
    const child = spawn(
      'strace',
      ['-f', '--seccomp-bpf', '-qq', '-e', 'trace=connect,sendto,sendmsg', '-o', trace, process.execPath, main, 'start', '--port', '0', '--config', folder],
      {
        env: { PATH: process.env['PATH'] ?? '', ORCHESTRATOR_STATE: join(folder, 'state') },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    try {
      await expect.poll(() => /listens on (http:\S+)/.exec(said)?.[1], { timeout: 50_000 }).toBeDefined();
      const url = /listens on (http:\S+)/.exec(said)?.[1] as string;
      const post = (path: string, body: object): Promise<string> =>
        fetch(url + path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }).then((response) => response.text());
      const messages = [{ role: 'user', content: 'hello' }];
      for (const model of ['m', 'auto', 'ensemble', 'chain', 'correct', 'workflow:blog']) await post('/v1/chat/completions', { model, messages });
      await post('/v1/embeddings', { model: 'm', input: 'x' });
      await post('/orchestrator/compare', { prompt: 'x', models: ['m'] });
      await post('/orchestrator/profiles/refresh', {});
      await post('/v1/chat/completions', {
        model: 'm',
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://127.0.0.1:9/x.png' } }] }],
      });
      for (const path of ['/ui', '/docs', '/metrics', '/api/version']) await fetch(url + path);
      if (thorough) await delay(60_000);
    } finally {
      // strace itself hears no signal while its program runs.
      for (const pid of (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).split(' ').filter(Boolean))
        process.kill(Number(pid), 'SIGTERM');
      await once(child, 'exit');
    }
    const lines = (await readFile(trace, 'utf8')).split('\n').filter((line) => /sin6?_port/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => !line.includes(`htons(${upstream.port})`))).toEqual([]);
    await upstream.close();
    await rm(folder, { recursive: true, force: true });
  },
  180_000,
);
