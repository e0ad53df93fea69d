import { describe, expect, it } from 'vitest';
import { measure, regimes } from '../../bench/learning.ts';
import { chooseByRatings, combinedScore, type RatedAnswer, shrink, taskMeans } from '../../src/learning/estimate.ts';
import { createLearner, type LeaderChange } from '../../src/learning/learner.ts';
import { addRating, RATINGS_KEPT, RATINGS_PER_KEY } from '../../src/learning/window.ts';

const rate = (task: string, model: string, rating: number, times = 1): RatedAnswer[] => Array.from({ length: times }, () => ({ task, model, rating }));

describe('the estimate from ratings', () => {
  it('gives a task with little evidence the model that is best overall', () => {
    const ratings = [...rate('code', 'a', 5, 30), ...rate('code', 'b', 2, 30), ...rate('math', 'b', 4), ...rate('math', 'a', 3)];
    expect(chooseByRatings(ratings).get('math')?.[0]).toBe('a');
  });

  it('follows a task of its own once the evidence is there', () => {
    const ratings = [...rate('code', 'a', 5, 60), ...rate('code', 'b', 3, 60), ...rate('math', 'a', 2, 60), ...rate('math', 'b', 5, 60)];
    expect(chooseByRatings(ratings).get('code')?.[0]).toBe('a');
    expect(chooseByRatings(ratings).get('math')?.[0]).toBe('b');
  });

  it('does not think a model worse for having been asked what nothing answers well', () => {
    // b is better than a wherever both were asked, but was mostly asked the hard task.
    const ratings = [...rate('easy', 'a', 4, 40), ...rate('easy', 'b', 5, 4), ...rate('hard', 'a', 1, 4), ...rate('hard', 'b', 2, 40)];
    const means = taskMeans(ratings);
    expect(means.get('easy')?.get('b')?.mean).toBeGreaterThan(means.get('easy')?.get('a')?.mean ?? 5);
  });

  it('stays calm on nothing, one rating and one model', () => {
    expect(taskMeans([]).size).toBe(0);
    expect(
      taskMeans(rate('code', 'a', 5))
        .get('code')
        ?.get('a')?.mean,
    ).toBeCloseTo(5, 5);
    expect(chooseByRatings(rate('code', 'a', 1, 200)).get('code')).toEqual(['a']);
  });

  it.each([
    [50, 68],
    [200, 85],
    [1_000, 95],
  ])('closes the gap to the best map after %d ratings by %d %% with specialised and general models mixed', (count, share) => {
    const regime = regimes['mixed'];
    if (regime === undefined) throw new Error('the bench has no mixed regime');
    expect(measure(regime, count, 150, ['this gateway'])['this gateway']).toBeGreaterThan(share);
  });

  it.each(Object.entries(regimes))('is never worse than the single best model: %s', (_, regime) => {
    for (const count of [50, 200, 1_000]) {
      const closed = measure(regime, count, 200, ['this gateway', 'single best of the ratings']);
      expect(closed['this gateway']).toBeGreaterThan((closed['single best of the ratings'] ?? 0) - 1.5);
    }
  });
});

describe('scores', () => {
  it.each([
    ['a good slow answer beats a bad fast one', combinedScore(80, 20), combinedScore(30, 0.01)],
    ['of two equal ones the faster wins', combinedScore(60, 2), combinedScore(60, 8)],
  ])('%s', (_, better, worse) => expect(better).toBeGreaterThan(worse));

  it('stays between 0 and 100 whatever the time', () => {
    for (const seconds of [0, 1e-9, 1, 1e9]) expect(combinedScore(100, seconds)).toBeLessThanOrEqual(100);
    expect(combinedScore(0, Number.MAX_VALUE)).toBeGreaterThanOrEqual(0);
  });

  it('moves from the belief to the evidence', () => {
    expect(shrink({ count: 0, sum: 0 }, 50, 10)).toBe(50);
    expect(shrink({ count: 10, sum: 900 }, 50, 10)).toBe(70);
    expect(shrink({ count: 1_000_000, sum: 90_000_000 }, 50, 10)).toBeLessThan(90);
  });
});

describe('the window of ratings', () => {
  it('keeps the last ones', () => {
    const list = rate('code', 'a', 3, RATINGS_KEPT + 20).reduce<readonly RatedAnswer[]>((all, vote) => addRating(all, vote), []);
    expect(list).toHaveLength(RATINGS_KEPT);
  });

  it('lets one key hold its share only, and costs nobody else a vote', () => {
    let list: readonly RatedAnswer[] = [];
    for (let index = 0; index < 100; index++) list = addRating(list, { task: 'code', model: 'honest', rating: 4, keyId: `key-${index % 20}` });
    for (let index = 0; index < 10_000; index++) list = addRating(list, { task: 'code', model: 'bought', rating: 5, keyId: 'flood' });
    expect(list.filter(({ keyId }) => keyId === 'flood')).toHaveLength(RATINGS_PER_KEY);
    expect(list.filter(({ model }) => model === 'honest')).toHaveLength(100);
  });
});

