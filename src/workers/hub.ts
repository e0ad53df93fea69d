import { LRUCache } from 'lru-cache';
import type { Budgets, Reservation } from '../access/budget.ts';
import { createClaimTable } from '../cache/claims.ts';
import type { CachedAnswer } from '../cache/kept.ts';
import type { Operation, OperationName } from '../state/engine/operations.ts';
import type { Store } from '../state/open-state.ts';
import type { KeyRecord } from '../state/records.ts';
import type { CommonStore } from '../state-shared/redis.ts';
import { type Channel, createChannel, type Handlers } from './channel.ts';
import { createSlotPool } from './slot-pool.ts';

/** What a worker is told when it joins. */
export interface Welcome {
  readonly worker: number;
  readonly size: number;
  readonly lead: boolean;
  /** In the place of a worker that died. */
  readonly replaced: boolean;
  readonly leadSocket: string;
  readonly secret: Uint8Array;
}

/** How long a worker may take to answer a question of another, ms. */
const ASK_MS = 1_000;
/** Conversations remembered, to stay on their model whichever worker gets the next turn. */
const MAX_TURNS = 20_000;
/** Questions whose last answer stands in for a worker that is late or gone. */
const COUNTED = 'metrics';

/** Namespaces of the key-value store that are the business of every worker. */
const WATCHED_NAMESPACES: ReadonlySet<unknown> = new Set(['rules', 'profiles', 'profiles.edits', 'benchmarks', 'shared-learning']);
const WATCHED: ReadonlySet<OperationName> = new Set<OperationName>([
  'keys.insert',
  'keys.revoke',
  'events.append',
  'events.reset',
  'events.import',
  'feedback.vote',
]);

/** Whether the other workers must hear of an operation. */
function concernsAll({ name, args }: Operation): boolean {
  if (name !== 'kv.set' && name !== 'kv.delete') return WATCHED.has(name);
  const [namespace, key] = args;
  return WATCHED_NAMESPACES.has(namespace) || (namespace === 'learning' && key !== 'measurements');
}

export interface HubOptions {
  readonly store: Store;
  readonly shared: CommonStore;
  readonly budgets: Budgets;
  readonly size: number;
  readonly leadSocket: string;
  readonly secret: Uint8Array;
  /** How long and how much of answers to requests with an Idempotency-Key is kept. */
  readonly answers: { readonly ttlMs: number; readonly maxBytes: number };
  /** A worker answers requests. */
  readonly onReady: (worker: number) => void;
  /** A worker cannot start, for a reason the person who starts it can mend. */
  readonly onRefused: (reason: string) => void;
  /** Adds up what workers that are gone had counted. */
  readonly addUp: (counted: readonly unknown[]) => Promise<unknown>;
}

interface Member {
  readonly channel: Channel;
  /** Its last answer to what is counted. */
  counted?: unknown;
  readonly reservations: Map<number, Reservation>;
}

