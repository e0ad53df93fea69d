import { type Agreement, agreement, asked } from './agreement.ts';
import { lengthPoints, shapeOf, structurePoints } from './shape.ts';
import { type Features, featuresOf, likeness } from './similarity.ts';
import { soundness } from './soundness.ts';
import { comparable } from './text.ts';

/** The parts of `confidence`, in points. */
export interface ConfidenceTerms {
  readonly length: number;
  readonly structure: number;
  readonly examples: number;
  readonly similarity: number;
}

/** The parts of `confidence`: length up to 30, structure 20, examples 20, likeness to the other answers 30. */
export function confidenceTerms(answer: string, others: readonly string[]): ConfidenceTerms {
  const present = others.filter((other) => other.trim() !== '');
  return termsOf(
    answer,
    featuresOf(comparable(answer)),
    present.map((other) => featuresOf(comparable(other))),
  );
}

function termsOf(answer: string, features: Features, present: readonly Features[]): ConfidenceTerms {
  const shape = shapeOf(answer);
  const alike = present.reduce((sum, other) => sum + likeness(features, other), 0);
  return {
    length: lengthPoints(shape.words, 30),
    structure: structurePoints(shape, 20),
    examples: Math.min(20, shape.examples * 10 + shape.codeBlocks * 10),
    similarity: present.length === 0 ? 0 : 30 * Math.min(1, alike / present.length),
  };
}

/**
 * How confident an answer looks, 0-100: length 30, structure 20, examples 20, likeness to the others 30. It rewards layout and says
 * little about truth; use `trust` to choose between answers.
 */
export function confidence(answer: string, others: readonly string[]): number {
  return answer.trim() === '' ? 0 : sumOf(confidenceTerms(answer, others));
}

/** `confidence` where the texts' features are known already; those of empty answers left out. */
export const confidenceFrom = (answer: string, features: Features, others: readonly Features[]): number =>
  answer.trim() === '' ? 0 : sumOf(termsOf(answer, features, others));

const sumOf = (terms: ConfidenceTerms): number => Math.round(terms.length + terms.structure + terms.examples + terms.similarity);

/** Shares of `trust`: what the others say counts most, because agreement is what tracks truth. */
const BY_AGREEMENT = 0.8;

/** `trust` of every answer to one question, in order. `found` spares comparing them again, `sound` looking at each again. */
export function trusts(
  answers: readonly string[],
  question?: string,
  found: Agreement = agreement(answers, asked(question)),
  sound?: readonly number[],
): number[] {
  const voters = answers.filter((answer) => answer.trim() !== '').length;
  return answers.map((answer, index) => {
    if (answer.trim() === '') return 0;
    const own = sound?.[index] ?? soundness(answer, question).score;
    if (voters < 2) return Math.round(own);
    return Math.round(BY_AGREEMENT * 100 * (found.support[index] as number) + (1 - BY_AGREEMENT) * own);
  });
}

/**
 * How far an answer can be trusted, 0-100: the share of the other answers that stand with it (same final answer; shared claims in
 * prose) makes 80, its own soundness 20. Length and layout earn nothing. Without others it is the soundness alone.
 */
export function trust(answer: string, others: readonly string[], question?: string): number {
  return trusts([answer, ...others], question)[0] as number;
}
