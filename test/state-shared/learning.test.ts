import { describe, expect, it } from 'vitest';
import { openMemoryState } from '../../src/state/memory-state.ts';
import type { LearningEvent } from '../../src/state/records.ts';
import type { State } from '../../src/state/state.ts';
import { connectRedis, type SharedStore } from '../../src/state-shared/redis.ts';
import { createSharedLearning, type SharedLearning } from '../../src/state-shared/shared-learning.ts';
import { thorough } from '../faults/support.ts';
import { hasServer, open, startRedis, startTwo } from './support.ts';

interface Member {
  readonly state: State;
  readonly store: SharedStore;
  sharing: SharedLearning;
  round(): Promise<boolean>;
  /** Answers counted for a task. */
  count(task?: string): Promise<number>;
}

let number = 0;
const event = (task = 'code'): LearningEvent => ({ requestId: `r${number++}`, task, model: 'up/m', quality: 50, seconds: 1, score: 50, at: 1 });

async function join(port: number, gateway: string): Promise<Member> {
  const state = openMemoryState({ now: () => 1 });
  const store = connectRedis({ url: `redis://127.0.0.1:${port}`, prefix: 't:', timeout_ms: 5_000, now: () => performance.now(), onChange: () => undefined });
  open.push({ close: async () => store.close() }, state);
  await expect.poll(() => store.usable()).toBe(true);
  const begin = (): Promise<SharedLearning> => createSharedLearning({ store, kv: state.kv, gateway });
  const member: Member = {
    state,
    store,
    sharing: await begin(),
    round: () =>
      member.sharing.exchange(
        () => state.events.fold(),
        (task) => state.events.reset(task),
      ),
    count: async (task = 'code') =>
      member.sharing
        .whole(await state.events.fold())
        .learned.filter((row) => row.task === task)
        .reduce((sum, row) => sum + row.answers, 0),
  };
  return member;
}
const flush = (member: Member): Promise<unknown> => member.store.run((client) => client.flushall(), 1_000);
const restart = async (member: Member, gateway: string): Promise<void> => {
  member.sharing = await createSharedLearning({ store: member.store, kv: member.state.kv, gateway });
};

