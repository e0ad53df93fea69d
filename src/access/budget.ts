import { GatewayError } from '../core/errors.ts';
import type { KeyRecord } from '../state/records.ts';
import type { KeyRepository } from '../state/state.ts';

/** Tokens set aside for an answer whose length the client did not bound. */
const DEFAULT_OUTPUT = 1_024;

export interface Reservation {
  /** Tokens the request was thought to send: what is booked for a call whose upstream does not count. */
  readonly inputTokens: number;
  /** Gives back what was set aside and books what was really used. */
  settle(usedTokens: number): void;
}

/** The same budgets at other gateways. */
export interface SharedBudget {
  /**
   * Tells what was spent and is set aside here, `wanted` included, and asks whether the budget holds it over all gateways. `others`: what
   * they have spent and set aside. Undefined when nobody can say.
   */
  reserve(account: {
    readonly keyId: string;
    readonly period: string;
    readonly spent: number;
    readonly reserved: number;
    readonly wanted: number;
    readonly budget: number;
  }): Promise<{ readonly granted: boolean; readonly others: number } | undefined>;
}

export interface Budgets {
  /** Throws 'rate-limited' when the key's budget does not hold `inputTokens` and `answers` answers of `outputTokens`. */
  reserve(key: KeyRecord, inputTokens: number, outputTokens?: number, answers?: number): Promise<Reservation>;
  /** A call that answers with no text, such as embeddings, within the key's budget, if there is a key. */
  around<T extends { readonly inputTokens?: number }>(key: KeyRecord | undefined, inputTokens: number, call: () => Promise<T>): Promise<T>;
}

interface Account {
  readonly period: string;
  spent: number;
  reserved: number;
  /** What other gateways had spent and set aside when they were last heard of. */
  others: number;
}

/**
 * Token budgets per key and calendar month. Tokens are set aside before a call and settled after it, in one step each, so that
 * many requests at once cannot all pass the same check, at one gateway or at several.
 */
export function createBudgets(options: {
  readonly keys: KeyRepository;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
  readonly shared?: SharedBudget;
}): Budgets {
  const { keys, now, shared } = options;
  const known = new Map<string, Account>();
  const period = (): string => new Date(now()).toISOString().slice(0, 7);

  const accountOf = async (key: KeyRecord): Promise<Account> => {
    const found = known.get(key.id);
    if (found?.period === period()) return found;
    const spent = await keys.tokens(key.id, period());
    const again = known.get(key.id);
    if (again?.period === period()) return again;
    const account = { period: period(), spent, reserved: 0, others: 0 };
    known.set(key.id, account);
    return account;
  };

  const refusal = (budget: number, { spent, reserved, others }: Account, wanted: number): GatewayError =>
    new GatewayError(
      'rate-limited',
      `The token budget of this key (${budget} a month) does not hold this request: ${spent + others} are spent, ${reserved} set aside, about ${wanted} needed.`,
      { code: 'insufficient_quota', retryable: false },
    );

  const budgets: Budgets = {
    async reserve(key, inputTokens, outputTokens = DEFAULT_OUTPUT, answers = 1) {
      const budget = key.tokenBudget;
      if (budget === undefined) return { inputTokens, settle: (used) => void keys.addTokens(key.id, period(), used).catch(options.onError) };
      const account = await accountOf(key);
      const wanted = inputTokens + outputTokens * answers;
      if (account.spent + account.reserved + account.others + wanted > budget && shared === undefined) throw refusal(budget, account, wanted);
      account.reserved += wanted;
      const ask = (more: number) => shared?.reserve({ ...account, keyId: key.id, wanted: more, budget });
      const answer = await ask(wanted);
      if (answer !== undefined) account.others = answer.others;
      const granted = answer?.granted ?? account.spent + account.reserved + account.others <= budget;
      if (!granted) {
        account.reserved -= wanted;
        throw refusal(budget, account, wanted);
      }
      return {
        inputTokens,
        settle(used) {
          account.reserved -= wanted;
          account.spent += used;
          if (used > 0) void keys.addTokens(key.id, account.period, used).catch(options.onError);
          void ask(0);
        },
      };
    },
    around: createAround((key, inputTokens) => budgets.reserve(key, inputTokens, 0)),
  };
  return budgets;
}

/** A call that answers with no text, such as embeddings, within the key's budget, if there is a key. */
export const createAround =
  (reserve: (key: KeyRecord, inputTokens: number) => Promise<Reservation>) =>
  async <T extends { readonly inputTokens?: number }>(key: KeyRecord | undefined, inputTokens: number, call: () => Promise<T>): Promise<T> => {
    const reservation = key === undefined ? undefined : await reserve(key, inputTokens);
    let used = 0;
    try {
      const result = await call();
      used = result.inputTokens ?? inputTokens;
      return result;
    } finally {
      reservation?.settle(used);
    }
  };
