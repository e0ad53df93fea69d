import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bytesOf, createWorkplace, readAll } from './support.ts';

const workplace = createWorkplace();
afterEach(workplace.cleanUp);

const file = { owner: 'k', filename: '../../etc/passwd', purpose: 'batch' };

describe.each([
  ['on disk', workplace.open],
  ['in memory', workplace.openInMemory],
])('files %s', (_, open) => {
  it('gives back the bytes that were streamed in, whole or a range of them', async () => {
    const { files } = await open();
    const stored = await files.create(file, bytesOf('hello ', 'world'));
    expect(stored).toMatchObject({ ...file, bytes: 11, createdAt: 1_000, id: expect.stringMatching(/^file-[0-9a-f]{24}$/) });
    expect(await files.get(stored.id)).toEqual(stored);
    expect(await readAll(files.content(stored.id))).toBe('hello world');
    expect(await readAll(files.content(stored.id, { offset: 6, length: 3 }))).toBe('wor');
    expect(await readAll(files.content(stored.id, { offset: 6, length: 0 }))).toBe('');
  });

  it('refuses a file above the limit and keeps nothing of it', async () => {
    const { files } = await open({ limits: { fileBytes: 8 } });
    await expect(files.create(file, bytesOf('hello ', 'world'))).rejects.toMatchObject({ kind: 'too-large' });
    expect(await files.list({ limit: 10 })).toEqual({ items: [], hasMore: false });
  });

  it("refuses a file above the owner's share", async () => {
    const { files } = await open({ limits: { ownerBytes: 15 } });
    await files.create(file, bytesOf('0123456789'));
    await expect(files.create(file, bytesOf('0123456789'))).rejects.toMatchObject({ kind: 'too-large' });
    expect(await files.create({ ...file, owner: 'other' }, bytesOf('0123456789'))).toMatchObject({ bytes: 10 });
  });

  it('lists pages after an id, newest or oldest first, by owner and purpose', async () => {
    const { files } = await open();
    const ids: string[] = [];
    for (const purpose of ['batch', 'batch', 'batch', 'evals']) ids.push((await files.create({ ...file, purpose }, bytesOf('x'))).id);
    await files.create({ ...file, owner: 'other' }, bytesOf('x'));
    const first = await files.list({ owner: 'k', purpose: 'batch', limit: 2 });
    expect([first.items.map(({ id }) => id), first.hasMore]).toEqual([[ids[2], ids[1]], true]);
    const second = await files.list({ owner: 'k', purpose: 'batch', limit: 2, after: ids[1] ?? '' });
    expect([second.items.map(({ id }) => id), second.hasMore]).toEqual([[ids[0]], false]);
    expect((await files.list({ owner: 'k', limit: 9, order: 'asc' })).items.map(({ id }) => id)).toEqual(ids);
  });

  it('deletes a file with its bytes', async () => {
    const { files } = await open();
    const { id } = await files.create(file, bytesOf('x'));
    expect([await files.delete(id), await files.delete(id), await files.get(id)]).toEqual([true, false, undefined]);
    await expect(readAll(files.content(id))).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('deletes what expired', async () => {
    const { files } = await open();
    const { id } = await files.create({ ...file, expiresAt: 2_000 }, bytesOf('x'));
    const kept = await files.create(file, bytesOf('x'));
    expect([await files.deleteExpired(1_999), await files.deleteExpired(2_000)]).toEqual([0, 1]);
    expect([await files.get(id), await files.get(kept.id)]).toEqual([undefined, kept]);
  });
});

describe('files on disk', () => {
  it('are private and have names of our own', async () => {
    const directory = workplace.makeDirectory();
    const { files } = await workplace.open({ directory });
    const { id } = await files.create(file, bytesOf('x'));
    expect(readdirSync(join(directory, 'files'))).toEqual([id]);
    expect(statSync(join(directory, 'files')).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'files', id)).mode & 0o777).toBe(0o600);
  });

  it('say so when their bytes are gone', async () => {
    const directory = workplace.makeDirectory();
    const { files } = await workplace.open({ directory });
    const { id } = await files.create(file, bytesOf('x'));
    rmSync(join(directory, 'files', id));
    await expect(readAll(files.content(id))).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('lose what a crash left over at the next start', async () => {
    const directory = workplace.makeDirectory();
    const before = await workplace.open({ directory });
    const { id } = await before.files.create(file, bytesOf('x'));
    await before.close();
    for (const name of ['file-orphan', 'file-half.part']) writeFileSync(join(directory, 'files', name), 'x');
    const { files } = await workplace.open({ directory });
    expect(readdirSync(join(directory, 'files'))).toEqual([id]);
    expect(await readAll(files.content(id))).toBe('x');
  });

  it('are refused with a retry time when their directory is gone', async () => {
    const directory = workplace.makeDirectory();
    const { files } = await workplace.open({ directory });
    rmSync(join(directory, 'files'), { recursive: true });
    await expect(files.create(file, bytesOf('x'))).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfterMs: 5_000 } });
    expect(existsSync(join(directory, 'files'))).toBe(false);
  });
});
