import { describe, expect, it } from 'vitest';
import { createSchedules, cronProblem, type ScheduleResult } from '../../src/jobs/schedule.ts';

const entry = { name: 'tidy', cron: '0 3 * * *', job: 'sweep', models: [] };
const create = (work: () => Promise<string>, done: ScheduleResult[] = [], cron = entry.cron) =>
  createSchedules({ entries: [{ ...entry, cron }], work, now: () => 7, last: {}, done: (_, result) => void done.push(result) });

describe('schedules', () => {
  it('run now, remember how it ended, and tell', async () => {
    const done: ScheduleResult[] = [];
    const schedules = create(async () => 'swept', done);
    expect(schedules.list()).toMatchObject([{ name: 'tidy', running: false, last: null }]);
    expect(await schedules.run('tidy')).toEqual({ at: 7, durationMs: 0, ok: true, message: 'swept' });
    expect(schedules.list()[0]?.last?.ok).toBe(true);
    expect(done).toHaveLength(1);
    expect(await schedules.run('nothing')).toBeUndefined();
    schedules.close();
  });

  it('tell why a job failed, and go on', async () => {
    const schedules = create(() => Promise.reject(new Error('the disk is full')));
    expect(await schedules.run('tidy')).toMatchObject({ ok: false, message: 'the disk is full' });
    expect(await schedules.run('tidy')).toMatchObject({ ok: false });
    schedules.close();
  });

  it('never run one job twice at once', async () => {
    let finish = (_text: string): void => {};
    let starts = 0;
    const schedules = create(() => {
      starts += 1;
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    const both = Promise.all([schedules.run('tidy'), schedules.run('tidy')]);
    expect(schedules.list()[0]?.running).toBe(true);
    finish('once');
    await both;
    expect(starts).toBe(1);
    schedules.close();
  });

  it('run by themselves at their time, until closed', async () => {
    let runs = 0;
    let told = (): void => {};
    const twice = new Promise<void>((resolve) => {
      told = resolve;
    });
    const schedules = create(
      async () => {
        runs += 1;
        if (runs === 2) told();
        return '';
      },
      [],
      '* * * * * *',
    );
    const keepAwake = setInterval(() => {}, 1_000);
    await twice;
    clearInterval(keepAwake);
    schedules.close();
    expect(schedules.list()[0]?.next).toBeNull();
  });

  it.each([
    ['0 3 * * *', true],
    ['*/5 * * * *', true],
    ['every day', false],
    ['99 99 * * *', false],
  ])('read the time %s: %s', (cron, good) => expect(cronProblem(cron) === undefined).toBe(good));
});
