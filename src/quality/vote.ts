import { type Agreement, agreement, asked } from './agreement.ts';
import { soundness } from './soundness.ts';

export interface VoteOptions {
  /** The question, where known: breaks ties by what it demands. */
  readonly question?: string;
  /** Weight of each answer's vote; 1 each unless given. */
  readonly weights?: readonly number[];
  /** The soundness of each answer, 0-100, where it is known already. */
  readonly sound?: readonly number[];
  /** The agreement of the same answers, where it is known already. */
  readonly agreement?: Agreement;
}

export interface Vote {
  /** Position of the answer that speaks for the winners; -1 when all answers are empty. */
  readonly index: number;
  /** That answer, whole. */
  readonly answer: string;
  /** The short answer that won, in canonical form; absent for prose. */
  readonly value?: string;
  /** Share of the votes behind it, 0-1; for prose its support. */
  readonly share: number;
  readonly agreement: Agreement;
}

/** Position of the largest score; the first one of equals, -1 of none. */
const argMax = (scores: readonly number[]): number => scores.reduce((best, score, at) => (best === -1 || score > (scores[best] as number) ? at : best), -1);

/**
 * The answer most answers stand behind. Answers that end in something short are counted by it; of a tie, the side whose answers are
 * sounder wins, then the earlier one. Prose has no ballots: there the answer whose claims the others share most wins.
 */
export function vote(answers: readonly string[], options: VoteOptions = {}): Vote {
  const found = options.agreement ?? agreement(answers, asked(options.question));
  const sound = options.sound ?? answers.map((answer) => soundness(answer, options.question).score);
  const weightOf = (index: number): number => options.weights?.[index] ?? 1;
  const total = answers.reduce((sum, answer, index) => sum + (answer.trim() === '' ? 0 : weightOf(index)), 0);
  if (total === 0) return { index: -1, answer: '', share: 0, agreement: found };
  if (found.mode === 'closed') {
    const scores = found.clusters.map(({ members }) => {
      const mean = members.reduce((sum, index) => sum + (sound[index] as number), 0) / members.length;
      return members.reduce((sum, index) => sum + weightOf(index), 0) + mean / 1_000;
    });
    const winner = found.clusters[argMax(scores)];
    if (winner !== undefined) {
      const index = winner.members[argMax(winner.members.map((member) => sound[member] as number))] as number;
      const votes = winner.members.reduce((sum, member) => sum + weightOf(member), 0);
      return { index, answer: answers[index] as string, value: winner.value, share: votes / total, agreement: found };
    }
  }
  const scores = answers.map((answer, index) =>
    answer.trim() === '' ? -1 : (found.support[index] as number) * 100 * weightOf(index) + (sound[index] as number) / 5,
  );
  const index = argMax(scores);
  return { index, answer: answers[index] as string, share: found.support[index] as number, agreement: found };
}
