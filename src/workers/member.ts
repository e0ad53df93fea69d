import { type Budgets, createAround } from '../access/budget.ts';
import type { Claim } from '../cache/claims.ts';
import type { CachedAnswer } from '../cache/kept.ts';
import type { Cluster, StateChange, StateListener } from '../cluster.ts';
import type { Call } from '../state/engine/operations.ts';
import { stateOver } from '../state/open-state.ts';
import { createChannel } from './channel.ts';
import type { Welcome } from './hub.ts';
import { createSlotLoan, type SlotLoan } from './slot-loan.ts';

/** Loans kept of addresses and keys that ask for nothing now. */
const IDLE_LOANS = 1_000;

/** A worker's own side of the cluster, with what only the start of a worker needs. */
export interface Member extends Cluster {
  readonly worker: number;
  /** In the place of a worker that died: what a start tells was told. */
  readonly replaced: boolean;
  /** Tells that requests are answered here; resolves when all workers do. */
  ready(): Promise<void>;
  /** Tells why this worker cannot start. */
  refuse(reason: string): Promise<void>;
  /** Leaves what was counted here with the primary. */
  leave(counted: unknown): Promise<void>;
  /** Called when the primary wants something: 'drain' to end, 'reload' to read the configuration anew. */
  onOrder(order: 'drain' | 'reload', listener: () => void): void;
}

/** Joins the workers of a host. `send` says something to the primary; the first result takes in what it says. */
export function joinCluster(send: (items: readonly unknown[]) => void): { receive: (message: unknown) => void; joined: Promise<Member> } {
  const listeners = new Map<string, ((value: never) => void)[]>();
  const answers = new Map<string, () => unknown>();
  const changes: StateListener[] = [];
  const orders = new Map<string, () => void>();
  const loans = new Map<string, SlotLoan>();

  const channel = createChannel(send, {
    told: (topic: string, value: never) => {
      for (const listener of listeners.get(topic) ?? []) listener(value);
    },
    ask: (question: string) => answers.get(question)?.(),
    'state.changed': (name: StateChange['name'], args: never, value: never) =>
      Promise.all(changes.map((listener) => listener({ name, args, value } as StateChange))).then(() => undefined),
    'slots.recall': (name: string, share: number) => loans.get(name)?.recall(share) ?? 0,
    'slots.grant': (name: string, count: number) => {
      const loan = loans.get(name);
      if (loan === undefined) channel.tell('slots.give', name, count);
      else loan.grant(count);
    },
    order: (order: string) => orders.get(order)?.(),
  });

  /** Addresses and keys come and go: what the idle ones hold goes back once there are many. */
  const forgetIdle = (): void => {
    if (loans.size <= IDLE_LOANS) return;
    for (const [name, loan] of loans) {
      if (!loan.idle()) continue;
      loans.delete(name);
      channel.tell('slots.give', name, loan.surrender());
      if (loans.size <= IDLE_LOANS / 2) return;
    }
  };

  let reservations = 0;
  const budgets = (own: Budgets): Budgets => {
    const reserve: Budgets['reserve'] = async (key, inputTokens, outputTokens, answers) => {
      // Without a budget there is nothing to compare: what is spent is only added up.
      if (key.tokenBudget === undefined) return own.reserve(key, inputTokens, outputTokens, answers);
      reservations += 1;
      const id = reservations;
      await channel.call('budget.reserve', id, key, inputTokens, outputTokens, answers);
      return { inputTokens, settle: (used) => channel.tell('budget.settle', id, used) };
    };
    return { reserve, around: createAround((key, inputTokens) => reserve(key, inputTokens, 0)) };
  };

  const joined = channel.call<Welcome>('hello').then(
    (welcome): Member => ({
      ...welcome,
      openState: (settings) =>
        stateOver(
          {
            call: ((name, ...args) => channel.call('state', name, args)) as Call,
            checkpoint: () => channel.call('checkpoint'),
            // The primary closes it, after its last worker.
            close: () => Promise.resolve(),
          },
          settings,
        ),
      onStateChange: (listener) => void changes.push(listener),
      store: {
        get: (key) => channel.call<string | undefined>('store.get', key).catch(() => undefined),
        set: (key, value, ttlMs) => channel.tell('store.set', key, value, ttlMs),
        count: (key, windowMs) => channel.call<{ current: number; ttlMs: number }>('store.count', key, windowMs).catch(() => undefined),
      },
      claims: {
        claim: (key, body) => channel.call<Claim>('claim', key, body),
        settle: (key: string, answer: CachedAnswer | undefined) => channel.tell('claim.settle', key, answer),
      },
      turns: {
        get: (key) => channel.call<string | undefined>('turn.get', key).catch(() => undefined),
        set: (key, value) => channel.tell('turn.set', key, value),
      },
      slots(name, total) {
        const known = loans.get(name);
        if (known !== undefined) return known;
        forgetIdle();
        const loan = createSlotLoan({
          ask: () => channel.call<number>('slots.ask', name, total),
          giveBack: (count) => channel.tell('slots.give', name, count),
        });
        loans.set(name, loan);
        return loan;
      },
      budgets,
      tell: (topic, value) => channel.tell('tell', topic, value),
      on(topic, listener) {
        listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
      },
      ask: (question) => channel.call<unknown[]>('ask', question).catch(() => []),
      onAsk: (question, answer) => void answers.set(question, answer),
      ready: () => channel.call('ready'),
      refuse: (reason) => channel.call('refused', reason),
      leave: (counted) => channel.call<void>('counted', counted).catch(() => undefined),
      onOrder: (order, listener) => void orders.set(order, listener),
    }),
  );
  return { receive: channel.receive, joined };
}
