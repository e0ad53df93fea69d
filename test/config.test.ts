import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from '../src/config.ts';
import { gatewaySchema, modelsSchema, performanceSchema, routingSchema } from '../src/config-schema.ts';

const DEFAULTS = join(import.meta.dirname, '../config');
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function folder(files: Record<string, string>): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'orchestrator-config-'));
  folders.push(made);
  for (const [name, text] of Object.entries(files)) await writeFile(join(made, name), text);
  return made;
}

describe('a configuration that cannot be used', () => {
  it.each([
    ['server: { port: x }', /^gateway\.yaml: server\.port: .*number/],
    ['server: { prot: 1 }', /^gateway\.yaml: server: .*prot/],
    ['server: *nowhere', /^gateway\.yaml: .*alias/i],
    ['server: [', /^gateway\.yaml: /],
    ['providers: [{ name: a, type: ollama, url: "ftp://x" }]', /^gateway\.yaml: providers\.0\.url: expected an http/],
    ['providers: [{ name: a, type: what }]', /^gateway\.yaml: providers\.0\.type: /],
    [
      'providers: [{ name: a, type: ollama, url: "http://x" }, { name: a, type: ollama, url: "http://y" }]',
      /^gateway\.yaml: providers\.1\.name: expected a name of its own/,
    ],
    ['redis: { url: "${NOT_SET}" }', /^gateway\.yaml: .*NOT_SET/],
  ])('%s names file, key and what was expected', (text, message) => {
    expect(() => parseConfig(text, 'gateway.yaml', gatewaySchema, {})).toThrow(message);
  });

  it('says what the name of a task may look like', () => {
    const text = 'keywords: { "My Task": [contract] }';
    expect(() => parseConfig(text, 'routing.yaml', routingSchema, {})).toThrow('routing.yaml: keywords.My Task: expected a short lower-case name');
  });

  it.each([
    [modelsSchema, '[{ name: x, priorty: 9 }]', /^f\.yaml: 0: .*priorty/],
    [modelsSchema, 'qwen: { optimal: [code] }', /^f\.yaml: 0: .*optimal/],
    [modelsSchema, '{ models: [{ name: x }], modles: [{ name: y }] }', /^f\.yaml: \(top level\): .*modles/],
    [performanceSchema, 'cacheing: { enabled: false }', /^f\.yaml: \(top level\): .*cacheing/],
    [performanceSchema, 'parallel_execution: { max_concurent: 9 }', /^f\.yaml: parallel_execution: .*max_concurent/],
    [performanceSchema, 'caching: { ttl_s: 9 }', /^f\.yaml: caching: .*ttl_s/],
    [performanceSchema, 'hardware: { gpu: 9 }', /^f\.yaml: hardware: .*gpu/],
  ])('names a key that is not known instead of dropping it: %#', (schema, text, message) => {
    expect(() => parseConfig(text, 'f.yaml', schema, {})).toThrow(message);
  });

  it('names the folder that is not there', async () => {
    await expect(loadConfig({ directory: '/no/such/folder', defaultsDirectory: DEFAULTS, env: {} })).rejects.toThrow('/no/such/folder');
  });
});

describe('a configuration folder', () => {
  it('may hold some of the files; the others keep their defaults', async () => {
    const config = await loadConfig({ directory: await folder({ 'gateway.yaml': 'server: { port: 1234 }' }), defaultsDirectory: DEFAULTS, env: {} });
    expect(config.server).toMatchObject({ port: 1234, host: '127.0.0.1' });
    expect(config.performance.caching.ttl).toBe(3600);
    expect(Object.keys(config.workflows)).toContain('blog');
    expect(Object.isFrozen(config.server)).toBe(true);
  });

  it('works unedited', async () => {
    const config = await loadConfig({ directory: DEFAULTS, defaultsDirectory: DEFAULTS, env: {} });
    expect(config.server.port).toBe(11_435);
    expect(config.aliases['gpt-4o']).toBe('auto');
  });

  it('takes values from the environment, with a default where one is written', () => {
    const config = parseConfig('aliases: { a: "${TARGET}", b: "${MISSING:-auto}" }', 'gateway.yaml', gatewaySchema, { TARGET: 'qwen3:8b' });
    expect(config.aliases).toEqual({ a: 'qwen3:8b', b: 'auto' });
  });
});

describe('the older file shapes', () => {
  const entry = { name: 'qwen', optimal_for: ['code'], benchmarks: { humaneval: 61 }, vram_required: 8, priority: 7, enabled: false };

  it.each([[JSON.stringify([entry])], [JSON.stringify({ models: [entry] })], [JSON.stringify({ qwen: { ...entry, name: undefined } })]])(
    'reads profiles as %s',
    (text) => {
      expect(parseConfig(text, 'models.json', modelsSchema, {})).toEqual([entry]);
    },
  );

  it('fills what a profile entry leaves out', () => {
    expect(parseConfig('[{ name: x }]', 'models.yaml', modelsSchema, {})).toEqual([{ name: 'x', priority: 5, enabled: true }]);
  });

  it('knows every key of the older performance file', () => {
    const older = {
      parallel_execution: { max_concurrent: 3, timeout: 60, retry_on_failure: true },
      caching: { enabled: true, ttl: 3600, max_size: 100 },
      hardware: { gpu_memory_utilization: 0.9, dtype: 'float16', enable_prefix_caching: true },
    };
    expect(parseConfig(JSON.stringify(older), 'p.json', performanceSchema, {})).toMatchObject(older);
  });

  it('reads routing rules and performance as they were', () => {
    const rules = '{"keywords":{"code":["버그"]},"task_model_mapping":{"code":"qwen"},"priority_override":{"math":"phi"}}';
    expect(parseConfig(rules, 'routing.json', routingSchema, {})).toMatchObject({ task_model_mapping: { code: 'qwen' }, priority_override: { math: 'phi' } });
    const performance = parseConfig(
      '{"parallel_execution":{"max_concurrent":2},"caching":{"ttl":60},"hardware":{"dtype":"bfloat16"}}',
      'p.json',
      performanceSchema,
      {},
    );
    expect(performance).toMatchObject({
      parallel_execution: { max_concurrent: 2, timeout: 60 },
      caching: { ttl: 60, max_size: 100 },
      hardware: { dtype: 'bfloat16' },
    });
  });
});
