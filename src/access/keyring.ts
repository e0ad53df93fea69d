import { createHmac } from 'node:crypto';
import { GatewayError } from '../core/errors.ts';
import type { KeyRecord, StoredKey } from '../state/records.ts';
import type { KeyRepository, KvRepository } from '../state/state.ts';

/** Every key begins with this, so that a leaked one can be recognised. */
const PREFIX = 'mao_';
/** Before the digest of a key that several gateways know. */
const SHARED = 's:';
/** Longest text that is looked up as a key. */
const MAX_SECRET = 256;
/** Bytes of randomness in a key. */
const SECRET_BYTES = 32;

export interface NewKey {
  readonly name: string;
  readonly role: 'user' | 'admin';
  readonly allowedModels?: readonly string[];
  readonly rate?: KeyRecord['rate'];
  /** Tokens a calendar month (UTC). */
  readonly tokenBudget?: number;
  readonly defaults?: KeyRecord['defaults'];
}

/** Access keys. Only digests are kept; looking one up costs one HMAC and a map access, never a slow hash. */
export interface Keyring {
  /** The valid key that a client sent; undefined for any other text. */
  identify(secret: string): KeyRecord | undefined;
  /** The valid key of that id. */
  byId(id: string): KeyRecord | undefined;
  /** True once there is a valid key: from then on loopback clients need one too. */
  any(): boolean;
  /** Makes a key. The secret is shown this once and cannot be had again. */
  create(key: NewKey): Promise<{ readonly key: KeyRecord; readonly secret: string }>;
  list(): Promise<readonly KeyRecord[]>;
  /** Takes in keys of other gateways, and what they revoked. */
  adopt(stored: readonly StoredKey[]): Promise<void>;
  /** The keys that other gateways may have, revoked ones too. */
  shared(): Promise<readonly StoredKey[]>;
  /** Takes effect with the next request. Throws 'not-found' when there is no valid key of that id. */
  revoke(id: string): Promise<void>;
  /** Takes up what another process changed. */
  reload(): Promise<void>;
}

/** The pepper of gateways that have `secret` (of `redis` in gateway.yaml) in common. */
export const sharedPepperOf = (secret: string): Buffer => createHmac('sha256', secret).update('orchestrator keys: digests').digest();

export async function createKeyring(options: {
  readonly keys: KeyRepository;
  readonly kv: KvRepository;
  readonly now: () => number;
  readonly randomBytes: (count: number) => Buffer;
  /** An admin key given at the start (ORCHESTRATOR_ADMIN_KEY), for the first step on a machine that cannot be reached over loopback. Never stored. */
  readonly adminSecret?: string;
  /** The same at all gateways that share their keys; keys made with it hold at each of them. */
  readonly sharedPepper?: Buffer;
  /** Told of each shared key that is made or revoked here. */
  readonly tell?: (stored: StoredKey) => void;
}): Promise<Keyring> {
  const { keys, kv, now, randomBytes, adminSecret, sharedPepper, tell } = options;
  // The pepper lives beside the keys but in another table, so that a list of digests alone can be tried against nothing.
  const pepper = Buffer.from(String(await kv.setDefault('access', 'pepper', randomBytes(32).toString('base64'))), 'base64');
  const ownDigestOf = (secret: string): string => createHmac('sha256', pepper).update(secret).digest('hex');
  const digestOf = (secret: string): string =>
    sharedPepper === undefined ? ownDigestOf(secret) : SHARED + createHmac('sha256', sharedPepper).update(secret).digest('hex');
  const isShared = ({ digest }: StoredKey): boolean => digest.startsWith(SHARED);
  const valid = new Map<string, KeyRecord>();
  const load = async (): Promise<void> => {
    const stored = await keys.load();
    valid.clear();
    for (const { key, digest } of stored) valid.set(digest, Object.freeze(key));
    if (adminSecret === undefined) return;
    valid.set(
      digestOf(adminSecret),
      Object.freeze({ id: 'key_given', prefix: '', name: 'given at the start', role: 'admin', allowedModels: [], createdAt: now() }),
    );
  };
  await load();

  return {
    // Keys made before gateways shared theirs have a digest of this one only.
    identify: (secret) => (secret.length <= MAX_SECRET ? (valid.get(digestOf(secret)) ?? (sharedPepper && valid.get(ownDigestOf(secret)))) : undefined),
    byId: (id) => valid.values().find((key) => key.id === id),
    any: () => valid.size > 0,
    async create(input) {
      const secret = PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
      const key: KeyRecord = Object.freeze({
        id: `key_${randomBytes(8).toString('hex')}`,
        prefix: secret.slice(0, PREFIX.length + 4),
        name: input.name,
        role: input.role,
        allowedModels: input.allowedModels ?? [],
        createdAt: now(),
        ...(input.rate !== undefined && { rate: input.rate }),
        ...(input.tokenBudget !== undefined && { tokenBudget: input.tokenBudget }),
        ...(input.defaults !== undefined && { defaults: input.defaults }),
      });
      const digest = digestOf(secret);
      await keys.insert({ key, digest });
      valid.set(digest, key);
      if (sharedPepper !== undefined) tell?.({ key, digest });
      return { key, secret };
    },
    list: () => keys.list(),
    shared: async () => (await keys.all()).filter(isShared),
    async adopt(stored) {
      const known = new Map((await keys.all()).map((each) => [each.key.id, each]));
      for (const each of stored.filter(isShared)) {
        const mine = known.get(each.key.id);
        const { revokedAt } = each.key;
        if (revokedAt !== undefined && mine !== undefined && mine.key.revokedAt === undefined) {
          valid.delete(mine.digest);
          await keys.revoke(each.key.id, revokedAt);
        }
        if (mine !== undefined) continue;
        await keys.insert(each);
        if (revokedAt === undefined) valid.set(each.digest, Object.freeze(each.key));
      }
    },
    async revoke(id) {
      const entry = [...valid].find(([, key]) => key.id === id);
      // Out of memory first: a revoked key must not pass while the disk is busy.
      if (entry !== undefined) valid.delete(entry[0]);
      const at = now();
      if (!(await keys.revoke(id, at)) && entry === undefined) throw new GatewayError('not-found', `There is no valid key '${id}'.`);
      if (entry?.[0].startsWith(SHARED)) tell?.({ digest: entry[0], key: { ...entry[1], revokedAt: at } });
    },
    reload: load,
  };
}
