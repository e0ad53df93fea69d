import { sameFinal } from './final-same.ts';
import type { FinalAnswer } from './final-value.ts';

/** Answers that end up with the same short answer. */
export interface Cluster {
  /** The short answer in canonical form, as most of them write it. */
  readonly value: string;
  /** Positions of the answers in it, ascending. */
  readonly members: readonly number[];
}

interface Building {
  readonly finals: FinalAnswer[];
  readonly members: number[];
}

function mostFrequent(finals: readonly FinalAnswer[]): string {
  const counts = new Map<string, number>();
  for (const { value } of finals) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}

/**
 * Answers grouped by their short final answer, largest group first. Empty when they are open prose: when fewer than half of those that
 * answer at all (`voters`) mark or calculate a final answer, and the unmarked ones (last numbers) do not meet.
 */
export function clustersOf(finals: readonly (FinalAnswer | undefined)[], voters: number): Cluster[] {
  const groups: Building[] = [];
  finals.forEach((final, index) => {
    if (final === undefined) return;
    const written = groups.find(({ finals: known }) => known.some(({ kind, value }) => kind === final.kind && value === final.value));
    const group = written ?? groups.find(({ finals: known }) => known.some((member) => sameFinal(member, final)));
    if (group === undefined) groups.push({ finals: [final], members: [index] });
    else {
      group.finals.push(final);
      group.members.push(index);
    }
  });
  groups.sort((a, b) => b.members.length - a.members.length);
  const firm = finals.filter((final) => final?.explicit === true || final?.worked === true).length;
  const largest = groups[0]?.members.length ?? 0;
  if (voters === 0 || largest === 0 || (firm * 2 < voters && largest * 2 <= voters)) return [];
  return groups.map(({ finals: known, members }) => ({ value: mostFrequent(known), members }));
}
