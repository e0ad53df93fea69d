import { randomBytes } from 'node:crypto';
import type { Budgets } from './access/budget.ts';
import type { Claims } from './cache/claims.ts';
import { createSlots, type Slots } from './core/slots.ts';
import type { Operations } from './state/engine/operations.ts';
import { openState, type StateSettings } from './state/open-state.ts';
import type { State } from './state/state.ts';
import type { CommonStore } from './state-shared/redis.ts';

/** What another worker changed in the state: the operation, its arguments and what came of it. */
export type StateChange = {
  [Name in keyof Operations]: { readonly name: Name; readonly args: Parameters<Operations[Name]>; readonly value: Awaited<ReturnType<Operations[Name]>> };
}[keyof Operations];

/** Resolves once the change is in effect here. */
export type StateListener = (change: StateChange) => unknown;

/** What a gateway shares with the other workers of its host. Alone it shares nothing, and every part of it is local. */
export interface Cluster {
  /** Workers that answer requests; 1 alone. */
  readonly size: number;
  /** One worker also does what must be done once: batches, schedules, embedded models, everything an admin changes. */
  readonly lead: boolean;
  /** Path of the socket at which the lead answers for the others; absent alone. */
  readonly leadSocket?: string;
  /** Secret of this run that all workers have. */
  readonly secret: Uint8Array;
  openState(settings: StateSettings): Promise<State>;
  /** Tells what others changed, after it is on the disk. */
  onStateChange(listener: StateListener): void;
  /** Kept answers and counted windows of all workers; absent alone. */
  readonly store?: CommonStore;
  readonly claims?: Claims;
  /** The model a conversation is on, by its key, for all workers; absent alone. */
  readonly turns?: { get(key: string): Promise<string | undefined>; set(key: string, value: string): void };
  slots(name: string, total: number): Slots;
  /** Budgets over all workers; `own` are those of this process. */
  budgets(own: Budgets): Budgets;
  /** Says something to the other workers. */
  tell(topic: string, value: unknown): void;
  on(topic: string, listener: (value: never) => void): void;
  /** What the other workers answer to a question of `onAsk`; whoever is late is left out. */
  ask(question: string): Promise<readonly unknown[]>;
  onAsk(question: string, answer: () => unknown): void;
}

/** A gateway of one process. */
export const alone = (): Cluster => ({
  size: 1,
  lead: true,
  secret: randomBytes(32),
  openState,
  onStateChange: () => undefined,
  slots: (_name, total) => createSlots(total),
  budgets: (own) => own,
  tell: () => undefined,
  on: () => undefined,
  ask: () => Promise.resolve([]),
  onAsk: () => undefined,
});
