import type { BatchLine, LineResult, StoredBatch } from '../state/records.ts';
import type { BatchRepository, FileRepository } from '../state/state.ts';
import { LEASE, SETTLE } from './batch-scripts.ts';
import type { SharedStore } from './redis.ts';
import type { SharedFiles } from './shared-files.ts';

/** Before a batch that could not be taken up is tried again, ms. */
const AGAIN_MS = 5_000;
/** How long a batch that ends with open lines waits for the others to hear of it and to tell their last results, ms. */
const LAST_CALL_MS = 1_500;
const KEEP_MS = 26 * 3_600_000;
const SHORT_MS = 250;
const CLOCK_MS = 2_000;
const PAGE = 200;
const ID = /^batch_[0-9a-f]{24}$/;
const INDEX = 'batches';
const VERSION = 'batches:version';

export interface SharedBatches {
  /** The same batches, with those that other gateways were given. */
  readonly repository: BatchRepository;
  /** See `BatchExchange` of the jobs. */
  lease(batch: StoredBatch, lines: readonly BatchLine[]): Promise<readonly BatchLine[]>;
  settle(batch: StoredBatch, results: readonly LineResult[]): Promise<readonly LineResult[]>;
  release(id: string): void;
  lastCall(id: string): Promise<void>;
  /** One round: take up others' batches, take in their results, keep the leases. */
  exchange(): Promise<void>;
}

/**
 * Batches that several gateways work at. Each keeps every batch, its lines and results in its own state; the store says who runs which
 * line, and carries results from one to the others. Without the store the gateway that was given a batch goes on alone, the others wait.
 */
