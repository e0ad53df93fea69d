import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ModelFile } from '../../src/models/catalogue.ts';
import { createHuggingFaceSource } from '../../src/models/hugging-face.ts';
import { isUnreachable } from '../../src/models/model-source.ts';

const content = Buffer.from(`GGUF${'x'.repeat(1_000)}`);
const file: ModelFile = {
  file: 'm.gguf',
  sha256: 'a'.repeat(64),
  bytes: content.length,
  quantization: 'Q8_0',
  instructed: true,
  huggingFace: 'user/repo/m.gguf',
};

let folder = '';
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hf-'));
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

const site = async (listener: RequestListener): Promise<string> => {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
};
const fetchFrom = (address: string, connectMs = 5_000): Promise<string> =>
  createHuggingFaceSource({ connectMs, site: address, library: () => import('node-llama-cpp') }).fetch({
    file,
    staging: folder,
    progress: () => {},
    signal: AbortSignal.timeout(15_000),
  });

test('the file comes by the engine’s downloader once its pinned hash was seen', async () => {
  const paths = new Set<string>();
  const address = await site((request, response) => {
    paths.add(request.url ?? '');
    response.setHeader('x-linked-etag', `"${file.sha256}"`).setHeader('content-length', content.length).setHeader('accept-ranges', 'bytes');
    response.end(request.method === 'HEAD' ? undefined : content);
  });
  expect(await readFile(await fetchFrom(address))).toEqual(content);
  expect([...paths][0]).toBe('/user/repo/resolve/main/m.gguf');
});

test('a repository whose file changed is refused before anything is downloaded', async () => {
  let downloads = 0;
  const address = await site((request, response) => {
    if (request.method === 'GET') downloads += 1;
    response.setHeader('x-linked-etag', `"${'b'.repeat(64)}"`).end();
  });
  await expect(fetchFrom(address)).rejects.toThrow('not the pinned file');
  expect(downloads).toBe(0);
});

test('a missing file is named with its status', async () => {
  const address = await site((_request, response) => response.writeHead(404).end());
  await expect(fetchFrom(address)).rejects.toThrow('404');
});

test('a site that does not answer in time, or not at all, is unreachable', async () => {
  const silent = await site(() => {});
  expect(isUnreachable(await fetchFrom(silent, 50).catch((thrown: unknown) => thrown))).toBe(true);
  expect(isUnreachable(await fetchFrom('http://127.0.0.1:9').catch((thrown: unknown) => thrown))).toBe(true);
});