describe('the learner', () => {
  const prior = { mean: 60, weight: 8 };
  const learnerOf = (models: readonly string[], changes: LeaderChange[] = []) => {
    const learner = createLearner((change) => void changes.push(change));
    for (const model of models) learner.expect(model, { code: prior, math: prior });
    return learner;
  };

  it('looks at a task every 100 answers and says who leads now, with both numbers', () => {
    const changes: LeaderChange[] = [];
    const learner = learnerOf(['p/a', 'p/b'], changes);
    for (let index = 0; index < 99; index++) learner.answered('code', index % 2 === 0 ? 'p/a' : 'p/b', index % 2 === 0 ? 80 : 40);
    expect(changes).toEqual([]);
    expect(learner.estimate('code', 'p/a', prior).mean).toBe(60);
    learner.answered('code', 'p/b', 40);
    expect(changes).toMatchObject([{ task: 'code', from: undefined, to: 'p/a', by: 'answers' }]);
    expect(learner.estimate('code', 'p/a', prior).mean).toBeGreaterThan(60);
    expect(learner.estimate('code', 'p/b', prior).mean).toBeLessThan(60);
  });

  it('does not think the worse of a model that alone was asked, whatever scale scores have', () => {
    const learner = learnerOf(['p/a', 'p/b']);
    for (let index = 0; index < 500; index++) learner.answered('code', 'p/a', 30);
    expect(learner.estimate('code', 'p/a', prior).mean).toBeCloseTo(60, 5);
    expect(learner.estimate('code', 'p/b', prior).mean).toBeCloseTo(60, 5);
  });

  it('lets ratings lead from 50 on', () => {
    const changes: LeaderChange[] = [];
    const learner = createLearner((change) => void changes.push(change));
    for (let index = 0; index < 100; index++) learner.answered('code', index % 2 === 0 ? 'p/a' : 'p/b', index % 2 === 0 ? 90 : 30);
    for (let index = 0; index < 50; index++) learner.rated({ task: 'code', model: index % 2 === 0 ? 'p/a' : 'p/b', rating: index % 2 === 0 ? 2 : 5 });
    expect(changes.at(-1)).toMatchObject({ from: 'p/a', to: 'p/b', by: 'ratings' });
    expect(learner.leaders()).toEqual({ code: 'p/b' });
  });

  it('does not let one key decide: its ten votes never reach the fifty', () => {
    const learner = createLearner(() => {});
    for (let index = 0; index < 10_000; index++) learner.rated({ task: 'code', model: 'p/bought', rating: 5, keyId: 'flood' });
    expect(learner.leaders()).toEqual({});
    expect(learner.estimate('code', 'p/bought', prior).mean).toBe(60);
  });

  it('forgets: a model that became worse is seen to within some hundreds of answers', () => {
    const learner = learnerOf(['p/a', 'p/b']);
    for (let index = 0; index < 3_000; index++) {
      learner.answered('code', 'p/a', 90);
      learner.answered('code', 'p/b', 70);
    }
    expect(learner.estimate('code', 'p/a', prior).mean).toBeGreaterThan(learner.estimate('code', 'p/b', prior).mean);
    for (let index = 0; index < 600; index++) learner.answered('code', 'p/a', 20);
    expect(learner.estimate('code', 'p/a', prior).mean).toBeLessThan(learner.estimate('code', 'p/b', prior).mean);
  });

  it('takes up what was stored, and starts anew after a reset', () => {
    const learner = learnerOf(['p/a', 'p/b']);
    const stored = (model: string, mean: number) => ({ task: 'code', model, answers: 300, scoreSum: 300 * mean });
    learner.load([stored('p/a', 90), stored('p/b', 50)], rate('code', 'p/a', 5, 3));
    expect(learner.leaders()).toEqual({ code: 'p/a' });
    expect(learner.estimate('code', 'p/a', prior).mean).toBeGreaterThan(70);
    expect(learner.table()[0]).toEqual({ task: 'code', model: 'p/a', answers: 300, mean: 90, ratings: 3, rating: 5 });
    learner.load([], []);
    expect(learner.table()).toEqual([]);
    expect(learner.estimate('code', 'p/a', prior).mean).toBe(60);
  });

  it('moves what it expects of a model in tasks it never saw there, by what it saw elsewhere', () => {
    const learner = learnerOf(['p/a', 'p/b']);
    for (let index = 0; index < 200; index++) learner.answered('code', index % 2 === 0 ? 'p/a' : 'p/b', index % 2 === 0 ? 95 : 55);
    expect(learner.estimate('math', 'p/a', prior).mean).toBeGreaterThan(60);
    expect(learner.estimate('math', 'p/b', prior).mean).toBeLessThan(60);
    expect(learner.estimate('math', 'p/c', prior).mean).toBe(60);
  });
});