describe.skipIf(!hasServer)('what several gateways learned (skipped where redis-server is not installed)', () => {
  it('is the sum of what each of them learned, however often they exchange', async () => {
    const { port } = await startRedis();
    const [a, b] = [await join(port, 'a'), await join(port, 'b')];
    await a.state.events.append([event(), event()]);
    await b.state.events.append([event()]);
    for (let turn = 0; turn < 4; turn++) for (const member of [a, b]) await member.round();
    expect([await a.count(), await b.count()]).toEqual([3, 3]);
  });

  it('is not lowered by a store that lost everything, nor by a restart without it', async () => {
    const { port } = await startRedis();
    const [a, b] = [await join(port, 'a'), await join(port, 'b')];
    await a.state.events.append([event(), event()]);
    for (const member of [a, b, a]) await member.round();
    await flush(a);
    await restart(b, 'b');
    expect(await b.count()).toBe(2);
    const c = await join(port, 'c');
    // b passes on what a told it: a need not be there any more.
    await b.round();
    await c.round();
    expect(await c.count()).toBe(2);
  });

  it('is not counted twice when an old state of the store comes back', async () => {
    const { port } = await startRedis();
    const [a, b] = [await join(port, 'a'), await join(port, 'b')];
    await a.state.events.append([event()]);
    await a.round();
    const old = (await a.store.run((client) => client.hgetall('learning:states'), 1_000)) as Record<string, string>;
    const versions = (await a.store.run((client) => client.hgetall('learning:versions'), 1_000)) as Record<string, string>;
    await a.state.events.append([event(), event()]);
    for (const member of [a, b]) await member.round();
    expect(await b.count()).toBe(3);
    await a.store.run((client) => client.hset('learning:states', old), 1_000);
    await a.store.run((client) => client.hset('learning:versions', versions), 1_000);
    await b.round();
    expect(await b.count()).toBe(3);
    for (const member of [a, b, a]) await member.round();
    expect([await a.count(), await b.count()]).toEqual([3, 3]);
  });

  it('is forgotten everywhere by a reset at one of them, also what a sleeping one learned before', async () => {
    const { port } = await startRedis();
    const [a, b, late] = [await join(port, 'a'), await join(port, 'b'), await join(port, 'late')];
    for (const member of [a, b, late]) await member.state.events.append([event(), event('math')]);
    for (const member of [a, b, late, a]) await member.round();
    await a.state.events.reset('code');
    await a.sharing.reset('code');
    expect([await a.count('code'), await a.count('math')]).toEqual([0, 3]);
    for (const member of [a, b]) await member.round();
    expect([await b.count('code'), await b.count('math')]).toEqual([0, 3]);
    await late.round();
    await b.state.events.append([event()]);
    for (const member of [b, a, late]) await member.round();
    expect([await a.count('code'), await b.count('code'), await late.count('code')]).toEqual([1, 1, 1]);
  });

  it('is whole after any order of events, losses, old copies and restarts, and never shrinks meanwhile', async () => {
    const { port } = await startRedis();
    const names = ['a', 'b', 'c'];
    const members = await Promise.all(names.map((name) => join(port, name)));
    let seed = 20_261;
    const pick = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    let total = 0;
    const counts = [0, 0, 0];
    let copy: Record<string, string> = {};
    for (let turn = 0; turn < (thorough ? 3_000 : 200); turn++) {
      const at = pick(3);
      const member = members[at] as Member;
      const action = pick(12);
      if (action < 5) {
        await member.state.events.append([event()]);
        total += 1;
      } else if (action < 9) await member.round();
      else if (action === 9) await flush(member);
      else if (action === 10) await restart(member, names[at] as string);
      else if (Object.keys(copy).length === 0) copy = (await member.store.run((client) => client.hgetall('learning:states'), 1_000)) ?? {};
      else await member.store.run((client) => client.hset('learning:states', copy), 1_000);
      const now = await member.count();
      expect(now).toBeGreaterThanOrEqual(counts[at] as number);
      expect(now).toBeLessThanOrEqual(total);
      counts[at] = now;
    }
    for (let turn = 0; turn < 3; turn++) for (const member of members) await member.round();
    expect(await Promise.all(members.map((member) => member.count()))).toEqual([total, total, total]);
  });

  it('leads both gateways; a rating counts once, whichever of them it reaches', async () => {
    const { first, second } = await startTwo(await startRedis());
    const answers: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const asked = await first.post('/v1/chat/completions', { model: 'auto:code', messages: [{ role: 'user', content: `write code ${turn}` }] });
      answers.push(((await asked.json()) as { id: string }).id);
    }
    const learned = async (gateway: typeof first): Promise<number> =>
      ((await (await fetch(`${gateway.url}/orchestrator/stats`)).json()) as { learned: { answers: number }[] }).learned.reduce(
        (sum, row) => sum + row.answers,
        0,
      );
    await expect.poll(() => learned(second), { timeout: 10_000 }).toBe(3);
    expect(await learned(first)).toBe(3);

    const rate = async (gateway: typeof first, id: string | undefined): Promise<number> =>
      (await gateway.post('/orchestrator/feedback', { id, rating: 5 })).status;
    expect(await rate(second, answers[0])).toBe(200);
    expect(await rate(first, answers[0])).toBe(409);
    expect(await rate(second, answers[0])).toBe(409);
    expect(await rate(first, answers[1])).toBe(200);
    expect(await rate(second, answers[1])).toBe(409);
    expect(await rate(second, 'chatcmpl-unknown')).toBe(404);
    const many = await Promise.all([first, second, first, second, first, second].map((gateway) => rate(gateway, answers[2])));
    expect(many.filter((status) => status === 200)).toHaveLength(1);
  });
});
