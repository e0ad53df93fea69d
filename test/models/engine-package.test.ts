import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngineLoader, type EnginePackageOptions } from '../../src/models/engine-package.ts';

let folder: string;
let asked: (readonly string[])[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-'));
  asked = [];
});
afterEach(() => rm(folder, { recursive: true }));

const missing = (): Promise<never> => Promise.reject(Object.assign(new Error('no such package'), { code: 'ERR_MODULE_NOT_FOUND' }));

/** Puts a library there as npm would. */
const install: EnginePackageOptions['install'] = async (into, packages) => {
  asked.push(packages);
  const place = join(into, 'node_modules/node-llama-cpp');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'package.json'), '{"name":"node-llama-cpp","type":"module","exports":"./index.js"}');
  await writeFile(join(place, 'index.js'), 'export const getLlama = () => "from the folder";');
};
const loader = (more: Partial<EnginePackageOptions> = {}) =>
  createEngineLoader({ folder, env: {}, log: { info: () => undefined }, platform: 'linux-x64', beside: missing, install, ...more });

describe('the engine’s library', () => {
  it('is the one beside the program where there is one', async () => {
    const library = await loader({ beside: () => import('node-llama-cpp') })();
    expect(library.getLlama).toBeTypeOf('function');
    expect(asked).toEqual([]);
  });

  it('is installed once when it is first needed, with this machine’s binary alone, and found there ever after', async () => {
    const load = loader();
    const [first, second] = await Promise.all([load(), load()]);
    expect(first).toBe(second);
    expect(first.getLlama()).toBe('from the folder');
    expect(asked).toEqual([['node-llama-cpp@3.22.1', '@node-llama-cpp/linux-x64@3.22.1']]);
    await loader()();
    expect(asked).toHaveLength(1);
  });

  it('is tried for again after a failure', async () => {
    let failures = 0;
    const load = loader({
      install: (...call) => {
        failures += 1;
        return failures === 1 ? Promise.reject(new Error('offline')) : (install?.(...call) ?? Promise.resolve());
      },
    });
    await expect(load()).rejects.toThrow('offline');
    expect((await load()).getLlama()).toBe('from the folder');
  });

  it('is refused in words on a machine it has no binary for', async () => {
    await expect(loader({ platform: 'aix-ppc64' })()).rejects.toThrow('there is no embedded engine for aix-ppc64');
    expect(asked).toEqual([]);
  });
});
