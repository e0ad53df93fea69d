import { formatRef, type ModelProfile } from '../core/model.ts';

export type Balance = 'round-robin' | 'least-busy' | 'weighted' | 'prefix';

export interface BalanceInput {
  readonly balance: Balance;
  /** Counts up by one a request. */
  readonly turn: number;
  /** 0-1. */
  readonly random: number;
  /** Same for all requests whose prompts begin alike: system prompt and first turn. */
  readonly prefix: string;
}

/** A replica this much busier than the least busy one loses its prefix affinity: a warm cache is worth less than a long queue. */
const SLACK = 4;

/** Replicas of one model, best first. Pure: the same input gives the same order. */
export function orderReplicas(replicas: readonly ModelProfile[], input: BalanceInput): ModelProfile[] {
  if (replicas.length < 2) return [...replicas];
  const load = (profile: ModelProfile): number => profile.inFlight / profile.weight;
  switch (input.balance) {
    case 'round-robin': {
      const start = input.turn % replicas.length;
      return [...replicas.slice(start), ...replicas.slice(0, start)];
    }
    case 'least-busy':
      return rotate(replicas, input.turn).sort((a, b) => load(a) - load(b));
    case 'weighted': {
      const total = replicas.reduce((sum, { weight }) => sum + weight, 0);
      let left = input.random * total;
      const first = replicas.find(({ weight }) => {
        left -= weight;
        return left < 0;
      });
      return [...replicas].sort((a, b) => Number(b === first) - Number(a === first) || load(a) - load(b));
    }
    case 'prefix': {
      const least = Math.min(...replicas.map(load));
      // Rendezvous hashing: a replica that comes or goes moves only its own share of the conversations.
      const rank = new Map(replicas.map((profile) => [profile, hash(`${input.prefix}\n${formatRef(profile.ref)}`)]));
      return [...replicas].sort((a, b) => Number(load(a) > least + SLACK) - Number(load(b) > least + SLACK) || (rank.get(b) ?? 0) - (rank.get(a) ?? 0));
    }
  }
}

const rotate = <T>(items: readonly T[], by: number): T[] => [...items.slice(by % items.length), ...items.slice(0, by % items.length)];

/** FNV-1a, 32 bits, with a final mix so that short differences spread. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