export function shareBatches(options: {
  readonly local: BatchRepository;
  readonly files: SharedFiles & FileRepository;
  readonly store: SharedStore;
  readonly gateway: string;
  /** A line belongs to a gateway for so long after it last said so. */
  readonly leaseMs: number;
  readonly now: () => number;
  readonly random: () => string;
  /** Whether requests of this owner can be run here: its key is known. */
  readonly mayRun: (owner: string) => boolean;
  /** A batch came from elsewhere, or was cancelled there. */
  readonly came: (id: string) => void;
  readonly cancelled: (id: string) => void;
  readonly pause: (ms: number) => Promise<unknown>;
}): SharedBatches {
  const { local, files, store, gateway, leaseMs, now, random } = options;
  const keys = (id: string) => ({ batch: `batch:${id}`, done: `batch:${id}:done`, log: `batch:${id}:log`, leases: `batch:${id}:leases` });
  const held = new Map<string, Set<number>>();
  /** How far the results of a batch were read, and from which log: a store that lost everything begins a new one. */
  const read = new Map<string, { readonly log: string; readonly length: number }>();
  const refused = new Map<string, number>();
  let renewed = 0;
  let version: string | null | undefined;

  const tell = async (batch: StoredBatch, clockMs: number): Promise<void> => {
    const { id, owner, endpoint, inputFileId, completionWindow, createdAt, expiresAt, metadata, outputExpiresAfterS, home = gateway } = batch;
    const shared = { id, owner, endpoint, inputFileId, completionWindow, createdAt, expiresAt, metadata, outputExpiresAfterS, home };
    const { batch: key } = keys(id);
    await store.run(
      (client) =>
        client
          .multi()
          .hset(key, 'record', JSON.stringify(shared))
          .hsetnx(key, 'log', random())
          .pexpire(key, KEEP_MS)
          .hset(INDEX, id, String(expiresAt + KEEP_MS))
          .set(VERSION, random())
          .exec(),
      clockMs,
    );
  };

  const adopt = async (id: string): Promise<StoredBatch | undefined> => {
    if (!ID.test(id)) return undefined;
    const text = await store.run((client) => client.hget(keys(id).batch, 'record'), SHORT_MS);
    if (text === undefined || text === null) return undefined;
    const batch = JSON.parse(text) as StoredBatch;
    if (batch.id !== id || !options.mayRun(batch.owner) || (await files.get(batch.inputFileId)) === undefined) return undefined;
    const adopted = await local.adopt({ ...batch, home: batch.home ?? gateway });
    options.came(id);
    return adopted;
  };

  const lease = async (id: string, lines: readonly number[]): Promise<readonly number[] | undefined> => {
    if (lines.length === 0) return [];
    const { done, leases } = keys(id);
    const granted = await store.run((client) => client.eval(LEASE, 2, done, leases, gateway, leaseMs, KEEP_MS, ...lines), CLOCK_MS);
    return granted as readonly number[] | undefined;
  };

  /** Puts results there and answers those that were there before. */
  const put = async (id: string, results: readonly LineResult[]): Promise<readonly LineResult[] | undefined> => {
    const { done, log, leases } = keys(id);
    const pairs = results.flatMap((result) => [result.line, JSON.stringify(result)]);
    const earlier = (await store.run((client) => client.eval(SETTLE, 3, done, log, leases, KEEP_MS, ...pairs), CLOCK_MS)) as readonly string[] | undefined;
    return earlier?.map((text) => JSON.parse(text) as LineResult);
  };

  const keepLeases = async (): Promise<void> => {
    if (now() - renewed < leaseMs / 4) return;
    renewed = now();
    for (const [id, lines] of held) await lease(id, [...lines]);
  };

  const takeUpOthers = async (): Promise<void> => {
    const seen = await store.run((client) => client.get(VERSION), CLOCK_MS);
    if (seen === undefined || seen === null || seen === version) return;
    const index = await store.run((client) => client.hgetall(INDEX), CLOCK_MS);
    if (index === undefined) return;
    let all = true;
    for (const [id, until] of Object.entries(index)) {
      if (Number(until) <= now()) await store.run((client) => client.hdel(INDEX, id), CLOCK_MS);
      else if ((await local.get(id)) === undefined) {
        // Its file or its key may come later.
        if ((refused.get(id) ?? 0) <= now() && (await adopt(id)) === undefined) refused.set(id, now() + AGAIN_MS);
        if (refused.has(id)) all = false;
      } else refused.delete(id);
    }
    if (all) version = seen;
  };

  const takeIn = async (batch: StoredBatch): Promise<void> => {
    const { id } = batch;
    const { batch: key, log } = keys(id);
    const record = await store.run((client) => client.hmget(key, 'record', 'cancelled', 'log'), CLOCK_MS);
    if (record === undefined) return;
    const [there, cancelled, name] = record;
    if (there === null || there === undefined || name === null || name === undefined) {
      await files.tell(batch.inputFileId);
      await tell(batch, CLOCK_MS);
      return;
    }
    if (batch.status === 'cancelling' && cancelled === null) await store.run((client) => client.hset(key, 'cancelled', '1'), CLOCK_MS);
    if (cancelled !== null && (batch.status === 'in_progress' || batch.status === 'validating')) {
      await local.cancel(id, Math.floor(now()));
      options.cancelled(id);
    }
    if (batch.status === 'validating') return;
    const length = await store.run((client) => client.llen(log), CLOCK_MS);
    if (length === undefined) return;
    const { total, completed, failed } = batch.counts;
    const before = read.get(id);
    let from = before?.log === name && before.length <= length ? before.length : 0;
    // A log that lost its end and grew again looks like one that was read.
    if (length >= total && completed + failed < total && from === length) from = 0;
    for (; from < length; from += PAGE) {
      const page = await store.run((client) => client.lrange(log, from, from + PAGE - 1), CLOCK_MS);
      if (page === undefined) return;
      await local.complete(
        id,
        page.map((text) => JSON.parse(text) as LineResult),
      );
    }
    read.set(id, { log: name, length });
    // The store has lost some, or was away when they came.
    if (completed + failed <= length) return;
    for (let after = -1, page = await local.results(id, after, PAGE); page.length > 0; page = await local.results(id, after, PAGE)) {
      if ((await put(id, page)) === undefined) return;
      after = page.at(-1)?.line ?? after;
    }
  };

  return {
    repository: {
      ...local,
      async create(asked) {
        const batch = await local.create(asked);
        await tell(batch, SHORT_MS);
        return batch;
      },
      get: async (id) => (await local.get(id)) ?? adopt(id),
    },
    async lease(batch, lines) {
      const numbers = lines.map(({ line }) => line);
      const granted = (await lease(batch.id, numbers)) ?? (batch.home === undefined ? numbers : []);
      const own = held.get(batch.id) ?? new Set();
      held.set(batch.id, own);
      for (const line of granted) own.add(line);
      return lines.filter(({ line }) => granted.includes(line));
    },
    async lastCall(id) {
      await options.pause(LAST_CALL_MS);
      const batch = await local.get(id);
      if (batch !== undefined) await takeIn(batch);
    },
    async settle(batch, results) {
      const earlier = new Map(((await put(batch.id, results)) ?? []).map((result) => [result.line, result]));
      for (const { line } of results) held.get(batch.id)?.delete(line);
      return results.map((result) => earlier.get(result.line) ?? result);
    },
    release(id) {
      const lines = [...(held.get(id) ?? [])];
      held.delete(id);
      if (lines.length > 0) void store.run((client) => client.hdel(keys(id).leases, ...lines.map(String)), CLOCK_MS);
    },
    async exchange() {
      await keepLeases();
      await takeUpOthers();
      for (const batch of await local.unfinished()) await takeIn(batch);
    },
  };
}
