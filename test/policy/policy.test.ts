import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/core/errors.ts';
import { chosen, decision, type FakeProfile, NEEDS, plan, profile, RULES } from './fakes.ts';

const good = profile('good', { quality: { code: 80, math: 40 } });
const fair = profile('fair', { quality: { code: 70, math: 75 } });
const rules = (more: object) => ({ rules: { ...RULES, ...more } });
const failure = (run: () => unknown): GatewayError => {
  try {
    run();
  } catch (error) {
    return error as GatewayError;
  }
  throw new Error('it did not fail');
};

describe('the choice', () => {
  it.each([
    ['the best for the task', {}, 'good'],
    ['another task, another model', { decision: decision('math') }, 'fair'],
    ['a task nobody knows is judged in general', { decision: decision('legal') }, 'good'],
    ['the mapping', rules({ mapping: { code: 'fair' } }), 'fair'],
    ['the mapping by provider and with :latest', rules({ mapping: { code: 'P/Fair:latest' } }), 'fair'],
    ['the override over the mapping', rules({ mapping: { code: 'good' }, override: { code: 'fair' } }), 'fair'],
    ['a mapping of another task means nothing here', rules({ mapping: { math: 'fair' } }), 'good'],
    ['a mapping to a model that is away falls back to the score', rules({ mapping: { code: 'gone' } }), 'good'],
  ] as const)('takes %s', (_, more, model) => expect(chosen([good, fair], more)).toBe(model));

  it.each([
    ['a disabled model', { set: { enabled: false } }],
    ['a model that cools down', { coolingUntil: 5_000 }],
    ['a model that only embeds', { capabilities: ['embedding'] }],
  ] satisfies [string, FakeProfile][])('passes over %s', (_, fake) => {
    expect(chosen([profile('best', { quality: { code: 99 }, ...fake }), fair])).toBe('fair');
  });

  it('prefers what is loaded when quality is near, and not when it is far', () => {
    const loaded = (quality: number) => profile('loaded', { quality: { code: quality }, loaded: true });
    expect(chosen([good, loaded(78)])).toBe('loaded');
    expect(chosen([good, loaded(60)])).toBe('good');
  });

  it('takes a cooling model when there is no other', () => expect(chosen([profile('only', { coolingUntil: 9e9 })])).toBe('only'));

  it('uses the complement of a model that is weak at the task', () => {
    const weak = profile('weak', { quality: { code: 95 }, set: { weakAt: ['code'], complement: 'fair' } });
    expect(chosen([weak, fair])).toBe('fair');
    expect(plan([weak, fair]).reason).toContain('complement of weak');
  });

  it('names fallbacks, best first, and the numbers in one ASCII line', () => {
    const made = plan([good, fair, profile('모델', { quality: { code: 60 } })]);
    expect(made.strategy).toMatchObject({ kind: 'single', fallbacks: [{ model: 'fair' }, { model: '모델' }] });
    expect(made.reason).toMatch(/^code 90% \(statistical\); p\/good: [\d.]+ = quality 80/);
    expect(made.reason).toMatch(/^[\x20-\x7e]*$/);
    for (const { score, terms } of made.candidates) expect(Object.values(terms).reduce((sum, value) => sum + value, 0)).toBeCloseTo(score, 5);
  });
});

describe('what a request cannot do without', () => {
  const seeing = profile('seeing', { quality: { code: 10 }, capabilities: ['completion', 'vision'] });
  it.each([
    ['images go to a model that sees', { needs: { ...NEEDS, vision: true } }, 'seeing'],
    ['tools go to a model that has them', { needs: { ...NEEDS, tools: true } }, 'good'],
  ] as const)('%s', (_, more, model) => expect(chosen([good, seeing], more)).toBe(model));

  it('a long request goes to a model with room for it', () => {
    expect(chosen([good, profile('long', { quality: { code: 10 }, window: 131_072 })], { needs: { ...NEEDS, contextTokens: 50_000 } })).toBe('long');
  });

  it.each([
    ['no model sees', [good], { needs: { ...NEEDS, vision: true } }, 400, 'no_vision_model'],
    ['no model has tools', [seeing], { needs: { ...NEEDS, tools: true } }, 400, 'no_tools_model'],
    ['no window is long enough', [good], { needs: { ...NEEDS, contextTokens: 1e6 } }, 400, 'context_length_exceeded'],
    ['there is no model', [], {}, 503, 'no_models'],
    ['the key may use none', [good], { allowed: () => false }, 403, 'model_not_allowed'],
    ['there are only embedding models', [profile('e', { capabilities: ['embedding'] })], {}, 400, 'no_chat_model'],
  ] as const)('says so when %s', (_, profiles, more, status, code) => {
    const error = failure(() => plan(profiles, more));
    expect(error.status).toBe(status);
    expect(error.details.code).toBe(code);
  });
});

