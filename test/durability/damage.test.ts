import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import type { State } from '../../src/state/state.ts';
import { createRecordingLog, createWorkplace, eventOf } from '../state/support.ts';

const workplace = createWorkplace();
afterEach(workplace.cleanUp);

const answersIn = async ({ events }: State): Promise<number> => (await events.fold()).learned.reduce((sum, { answers }) => sum + answers, 0);

/** A directory in which 100 events were learned and the store was closed. */
const makeLearned = async (): Promise<string> => {
  const directory = workplace.makeDirectory();
  const state = await workplace.openInProcess({ directory });
  await state.events.append(Array.from({ length: 100 }, (_, n) => eventOf(`r${n}`)));
  await state.close();
  return directory;
};

const flipByte = (path: string, position: number): void => {
  const bytes = readFileSync(path);
  bytes[position] = (bytes[position] ?? 0) ^ 0x10;
  writeFileSync(path, bytes);
};

const reopen = async (directory: string) => {
  const log = createRecordingLog();
  const state = await workplace.openInProcess({ directory, log });
  return { state, errors: log.entries.filter(({ level }) => level === 'error') };
};

describe('a damaged store', () => {
  it.each<[string, (path: string) => void]>([
    ['empty', (path) => truncateSync(path, 0)],
    ['cut within its header', (path) => truncateSync(path, 50)],
    ['cut after its first page', (path) => truncateSync(path, 4_096)],
    ['cut in the middle', (path) => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ['garbage', (path) => writeFileSync(path, 'this is no database '.repeat(500))],
    ['one flipped bit in the header', (path) => flipByte(path, 20)],
    ['one flipped bit in a record', (path) => flipByte(path, readFileSync(path).indexOf('ollama/a'))],
    [
      'a directory',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
    [
      'the database of another program',
      (path) => {
        rmSync(path);
        const db = new DatabaseSync(path);
        db.exec('CREATE TABLE theirs (x)');
        db.close();
      },
    ],
  ])('that is %s is put aside for the last good backup, loudly', async (_, damage) => {
    const directory = await makeLearned();
    damage(join(directory, 'state.db'));
    const { state, errors } = await reopen(directory);
    expect(await answersIn(state)).toBe(100);
    expect(existsSync(join(directory, 'state.db.corrupt-1'))).toBe(true);
    expect(errors).toMatchObject([{ fields: { movedTo: join(directory, 'state.db.corrupt-1'), restored: true } }]);
    await state.events.append([eventOf('after')]);
    expect(await answersIn(state)).toBe(101);
  });

  it('opens wherever it was cut', async () => {
    const directory = await makeLearned();
    const path = join(directory, 'state.db');
    const whole = readFileSync(path);
    for (let size = 0; size < whole.length; size += 16 * 1024) {
      for (const name of readdirSync(directory)) if (name.includes('corrupt')) rmSync(join(directory, name));
      writeFileSync(path, whole.subarray(0, size));
      const { state, errors } = await reopen(directory);
      expect([size, await answersIn(state), errors.length]).toEqual([size, 100, 1]);
      await state.close();
    }
  });

  it('without a backup starts empty and says so', async () => {
    const directory = await makeLearned();
    truncateSync(join(directory, 'state.db'), 5_000);
    rmSync(join(directory, 'state.backup'));
    const { state, errors } = await reopen(directory);
    expect(await answersIn(state)).toBe(0);
    expect(errors).toMatchObject([{ fields: { restored: false } }]);
  });

  it('with a damaged backup keeps both aside and starts empty', async () => {
    const directory = await makeLearned();
    truncateSync(join(directory, 'state.db'), 5_000);
    truncateSync(join(directory, 'state.backup'), 5_000);
    const { state, errors } = await reopen(directory);
    expect(await answersIn(state)).toBe(0);
    expect(errors).toHaveLength(2);
    expect(readdirSync(directory)).toEqual(expect.arrayContaining(['state.db.corrupt-1', 'state.backup.corrupt-1']));
  });

  it('that damage meets again and again gets a new name each time', async () => {
    const directory = await makeLearned();
    for (let n = 1; n <= 3; n += 1) {
      writeFileSync(join(directory, 'state.db'), 'garbage');
      const { state } = await reopen(directory);
      expect(await answersIn(state)).toBe(100);
      await state.close();
      expect(existsSync(join(directory, `state.db.corrupt-${n}`))).toBe(true);
    }
  });

  it('that is missing comes back from the backup, and a log without its database is put aside', async () => {
    const directory = await makeLearned();
    rmSync(join(directory, 'state.db'));
    writeFileSync(join(directory, 'state.db-wal'), 'left over');
    const { state, errors } = await reopen(directory);
    expect(await answersIn(state)).toBe(100);
    expect(errors).toHaveLength(1);
    expect(existsSync(join(directory, 'state.db.corrupt-1-wal'))).toBe(true);
  });

  it('keeps a change made on purpose when its checksum was deleted', async () => {
    const directory = await makeLearned();
    const db = new DatabaseSync(join(directory, 'state.db'));
    db.exec('UPDATE learned SET answers = 7');
    db.close();
    rmSync(join(directory, 'state.db.sha256'));
    const { state, errors } = await reopen(directory);
    expect([await answersIn(state), errors]).toEqual([7, []]);
  });
});

describe('the write-ahead log', () => {
  it('gives what was acknowledged to a copy taken while the store runs', async () => {
    const directory = await makeLearned();
    const copy = workplace.makeDirectory();
    const { state } = await reopen(directory);
    await state.events.append([eventOf('late')]);
    for (const name of ['state.db', 'state.db-wal', 'state.backup']) copyFileSync(join(directory, name), join(copy, name));
    const { state: copied, errors } = await reopen(copy);
    expect([await answersIn(copied), errors]).toEqual([101, []]);
  });

  it.each([
    ['its header', () => 17],
    ['the salt of a frame', (size: number) => 32 + (24 + 4_096) * Math.floor((size / (24 + 4_096)) * 0.5) + 9],
    ['a record', (size: number) => Math.floor(size / 2)],
  ])('with a flipped bit in %s is kept aside loudly, and the store goes on from before it', async (_, positionIn) => {
    const directory = await makeLearned();
    const { state } = await reopen(directory);
    for (let n = 0; n < 10; n += 1) await state.events.append([eventOf(`late-${n}`)]);
    const broken = workplace.makeDirectory();
    for (const name of ['state.db', 'state.db-wal']) copyFileSync(join(directory, name), join(broken, name));
    flipByte(join(broken, 'state.db-wal'), positionIn(statSync(join(broken, 'state.db-wal')).size));
    const { state: opened, errors } = await reopen(broken);
    expect(await answersIn(opened)).toBeGreaterThanOrEqual(100);
    expect(await answersIn(opened)).toBeLessThan(110);
    expect(errors).toMatchObject([{ fields: { copiedTo: join(broken, 'state.db-wal.corrupt-1'), lostFrames: expect.any(Number) } }]);
    expect(existsSync(join(broken, 'state.db-wal.corrupt-1'))).toBe(true);
  });

  it('opens wherever it was torn, with the transactions before', async () => {
    const directory = await makeLearned();
    const { state } = await reopen(directory);
    for (let n = 0; n < 10; n += 1) await state.events.append([eventOf(`late-${n}`)]);
    const database = readFileSync(join(directory, 'state.db'));
    const log = readFileSync(join(directory, 'state.db-wal'));
    const step = Math.floor(log.length / 12);
    let before = 100;
    for (let size = 0; size <= log.length; size += step) {
      const torn = workplace.makeDirectory();
      writeFileSync(join(torn, 'state.db'), database);
      writeFileSync(join(torn, 'state.db-wal'), log.subarray(0, size));
      const { state: opened, errors } = await reopen(torn);
      expect(errors).toEqual([]);
      const answers = await answersIn(opened);
      expect(answers).toBeGreaterThanOrEqual(before);
      before = answers;
      await opened.close();
    }
    expect(before).toBeGreaterThan(105);
  });
});

describe('a state directory', () => {
  it('of a newer release is refused and left as it is', async () => {
    const directory = await makeLearned();
    const path = join(directory, 'state.db');
    const db = new DatabaseSync(path);
    db.exec('PRAGMA user_version = 99');
    db.close();
    rmSync(join(directory, 'state.db.sha256'));
    const before = readFileSync(path);
    await expect(workplace.openInProcess({ directory })).rejects.toThrow(/state\.db was written by a newer release \(schema 99; this one knows \d+\)/);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(directory).filter((name) => name.includes('corrupt'))).toEqual([]);
  });

  it('is private whatever the umask, and made so when it was copied', async () => {
    const directory = join(workplace.makeDirectory(), 'deep', 'state');
    const umask = process.umask(0);
    try {
      const state = await workplace.openInProcess({ directory });
      await state.kv.set('a', 'b', 1);
      await state.checkpoint();
      await state.close();
      chmodSync(directory, 0o755);
      for (const name of readdirSync(directory)) if (name !== 'files') chmodSync(join(directory, name), 0o644);
      const again = await workplace.openInProcess({ directory });
      await again.kv.set('a', 'c', 1);
    } finally {
      process.umask(umask);
    }
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const modes = readdirSync(directory).map((name) => [name, (statSync(join(directory, name)).mode & 0o777).toString(8)]);
    expect(Object.fromEntries(modes)).toMatchObject({ files: '700', 'state.db': '600', 'state.db-wal': '600', 'state.backup': '600', 'lock.db': '600' });
    expect(modes.filter(([, mode]) => mode !== '600')).toEqual([['files', '700']]);
  });

  it('shared with other things keeps its mode, and the log tells', async () => {
    const directory = workplace.makeDirectory();
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    chmodSync(directory, 0o755);
    const log = createRecordingLog();
    await workplace.openInProcess({ directory, log });
    expect(statSync(directory).mode & 0o777).toBe(0o755);
    expect(log.entries).toMatchObject([{ level: 'warn', fields: { directory } }]);
  });

  it('keeps nothing of what was deleted once it was checkpointed', async () => {
    const directory = workplace.makeDirectory();
    const { responses, checkpoint } = await workplace.openInProcess({ directory });
    await responses.put({ id: 'resp_1', owner: '', body: { text: 'CANARY-4711' }, inputItems: [], createdAt: 1 });
    await checkpoint();
    await responses.delete('resp_1', '');
    await checkpoint();
    const found = readdirSync(directory).filter((name) => name !== 'files' && readFileSync(join(directory, name)).includes('CANARY-4711'));
    expect(found).toEqual([]);
  });
});
