import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { BatchLine, LineResult } from '../../src/state/records.ts';
import type { State } from '../../src/state/state.ts';
import { createWorkplace, readAll } from './support.ts';

const workplace = createWorkplace();
afterEach(workplace.cleanUp);

const newBatch = { owner: 'k', endpoint: '/v1/chat/completions', inputFileId: 'file-1', completionWindow: '24h', createdAt: 1, expiresAt: 99 };
const linesOf = (count: number): BatchLine[] => Array.from({ length: count }, (_, line) => ({ line, customId: `c${line}`, offset: line * 10, length: 9 }));
const done = (line: number, outcome: LineResult['outcome'] = 'completed'): LineResult => ({
  line,
  outcome,
  json: JSON.stringify({ custom_id: `c${line}`, outcome }),
  inputTokens: 2,
  outputTokens: 3,
});
const startBatch = async ({ batches }: State, count: number): Promise<string> => {
  const { id } = await batches.create(newBatch);
  await batches.addLines(id, linesOf(count));
  await batches.start(id, 2, 'qwen3:8b');
  return id;
};
const linesIn = async ({ files }: State, id: string | undefined): Promise<Record<string, unknown>[]> => {
  if (id === undefined) return [];
  const text = await readAll(files.content(id));
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe.each([
  ['on disk', workplace.open],
  ['in memory', workplace.openInMemory],
])('batches %s', (_, open) => {
  it('begin in validation and start with the number of their lines', async () => {
    const state = await open();
    const created = await state.batches.create({ ...newBatch, metadata: { a: 'b' } });
    expect(created).toMatchObject({ ...newBatch, metadata: { a: 'b' }, status: 'validating', counts: { total: 0, completed: 0, failed: 0 } });
    await state.batches.addLines(created.id, linesOf(3));
    expect(await state.batches.start(created.id, 2)).toMatchObject({ status: 'in_progress', inProgressAt: 2, counts: { total: 3 } });
    expect(await state.batches.unfinished()).toHaveLength(1);
  });

  it('refuse a custom id used twice, and take the same line again', async () => {
    const { batches } = await open();
    const { id } = await batches.create(newBatch);
    await batches.addLines(id, linesOf(3));
    await batches.addLines(id, linesOf(3));
    await expect(batches.addLines(id, [{ line: 3, customId: 'c0', offset: 0, length: 1 }])).rejects.toMatchObject({ kind: 'conflict' });
    expect((await batches.start(id, 2)).counts.total).toBe(3);
    await expect(batches.addLines(id, linesOf(4))).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('fail in validation with their errors', async () => {
    const { batches } = await open();
    const { id } = await batches.create(newBatch);
    expect(await batches.fail(id, 3, [{ code: 'bad_line', line: 1 }])).toMatchObject({
      status: 'failed',
      failedAt: 3,
      errors: [{ code: 'bad_line', line: 1 }],
    });
    expect(await batches.unfinished()).toEqual([]);
    await expect(batches.start(id, 4)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('give a line to one worker until its lease ends or it is given back', async () => {
    const state = await open();
    const { batches } = state;
    const id = await startBatch(state, 4);
    const [first, second] = await Promise.all([batches.claim(id, 2, 100, 50), batches.claim(id, 9, 100, 50)]);
    expect([first.map(({ line }) => line), second.map(({ line }) => line)]).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(first[1]).toEqual({ line: 1, customId: 'c1', offset: 10, length: 9 });
    expect(await batches.claim(id, 9, 200, 99)).toEqual([]);
    await batches.release(id, [3]);
    await batches.renew(id, [0], 500);
    expect((await batches.claim(id, 9, 300, 100)).map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  it('record one result a line and count it once', async () => {
    const state = await open();
    const { batches } = state;
    const id = await startBatch(state, 3);
    const fresh = await Promise.all([batches.complete(id, [done(0), done(1, 'failed')]), batches.complete(id, [done(0, 'failed'), done(1)])]);
    expect(fresh).toEqual([2, 0]);
    expect(await batches.get(id)).toMatchObject({
      counts: { total: 3, completed: 1, failed: 1 },
      usage: { input_tokens: 4, output_tokens: 6, total_tokens: 10 },
    });
  });

  it('end with successes in the output file and the rest in the error file, in order', async () => {
    const state = await open();
    const id = await startBatch(state, 450);
    for (let line = 449; line >= 0; line -= 1) void state.batches.complete(id, [done(line, line % 3 === 0 ? 'failed' : 'completed')]);
    const ended = await state.batches.finalize(id, 'completed', 9);
    expect(ended).toMatchObject({ status: 'completed', completedAt: 9, finalizingAt: 9, counts: { total: 450, completed: 300, failed: 150 } });
    const output = await linesIn(state, ended.outputFileId);
    expect(output).toHaveLength(300);
    expect(output[0]).toEqual({ custom_id: 'c1', outcome: 'completed' });
    expect(await linesIn(state, ended.errorFileId)).toHaveLength(150);
    expect(await state.files.get(ended.outputFileId ?? '')).toMatchObject({ owner: 'k', purpose: 'batch_output', filename: `${id}_output.jsonl` });
    expect(await state.batches.finalize(id, 'completed', 10)).toEqual(ended);
  });

  it('have no id for a file that would be empty', async () => {
    const state = await open();
    const id = await startBatch(state, 1);
    await state.batches.complete(id, [done(0)]);
    const ended = await state.batches.finalize(id, 'completed', 9);
    expect([typeof ended.outputFileId, ended.errorFileId]).toEqual(['string', undefined]);
  });

  it('are not completed while a line has no result', async () => {
    const state = await open();
    const id = await startBatch(state, 2);
    await state.batches.complete(id, [done(0)]);
    await expect(state.batches.finalize(id, 'completed', 9)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await state.batches.get(id)).toMatchObject({ status: 'in_progress' });
  });

  it('keep partial results when cancelled, and say which lines were not run', async () => {
    const state = await open();
    const id = await startBatch(state, 3);
    await state.batches.complete(id, [done(1)]);
    expect(await state.batches.cancel(id, 5)).toMatchObject({ status: 'cancelling', cancellingAt: 5 });
    expect(await state.batches.cancel(id, 6)).toMatchObject({ cancellingAt: 5 });
    expect(await state.batches.claim(id, 9, 100, 50)).toEqual([]);
    expect(await state.batches.complete(id, [done(2)])).toBe(1);
    const ended = await state.batches.finalize(id, 'cancelled', 9);
    expect(ended).toMatchObject({ status: 'cancelled', cancelledAt: 9, counts: { completed: 2 } });
    expect(await linesIn(state, ended.outputFileId)).toHaveLength(2);
    expect(await linesIn(state, ended.errorFileId)).toMatchObject([{ custom_id: 'c0', response: null, error: { code: 'batch_cancelled' } }]);
    await expect(state.batches.cancel(id, 10)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('take no result after the files began to be written', async () => {
    const state = await open();
    const id = await startBatch(state, 2);
    const ending = state.batches.finalize(id, 'expired', 9);
    expect(await state.batches.complete(id, [done(0)])).toBe(0);
    const ended = await ending;
    expect(ended).toMatchObject({ status: 'expired', expiredAt: 9, counts: { completed: 0 } });
    expect(await linesIn(state, ended.errorFileId)).toMatchObject([{ error: { code: 'batch_expired' } }, { error: { code: 'batch_expired' } }]);
  });

  it('expire their files when asked to', async () => {
    const state = await open();
    const { id } = await state.batches.create({ ...newBatch, outputExpiresAfterS: 2 });
    await state.batches.addLines(id, linesOf(1));
    await state.batches.start(id, 2);
    await state.batches.complete(id, [done(0)]);
    const { outputFileId } = await state.batches.finalize(id, 'completed', 1_000);
    expect(await state.files.get(outputFileId ?? '')).toMatchObject({ expiresAt: 3_000 });
  });

  it('are listed newest first, page by page, by owner', async () => {
    const { batches } = await open();
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push((await batches.create(newBatch)).id);
    await batches.create({ ...newBatch, owner: 'other' });
    const first = await batches.list({ owner: 'k', limit: 2 });
    expect([first.items.map(({ id }) => id), first.hasMore]).toEqual([[ids[2], ids[1]], true]);
    const second = await batches.list({ owner: 'k', limit: 2, after: ids[1] ?? '' });
    expect([second.items.map(({ id }) => id), second.hasMore]).toEqual([[ids[0]], false]);
  });

  it('are forgotten beyond a bound once they ended', async () => {
    const { batches } = await open({ limits: { batches: 2 } });
    const running = await batches.create(newBatch);
    const failed = await batches.create(newBatch);
    await batches.fail(failed.id, 1, []);
    for (let n = 0; n < 2; n += 1) await batches.create(newBatch);
    expect([typeof (await batches.get(running.id)), await batches.get(failed.id)]).toEqual(['object', undefined]);
  });

  it('say so when they are unknown', async () => {
    const { batches } = await open();
    expect(await batches.get('batch_x')).toBeUndefined();
    await expect(batches.cancel('batch_x', 1)).rejects.toMatchObject({ kind: 'not-found' });
  });
});

it('lines of a batch are free again after a restart', async () => {
  const directory = workplace.makeDirectory();
  const before = await workplace.open({ directory });
  const id = await startBatch(before, 3);
  await before.batches.claim(id, 3, 1e15, 1);
  await before.batches.complete(id, [done(1)]);
  await before.close();
  const { batches } = await workplace.open({ directory });
  expect((await batches.claim(id, 9, 1e15, 1)).map(({ line }) => line)).toEqual([0, 2]);
});

it('a batch whose files cannot be written is ended later', async () => {
  const directory = workplace.makeDirectory();
  const state = await workplace.open({ directory });
  const id = await startBatch(state, 2);
  await state.batches.complete(id, [done(0), done(1, 'failed')]);
  rmSync(join(directory, 'files'), { recursive: true });
  await expect(state.batches.finalize(id, 'completed', 9)).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await state.batches.unfinished()).toMatchObject([{ id, status: 'finalizing', ending: 'completed' }]);
  mkdirSync(join(directory, 'files'));
  expect(await state.batches.finalize(id, 'cancelled', 10)).toMatchObject({ status: 'completed', completedAt: 10 });
});
