import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { type Budgets, createBudgets } from './access/budget.ts';
import { createKeyring, type Keyring } from './access/keyring.ts';
import { createRates } from './access/rates.ts';
import type { Cluster } from './cluster.ts';
import type { Shared } from './compose-shared.ts';
import { ConfigError } from './config.ts';
import type { Rates } from './core/rates.ts';
import type { State } from './state/state.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Access {
  readonly keyring: Keyring;
  readonly budgets: Budgets;
  readonly rates: Rates;
}

/** Keys, their budgets over the state store, and counted requests. */
export async function composeAccess(options: {
  readonly state: State;
  readonly shared: Shared;
  readonly cluster: Cluster;
  readonly env: Environment;
  readonly log: Logger;
  /** Whole epoch ms. */
  readonly now: () => number;
}): Promise<Access> {
  const { state, shared, cluster, log, now } = options;
  const keyring = await createKeyring({ keys: state.keys, kv: state.kv, now, randomBytes, ...shared.access, ...adminSecretOf(options.env) });
  cluster.onStateChange(({ name }) => {
    if (name !== 'keys.insert' && name !== 'keys.revoke') return undefined;
    return keyring.reload().catch((error: Error) => log.error({ reason: error.message }, 'keys could not be read anew'));
  });
  const budgets = createBudgets({
    keys: state.keys,
    now,
    onError: (error) => log.error({ err: error }, 'token count could not be stored'),
    ...(shared.budget !== undefined && { shared: shared.budget }),
  });
  return {
    keyring,
    budgets: cluster.budgets(budgets),
    rates: createRates({ now, store: shared.common, exact: cluster.store !== undefined }),
  };
}

/** Shortest admin key that may be given at the start: anything shorter can be guessed. */
const MIN_ADMIN_KEY = 24;

function adminSecretOf(env: Environment): { adminSecret?: string } {
  const adminSecret = env['ORCHESTRATOR_ADMIN_KEY'];
  if (adminSecret === undefined || adminSecret === '') return {};
  if (adminSecret.length < MIN_ADMIN_KEY) throw new ConfigError(`ORCHESTRATOR_ADMIN_KEY: expected at least ${MIN_ADMIN_KEY} characters`);
  return { adminSecret };
}
