import { randomBytes } from 'node:crypto';
import { createKeyring, sharedPepperOf } from '../access/keyring.ts';
import { loadConfig } from '../config.ts';
import { openState } from '../state/open-state.ts';
import type { GatewayClient } from './client.ts';
import { configDirectory, DEFAULT_CONFIG, stateDirectory } from './command.ts';

export interface ShownKey {
  readonly id: string;
  readonly prefix: string;
  readonly name: string;
  readonly role: string;
  readonly allowedModels: readonly string[];
  readonly createdAt: number;
  readonly revokedAt?: number;
}

export interface KeyWish {
  readonly name: string;
  readonly role: 'user' | 'admin';
  readonly allowed_models?: readonly string[];
  readonly rate?: { readonly requests: number; readonly window_s: number };
  readonly token_budget?: number;
}

/** Where keys are managed: the running gateway, or its state folder while it is stopped. */
export interface KeyAccess {
  create(wish: KeyWish): Promise<{ readonly secret: string; readonly key: ShownKey }>;
  list(): Promise<readonly ShownKey[]>;
  revoke(id: string): Promise<void>;
  close(): Promise<void>;
}

export const throughGateway = (client: GatewayClient): KeyAccess => ({
  create: (wish) => client.json('POST', '/orchestrator/keys', wish),
  list: async () => (await client.json<{ keys: ShownKey[] }>('GET', '/orchestrator/keys')).keys,
  revoke: async (id) => void (await client.json('DELETE', `/orchestrator/keys/${encodeURIComponent(id)}`)),
  close: async () => undefined,
});

/** Opens the state folder itself. Throws when a gateway runs on it. */
export async function throughState(): Promise<KeyAccess> {
  const config = await loadConfig({ directory: configDirectory(undefined), defaultsDirectory: DEFAULT_CONFIG, env: process.env });
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const state = await openState({ directory: stateDirectory(config.state.directory), log: silent, now: Date.now });
  const sharedPepper = config.redis?.secret === undefined ? {} : { sharedPepper: sharedPepperOf(config.redis.secret) };
  const keyring = await createKeyring({ keys: state.keys, kv: state.kv, now: Date.now, randomBytes, ...sharedPepper });
  return {
    create: ({ name, role, allowed_models: allowedModels, rate, token_budget: tokenBudget }) =>
      keyring.create({
        name,
        role,
        ...(allowedModels !== undefined && { allowedModels }),
        ...(rate !== undefined && { rate: { requests: rate.requests, windowMs: rate.window_s * 1000 } }),
        ...(tokenBudget !== undefined && { tokenBudget }),
      }),
    list: keyring.list,
    revoke: keyring.revoke,
    close: state.close,
  };
}
