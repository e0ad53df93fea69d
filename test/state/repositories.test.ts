import { afterEach, describe, expect, it } from 'vitest';
import { createWorkplace, eventOf } from './support.ts';

const workplace = createWorkplace();
afterEach(workplace.cleanUp);

describe.each([
  ['on disk', workplace.open],
  ['in memory', workplace.openInMemory],
])('state %s', (_, open) => {
  describe('kv', () => {
    it('gives back what was set, by namespace', async () => {
      const { kv } = await open();
      await kv.set('a', 'k', { n: 1 });
      await kv.set('b', 'k', [2]);
      expect([await kv.get('a', 'k'), await kv.get('b', 'k'), await kv.get('c', 'k')]).toEqual([{ n: 1 }, [2], undefined]);
      expect(await kv.entries('a')).toEqual(new Map([['k', { n: 1 }]]));
    });

    it('deletes once', async () => {
      const { kv } = await open();
      await kv.set('a', 'k', 1);
      expect([await kv.delete('a', 'k'), await kv.delete('a', 'k'), await kv.get('a', 'k')]).toEqual([true, false, undefined]);
    });

    it('keeps the first of two defaults, so a secret is made once', async () => {
      const { kv } = await open();
      expect(await Promise.all([kv.setDefault('s', 'pepper', 'one'), kv.setDefault('s', 'pepper', 'two')])).toEqual(['one', 'one']);
    });

    it('refuses what is no JSON value', async () => {
      const { kv } = await open();
      await expect(kv.set('a', 'k', undefined)).rejects.toMatchObject({ kind: 'internal' });
    });
  });

  it('keeps what people edited of a profile apart from what was discovered', async () => {
    const { profiles } = await open();
    await profiles.saveEdit('qwen3:8b', { priority: 9 });
    await profiles.saveSnapshot({ models: ['qwen3:8b'] });
    expect(await profiles.edits()).toEqual(new Map([['qwen3:8b', { priority: 9 }]]));
    expect(await profiles.snapshot()).toEqual({ models: ['qwen3:8b'] });
    expect(await profiles.removeEdit('qwen3:8b')).toBe(true);
    expect((await profiles.edits()).size).toBe(0);
  });

  describe('learning', () => {
    it('sums the events of each task and model', async () => {
      const { events } = await open();
      await events.append([eventOf('r1', { quality: 40, seconds: 1 }), eventOf('r2', { quality: 60, seconds: 3, at: 7 }), eventOf('r3', { task: 'math' })]);
      const { learned } = await events.fold();
      expect(learned.map(({ task, answers }) => [task, answers])).toEqual([
        ['code', 2],
        ['math', 1],
      ]);
      expect(learned[0]).toMatchObject({ qualitySum: 100, qualitySquares: 5200, secondsSum: 4, scoreSum: 100, at: 7 });
    });

    it('counts the same event once, however often it is sent', async () => {
      const { events } = await open();
      await Promise.all([events.append([eventOf('r1')]), events.append([eventOf('r1')]), events.append([eventOf('r1'), eventOf('r1', { model: 'ollama/b' })])]);
      expect((await events.fold()).learned.map(({ answers }) => answers)).toEqual([1, 1]);
    });

    it('keeps sums exact when raw events are compacted', async () => {
      const { events } = await open({ limits: { events: 50, answers: 50 } });
      for (let n = 0; n < 4; n += 1) await events.append(Array.from({ length: 100 }, (_unused, i) => eventOf(`r${n}-${i}`)));
      expect((await events.fold()).learned[0]?.answers).toBe(400);
      expect((await events.recent(1_000)).length).toBeLessThanOrEqual(55);
    });

    it('gives the newest raw events first', async () => {
      const { events } = await open();
      await events.append([eventOf('r1'), eventOf('r2')]);
      expect((await events.recent(1)).map(({ requestId }) => requestId)).toEqual(['r2']);
    });

    it('forgets one task or all of it', async () => {
      const { events } = await open();
      await events.append([eventOf('r1'), eventOf('r2', { task: 'math' })]);
      await events.reset('code');
      expect((await events.fold()).learned.map(({ task }) => task)).toEqual(['math']);
      await events.reset();
      expect(await events.fold()).toEqual({ learned: [], ratings: [] });
    });

    it('imports what was exported, in place of what is there or added to it', async () => {
      const { events, feedback } = await open();
      await events.append([eventOf('r1')]);
      await feedback.vote({ requestId: 'r1', rating: 4, at: 2 });
      const exported = await events.fold();
      await events.import(exported, 'replace');
      expect(await events.fold()).toEqual(exported);
      await expect(events.import(exported, 'merge')).rejects.toMatchObject({ kind: 'conflict' });
      await events.import({ ...exported, origin: 'another' }, 'merge');
      const merged = await events.fold();
      expect(merged.learned[0]).toMatchObject({ answers: 2, ratings: 2, ratingSum: 8 });
      expect(merged.ratings).toHaveLength(2);
    });

    it('remembers that it is frozen', async () => {
      const { events } = await open();
      expect(await events.frozen()).toBe(false);
      await events.setFrozen(true);
      expect(await events.frozen()).toBe(true);
    });
  });

  describe('feedback', () => {
    it('counts a rating for the task and model that answered', async () => {
      const { events, feedback } = await open();
      await events.append([eventOf('r1', { model: 'ollama/b' })]);
      expect(await feedback.vote({ requestId: 'r1', rating: 5, comment: 'x'.repeat(9_999), at: 3 })).toEqual({
        task: 'code',
        model: 'ollama/b',
        rating: 5,
        taskRatings: 1,
      });
      expect((await events.fold()).ratings).toEqual([{ task: 'code', model: 'ollama/b', rating: 5, at: 3 }]);
    });

    it('refuses a second vote of the same key', async () => {
      const { events, feedback } = await open();
      await events.append([eventOf('r1', { keyId: 'k' })]);
      await feedback.vote({ requestId: 'r1', rating: 5, keyId: 'k', at: 1 });
      await expect(feedback.vote({ requestId: 'r1', rating: 1, keyId: 'k', at: 2 })).rejects.toMatchObject({ kind: 'conflict' });
      expect((await events.fold()).learned[0]).toMatchObject({ ratings: 1, ratingSum: 5 });
    });

    it('keeps a vote spent after what was learned is reset', async () => {
      const { events, feedback } = await open();
      await events.remember([{ requestId: 'r1', task: 'code', model: 'ollama/a', at: 1 }]);
      await feedback.vote({ requestId: 'r1', rating: 5, at: 1 });
      await events.reset();
      await expect(feedback.vote({ requestId: 'r1', rating: 5, at: 2 })).rejects.toMatchObject({ kind: 'conflict' });
    });

    it('answers for an unknown answer as for one of another key', async () => {
      const { events, feedback } = await open();
      await events.append([eventOf('r1', { keyId: 'mine' })]);
      const refusals = await Promise.allSettled([
        feedback.vote({ requestId: 'r1', rating: 5, keyId: 'theirs', at: 1 }),
        feedback.vote({ requestId: 'nowhere', rating: 5, keyId: 'theirs', at: 1 }),
      ]);
      const messages = refusals.map((refusal) => (refusal.status === 'rejected' ? String(refusal.reason) : 'accepted'));
      expect(messages[0]).toContain('No answer with this id');
      expect(messages[0]).toBe(messages[1]);
    });

    it('lets an admin rate the answers of others', async () => {
      const { events, feedback } = await open();
      await events.append([eventOf('r1', { keyId: 'mine' })]);
      expect(await feedback.vote({ requestId: 'r1', rating: 2, keyId: 'boss', admin: true, at: 1 })).toMatchObject({ rating: 2 });
    });

    it.each([0, 6, 2.5, Number.NaN])('refuses a rating of %s', async (rating) => {
      const { feedback } = await open();
      await expect(feedback.vote({ requestId: 'r1', rating, at: 1 })).rejects.toMatchObject({ kind: 'invalid-request' });
    });

    it('lets one key hold only its share of the ratings, and no other key pays for it', async () => {
      const { events, feedback } = await open({ limits: { ratingsPerTask: 20, ratingsPerKey: 3 } });
      const vote = async (requestId: string, model: string, keyId: string, admin = false): Promise<void> => {
        await events.remember([{ requestId, task: 'code', model, keyId, at: 1 }]);
        await feedback.vote({ requestId, rating: 5, keyId, admin, at: 1 });
      };
      for (let index = 0; index < 4; index++) await vote(`boss-${index}`, 'ollama/a', 'boss', true);
      await vote('mine', 'ollama/b', 'me');
      for (let index = 0; index < 50; index++) await vote(`flood-${index}`, 'ollama/c', 'flood');
      const { ratings, learned } = await events.fold();
      expect(ratings.map(({ keyId }) => keyId ?? 'not capped')).toEqual([
        'not capped',
        'not capped',
        'not capped',
        'not capped',
        'me',
        'flood',
        'flood',
        'flood',
      ]);
      expect(learned.reduce((sum, row) => sum + row.ratings, 0)).toBe(55);
    });
    it('keeps the last ratings of each task and the sums of all', async () => {
      const { events, feedback } = await open({ limits: { ratingsPerTask: 3 } });
      for (let n = 1; n <= 5; n += 1) {
        await events.append([eventOf(`r${n}`)]);
        await feedback.vote({ requestId: `r${n}`, rating: n, at: n });
      }
      const { learned, ratings } = await events.fold();
      expect(ratings.map(({ rating }) => rating)).toEqual([3, 4, 5]);
      expect(learned[0]).toMatchObject({ ratings: 5, ratingSum: 15 });
    });

    it('counts 1,000 votes that come at once exactly', async () => {
      const { events, feedback } = await open();
      const ids = Array.from({ length: 1_000 }, (_unused, n) => `r${n}`);
      await events.append(ids.map((id) => eventOf(id)));
      await Promise.all(ids.map((requestId, n) => feedback.vote({ requestId, rating: (n % 5) + 1, at: n })));
      expect((await events.fold()).learned[0]).toMatchObject({ answers: 1_000, ratings: 1_000, ratingSum: 3_000 });
    });

    it('forgets the oldest answers beyond its bound', async () => {
      const { events, feedback } = await open({ limits: { answers: 10 } });
      for (let n = 0; n < 30; n += 1) await events.append([eventOf(`r${n}`)]);
      await expect(feedback.vote({ requestId: 'r0', rating: 5, at: 1 })).rejects.toMatchObject({ kind: 'not-found' });
      expect(await feedback.vote({ requestId: 'r29', rating: 5, at: 1 })).toMatchObject({ rating: 5 });
    });
  });

  describe('keys', () => {
    const key = { id: 'k1', prefix: 'mao_ab', name: 'laptop', role: 'user', allowedModels: ['qwen3:8b'], createdAt: 5 } as const;

    it('finds a key by its digest and never lists the digest', async () => {
      const { keys } = await open();
      await keys.insert({ key, digest: 'd1' });
      expect(await keys.byDigest('d1')).toEqual(key);
      expect(await keys.byDigest('k1')).toBeUndefined();
      expect(JSON.stringify(await keys.list())).not.toContain('d1');
      expect(await keys.load()).toEqual([{ key, digest: 'd1' }]);
    });

    it('finds a revoked key no more, but lists it', async () => {
      const { keys } = await open();
      await keys.insert({ key, digest: 'd1' });
      expect([await keys.revoke('k1', 9), await keys.revoke('k1', 10), await keys.revoke('k2', 9)]).toEqual([true, false, false]);
      expect(await keys.byDigest('d1')).toBeUndefined();
      expect(await keys.load()).toEqual([]);
      expect(await keys.list()).toEqual([{ ...key, revokedAt: 9 }]);
    });

    it('refuses the same key twice', async () => {
      const { keys } = await open();
      await keys.insert({ key, digest: 'd1' });
      await expect(keys.insert({ key, digest: 'd2' })).rejects.toMatchObject({ kind: 'conflict' });
      await expect(keys.insert({ key: { ...key, id: 'k2' }, digest: 'd1' })).rejects.toMatchObject({ kind: 'conflict' });
    });

    it('adds spent tokens exactly when many requests end at once', async () => {
      const { keys } = await open();
      await Promise.all(Array.from({ length: 100 }, () => keys.addTokens('k1', '2026-11', 7)));
      expect([await keys.tokens('k1', '2026-11'), await keys.tokens('k1', '2026-12')]).toEqual([700, 0]);
      expect(await keys.addTokens('k1', '2026-12', 3)).toBe(3);
    });
  });

  it('keeps responses of an owner within count and age', async () => {
    const { responses } = await open({ limits: { responses: 2, responseAgeMs: 100 } });
    const response = (id: string, createdAt: number) => ({ id, owner: 'k', body: { id }, inputItems: [{ id: `${id}-item` }], createdAt });
    for (const [id, at] of [['a', 10] as const, ['b', 11] as const, ['c', 12] as const]) await responses.put(response(id, at));
    expect(await responses.get('a', 'k')).toBeUndefined();
    expect(await responses.get('c', 'k')).toEqual(response('c', 12));
    expect(await responses.get('c', 'other')).toBeUndefined();
    await responses.put(response('d', 113));
    expect(await responses.get('c', 'k')).toBeUndefined();
    expect([await responses.delete('d', 'other'), await responses.delete('d', 'k'), await responses.get('d', 'k')]).toEqual([false, true, undefined]);
  });

  it('rejects calls after it was closed', async () => {
    const state = await open();
    await state.checkpoint();
    await state.close();
    await expect(state.kv.get('a', 'b')).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
