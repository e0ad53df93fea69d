import { execFileSync } from 'node:child_process';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { bytesOf, createRecordingLog, createWorkplace } from '../state/support.ts';

const workplace = createWorkplace();
const mounts: string[] = [];
const run = (program: string, ...args: string[]): unknown => execFileSync(program, args, { stdio: 'ignore' });
afterEach(async () => {
  await workplace.closeAll();
  for (const mount of mounts.splice(0)) run('umount', '-l', mount);
  await workplace.cleanUp();
});

/** A disk of 2 MB, where this user may mount one. */
const mountSmallDisk = (): string | undefined => {
  const directory = workplace.makeDirectory();
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory);
  } catch {
    return undefined;
  }
  mounts.push(directory);
  return directory;
};

const refusal = { kind: 'unavailable', details: { retryAfterMs: 5_000 } };

it('refuses writes while the disk is full, answers reads, and resumes when there is room', async ({ skip }) => {
  const disk = mountSmallDisk();
  if (disk === undefined) return skip('this user cannot mount a small disk');
  const log = createRecordingLog();
  const { kv, files } = await workplace.open({ directory: join(disk, 'state'), log });
  await kv.set('a', 'kept', 'before');
  const ballast = join(disk, 'ballast');
  try {
    writeFileSync(ballast, Buffer.alloc(4_000_000));
  } catch {
    // As much as fits was written.
  }
  let refused: unknown;
  for (let n = 0; n < 200 && refused === undefined; n += 1) await kv.set('a', `k${n}`, 'x'.repeat(20_000)).catch((thrown: unknown) => (refused = thrown));
  expect(refused).toMatchObject(refusal);
  await expect(files.create({ owner: '', filename: 'f', purpose: 'batch' }, bytesOf('x'.repeat(100_000)))).rejects.toMatchObject(refusal);
  expect(await Promise.all([kv.get('a', 'kept'), kv.set('a', 'no', 'x'.repeat(20_000)).catch(() => 'refused'), kv.get('a', 'no')])).toEqual([
    'before',
    'refused',
    undefined,
  ]);
  expect(statSync(join(disk, 'state', 'state.db')).size % 4_096).toBe(0);

  rmSync(ballast);
  await kv.set('a', 'after', 'x'.repeat(20_000));
  expect((await files.list({ limit: 10 })).items).toEqual([]);
  expect(log.entries.map(({ level }) => level)).toEqual(['error', 'warn']);
});

it('refuses what does not fit any more, and takes what fits after something was deleted', async () => {
  const log = createRecordingLog();
  const { kv, responses } = await workplace.open({ maxPages: 60, log });
  const fill = (id: string) => responses.put({ id, owner: '', body: 'x'.repeat(20_000), inputItems: [], createdAt: 1 });
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => fill(`r${n}`).then(() => n)));
  expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
  let taken = 0;
  for (let n = 0; n < 20; n += 1) {
    const stored = await fill(`s${n}`).catch((thrown: unknown) => thrown);
    if (stored === undefined) taken += 1;
    else expect(stored).toMatchObject(refusal);
  }
  expect(taken).toBeGreaterThan(0);
  expect(await responses.get('s0', '')).toMatchObject({ id: 's0' });
  expect(await responses.delete('s0', '')).toBe(true);
  await fill('again');
  await kv.set('a', 'b', 1);
  expect(log.entries.map(({ level }) => level)).toContain('warn');
});
