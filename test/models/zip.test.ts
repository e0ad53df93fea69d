import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listZip, readZip } from '../../src/models/zip.ts';
import { zipOf } from '../support/zip.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zip-'));
});
afterAll(() => rm(folder, { recursive: true }));

const save = async (name: string, bytes: Buffer): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
};
const contentOf = async (path: string, name: string): Promise<string> => {
  const entry = (await listZip(path)).find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`no ${name}`);
  return Buffer.concat(await (await readZip(path, entry)).toArray()).toString();
};

test('stored and deflated entries come out as they went in', async () => {
  const long = 'a long line that deflates well, '.repeat(10_000);
  const path = await save('both.zip', zipOf({ 'a/stored.txt': { content: 'plain', method: 0 }, 'a/deflated.txt': { content: long, method: 8 } }));
  expect(await contentOf(path, 'a/stored.txt')).toBe('plain');
  expect(await contentOf(path, 'a/deflated.txt')).toBe(long);
});

test('a comment after the directory does not hide it', async () => {
  const path = await save('comment.zip', zipOf({ x: { content: 'y', method: 0 } }, { comment: 'built by hand' }));
  expect(await contentOf(path, 'x')).toBe('y');
});

test('sizes and places of zip64 are read from the extra field and the zip64 end record', async () => {
  const path = await save('zip64.zip', zipOf({ 'big.bin': { content: 'pretends to be big', method: 8 } }, { zip64: true }));
  expect(await listZip(path)).toMatchObject([{ name: 'big.bin', bytes: 18 }]);
  expect(await contentOf(path, 'big.bin')).toBe('pretends to be big');
});

test('a file that is no zip is refused with words', async () => {
  await expect(listZip(await save('no.zip', Buffer.from('GGUF and so on')))).rejects.toThrow('not a zip file');
});

test('a truncated zip is refused and not read halfway', async () => {
  const whole = zipOf({ x: { content: 'y'.repeat(100), method: 0 } });
  await expect(listZip(await save('cut.zip', whole.subarray(60)))).rejects.toThrow();
});

test('a compression nobody knows is refused', async () => {
  const path = await save('method.zip', zipOf({ x: { content: 'y', method: 0 } }, { claimMethod: 12 }));
  await expect(contentOf(path, 'x')).rejects.toThrow('method 12');
});
