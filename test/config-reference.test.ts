import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configCommand } from '../src/cli/config.ts';
import { configReference, configSchemas, type JsonSchema } from '../src/config-reference.ts';

const ROOT = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('the configuration reference', () => {
  it('in docs/configuration.md is up to date; npm run docs writes it', () => {
    expect(read('docs/configuration.md')).toBe(configReference());
  });

  it('names every setting of every file', () => {
    const text = configReference();
    const names = (schema: JsonSchema, prefix = ''): string[] =>
      Object.entries(schema.properties ?? {}).flatMap(([name, entry]) =>
        entry.properties === undefined ? [prefix + name] : names(entry, `${prefix}${name}.`),
      );
    for (const schema of Object.values(configSchemas())) for (const name of names(schema)) if (name !== 'providers') expect(text).toContain(`\`${name}\``);
  });

  it('names as without effect only settings that exist', () => {
    const sentence = /have no effect in this version:\n(.*)\.\n/.exec(configReference())?.[1] ?? '';
    const known = JSON.stringify(configSchemas());
    for (const [, name = ''] of sentence.matchAll(/`([^`]+)`/g)) expect(known).toContain(`"${name.split('.').at(-1)}"`);
  });
});

describe('the JSON Schemas for editors', () => {
  it.each(Object.keys(configSchemas()))('config/schema/%s.json is up to date', (name) => {
    expect(JSON.parse(read(`config/schema/${name}.json`))).toEqual(configSchemas()[name as keyof ReturnType<typeof configSchemas>]);
  });

  it.each(Object.entries(configSchemas()))('accepts the %s file that ships, which points to it', (name, schema) => {
    const text = read(`config/${name}.yaml`);
    expect(text).toContain(`$schema=schema/${name}.json`);
    expect(z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(parse(text)).error?.issues ?? []).toEqual([]);
  });

  it('accepts both shapes of the models file and refuses a wrong priority', () => {
    const models = z.fromJSONSchema(configSchemas().models as Parameters<typeof z.fromJSONSchema>[0]);
    expect(models.safeParse([{ name: 'qwen3:8b', priority: 8 }]).success).toBe(true);
    expect(models.safeParse({ 'qwen3:8b': { priority: 8 } }).success).toBe(true);
    expect(models.safeParse([{ name: 'qwen3:8b', priority: 11 }]).success).toBe(false);
  });

  it('are written one file each by the command line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orchestrator-test-'));
    try {
      expect(await configCommand.run(['schema', '--out', folder])).toBe(0);
      expect(readdirSync(folder).sort()).toEqual(['gateway.json', 'models.json', 'performance.json', 'routing.json']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('and the reference are printed by the command line', async () => {
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      await configCommand.run(['schema']);
      await configCommand.run(['reference']);
      expect(Object.keys(JSON.parse(String(out.mock.calls[0]?.[0])) as object)).toEqual(['gateway', 'models', 'routing', 'performance']);
      expect(out.mock.calls[1]?.[0]).toBe(configReference());
    } finally {
      out.mockRestore();
    }
  });
});
