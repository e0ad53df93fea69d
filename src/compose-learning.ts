import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { GatewayError } from './core/errors.ts';
import { formatRef, type ModelFacts, type ModelPreferences, type ModelRef, type ModelStats } from './core/model.ts';
import type { Observer } from './core/observation.ts';
import type { Caller } from './gateway.ts';
import { combinedScore } from './learning/estimate.ts';
import { createLearner } from './learning/learner.ts';
import { createMeasurements, type Measured } from './learning/measurements.ts';
import type { BenchmarkTable } from './profiles/benchmarks.ts';
import { qualityPriors } from './profiles/priors.ts';
import { estimateQuality } from './quality/shape.ts';
import type { CountedVote, LearnedState, LearningEvent, RememberedAnswer } from './state/records.ts';
import type { State } from './state/state.ts';

/** Task under which answers are kept whose task nobody asked about: the client named the model. */
const UNCLASSIFIED = 'unclassified';
/** How often measurements are written down, ms. */
const SAVE_MS = 30_000;
/** How often answers are written down, ms. */
const FLUSH_MS = 250;

export interface Learning {
  readonly observe: Observer;
  /** Priors improved by what was learned, and what was measured. */
  stats(ref: ModelRef, facts: ModelFacts, preferences: ModelPreferences): ModelStats;
  /** What was expected of a model before anything was learned here, 0-100 per task. */
  priors(ref: ModelRef): Readonly<Record<string, number>>;
  table(): object;
  rate(vote: { readonly id: string; readonly rating: number; readonly comment?: string }, caller: Caller): Promise<CountedVote>;
  reset(task?: string): Promise<void>;
  export(): Promise<LearnedState>;
  import(state: LearnedState, mode: 'replace' | 'merge'): Promise<void>;
  freeze(frozen: boolean): Promise<void>;
  frozen(): boolean;
  close(): Promise<void>;
}

/** Learning over the state store: what is acknowledged there is what is known here after any restart. */
export async function composeLearning(options: {
  readonly config: () => Config;
  readonly state: State;
  readonly log: Logger;
  /** What is published of models. */
  readonly benchmarks: () => BenchmarkTable;
  /** Whole epoch ms. */
  readonly now: () => number;
  /** Estimates changed: profiles are to be put together again. */
  readonly changed: () => void;
}): Promise<Learning> {
  const { state, log, now, changed } = options;
  const enabled = (): boolean => options.config().routing.learning;
  const measurements = createMeasurements();
  const learner = createLearner((change) => {
    log.info({ ...change }, 'another model leads a task');
    changed();
  });
  const expected = new Map<string, ModelStats['quality']>();
  let frozen = await state.events.frozen();
  const load = async (): Promise<void> => {
    const { learned, ratings } = await state.events.fold();
    learner.load(learned, ratings);
  };
  const reload = (): Promise<void> => load().then(changed);
  await load();
  measurements.restore(((await state.kv.get('learning', 'measurements')) ?? {}) as Record<string, Measured>);

  const save = (): Promise<void> => state.kv.set('learning', 'measurements', measurements.snapshot());
  const saver = setInterval(() => void save().catch((error: Error) => log.warn({ reason: error.message }, 'measurements could not be stored')), SAVE_MS);
  saver.unref();

  // Answers are written together a few times a second: nobody waits for them, and a write each would cost more than the request.
  let remembered: RememberedAnswer[] = [];
  let learned: LearningEvent[] = [];
  const flush = async (): Promise<void> => {
    const [answers, events] = [remembered, learned];
    remembered = [];
    learned = [];
    if (answers.length > 0) await state.events.remember(answers);
    if (events.length > 0) await state.events.append(events);
  };
  const flusher = setInterval(() => void flush().catch((error: Error) => log.warn({ reason: error.message }, 'answers could not be remembered')), FLUSH_MS);
  flusher.unref();

  const learn: Observer = (item) => {
    if (item.type !== 'finished' || item.outcome !== 'ok' || item.target === undefined || item.cached) return;
    const model = formatRef(item.target);
    const task = item.pinned ? UNCLASSIFIED : item.task;
    const keyId = item.keyId === undefined ? {} : { keyId: item.keyId };
    const answer = { requestId: item.requestId, task, model, at: now(), ...keyId };
    if (!enabled() || frozen || item.pinned || item.text === '') {
      remembered.push(answer);
      return;
    }
    const quality = estimateQuality(item.text);
    const seconds = item.durationMs / 1000;
    const score = combinedScore(quality, seconds);
    learner.answered(task, model, score);
    learned.push({ ...answer, quality, seconds, score });
  };

  return {
    observe: (item) => {
      measurements.observe(item);
      learn(item);
    },
    stats(ref, facts, preferences) {
      const priors = qualityPriors(facts, preferences, options.benchmarks());
      const model = formatRef(ref);
      expected.set(model, priors);
      // Estimates are relative to what is expected of the other models: with news of one, all are put together again.
      if (learner.expect(model, priors)) queueMicrotask(changed);
      const quality = Object.fromEntries(Object.entries(priors).map(([task, prior]) => [task, enabled() ? learner.estimate(task, model, prior) : prior]));
      return { quality, ...measurements.of(ref) };
    },
    priors: (ref) => Object.fromEntries(Object.entries(expected.get(formatRef(ref)) ?? {}).map(([task, { mean }]) => [task, Math.round(mean * 100) / 100])),
    table: () => ({ frozen, leaders: learner.leaders(), learned: learner.table(), measured: measurements.snapshot() }),
    async rate({ id, rating, comment }, caller) {
      await flush();
      if (frozen) throw new GatewayError('conflict', 'Learning is frozen; ratings are not taken.', { code: 'learning_frozen' });
      const counted = await state.feedback.vote({
        requestId: id.replace(/^(chatcmpl|cmpl|resp|msg|req)[-_]/, ''),
        rating,
        at: now(),
        admin: caller.role === 'admin',
        ...(comment !== undefined && { comment }),
        ...(caller.key !== undefined && { keyId: caller.key.id }),
      });
      const capped = caller.key !== undefined && caller.role !== 'admin' ? { keyId: caller.key.id } : {};
      learner.rated({ task: counted.task, model: counted.model, rating: counted.rating, ...capped });
      changed();
      return counted;
    },
    async reset(task) {
      await flush();
      await state.events.reset(task);
      await reload();
    },
    export: () => flush().then(() => state.events.fold()),
    async import(imported, mode) {
      await flush();
      await state.events.import(imported, mode);
      await reload();
    },
    async freeze(value) {
      await state.events.setFrozen(value);
      frozen = value;
    },
    frozen: () => frozen,
    async close() {
      clearInterval(saver);
      clearInterval(flusher);
      await flush().catch(() => undefined);
      await save().catch(() => undefined);
    },
  };
}
