import type { Agreement } from './agreement.ts';
import { featuresOf, likeness } from './similarity.ts';
import { comparable, sentencesOf } from './text.ts';

/** Least share of the chosen answer that must stay, and least claims, for a text made of claims to be worth more than the answer itself. */
const LEAST_KEPT = 0.4;
const LEAST_CLAIMS = 2;
const SAME = 0.5;

/**
 * The chosen answer reduced to what most answers claim, in its own order and layout (headings and code stay), with the majority's claims
 * that it lacks added at the end. When too little would be left, or the answers end in something short, the chosen answer as it is.
 */
export function majorityText(answers: readonly string[], chosen: number, found: Agreement): string {
  const answer = answers[chosen] ?? '';
  const majority = found.claims.filter(({ share }) => share > 0.5);
  if (found.mode === 'closed' || answers.length < 3 || majority.length < LEAST_CLAIMS) return answer;
  const known = majority.map(({ text }) => featuresOf(text));
  const isMajority = (sentence: string): boolean => {
    const features = featuresOf(comparable(sentence));
    return known.some((claim) => likeness(claim, features) >= SAME);
  };
  let inCode = false;
  const lines: string[] = [];
  for (const line of answer.split('\n')) {
    const isFence = line.trimStart().startsWith('```');
    if (isFence) inCode = !inCode;
    if (isFence || inCode || line.trim() === '' || /^\s*#{1,6}\s/.test(line)) {
      lines.push(line);
      continue;
    }
    const mark = /^\s*(?:(?:[-*+•]|\d{1,2}[.)])\s+)?/.exec(line)?.[0] ?? '';
    const kept = line
      .slice(mark.length)
      .split(/(?<=[.!?。！？])\s+/)
      .filter(isMajority);
    if (kept.length > 0) lines.push(mark + kept.join(' '));
  }
  const text = lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  if (sentencesOf(text).length < LEAST_CLAIMS || text.length < LEAST_KEPT * answer.trim().length) return answer;
  const missing = majority.filter(({ supporters }) => !supporters.includes(chosen)).map((claim) => claim.text);
  return missing.length === 0 ? text : `${text}\n\n${missing.join(' ')}`;
}
