import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;

beforeEach(async () => {
  upstream = await createUpstream(ollamaHandler([{ name: 'llama3.1:8b' }, { name: 'qwen2.5-coder:7b' }], nativeAnswer(['def f():', ' return 1'])));
  gateway = await startGateway({ gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] }, routing: { exploration: 0 } });
});
afterEach(async () => {
  await gateway.close();
  await upstream.close();
});

type Body = Record<string, unknown>;
const json = async (response: Response): Promise<Body> => (await response.json()) as Body;
const ask = async (headers: Record<string, string> = {}, text = `Write a Python function number ${Math.random()}.`): Promise<string> => {
  const response = await gateway.post('/v1/chat/completions', { model: 'auto', temperature: 0.7, messages: [{ role: 'user', content: text }] }, headers);
  expect(response.status).toBe(200);
  return String((await json(response))['id']);
};
const rate = (id: unknown, rating: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  gateway.post('/orchestrator/feedback', { id, rating }, headers);
const stats = async (headers: Record<string, string> = {}): Promise<Body> => json(await fetch(`${gateway.url}/orchestrator/stats`, { headers }));

describe('feedback', () => {
  it('counts once for an answer and says for what', async () => {
    const id = await ask();
    expect(await json(await rate(id, 5))).toMatchObject({ task: 'code', model: 'ollama/qwen2.5-coder:7b', task_ratings: 1 });
    expect((await rate(id, 5)).status).toBe(409);
    expect((await stats())['learned']).toMatchObject([{ task: 'code', model: 'ollama/qwen2.5-coder:7b', answers: 1, ratings: 1, rating: 5 }]);
  });

  it.each([
    ['an unknown answer', 'chatcmpl-nothing', 5, 404],
    ['no whole rating', 'x', 4.5, 400],
    ['a rating of 6', 'x', 6, 400],
    ['a rating beyond all numbers', 'x', 1e308, 400],
    ['no number', 'x', 'NaN', 400],
    ['no id', 7, 5, 400],
  ])('refuses %s', async (_, id, rating, status) => expect((await rate(id, rating)).status).toBe(status));
});

describe('keys', () => {
  const key = async (name: string, admin = false, by: Record<string, string> = {}): Promise<Record<string, string>> => {
    const made = await json(await gateway.post('/orchestrator/keys', { name, ...(admin && { role: 'admin' }) }, by));
    return { authorization: `Bearer ${String(made['secret'] ?? made['key'])}` };
  };

  it('cannot rate the answers of others, nor turn the choice by many votes', async () => {
    const boss = await key('boss', true);
    const mine = await key('mine', false, boss);
    const flood = await key('flood', false, boss);
    const id = await ask(mine);
    expect((await rate(id, 1, flood)).status).toBe(404);
    for (let index = 0; index < 60; index++) expect((await rate(await ask(flood), 1, flood)).status).toBe(200);
    const exported = await json(await fetch(`${gateway.url}/orchestrator/learning/export`, { headers: boss }));
    expect(exported['ratings']).toHaveLength(10);
    expect((await gateway.post('/orchestrator/learning/import', { mode: 'replace', ...exported }, boss)).status).toBe(200);
    expect((await stats(boss))['leaders']).toEqual({});
    const route = await json(await gateway.post('/orchestrator/route', { prompt: 'Write a Python function that adds.' }, mine));
    expect(route['model']).toBe('qwen2.5-coder:7b');
  });
});

describe('what was learned', () => {
  it('can be exported, reset and imported', async () => {
    await rate(await ask(), 4);
    const exported = await json(await fetch(`${gateway.url}/orchestrator/learning/export`));
    expect(exported).toMatchObject({ learned: [{ answers: 1, ratings: 1 }], ratings: [{ rating: 4 }] });
    await gateway.post('/orchestrator/learning/reset', {});
    expect((await stats())['learned']).toEqual([]);
    expect((await gateway.post('/orchestrator/learning/import', { mode: 'replace', ...exported })).status).toBe(200);
    expect((await stats())['learned']).toMatchObject([{ answers: 1, ratings: 1 }]);
  });

  it('is not counted twice when its own export is merged into it', async () => {
    await rate(await ask(), 4);
    const exported = await json(await fetch(`${gateway.url}/orchestrator/learning/export`));
    const answer = await gateway.post('/orchestrator/learning/import', exported);
    expect(answer.status).toBe(409);
    expect(JSON.stringify(await json(answer))).toContain('replace');
    expect((await stats())['learned']).toMatchObject([{ answers: 1, ratings: 1 }]);
  });

  it("counts another gateway's learning once, and of a later export of it only what is new", async () => {
    const cell = {
      task: 'code',
      model: 'x/y',
      answers: 2,
      qualitySum: 100,
      qualitySquares: 5000,
      secondsSum: 4,
      scoreSum: 90,
      ratings: 1,
      ratingSum: 4,
      at: 5,
    };
    const rating = { task: 'code', model: 'x/y', rating: 4, at: 5 };
    const merge = async (body: object): Promise<unknown> => {
      expect((await gateway.post('/orchestrator/learning/import', { mode: 'merge', origin: 'elsewhere', ...body })).status).toBe(200);
      return (await stats())['learned'];
    };
    await merge({ learned: [cell], ratings: [rating] });
    expect(await merge({ learned: [cell], ratings: [rating] })).toMatchObject([{ answers: 2, ratings: 1 }]);
    const later = { ...cell, answers: 5, scoreSum: 240, ratings: 2, ratingSum: 9, at: 9 };
    expect(await merge({ learned: [later], ratings: [rating, { ...rating, rating: 5, at: 9 }] })).toMatchObject([{ answers: 5, ratings: 2, rating: 4.5 }]);
  });

  it('can be frozen: nothing more is learned', async () => {
    await gateway.post('/orchestrator/learning/freeze', { frozen: true });
    const id = await ask();
    expect((await rate(id, 5)).status).toBe(409);
    expect(await stats()).toMatchObject({ frozen: true, learned: [] });
    await gateway.post('/orchestrator/learning/freeze', { frozen: false });
    expect((await rate(id, 5)).status).toBe(200);
  });

  it('does not count answers of models that a client named', async () => {
    await gateway.post('/v1/chat/completions', { model: 'llama3.1:8b', messages: [{ role: 'user', content: 'Write a Python function.' }] });
    expect((await stats())['learned']).toEqual([]);
  });
});
