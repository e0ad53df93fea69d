import type { ModelProfile, ModelRef, TaskKind } from '../core/model.ts';
import { sameRef } from '../core/model.ts';
import type { Complexity, ScoredCandidate } from '../core/plan.ts';

/** Tokens/s at which a model counts as fully fast; a person reads about 10. */
const FAST = 60;
/** Points of each term; quality is 0-100, so ten points weigh as much as ten points of quality. */
const POINTS = { speed: 8, quickSpeed: 20, priority: 2, optimal: 8, loaded: 5, load: 1.5, maxLoad: 9, failure: 30, weak: 15, stay: 25 } as const;

export interface ScoreInput {
  readonly task: TaskKind;
  readonly complexity: Complexity;
  /** The model that answered this conversation so far, when the task has not changed. */
  readonly stayWith: ModelRef | undefined;
}

/** One model's score for a task; every term can be read, and they add up. */
export function scoreOf(profile: ModelProfile, input: ScoreInput): ScoredCandidate {
  const { stats, preferences } = profile;
  const quality = stats.quality[input.task]?.mean ?? stats.quality['*']?.mean ?? 50;
  const speed = Math.min(1, (stats.outputTokensPerSecond?.mean ?? FAST / 3) / FAST);
  const wantsSpeed = input.task === 'quick' || input.complexity === 'low';
  const terms: Record<string, number> = {
    quality: round(quality),
    speed: round(speed * (wantsSpeed ? POINTS.quickSpeed : POINTS.speed)),
  };
  const add = (name: string, points: number): void => {
    if (points !== 0) terms[name] = round(points);
  };
  add('priority', (preferences.priority - 5) * POINTS.priority);
  add('optimal', preferences.optimalFor.includes(input.task) ? POINTS.optimal : 0);
  add('weak', preferences.weakAt.includes(input.task) ? -POINTS.weak : 0);
  add('loaded', profile.loaded === undefined ? 0 : POINTS.loaded);
  add('load', -Math.min(POINTS.maxLoad, (profile.inFlight / profile.weight) * POINTS.load));
  add('failures', -(stats.failureRate?.mean ?? 0) * POINTS.failure);
  add('conversation', input.stayWith !== undefined && sameRef(input.stayWith, profile.ref) ? POINTS.stay : 0);
  const score = Object.values(terms).reduce((sum, points) => sum + points, 0);
  return { ref: profile.ref, score: round(score), terms };
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** 'quality 71 + speed 4.2 + loaded 5', for the reason line. */
export const formatTerms = (terms: Readonly<Record<string, number>>): string =>
  Object.entries(terms)
    .map(([name, points], index) => `${index === 0 ? '' : points < 0 ? ' - ' : ' + '}${name} ${Math.abs(points)}`)
    .join('');
