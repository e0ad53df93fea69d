import type { Logger } from 'pino';
import type { Cluster } from './cluster.ts';
import type { Config } from './config.ts';
import { GatewayError } from './core/errors.ts';
import { formatRef, type ModelFacts, type ModelPreferences, type ModelRef, type ModelStats } from './core/model.ts';
import type { Observation, Observer } from './core/observation.ts';
import type { Caller } from './gateway.ts';
import { combinedScore } from './learning/estimate.ts';
import { createLearner } from './learning/learner.ts';
import { createMeasurements, type Measured } from './learning/measurements.ts';
import type { BenchmarkTable } from './profiles/benchmarks.ts';
import { qualityPriors } from './profiles/priors.ts';
import { estimateQuality } from './quality/shape.ts';
import type { CountedVote, LearnedState, LearningEvent, RememberedAnswer, Vote } from './state/records.ts';
import type { State } from './state/state.ts';
import type { SharedAnswers } from './state-shared/shared-answers.ts';
import type { SharedLearning } from './state-shared/shared-learning.ts';

/** Task under which answers are kept whose task nobody asked about: the client named the model. */
const UNCLASSIFIED = 'unclassified';
/** How often measurements are written down, ms. */
const SAVE_MS = 30_000;
/** How often answers are written down, ms. */
const FLUSH_MS = 250;
/** Calls that other workers are told of at once. */
const CALLS_TOLD = 64;

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
  /** Tells the other gateways what was learned here and takes in what they learned. */
  exchange(): Promise<void>;
  close(): Promise<void>;
}

