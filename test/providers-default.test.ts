import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { defaultEntries, ollamaUrl } from '../src/providers-default.ts';
import { createUpstream, nativeAnswer, ollamaHandler } from './support/upstream.ts';

it.each([
  [undefined, 'http://127.0.0.1:11434'],
  ['', 'http://127.0.0.1:11434'],
  ['0.0.0.0', 'http://127.0.0.1:11434'],
  [':8080', 'http://127.0.0.1:8080'],
  ['gpu-box', 'http://gpu-box:11434'],
  ['gpu-box:9', 'http://gpu-box:9'],
  ['https://models.example/', 'https://models.example'],
])('reads OLLAMA_HOST %s as %s', (host, url) => {
  expect(ollamaUrl(host)).toBe(url);
});

it('says what is wrong with an OLLAMA_HOST that is no address', () => {
  expect(() => ollamaUrl('::::bad')).toThrow(/^OLLAMA_HOST: expected/);
});

it('takes the Ollama that answers', async () => {
  const upstream = await createUpstream(ollamaHandler([{ name: 'm' }], nativeAnswer([])));
  expect(await defaultEntries({ OLLAMA_HOST: upstream.url })).toMatchObject([{ type: 'ollama', url: upstream.url }]);
  await upstream.close();
});

it('takes the embedded engine when nothing answers, also where a port only accepts', async () => {
  expect(await defaultEntries({ OLLAMA_HOST: '127.0.0.1:1' })).toMatchObject([{ type: 'llama-cpp' }]);
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  expect(await defaultEntries({ OLLAMA_HOST: `127.0.0.1:${(silent.address() as AddressInfo).port}` })).toMatchObject([{ type: 'llama-cpp' }]);
  silent.close();
});
