import { afterEach, expect, it } from 'vitest';
import type { State } from '../../src/state/state.ts';
import { createWorkplace } from '../state/support.ts';
import { ROUNDS, sleep, spawnWriter } from './support.ts';

const workplace = createWorkplace();
afterEach(workplace.cleanUp);

/** What was acknowledged over all rounds, by kind. */
const createLedger = () => {
  const ledger = new Map<string, Set<string>>();
  return {
    add: (lines: readonly string[]): void => {
      for (const line of lines) {
        const kind = line.slice(0, line.indexOf(' '));
        ledger.set(kind, (ledger.get(kind) ?? new Set()).add(line.slice(kind.length + 1)));
      }
    },
    of: (kind: string): ReadonlySet<string> => ledger.get(kind) ?? new Set(),
  };
};

const check = async ({ events, keys, batches }: State, ledger: ReturnType<typeof createLedger>): Promise<void> => {
  const { learned } = await events.fold();
  const raw = (await events.recent(100_000)).map(({ requestId }) => requestId);
  const present = new Set(raw);
  expect(raw.length).toBe(present.size);
  expect([...ledger.of('event')].filter((id) => !present.has(id))).toEqual([]);
  expect(learned.reduce((sum, { answers }) => sum + answers, 0)).toBe(raw.length);

  const ratings = learned.reduce((sum, row) => sum + row.ratings, 0);
  expect(ratings).toBeGreaterThanOrEqual(ledger.of('vote').size);
  expect(learned.reduce((sum, { ratingSum }) => sum + ratingSum, 0)).toBe(ratings * 3);

  const all = new Map((await keys.list()).map((key) => [key.id, key]));
  expect([...ledger.of('key')].filter((id) => !all.has(id))).toEqual([]);
  expect([...ledger.of('revoked')].filter((id) => all.get(id)?.revokedAt === undefined)).toEqual([]);

  for (const id of ledger.of('batch')) {
    const lines = [...ledger.of('line')].filter((line) => line.startsWith(id)).length;
    expect((await batches.get(id))?.counts.completed).toBeGreaterThanOrEqual(lines);
  }
};

it(
  'loses nothing acknowledged and doubles nothing when it is killed at any moment',
  async () => {
    const directory = workplace.makeDirectory();
    const ledger = createLedger();
    for (let round = 0; round < ROUNDS; round += 1) {
      const writer = spawnWriter(new URL('./writer.ts', import.meta.url), directory, `w${round}`);
      // Every third death may come while the store is being opened.
      if (round % 3 !== 0) await writer.firstLine;
      await sleep(Math.random() * 250);
      ledger.add(await writer.kill());
      if (round % 2 === 0) continue;
      const state = await workplace.open({ directory });
      await check(state, ledger);
      await state.close();
    }
    const state = await workplace.open({ directory });
    await check(state, ledger);
    expect(ledger.of('event').size).toBeGreaterThan(ROUNDS);
  },
  ROUNDS * 4_000,
);

it(
  'writes each line of a batch exactly once into its files, however often it is killed',
  async () => {
    const directory = workplace.makeDirectory();
    const started = await workplace.open({ directory });
    const { id } = await started.batches.create({ owner: '', endpoint: '/v1/x', inputFileId: 'f', completionWindow: '24h', createdAt: 1, expiresAt: 9 });
    await started.batches.addLines(
      id,
      Array.from({ length: 1_000 }, (_, line) => ({ line, customId: `c${line}`, offset: 0, length: 1 })),
    );
    await started.batches.start(id, 1);
    await started.close();

    let runs = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const runner = spawnWriter(new URL('./batch-runner.ts', import.meta.url), directory, id);
      if (round % 3 !== 0) await runner.firstLine;
      await sleep(Math.random() * 60);
      runs += (await runner.kill()).filter((line) => line.startsWith('run ')).length;
    }
    const last = spawnWriter(new URL('./batch-runner.ts', import.meta.url), directory, id);
    runs += (await last.finished()).filter((line) => line.startsWith('run ')).length;

    const { batches, files } = await workplace.open({ directory });
    const batch = await batches.get(id);
    expect(batch).toMatchObject({ status: 'completed', counts: { total: 1_000, completed: 900, failed: 100 } });
    const customIds: string[] = [];
    for (const fileId of [batch?.outputFileId ?? '', batch?.errorFileId ?? '']) {
      const parts: Uint8Array[] = [];
      for await (const part of files.content(fileId)) parts.push(part);
      for (const line of Buffer.concat(parts).toString('utf8').trimEnd().split('\n')) customIds.push((JSON.parse(line) as { custom_id: string }).custom_id);
    }
    expect(customIds).toHaveLength(1_000);
    expect(new Set(customIds).size).toBe(1_000);
    expect((await files.list({ limit: 10 })).items).toHaveLength(2);
    expect(runs).toBeLessThanOrEqual(1_000 + 10 * (ROUNDS + 1));
  },
  ROUNDS * 4_000,
);
