import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BUILT_IN_MODELS, type CatalogueModel } from '../../src/models/catalogue.ts';
import { type EnsureOptions, ensureModels, type ModelOutcome } from '../../src/models/ensure.ts';
import { type FetchCall, type ModelSource, unreachable } from '../../src/models/model-source.ts';
import { modelReport } from '../../src/models/report.ts';
import { testModels } from '../support/models.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'models-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const content = 'GGUF and what follows';
const digest = createHash('sha256').update(content).digest('hex');
const facts = {
  title: 'Small',
  family: 'small',
  parameters: 1,
  parameterSize: '1',
  contextWindow: 8,
  blockCount: 1,
  headCountKv: 1,
  headDim: 1,
  embeddingLength: 1,
};
const fileOf = (file: string) => ({ file, sha256: digest, bytes: content.length, quantization: 'Q4_1', instructed: true });
const model = (name: string, ...files: string[]): CatalogueModel => ({ ...facts, name, files: files.map(fileOf) });

/** A source that writes what it is given, or fails. */
function source(name: string, give: string | Error | ((call: FetchCall) => Promise<string>)): ModelSource & { calls: number } {
  const self = {
    name,
    calls: 0,
    offers: () => true,
    fetch: async (call: FetchCall): Promise<string> => {
      self.calls += 1;
      if (typeof give === 'function') return give(call);
      if (give instanceof Error) throw give;
      call.progress(give.length, give.length);
      const path = join(call.staging, 'download');
      await writeFile(path, give);
      return path;
    },
  };
  return self;
}

const ensure = (options: Partial<EnsureOptions> & Pick<EnsureOptions, 'sources'>) =>
  ensureModels({
    directory,
    models: [model('a', 'a.gguf')],
    log: { info: () => {}, warn: () => {} },
    now: Date.now,
    signal: AbortSignal.timeout(10_000),
    ...options,
  });

test('a fetched model is verified, put in place and remembered with its source', async () => {
  const progress: number[] = [];
  const ready = await ensure({ sources: [source('one', content)], progress: ({ receivedBytes }) => progress.push(receivedBytes) });
  expect(ready).toMatchObject([{ name: 'a', path: join(directory, 'a.gguf'), digest, source: 'one', sizeBytes: content.length }]);
  expect(progress).toEqual([content.length]);
  expect(await modelReport(directory, [model('a', 'a.gguf')])).toMatchObject([{ name: 'a', file: 'a.gguf', source: 'one', tried: [] }]);
  expect((await readdir(directory)).sort()).toEqual(['a.gguf', 'models.json']);
});

test('a file already in the folder is taken without asking a source', async () => {
  await writeFile(join(directory, 'a.gguf'), content);
  const never = source('never', new Error('asked'));
  expect(await ensure({ sources: [never] })).toMatchObject([{ source: 'model folder' }]);
  expect(never.calls).toBe(0);
});

test('a file of the right size and the wrong content is replaced', async () => {
  await writeFile(join(directory, 'a.gguf'), content.toUpperCase().replace('WHAT', 'THAT'));
  expect(await ensure({ sources: [source('one', content)] })).toMatchObject([{ source: 'one' }]);
  expect(await readFile(join(directory, 'a.gguf'), 'utf8')).toBe(content);
});

test('a verified file is not hashed again until its size or time changes', async () => {
  await ensure({ sources: [source('one', content)] });
  const { mtimeMs } = await stat(join(directory, 'a.gguf'));
  const swapped = content.replace('what', 'that');
  await writeFile(join(directory, 'a.gguf'), swapped);
  await utimes(join(directory, 'a.gguf'), mtimeMs / 1000, mtimeMs / 1000);
  await ensure({ sources: [source('two', content)] });
  expect(await readFile(join(directory, 'a.gguf'), 'utf8')).toBe(swapped);
  await utimes(join(directory, 'a.gguf'), 1_000, 1_000);
  expect(await ensure({ sources: [source('two', content)] })).toMatchObject([{ source: 'two' }]);
});

test('sources are tried in order, and the better file before the other', async () => {
  const calls: string[] = [];
  const failing = source('first', async ({ file }) => {
    calls.push(file.file);
    throw new Error('not there');
  });
  const ready = await ensure({ models: [model('a', 'better.gguf', 'other.gguf')], sources: [failing, source('second', content)] });
  expect(calls).toEqual(['better.gguf']);
  expect(ready).toMatchObject([{ source: 'second', path: join(directory, 'better.gguf') }]);
});

test('with no source the model is left out and everything tried is named', async () => {
  const outcomes: ModelOutcome[] = [];
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  const ready = await ensure({ sources: [source('one', unreachable('no way there')), source('two', full)], report: (outcome) => outcomes.push(outcome) });
  expect(ready).toEqual([]);
  const tried = [
    { source: 'one', problem: 'a.gguf: no way there' },
    { source: 'two', problem: 'a.gguf: the disk is full' },
  ];
  expect(outcomes).toEqual([{ name: 'a', tried }]);
  expect(await modelReport(directory, [model('a', 'a.gguf')])).toEqual([{ name: 'a', title: 'Small', tried }]);
});

test('a source that cannot be reached is asked once for all models', async () => {
  const gone = source('gone', unreachable('no way there'));
  const ready = await ensure({ models: [model('a', 'a.gguf'), model('b', 'b.gguf')], sources: [gone, source('two', content)] });
  expect(gone.calls).toBe(1);
  expect(ready.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('what does not have the pinned hash, or is no GGUF, never gets its name', async () => {
  const outcomes: ModelOutcome[] = [];
  await ensure({ sources: [source('one', 'GGUF but another one'), source('two', '<html>')], report: (outcome) => outcomes.push(outcome) });
  expect(JSON.stringify(outcomes)).toMatch(/another SHA-256.*no GGUF file/);
  expect(await readdir(directory)).toEqual(['models.json']);
});

test('two runs at once fetch a file once and both have it', async () => {
  const slow = source('slow', async ({ staging }) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await writeFile(join(staging, 'x'), content);
    return join(staging, 'x');
  });
  const both = await Promise.all([ensure({ sources: [slow] }), ensure({ sources: [slow] })]);
  expect(both.map(([ready]) => ready?.name)).toEqual(['a', 'a']);
  expect(slow.calls).toBe(1);
});

test('what a killed download left behind is removed, its lock too', async () => {
  await writeFile(join(directory, '.downloading'), '');
  await utimes(join(directory, '.downloading'), 1_000, 1_000);
  await mkdtemp(join(directory, '.staging-'));
  await ensure({ sources: [source('one', content)] });
  expect((await readdir(directory)).sort()).toEqual(['a.gguf', 'models.json']);
});

test('a folder that cannot be used is said, not thrown', async () => {
  await writeFile(join(directory, 'file'), '');
  const outcomes: ModelOutcome[] = [];
  const ready = await ensure({ directory: join(directory, 'file', 'models'), sources: [], report: (outcome) => outcomes.push(outcome) });
  expect(ready).toEqual([]);
  expect(JSON.stringify(outcomes)).toContain('ENOTDIR');
});

test('an abort ends the wait for a download', async () => {
  const hanging = source('hanging', ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))));
  const controller = new AbortController();
  const pending = ensure({ sources: [hanging], signal: controller.signal });
  setTimeout(() => controller.abort(new Error('enough')), 20);
  await expect(pending).rejects.toThrow('enough');
});

test('the real models are there, verified against their pins', async () => {
  const ready = await testModels();
  expect(ready.map(({ name }) => name)).toEqual(BUILT_IN_MODELS.map(({ name }) => name));
}, 600_000);
