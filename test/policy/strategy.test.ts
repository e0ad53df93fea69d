import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../../src/policy/policy.ts';
import type { EnsembleRules } from '../../src/policy/strategy.ts';
import { decision, plan, profile, RULES } from './fakes.ts';

const a = profile('a:7b', { quality: { analysis: 80 }, family: 'llama', parameters: 7e9 });
const b = profile('b:8b', { quality: { analysis: 76 }, family: 'qwen', parameters: 8e9 });
const c = profile('c:1b', { quality: { analysis: 72 }, family: 'llama', parameters: 1e9 });
const d = profile('d:9b', { quality: { analysis: 70 }, family: 'gemma', parameters: 9e9 });
const strategyOf = (profiles = [a, b, c, d], more: Partial<PolicyInput> = {}, ensemble: Partial<EnsembleRules> = {}) =>
  plan(profiles, {
    decision: decision('analysis'),
    resolution: { kind: 'ensemble', combine: 'synthesis' },
    ...more,
    rules: { ...RULES, ensemble: { ...RULES.ensemble, ...ensemble } },
  }).strategy;
const members = (...args: Parameters<typeof strategyOf>): string[] => {
  const strategy = strategyOf(...args);
  return strategy.kind === 'ensemble' ? strategy.members.map(({ model }) => model) : [strategy.kind];
};

describe('ensembles', () => {
  it.each([
    ['different families first', [a, b, c, d], {}, ['a:7b', 'b:8b', 'd:9b']],
    ['samples of one that clearly leads', [profile('best', { quality: { analysis: 95 } }), b, c], {}, ['best', 'best', 'best']],
    [
      'mixed although one leads, when told',
      [profile('best', { quality: { analysis: 95 }, family: 'x' }), b, d],
      { members: 'mixed' },
      ['best', 'b:8b', 'd:9b'],
    ],
    ['samples of the best, when told', [a, b, c], { members: 'self' }, ['a:7b', 'a:7b', 'a:7b']],
    ['the models a person chose', [a, b, c, d], { models: ['c:1b', 'P/d:9b'] }, ['c:1b', 'd:9b']],
    ['more than one sample in a small fleet', [a, b], {}, ['a:7b', 'b:8b', 'a:7b']],
  ] as const)('ask %s', (_, profiles, ensemble, expected) => expect(members([...profiles], {}, ensemble)).toEqual(expected));

  it('let the cheapest go first in a cascade, and the best judge', () => {
    expect(strategyOf([a, b, c], { resolution: { kind: 'ensemble', combine: 'cascade' } })).toMatchObject({ members: [c.ref, c.ref, c.ref], judge: a.ref });
  });

  it('take the configured judge, and never want more than there are', () => {
    expect(strategyOf([a, b], {}, { judge: 'b:8b', quorum: 5, size: 2 })).toMatchObject({ judge: b.ref, quorum: 2 });
  });

  it.each([
    ['complex analysis in a fleet of three', { complexity: 'high' }, true, 'ensemble'],
    ['nothing that is not complex', { complexity: 'medium' }, true, 'single'],
    ['nothing where models agree anyway', { complexity: 'high', decision: decision('translation') }, true, 'single'],
    ['nothing when it is off', { complexity: 'high' }, false, 'single'],
  ] as const)('auto uses one for %s', (_, more, auto, kind) =>
    expect(strategyOf([a, b, c], { resolution: { kind: 'auto' }, ...more }, { auto }).kind).toBe(kind),
  );
});

describe('memory', () => {
  const sized = (model: string, memoryBytes: number, more = {}) => profile(model, { quality: { analysis: 80 }, family: model, memoryBytes, ...more });
  const GB = 1e9;
  it.each([
    ['side by side when they fit', [sized('x', 5 * GB), sized('y', 5 * GB)], 24 * GB, false],
    ['one after the other when they do not', [sized('x', 15 * GB), sized('y', 15 * GB)], 24 * GB, true],
    ['side by side when all are loaded already', [sized('x', 15 * GB, { loaded: true }), sized('y', 15 * GB, { loaded: true })], 24 * GB, false],
    ['side by side when the memory is not known', [sized('x', 15 * GB), sized('y', 15 * GB)], undefined, false],
    ['one after the other where a provider holds one model', [sized('x', GB, { tags: ['single-model'] }), sized('y', GB)], 24 * GB, true],
  ] as const)('%s', (_, profiles, memoryBytes, sequential) =>
    expect(strategyOf([...profiles], {}, { memoryBytes, members: 'mixed' })).toMatchObject({ sequential }),
  );
});

describe('other strategies', () => {
  it.each([
    ['chain', { kind: 'chain' }, { kind: 'chain', planner: a.ref, synthesizer: a.ref }],
    ['correct by another family', { kind: 'correct' }, { kind: 'correct', author: a.ref, checker: b.ref, maxIterations: 2 }],
    ['a workflow', { kind: 'workflow', name: 'blog' }, { kind: 'workflow', name: 'blog' }],
  ] as const)('%s', (_, resolution, expected) => expect(strategyOf([a, c, b], { resolution })).toEqual(expected));

  it('lets a model check itself when it is alone', () =>
    expect(strategyOf([a], { resolution: { kind: 'correct' } })).toMatchObject({ author: a.ref, checker: a.ref }));
});
