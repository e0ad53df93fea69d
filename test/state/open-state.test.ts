import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import { createRecordingLog, createWorkplace, eventOf } from './support.ts';

const workplace = createWorkplace();
afterEach(workplace.cleanUp);

it('comes back with everything acknowledged when its thread dies', async () => {
  const log = createRecordingLog();
  const started = once(process, 'worker') as Promise<[Worker]>;
  const { events, kv } = await workplace.open({ log });
  await events.append([eventOf('r1')]);
  const [worker] = await started;
  const lost = kv.set('a', 'b', 1).catch((thrown: unknown) => thrown);
  await worker.terminate();
  expect([undefined, 'unavailable']).toContain(((await lost) as { kind?: string } | undefined)?.kind);
  await vi.waitFor(async () => expect((await events.fold()).learned).toMatchObject([{ answers: 1 }]), { timeout: 15_000, interval: 100 });
  expect(log.entries.map(({ message }) => message)).toEqual(['the thread of the state store died; it is started again']);
});

it('writes everything that was called before the close', async () => {
  const directory = workplace.makeDirectory();
  const before = await workplace.open({ directory });
  const appended = Array.from({ length: 500 }, (_, n) => before.events.append([eventOf(`r${n}`)]));
  await before.close();
  await Promise.all(appended);
  const { events } = await workplace.open({ directory });
  expect((await events.fold()).learned).toMatchObject([{ answers: 500 }]);
});
