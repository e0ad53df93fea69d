import { describe, expect, it } from 'vitest';
import { resolveName, virtualNames } from '../../src/policy/names.ts';
import { profile } from './fakes.ts';

const space = {
  aliases: { 'gpt-4o': 'auto', mini: 'auto:quick', loop: 'loop', far: 'mini', Fast: 'p/qwen3:8b' },
  profiles: [profile('qwen3:8b'), profile('qwen3:8b', { provider: 'q' }), profile('llama3.1:latest'), profile('auto:legal-like')],
  tasks: ['legal'],
  workflows: ['Blog'],
};

describe('model names', () => {
  it.each([
    ['auto', { kind: 'auto' }],
    ['auto:latest', { kind: 'auto' }],
    ['', { kind: 'auto' }],
    ['AUTO:Code', { kind: 'auto', task: 'code' }],
    ['auto:legal', { kind: 'auto', task: 'legal' }],
    ['ensemble', { kind: 'ensemble', combine: 'synthesis' }],
    ['ensemble:vote:latest', { kind: 'ensemble', combine: 'vote' }],
    ['ensemble:cascade', { kind: 'ensemble', combine: 'cascade' }],
    ['chain', { kind: 'chain' }],
    ['correct', { kind: 'correct' }],
    ['workflow:blog', { kind: 'workflow', name: 'Blog' }],
    ['gpt-4o', { kind: 'auto' }],
    ['far', { kind: 'auto', task: 'quick' }],
    ['fast', { kind: 'model', refs: [{ provider: 'p', model: 'qwen3:8b' }] }],
    [
      'qwen3:8b',
      {
        kind: 'model',
        refs: [
          { provider: 'p', model: 'qwen3:8b' },
          { provider: 'q', model: 'qwen3:8b' },
        ],
      },
    ],
    ['q/qwen3:8b', { kind: 'model', refs: [{ provider: 'q', model: 'qwen3:8b' }] }],
    ['llama3.1', { kind: 'model', refs: [{ provider: 'p', model: 'llama3.1:latest' }] }],
  ] as const)('%s', (name, expected) => expect(resolveName(name, space)).toEqual(expected));

  it.each(['auto:cooking', 'ensemble:nonsense', 'ensemble:constructor', 'chain:x', 'workflow:none', 'loop', 'toString', 'qwen4:8b', 'x'.repeat(100_000)])(
    'does not know %s',
    (name) => expect(resolveName(name, space).kind).toBe('unknown'),
  );

  it('offers what was probably meant', () => {
    expect(resolveName('qwen3:8', space)).toMatchObject({ nearest: expect.arrayContaining(['qwen3:8b']) });
    expect(resolveName('auto:cod', space)).toMatchObject({ nearest: expect.arrayContaining(['auto:code']) });
  });

  it.each(['toString', 'no-such-model-at-all', 'x'.repeat(100_000)])('offers nothing for %.20s, which is near to nothing', (name) =>
    expect(resolveName(name, space)).toEqual({ kind: 'unknown', nearest: [] }),
  );

  it.each(['library/qwen3:8b', 'registry.ollama.ai/library/qwen3:8b', 'https://registry.ollama.ai/library/QWEN3:8b', 'library/qwen3:8b:local'])(
    'takes %s for qwen3:8b, since it says only where models come from by default',
    (name) => expect(resolveName(name, space)).toEqual(resolveName('qwen3:8b', space)),
  );

  it.each(['library/auto', 'other/qwen3:8b', 'registry.ollama.ai/other/qwen3:8b'])('does not take %s for another name', (name) =>
    expect(resolveName(name, space).kind).toBe('unknown'),
  );

  it('takes :local for the model that is here, as Ollama does', () => expect(resolveName('QWEN3:8b:local', space)).toEqual(resolveName('qwen3:8b', space)));

  it('lists every virtual model once', () => {
    const names = virtualNames(space);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['auto', 'auto:code', 'auto:legal', 'ensemble', 'ensemble:race', 'chain', 'correct', 'workflow:Blog']));
  });
});