/** Learning over the state store: what is acknowledged there is what is known here after any restart. */
export async function composeLearning(options: {
  readonly config: () => Config;
  readonly state: State;
  readonly cluster: Cluster;
  readonly log: Logger;
  /** What other gateways learned; `answers` only where something is shared. */
  readonly shared: { readonly learning: SharedLearning; readonly answers: SharedAnswers | undefined };
  /** What is published of models. */
  readonly benchmarks: () => BenchmarkTable;
  /** Whole epoch ms. */
  readonly now: () => number;
  /** Estimates changed: profiles are to be put together again. */
  readonly changed: () => void;
}): Promise<Learning> {
  const { state, cluster, shared, log, now, changed } = options;
  const enabled = (): boolean => options.config().routing.learning;
  const measurements = createMeasurements();
  const learner = createLearner((change) => {
    if (cluster.lead) log.info({ ...change }, 'another model leads a task');
    changed();
  });
  const expected = new Map<string, ModelStats['quality']>();
  let frozen = await state.events.frozen();
  measurements.restore(((await state.kv.get('learning', 'measurements')) ?? {}) as Record<string, Measured>);

  const save = (): Promise<void> => state.kv.set('learning', 'measurements', measurements.snapshot());
  const saver = setInterval(
    () => cluster.lead && void save().catch((error: Error) => log.warn({ reason: error.message }, 'measurements could not be stored')),
    SAVE_MS,
  );
  saver.unref();

  // Speeds are running means of the last calls; more of them in one beat would tell nothing new.
  let calls: Observation[] = [];
  cluster.on('calls', (told: readonly Observation[]) => told.forEach(measurements.observe));

  // Answers are written together a few times a second: nobody waits for them, and a write each would cost more than the request.
  let remembered: RememberedAnswer[] = [];
  let learned: LearningEvent[] = [];
  const write = async (): Promise<void> => {
    const [answers, events] = [remembered, learned];
    if (calls.length > 0) cluster.tell('calls', calls);
    calls = [];
    remembered = [];
    learned = [];
    shared.answers?.tell([
      ...answers,
      ...events.map(({ requestId, task, model, at, keyId }) => ({ requestId, task, model, at, ...(keyId !== undefined && { keyId }) })),
    ]);
    if (answers.length > 0) await state.events.remember(answers);
    if (events.length > 0) await state.events.append(events);
  };
  let writing: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    writing = writing.catch(() => undefined).then(write);
    return writing;
  };
  const flusher = setInterval(() => void flush().catch((error: Error) => log.warn({ reason: error.message }, 'answers could not be remembered')), FLUSH_MS);
  flusher.unref();

  /** Puts the learner together anew: what the store holds, what others learned, and what came in meanwhile. */
  const load = async (): Promise<void> => {
    await flush();
    unwritten = [...learned];
    const whole = shared.learning.whole(await state.events.fold());
    learner.load(whole.learned, whole.ratings);
    for (const { task, model, score } of unwritten ?? []) learner.answered(task, model, score ?? 0);
    unwritten = undefined;
  };
  /** While the learner is put together anew: events that are in nothing it is made of. */
  let unwritten: LearningEvent[] | undefined;
  await load();
  const reload = (): Promise<void> => load().then(changed);

  // What other workers learned is learned here too; it is in the store already.
  cluster.onStateChange((change) => {
    const { name, args } = change;
    if (name === 'events.append') {
      for (const { task, model, score } of args[0]) if (score !== undefined) learner.answered(task, model, score);
    } else if (name === 'feedback.vote') {
      const [{ keyId, admin }] = args;
      learner.rated({ ...change.value, ...(keyId !== undefined && !admin && { keyId }) });
      changed();
    } else if (name === 'kv.set' && args[0] === 'learning' && args[1] === 'frozen') frozen = args[2] === 'true';
    else if (name === 'events.reset' || name === 'events.import' || (name === 'kv.set' && (args[0] === 'shared-learning' || args[0] === 'learning'))) {
      return shared.learning.reload().then(reload);
    }
    return undefined;
  });

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
    const event = { ...answer, quality, seconds, score };
    learned.push(event);
    unwritten?.push(event);
  };

  /** A vote on an answer that any of the gateways gave; it counts once over all of them. */
  const voteAnywhere = async (vote: Vote, answers: SharedAnswers): Promise<CountedVote> => {
    const voter = vote.keyId ?? '';
    if (!(await answers.claim(vote.requestId, voter))) {
      throw new GatewayError('conflict', 'This answer was rated already; an answer has one vote per key.', { param: 'id' });
    }
    try {
      return await state.feedback.vote(vote).catch(async (error: unknown) => {
        const given = GatewayError.from(error).kind === 'not-found' ? await answers.find(vote.requestId) : undefined;
        if (given === undefined) throw error;
        await state.events.remember([given]);
        return state.feedback.vote(vote);
      });
    } catch (error) {
      if (GatewayError.from(error).kind !== 'conflict') answers.release(vote.requestId, voter);
      throw error;
    }
  };

  return {
    observe: (item) => {
      measurements.observe(item);
      if (item.type === 'call' && cluster.size > 1 && calls.length < CALLS_TOLD) calls.push(item);
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
      const vote: Vote = {
        requestId: id.replace(/^(chatcmpl|cmpl|resp|msg|req)[-_]/, ''),
        rating,
        at: now(),
        admin: caller.role === 'admin',
        ...(comment !== undefined && { comment }),
        ...(caller.key !== undefined && { keyId: caller.key.id }),
      };
      const counted = await (shared.answers === undefined ? state.feedback.vote(vote) : voteAnywhere(vote, shared.answers));
      const capped = caller.key !== undefined && caller.role !== 'admin' ? { keyId: caller.key.id } : {};
      learner.rated({ task: counted.task, model: counted.model, rating: counted.rating, ...capped });
      changed();
      return counted;
    },
    async reset(task) {
      await flush();
      await state.events.reset(task);
      await shared.learning.reset(task);
      await reload();
    },
    export: () => flush().then(async () => shared.learning.whole(await state.events.fold())),
    async import(imported, mode) {
      await flush();
      await state.events.import(imported, mode);
      if (mode === 'replace') await shared.learning.reset();
      await reload();
    },
    async exchange() {
      if (frozen) return;
      const own = (): Promise<LearnedState> => flush().then(() => state.events.fold());
      if (!(await shared.learning.exchange(own, (task) => state.events.reset(task)))) return;
      const before = learner.leaders();
      await reload();
      for (const [task, to] of Object.entries(learner.leaders())) {
        if (before[task] !== to) log.info({ task, from: before[task], to, by: 'other gateways' }, 'another model leads a task');
      }
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
      if (cluster.lead) await save().catch(() => undefined);
    },
  };
}
