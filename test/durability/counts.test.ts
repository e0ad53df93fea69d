import { afterEach, expect, it } from 'vitest';
import { createWorkplace } from '../state/support.ts';

const workplace = createWorkplace();
afterEach(workplace.cleanUp);

const COUNT = 1_000;

it('counts a thousand ratings that come at once exactly, and each once however often it is sent', async () => {
  const directory = workplace.makeDirectory();
  const state = await workplace.open({ directory });
  const ids = Array.from({ length: COUNT }, (_, at) => `r${at}`);
  await state.events.append(ids.map((requestId) => ({ requestId, task: 'code', model: 'm', quality: 50, seconds: 1, at: 1 })));
  const vote = (requestId: string): Promise<boolean> =>
    state.feedback.vote({ requestId, rating: 4, at: 1 }).then(
      () => true,
      () => false,
    );
  const counted = (await Promise.all([...ids, ...ids, ...ids].map(vote))).filter(Boolean).length;
  expect(counted).toBe(COUNT);
  await state.close();
  const { learned } = await (await workplace.open({ directory })).events.fold();
  expect(learned).toMatchObject([{ answers: COUNT, ratings: COUNT, ratingSum: COUNT * 4 }]);
});
