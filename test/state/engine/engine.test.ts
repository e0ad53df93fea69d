import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../../src/state/engine/database.ts';
import { openEngine } from '../../../src/state/engine/engine.ts';
import { createPaths } from '../../../src/state/engine/paths.ts';
import { MIGRATIONS } from '../../../src/state/engine/schema.ts';
import { DEFAULT_LIMITS } from '../../../src/state/state.ts';
import { createRecordingLog, createWorkplace, eventOf } from '../support.ts';

const workplace = createWorkplace();
afterEach(workplace.cleanUp);

const settingsFor = (directory: string) => ({ paths: createPaths(directory), log: createRecordingLog(), limits: DEFAULT_LIMITS });
const versionIn = (db: DatabaseSync): unknown => db.prepare('PRAGMA user_version').get()?.user_version;

describe('a group of operations', () => {
  it('keeps the others when one of them fails', () => {
    const engine = openEngine(settingsFor(workplace.makeDirectory()));
    const outcomes = engine.run([
      { name: 'kv.set', args: ['a', 'before', '1'] },
      { name: 'events.append', args: [[eventOf('r1'), { ...eventOf('r2'), quality: 'high' }]] },
      { name: 'kv.set', args: ['a', 'after', '2'] },
      { name: 'kv.entries', args: ['a'] },
      { name: 'events.fold', args: [] },
    ]);
    expect(outcomes).toMatchObject([
      { ok: true },
      { ok: false, kind: 'internal' },
      { ok: true },
      {
        value: [
          ['after', '2'],
          ['before', '1'],
        ],
      },
      { value: { learned: [] } },
    ]);
    engine.close();
  });

  it('is refused but for its reads while nothing can be written, then works again', () => {
    const settings = { ...settingsFor(workplace.makeDirectory()), maxPages: 50 };
    const engine = openEngine(settings);
    const big = { name: 'kv.set', args: ['a', 'big', 'x'.repeat(400_000)] } as const;
    expect(engine.run([big, { name: 'kv.get', args: ['a', 'big'] }])).toMatchObject([
      { ok: false, kind: 'unavailable' },
      { ok: true, value: undefined },
    ]);
    expect(engine.run([{ name: 'kv.set', args: ['a', 'small', '1'] }])).toMatchObject([{ ok: true }]);
    expect(settings.log.entries.map(({ level }) => level)).toEqual(['error', 'warn']);
    engine.close();
  });

  it('finds damage while it runs, and goes on with the backup', async () => {
    const directory = workplace.makeDirectory();
    const settings = settingsFor(directory);
    const engine = openEngine(settings);
    engine.run([{ name: 'events.append', args: [Array.from({ length: 5_000 }, (_, n) => eventOf(`r${n}`))] }]);
    engine.checkpoint();
    await engine.backUp();
    engine.close();
    const again = openEngine(settings);
    const bytes = readFileSync(join(directory, 'state.db'));
    writeFileSync(join(directory, 'state.db'), bytes.fill(7, 8_192));
    const outcomes = [0, 1, 2].map(() => again.run([{ name: 'events.fold', args: [] }])[0]);
    expect(outcomes.at(-1)).toMatchObject({ ok: true, value: { learned: [{ answers: 5_000 }] } });
    expect(existsSync(join(directory, 'state.db.corrupt-1'))).toBe(true);
    again.close();
  });
});

describe('the schema', () => {
  it('of an older release is brought forward with its data', () => {
    const settings = settingsFor(workplace.makeDirectory());
    const engine = openEngine(settings);
    engine.run([{ name: 'kv.set', args: ['a', 'b', '"kept"'] }]);
    engine.close();
    const db = openDatabase({ ...settings, migrations: [...MIGRATIONS, 'ALTER TABLE kv ADD COLUMN at INTEGER'] });
    expect(versionIn(db)).toBe(MIGRATIONS.length + 1);
    expect(db.prepare('SELECT value, at FROM kv').get()).toMatchObject({ value: '"kept"', at: null });
    db.close();
  });

  it('stays as it was when bringing it forward fails', () => {
    const settings = settingsFor(workplace.makeDirectory());
    openEngine(settings).close();
    expect(() => openDatabase({ ...settings, migrations: [...MIGRATIONS, 'CREATE TABLE half (x); CREATE TABLE kv (x)'] })).toThrow('already exists');
    const db = new DatabaseSync(settings.paths.database);
    expect([versionIn(db), db.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").get()]).toEqual([MIGRATIONS.length, undefined]);
    db.close();
  });
});

describe('the thread of the store', () => {
  it('renews the backup soon after a key changed, so that an old one cannot bring a revoked key back', async () => {
    const directory = workplace.makeDirectory();
    const { keys } = await workplace.openInProcess({ directory });
    await keys.insert({ key: { id: 'k1', prefix: 'p', name: 'n', role: 'user', allowedModels: [], createdAt: 1 }, digest: 'd1' });
    await keys.revoke('k1', 4_711);
    const revokedIn = (): unknown => {
      const db = new DatabaseSync(join(directory, 'state.backup'), { readOnly: true });
      try {
        return db.prepare('SELECT revoked_at FROM keys').get()?.revoked_at;
      } finally {
        db.close();
      }
    };
    await vi.waitFor(() => expect(revokedIn()).toBe(4_711), { timeout: 15_000, interval: 100 });
  });

  it('says why a directory cannot be used', async () => {
    const directory = workplace.makeDirectory();
    writeFileSync(join(directory, 'taken'), '');
    await expect(workplace.openInProcess({ directory: join(directory, 'taken') })).rejects.toThrow(/EEXIST|ENOTDIR/);
  });

  it('refuses a directory that is in use', async () => {
    const directory = workplace.makeDirectory();
    await workplace.openInProcess({ directory });
    await expect(workplace.openInProcess({ directory })).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining(directory) });
  });
});
