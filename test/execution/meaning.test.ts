import { describe, expect, test } from 'vitest';
import { runEnsemble } from '../../src/execution/ensemble.ts';
import { fakeContext, read, ref, type Script, userRequest } from './fakes.ts';

const PROSE: Record<string, Script> = {
  'a/x': 'The dog sleeps under the big table. Nobody wakes it before the evening meal.',
  'b/y': 'Ein Hund liegt am Boden unter dem Tisch. Bis zum Abend weckt ihn keiner auf.',
};
type Embed = NonNullable<Parameters<typeof fakeContext>[2]>['embed'];
const sameMeaning: Embed = (texts) => Promise.resolve({ vectors: texts.map((text) => (/dog|Hund/.test(text) ? [1, 0] : [0, 1])), inputTokens: 7 });

const ask = async (embed: Embed | undefined, scripts = PROSE, limits = {}) => {
  const fake = fakeContext(scripts, { graceMs: 60_000, embedMs: 30, ...limits }, embed === undefined ? {} : { embed });
  const strategy = { kind: 'ensemble', combine: 'vote', members: ['a/x', 'b/y'].map(ref), quorum: 2, judge: ref('j/judge'), sequential: false } as const;
  const running = runEnsemble(strategy, userRequest('Where is the dog?'), fake.context);
  await read(running.events);
  return running.trace();
};

describe('members that say the same in other words', () => {
  test('agree where the fleet has an embedding model, and its call is counted', async () => {
    const trace = await ask(sameMeaning);
    expect(trace).toMatchObject({ comparedBy: 'embeddings', calls: 3, mode: 'open' });
    expect(trace?.claims).toHaveLength(2);
    expect(trace?.usage.inputTokens).toBe(27);
    expect((await ask(undefined))?.claims).toHaveLength(0);
  });

  test.each<[string, Embed]>([
    ['fails', () => Promise.reject(new Error('down'))],
    ['hangs', () => new Promise(() => undefined)],
    ['gives too few vectors', () => Promise.resolve({ vectors: [[1]] })],
  ])('are compared by n-grams when it %s, silently', async (_, embed) => {
    expect(await ask(embed)).toMatchObject({ comparedBy: 'n-grams', degraded: false });
  });

  test('are not embedded when they end in something short, or no call is left for it', async () => {
    const never: Embed = () => expect.unreachable('nothing to embed');
    expect(await ask(never, { 'a/x': 'The answer is 4.', 'b/y': 'The answer is 4.' })).toMatchObject({ comparedBy: 'n-grams', calls: 2 });
    expect(await ask(never, PROSE, { maxCalls: 3 })).toMatchObject({ comparedBy: 'n-grams', calls: 2 });
  });
});