/** The one place that all workers of a host share: state, kept answers, limits, counts. It answers no client. */
export function createHub(options: HubOptions) {
  const { store, shared, size } = options;
  const members = new Map<number, Member>();
  const claims = createClaimTable({ ttlMs: options.answers.ttlMs, maxBytes: options.answers.maxBytes });
  const turns = new LRUCache<string, string>({ max: MAX_TURNS });
  const ready = new Set<number>();
  /** Workers that were ready before. */
  const known = new Set<number>();
  const readied: (() => void)[] = [];
  let past: unknown;

  const channelOf = (worker: number): Channel => (members.get(worker) as Member).channel;
  const slots = createSlotPool({
    get size() {
      return size;
    },
    get: (worker: number) =>
      members.has(worker)
        ? {
            recall: (name: string, share: number) => channelOf(worker).call<number>('slots.recall', name, share),
            grant: (name: string, count: number) => channelOf(worker).tell('slots.grant', name, count),
          }
        : undefined,
  });

  const tellOthers = (worker: number | undefined, name: string, ...args: readonly unknown[]): void => {
    for (const [other, { channel }] of members) if (other !== worker) channel.tell(name, ...args);
  };

  const late = (): Promise<undefined> => new Promise((resolve) => setTimeout(resolve, ASK_MS, undefined).unref());
  /** Waits until the others have taken it in, but for none that is slow. */
  const callOthers = async (worker: number, name: string, ...args: readonly unknown[]): Promise<void> => {
    const calls = [...members].filter(([other]) => other !== worker).map(([, { channel }]) => channel.call(name, ...args).catch(() => undefined));
    if (calls.length > 0) await Promise.race([Promise.all(calls), late()]);
  };

  const ask = async (worker: number, question: string): Promise<unknown[]> => {
    const answers = await Promise.all(
      [...members].map(async ([other, member]) => {
        if (other === worker) return undefined;
        const answer = await Promise.race([member.channel.call('ask', question).catch(() => undefined), late()]);
        if (question !== COUNTED) return answer;
        member.counted = answer ?? member.counted;
        return member.counted;
      }),
    );
    return [...answers, ...(question === COUNTED ? [past] : [])].filter((answer) => answer !== undefined);
  };

  const handlersOf = (worker: number, reservations: Map<number, Reservation>): Handlers => ({
    hello: (): Welcome => ({ worker, size, lead: worker === 1, replaced: known.has(worker), leadSocket: options.leadSocket, secret: options.secret }),
    ready: async () => {
      ready.add(worker);
      known.add(worker);
      options.onReady(worker);
      if (ready.size < size) return new Promise<void>((resolve) => readied.push(resolve));
      for (const resolve of readied.splice(0)) resolve();
    },
    refused: (reason: string) => options.onRefused(reason),
    state: async (name: OperationName, args: readonly unknown[]) => {
      const value = await (store.call as (name: OperationName, ...args: readonly unknown[]) => Promise<unknown>)(name, ...args);
      if (name === 'events.append') tellOthers(worker, 'state.changed', name, args, value);
      // Whoever is told that a key was made may use it at any worker.
      else if (concernsAll({ name, args })) await callOthers(worker, 'state.changed', name, args, value);
      return value;
    },
    checkpoint: () => store.checkpoint(),
    'store.get': (key: string) => shared.get(key),
    'store.set': (key: string, value: string, ttlMs: number) => shared.set(key, value, ttlMs),
    'store.count': (key: string, windowMs: number) => shared.count(key, windowMs),
    'turn.get': (key: string) => turns.get(key),
    'turn.set': (key: string, value: string) => {
      turns.set(key, value);
    },
    'slots.ask': (name: string, total: number) => slots.ask(worker, name, total),
    'slots.give': (name: string, count: number) => slots.give(worker, name, count),
    claim: (key: string, body: string) => claims.claim(worker, key, body),
    'claim.settle': (key: string, answer: CachedAnswer | undefined) => claims.settle(key, answer),
    'budget.reserve': async (id: number, key: KeyRecord, input: number, output: number | undefined, answers: number | undefined) => {
      reservations.set(id, await options.budgets.reserve(key, input, output, answers));
    },
    'budget.settle': (id: number, used: number) => {
      reservations.get(id)?.settle(used);
      reservations.delete(id);
    },
    tell: (topic: string, value: unknown) => tellOthers(worker, 'told', topic, value),
    ask: (question: string) => ask(worker, question),
    /** The last count of a worker that ends. */
    counted: (answer: unknown) => {
      (members.get(worker) as Member).counted = answer;
    },
  });

  return {
    /** A worker joins; the result takes in what it says. */
    join(worker: number, send: (items: readonly unknown[]) => void): (message: unknown) => void {
      const reservations = new Map<number, Reservation>();
      const channel = createChannel(send, handlersOf(worker, reservations));
      members.set(worker, { channel, reservations });
      return channel.receive;
    },
    /** A worker is gone: what it held is free, what it counted stays counted. */
    async leave(worker: number): Promise<void> {
      const member = members.get(worker);
      if (member === undefined) return;
      members.delete(worker);
      ready.delete(worker);
      member.channel.close();
      slots.drop(worker);
      claims.drop(worker);
      for (const reservation of member.reservations.values()) reservation.settle(0);
      // Nobody works on the lines that the lead had taken.
      if (worker === 1) await store.call('batches.releaseAll').catch(() => undefined);
      if (member.counted !== undefined) past = await options.addUp([past, member.counted].filter((counted) => counted !== undefined));
    },
    tell: (name: string, ...args: readonly unknown[]): void => tellOthers(undefined, name, ...args),
  };
}

export type Hub = ReturnType<typeof createHub>;
