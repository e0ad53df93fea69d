import { type Agreement, agreement, asked } from './agreement.ts';
import { soundness, wantsLength } from './soundness.ts';
import { countWords } from './text.ts';

export interface Best {
  /** Position of the chosen answer; -1 when all are empty. */
  readonly index: number;
  readonly answer: string;
  /** Score of each answer, 0-100 (a little under 0 for wordy ones); higher is better. */
  readonly scores: readonly number[];
}

/**
 * Points taken per doubling of length against the shortest answer, and the most of them: of answers alike otherwise the shorter is right more
 * often (the longer of two is right in 44-46 % of pairs that differ in correctness). Half of it where the question asks for something long.
 */
const PER_DOUBLING = 2.5;
const MOST_FOR_LENGTH = 8;

/**
 * The most trustworthy of several answers. From three on, what the others support leads; of two, only what each shows of itself can
 * (sums that add up, demands met, not cut off). `priors` adds what is known of each author, in points (0-100 scale; differences count).
 */
export function best(
  answers: readonly string[],
  options: { readonly question?: string; readonly priors?: readonly number[]; readonly agreement?: Agreement; readonly sound?: readonly number[] } = {},
): Best {
  const present = answers.filter((answer) => answer.trim() !== '');
  if (present.length === 0) return { index: -1, answer: '', scores: answers.map(() => 0) };
  const counts = answers.map((answer) => Math.max(4, countWords(answer)));
  const shortest = Math.min(...answers.flatMap((answer, index) => (answer.trim() === '' ? [] : [counts[index] as number])));
  const isLong = wantsLength(options.question ?? '');
  const support = present.length >= 3 ? (options.agreement ?? agreement(answers, asked(options.question))).support : undefined;
  const priors = options.priors ?? [];
  const meanPrior = priors.length === 0 ? 0 : priors.reduce((sum, prior) => sum + prior, 0) / priors.length;
  const scores = answers.map((answer, index) => {
    if (answer.trim() === '') return -100;
    const own = options.sound?.[index] ?? soundness(answer, options.question).score;
    const wordy = Math.min(MOST_FOR_LENGTH, PER_DOUBLING * Math.log2((counts[index] as number) / shortest)) * (isLong ? 0.5 : 1);
    const known = 0.3 * ((priors[index] ?? meanPrior) - meanPrior);
    if (support === undefined) return own - wordy + known;
    return 0.65 * 100 * (support[index] as number) + 0.35 * (own - wordy) + known;
  });
  const index = scores.reduce((top, score, at) => (score > (scores[top] as number) ? at : top), 0);
  return { index, answer: answers[index] as string, scores };
}
