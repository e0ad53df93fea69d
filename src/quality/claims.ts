import { conflicting, containment, cosine, type Features, featuresOf, likeness } from './similarity.ts';
import { comparable, sentencesOf } from './text.ts';

/** A statement that one or more answers make. */
export interface Claim {
  /** In the words of the first answer that makes it. */
  readonly text: string;
  /** Positions of the answers that make it, ascending. */
  readonly supporters: readonly number[];
  /** Share of the non-empty answers that make it, 0-1. */
  readonly share: number;
}

/** Most claims read from one answer, and from all of them together; more would cost time and change little. */
const MAX_PER_ANSWER = 80;
const MAX_TOTAL = 480;
const SAME = 0.5;
const CONTAINED = 0.75;
const SAME_MEANING = 0.82;

const FILLER =
  /^(?:sure|certainly|of course|great question|here(?:'s| is| are)|let me|let's|i hope|hope this|in summary|note that|물론|네[,.]|다음은|아래는|도움이|안녕하세요)/i;

interface Sentence {
  readonly answer: number;
  readonly text: string;
  readonly features: Features;
  readonly vector?: readonly number[];
}

/** The statements an answer makes, sentence by sentence; greetings, fillers and fragments are left out. */
export function claimsOf(answer: string, max = MAX_PER_ANSWER): string[] {
  return sentencesOf(comparable(answer), max * 2)
    .filter((sentence) => sentence.length >= 8 && !sentence.endsWith('?') && !sentence.endsWith(':') && !FILLER.test(sentence))
    .map((sentence) => (sentence.length > 400 ? sentence.slice(0, 400) : sentence))
    .slice(0, max);
}

function supports(a: Sentence, b: Sentence): number {
  if (conflicting(a.features, b.features)) return 0;
  if (a.vector !== undefined && b.vector !== undefined) {
    const meaning = cosine(a.vector, b.vector);
    if (meaning >= SAME_MEANING) return meaning;
  }
  const alike = likeness(a.features, b.features);
  if (alike >= SAME) return alike;
  return containment(a.features, b.features) >= CONTAINED ? SAME : 0;
}

/** The sentences that will be compared, so that a caller can embed them. */
export const claimTexts = (answers: readonly string[]): string[][] => {
  const each = Math.max(8, Math.min(MAX_PER_ANSWER, Math.floor(MAX_TOTAL / Math.max(1, answers.length))));
  return answers.map((answer) => claimsOf(answer, each));
};

/**
 * Groups the statements of several answers: sentences that say the same become one claim with all who make it. Numbers, negation and
 * opposite words keep sentences apart that only look alike. Most supported first, then in the order they were made.
 * `vectors`, where given, hold one embedding per sentence of `claimTexts`.
 */
export function sharedClaims(answers: readonly string[], vectors?: readonly (readonly (readonly number[])[])[]): Claim[] {
  const texts = claimTexts(answers);
  const voters = Math.max(1, answers.filter((answer) => answer.trim() !== '').length);
  const groups: { readonly first: Sentence; readonly supporters: Set<number> }[] = [];
  texts.forEach((sentences, answer) => {
    sentences.forEach((text, at) => {
      const vector = vectors?.[answer]?.[at];
      const sentence: Sentence = { answer, text, features: featuresOf(text), ...(vector !== undefined && { vector }) };
      if (sentence.features.words.length < 2) return;
      let best: (typeof groups)[number] | undefined;
      let bestScore = 0;
      for (const group of groups) {
        const score = supports(group.first, sentence);
        if (score > bestScore) {
          bestScore = score;
          best = group;
        }
      }
      if (best === undefined) groups.push({ first: sentence, supporters: new Set([answer]) });
      else best.supporters.add(answer);
    });
  });
  return groups
    .map(({ first, supporters }) => ({ text: first.text, supporters: [...supporters].sort((a, b) => a - b), share: supporters.size / voters }))
    .sort((a, b) => b.supporters.length - a.supporters.length);
}
