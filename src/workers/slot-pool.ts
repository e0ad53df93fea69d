/** How the pool reaches one worker. */
export interface SlotHolder {
  /** Asks a worker for places it holds and does not use; answers how many it gave. `share` is what each worker may keep. */
  recall(name: string, share: number): Promise<number>;
  /** Places for a worker that asked in vain before. */
  grant(name: string, count: number): void;
}

interface Pool {
  readonly total: number;
  /** Places lent, by worker; used or not. */
  readonly lent: Map<number, number>;
  /** Workers that asked in vain. */
  readonly wanting: Set<number>;
  /** Workers whose question is under way. */
  asking: number;
}

/**
 * Places that all workers share. Workers hold some of them on loan and take and give them without asking; only a worker that has
 * none left asks, and it is refused only when the others really use all of theirs. So the limit is exact over all workers.
 */
export function createSlotPool(holders: { readonly size: number; get(worker: number): SlotHolder | undefined }) {
  const pools = new Map<string, Pool>();

  const free = ({ total, lent }: Pool): number => total - lent.values().reduce((sum, count) => sum + count, 0);

  /** A few more than asked for, so that the next requests need not ask. */
  const lend = (pool: Pool, worker: number): number => {
    const left = free(pool);
    const count = Math.min(left, Math.max(1, Math.floor(left / (2 * holders.size))));
    if (count <= 0) return 0;
    pool.lent.set(worker, (pool.lent.get(worker) ?? 0) + count);
    pool.wanting.delete(worker);
    return count;
  };
  const giveBack = (pool: Pool, worker: number, count: number): void => {
    pool.lent.set(worker, Math.max(0, (pool.lent.get(worker) ?? 0) - count));
  };
  /** Lends what came back to those who asked in vain; a pool of which nothing is lent is forgotten. */
  const settle = (name: string, pool: Pool): void => {
    for (const worker of [...pool.wanting]) {
      const count = lend(pool, worker);
      if (count > 0) holders.get(worker)?.grant(name, count);
    }
    if (pool.asking === 0 && free(pool) === pool.total) pools.delete(name);
  };

  return {
    /** A worker needs a place; answers how many it may take, 0 when all are in use. */
    async ask(worker: number, name: string, total: number): Promise<number> {
      const pool = pools.get(name) ?? { total, lent: new Map<number, number>(), wanting: new Set<number>(), asking: 0 };
      pools.set(name, pool);
      const lent = lend(pool, worker);
      if (lent > 0) return lent;
      const share = Math.floor(total / holders.size);
      pool.asking += 1;
      await Promise.all(
        [...pool.lent.keys()]
          .filter((other) => other !== worker)
          .map(async (other) =>
            giveBack(
              pool,
              other,
              (await holders
                .get(other)
                ?.recall(name, share)
                .catch(() => 0)) ?? 0,
            ),
          ),
      );
      pool.asking -= 1;
      const found = lend(pool, worker);
      if (found === 0) pool.wanting.add(worker);
      return found;
    },
    give(worker: number, name: string, count: number): void {
      const pool = pools.get(name);
      if (pool === undefined) return;
      giveBack(pool, worker, count);
      settle(name, pool);
    },
    /** A worker is gone, and with it what it held. */
    drop(worker: number): void {
      for (const [name, pool] of pools) {
        pool.lent.delete(worker);
        pool.wanting.delete(worker);
        settle(name, pool);
      }
    },
  };
}
