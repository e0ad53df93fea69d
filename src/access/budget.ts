import { GatewayError } from '../core/errors.ts';
import type { KeyRecord } from '../state/records.ts';
import type { KeyRepository } from '../state/state.ts';

/** Tokens set aside for an answer whose length the client did not bound. */
const DEFAULT_OUTPUT = 1_024;

export interface Reservation {
  /** Gives back what was set aside and books what was really used. */
  settle(usedTokens: number): void;
}

/**
 * Token budgets per key and calendar month. Tokens are set aside before a call and settled after it, in one step each, so that
 * many requests at once cannot all pass the same check.
 */
export function createBudgets(options: { readonly keys: KeyRepository; readonly now: () => number; readonly onError: (error: unknown) => void }) {
  const { keys, now } = options;
  const known = new Map<string, { period: string; spent: number; reserved: number }>();
  const period = (): string => new Date(now()).toISOString().slice(0, 7);

  const accountOf = async (key: KeyRecord): Promise<{ period: string; spent: number; reserved: number }> => {
    const found = known.get(key.id);
    if (found?.period === period()) return found;
    const spent = await keys.tokens(key.id, period());
    const again = known.get(key.id);
    if (again?.period === period()) return again;
    const account = { period: period(), spent, reserved: again?.reserved ?? 0 };
    known.set(key.id, account);
    return account;
  };

  return {
    /** Throws 'rate-limited' when the key's budget does not hold `inputTokens` and the answer. */
    async reserve(key: KeyRecord, inputTokens: number, outputTokens = DEFAULT_OUTPUT): Promise<Reservation> {
      const budget = key.tokenBudget;
      if (budget === undefined) return { settle: (used) => void keys.addTokens(key.id, period(), used).catch(options.onError) };
      const account = await accountOf(key);
      const wanted = inputTokens + outputTokens;
      if (account.spent + account.reserved + wanted > budget) {
        throw new GatewayError(
          'rate-limited',
          `The token budget of this key (${budget} a month) does not hold this request: ${account.spent} are spent, ${account.reserved} set aside, about ${wanted} needed.`,
          {
            code: 'insufficient_quota',
            retryable: false,
          },
        );
      }
      account.reserved += wanted;
      return {
        settle(used) {
          account.reserved -= wanted;
          account.spent += used;
          if (used > 0) void keys.addTokens(key.id, account.period, used).catch(options.onError);
        },
      };
    },
  };
}

export type Budgets = ReturnType<typeof createBudgets>;
