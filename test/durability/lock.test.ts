import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createWorkplace } from '../state/support.ts';
import { spawnWriter } from './support.ts';

const workplace = createWorkplace();
afterEach(workplace.cleanUp);

it('a directory in use is refused, naming it and the process that has it', async () => {
  const directory = workplace.makeDirectory();
  const writer = spawnWriter(new URL('./writer.ts', import.meta.url), directory, 'a');
  try {
    await writer.firstLine;
    const refusal = await workplace.open({ directory }).catch((thrown: unknown) => thrown);
    expect(refusal).toMatchObject({ kind: 'conflict', message: expect.stringContaining(`${directory} is in use by process ${writer.pid}`) });
  } finally {
    await writer.kill();
  }
});

it('a directory is refused twice within one process as well', async () => {
  const directory = workplace.makeDirectory();
  await workplace.open({ directory });
  await expect(workplace.open({ directory })).rejects.toMatchObject({ kind: 'conflict' });
});

it('the lock of a killed process holds nobody up', async () => {
  const directory = workplace.makeDirectory();
  const writer = spawnWriter(new URL('./writer.ts', import.meta.url), directory, 'a');
  await writer.firstLine;
  await writer.kill();
  const state = await workplace.open({ directory });
  expect(await state.batches.unfinished()).toHaveLength(1);
});

it('a closed directory can be opened again at once', async () => {
  const directory = workplace.makeDirectory();
  await (await workplace.open({ directory })).close();
  await (await workplace.open({ directory })).close();
});

it('a lock file that something was written into is made anew', async () => {
  const directory = workplace.makeDirectory();
  writeFileSync(join(directory, 'lock.db'), 'garbage '.repeat(1_000));
  const state = await workplace.open({ directory });
  await state.kv.set('a', 'b', 1);
  await expect(workplace.open({ directory })).rejects.toMatchObject({ kind: 'conflict' });
});