describe('a conversation', () => {
  const previous = { ref: fair.ref, task: 'code' };
  it.each([
    ['stays while the task is the same', { previous }, 'fair'],
    ['stays when a follow-up says little of its task', { previous, decision: decision('quick', 0.35) }, 'fair'],
    ['stays when the classifier abstains', { previous, decision: decision('analysis', 0.2, 'default') }, 'fair'],
    ['moves when the task clearly changes', { previous: { ref: good.ref, task: 'code' }, decision: decision('math', 0.95) }, 'fair'],
    ['is never explored', { previous: { ref: good.ref, task: 'code' }, random: [0, 0.5] as const, rules: { ...RULES, exploration: 0.2 } }, 'good'],
    ['obeys the override all the same', { previous, ...rules({ override: { code: 'good' } }) }, 'good'],
  ] as const)('%s', (_, more, model) => expect(chosen([good, fair], more)).toBe(model));

  it('stays on its replica', () => {
    const replicas = [profile('m', { provider: 'a' }), profile('m', { provider: 'b', inFlight: 2 })];
    const made = plan(replicas, { previous: { ref: { provider: 'b', model: 'm' }, task: 'code' } });
    expect(made.strategy).toMatchObject({ target: { provider: 'b' } });
  });

  it('leaves a model that can no longer serve it', () => {
    expect(chosen([profile('fair', { quality: { code: 70 }, coolingUntil: 9e9 }), good], { previous })).toBe('good');
  });
});

describe('exploration', () => {
  const exploring = { random: [0.001, 0.5] as const, rules: { ...RULES, exploration: 0.02 } };
  it.each([
    ['tries the runner-up for its share', [good, fair], exploring, 'fair'],
    ['leaves the rest alone', [good, fair], { ...exploring, random: [0.021, 0.5] as const }, 'good'],
    ['does not try what is far behind', [good, profile('poor', { quality: { code: 40 } })], exploring, 'good'],
    ['is off when set to none', [good, fair], { ...exploring, rules: RULES }, 'good'],
    ['tries another model and not another replica', [good, profile('good', { provider: 'q', quality: { code: 79 } }), fair], exploring, 'fair'],
  ] as const)('%s', (_, profiles, more, model) => expect(chosen(profiles, more)).toBe(model));

  it('keeps to its share over many requests', () => {
    let tried = 0;
    for (let index = 0; index < 1_000; index++) if (chosen([good, fair], { ...exploring, random: [index / 1_000, 0.5] }) === 'fair') tried += 1;
    expect(tried).toBe(20);
  });

  it('never touches a model the client named', () => {
    const named = plan([good, fair], { ...exploring, resolution: { kind: 'model', refs: [good.ref] } });
    expect(named).toMatchObject({ pinned: true, strategy: { target: good.ref, fallbacks: [] } });
  });
});

describe('a named model', () => {
  const named = { resolution: { kind: 'model', refs: [good.ref] } } as const;
  it.each([
    ['may not be used by the key', [good], { allowed: () => false }, 403],
    ['lacks what is asked', [good], { needs: { ...NEEDS, vision: true } }, 400],
    ['has too small a window', [good], { needs: { ...NEEDS, contextTokens: 1e6 } }, 400],
  ] as const)('is refused when it %s', (_, profiles, more, status) => expect(failure(() => plan(profiles, { ...named, ...more })).status).toBe(status));

  it('has only its own replicas as fallbacks, healthy ones first', () => {
    const replicas = [profile('m', { provider: 'a', coolingUntil: 9e9 }), profile('m', { provider: 'b' }), profile('other')];
    const made = plan(replicas, { resolution: { kind: 'model', refs: replicas.slice(0, 2).map(({ ref }) => ref) } });
    expect(made.strategy).toEqual({ kind: 'single', target: { provider: 'b', model: 'm' }, fallbacks: [{ provider: 'a', model: 'm' }] });
  });
});
