import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ModelFacts, ModelPreferences } from '../../src/core/model.ts';
import { createBenchmarkTable, tokensOf } from '../../src/profiles/benchmarks.ts';
import { optimalFor, qualityPriors } from '../../src/profiles/priors.ts';
import { qualityBySize, sizeInName } from '../../src/profiles/size.ts';

const raw = parse(readFileSync(new URL('../../config/benchmarks.yaml', import.meta.url), 'utf8')) as {
  models: { names: string[]; size?: number; scores: Record<string, number>; source: string[] }[];
};
const table = createBenchmarkTable(raw);
const facts = (name: string, parameters?: number): ModelFacts => ({
  name,
  capabilities: ['completion'],
  capabilitiesKnown: true,
  contextWindow: 8192,
  windowKnown: true,
  ...(parameters !== undefined && { parameters }),
});
const settings = (benchmarks: Record<string, number> = {}): ModelPreferences => ({ optimalFor: [], benchmarks, priority: 5, enabled: true, weakAt: [] });
const priors = (name: string, benchmarks?: Record<string, number>) =>
  Object.fromEntries(Object.entries(qualityPriors(facts(name), settings(benchmarks), table)).map(([task, { mean }]) => [task, Math.round(mean)]));

describe('the benchmark table', () => {
  it('gives a source for every row', () => {
    expect(raw.models.length).toBeGreaterThan(120);
    expect(raw.models.filter(({ source }) => !source.every((item) => item.startsWith('https://')))).toEqual([]);
  });

  it.each([
    ['llama3.1:8b', 'llama_models'],
    ['meta-llama/Llama-3.1-8B-Instruct', 'llama_models'],
    ['qwen2.5-coder:7b', '2409.12186'],
    ['Qwen/Qwen2.5-Coder-32B-Instruct-AWQ', '2409.12186'],
    ['deepseek-r1:8b', 'DeepSeek-R1'],
    ['gemma3:4b-it-qat', 'gemma'],
    ['gpt-oss:20b', 'gpt-oss'],
    ['phi4-mini', 'Phi-4-mini'],
    ['exaone3.5:7.8b', 'EXAONE-3.5'],
    ['starcoder2:3b', 'evalplus'],
    ['codellama:13b', 'evalplus'],
    ['claude-sonnet-4-5-20250929', 'anthropic'],
    ['gemini-2.5-flash', ''],
    ['codex', 'gpt-5'],
  ])('knows %s', (name, source) => {
    const plain = (text: string): string => text.toLowerCase().replace(/[-_]/g, '');
    expect(plain(table.of({ name })?.source.join(' ') ?? 'none')).toContain(plain(source));
  });

  it.each([
    ['a coder writes code better than its general sibling of half a size', 'qwen2.5-coder:7b', 'qwen2.5:3b', 'code'],
    ['a larger model of a family is better', 'llama3.1:70b', 'llama3.1:8b', 'analysis'],
    ['a size between two rows lies between them', 'qwen3:4b', 'qwen3:1.7b', 'math'],
    ['a reasoning distill is better at math', 'deepseek-r1:8b', 'llama3.1:8b', 'math'],
    ['a hosted model beats a small one', 'claude', 'gemma3:1b', 'creative'],
    ['a built-in model knows its size', 'gemma3-270m', 'smollm2-135m', 'analysis'],
  ])('%s', (_, better, worse, task) => {
    expect(priors(better)[task]).toBeGreaterThan(priors(worse)[task] ?? 100);
  });

  it('judges an unknown model by its size, and says that it is a guess by a smaller weight', () => {
    const guess = qualityPriors(facts('somebodys-model:7b'), settings(), table)['analysis'];
    const known = qualityPriors(facts('llama3.1:8b'), settings(), table)['analysis'];
    expect(guess?.mean).toBeCloseTo(qualityBySize(7e9), 5);
    expect(guess?.weight).toBeLessThan(known?.weight ?? 0);
  });

  it('lets figures that a person set win, by task or by benchmark, in percent or as a share', () => {
    expect(priors('llama3.1:8b', { code: 91 })['code']).toBe(91);
    expect(priors('somebodys-model:7b', { HumanEval: 0.9 })['code']).toBe(90);
    expect(priors('somebodys-model:7b', { 'MMLU-Pro': 80 })['analysis']).toBeGreaterThan(80);
    expect(priors('somebodys-model:7b', { legal: 88 })['legal']).toBe(88);
  });

  it('derives what a model is made for from its name and its figures', () => {
    expect(optimalFor(facts('qwen2.5-coder:7b'), table)).toEqual(['code']);
    expect(optimalFor(facts('deepseek-r1:14b'), table)).toContain('math');
    expect(optimalFor(facts('llama3.1:8b'), table)).toEqual([]);
  });

  it('takes the size curve from its own rows', () => {
    const points = raw.models.flatMap(({ names, size }) => {
      const general = size === undefined ? undefined : table.of({ name: names[0] ?? '', parameters: size * 1e9 })?.quality['*'];
      return size === undefined || general === undefined ? [] : [general - qualityBySize(size * 1e9)];
    });
    const mean = points.reduce((sum, value) => sum + value, 0) / points.length;
    const spread = Math.sqrt(points.reduce((sum, value) => sum + (value - mean) ** 2, 0) / points.length);
    expect(Math.abs(mean)).toBeLessThan(4);
    expect(spread).toBeLessThan(14);
  });

  it('names the row and the reason when it cannot be read', () => {
    expect(() => createBenchmarkTable({ models: [{ names: ['x'], scores: { nonsense: 3 }, source: ['s'] }] })).toThrow(/models\.0/);
    expect(() => createBenchmarkTable({ models: [{ names: ['x'], scores: { mmlu: 300 }, source: ['s'] }] })).toThrow(/models\.0\.scores\.mmlu/);
    expect(createBenchmarkTable(undefined).rows).toBe(0);
  });
});

describe('names', () => {
  it.each([
    ['llama3.1:8b', ['llama', '3.1', '8', 'b']],
    ['meta-llama/Llama-3.1-8B', ['llama', '3.1', '8', 'b']],
    ['모델', []],
  ])('splits %s', (name, tokens) => expect(tokensOf(name)).toEqual(tokens));

  it.each([
    ['llama3.1:8b', 8e9],
    ['SmolLM2-135M-Instruct', 135e6],
    ['qwen2.5:0.5b', 0.5e9],
    ['gpt-4o', undefined],
    ['qwen3-30b-a3b', 30e9],
  ])('reads the size in %s', (name, size) => expect(sizeInName(name)).toBe(size));
});
