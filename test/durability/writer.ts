import { writeSync } from 'node:fs';
import { openState } from '../../src/state/open-state.ts';

/* Writes everything there is to write, without end, and prints what was acknowledged: `<kind> <id>`. Usage: writer.ts DIRECTORY NAME */

const [directory = '', name = ''] = process.argv.slice(2);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const state = await openState({ directory, log: silent, now: () => 1 });
const acknowledge = (kind: string, id: string): void => void writeSync(1, `${kind} ${id}\n`);

const batch = await state.batches.create({ owner: '', endpoint: '/v1/x', inputFileId: 'f', completionWindow: '24h', createdAt: 1, expiresAt: 9 });
await state.batches.addLines(
  batch.id,
  Array.from({ length: 200 }, (_, line) => ({ line, customId: `c${line}`, offset: 0, length: 1 })),
);
await state.batches.start(batch.id, 1);
acknowledge('batch', batch.id);

const write = async (n: number): Promise<void> => {
  const id = `${name}-${n}`;
  await state.events.append([{ requestId: id, task: 'code', model: `m${n % 3}`, quality: 50, seconds: 1, at: n }]);
  acknowledge('event', id);
  await state.feedback.vote({ requestId: id, rating: 3, at: n });
  acknowledge('vote', id);
  if (n % 10 === 0) {
    await state.keys.insert({ key: { id, prefix: 'p', name: id, role: 'user', allowedModels: [], createdAt: n }, digest: `digest-${id}` });
    acknowledge('key', id);
    if (n % 20 === 0 && (await state.keys.revoke(id, n))) acknowledge('revoked', id);
  }
  if ((await state.batches.complete(batch.id, [{ line: n % 200, outcome: 'completed', json: '{}' }])) === 1) acknowledge('line', `${batch.id} ${n}`);
};

let next = 0;
const loop = async (): Promise<never> => {
  for (;;) {
    next += 1;
    await write(next);
  }
};
await Promise.all(Array.from({ length: 8 }, loop));
