import type { Complexity } from '../core/plan.ts';
import type { ClassifierInput } from './text.ts';

const PARTS = /(?:^|\n)\s*(?:[-*•]|\d{1,2}[.)]|[a-z]\)|[가나다라]\.)\s|\?|？/g;
const CONSTRAINTS =
  /\b(?:must|should|at least|at most|without|only|exactly|no more than|require[sd]?|constraint|ensure|include|using|step by step|in detail|thorough|comprehensive|compare|trade-?offs?|architecture|design|prove|optimi[sz]e)\b|반드시|최소|최대|이상|이하|없이|조건|포함|단계별|자세히|상세|구체적|비교|설계|증명|최적화|고려|장단점|분석/gi;

const countOf = (text: string, pattern: RegExp): number => {
  let count = 0;
  for (const _match of text.matchAll(pattern)) count++;
  return count;
};

/**
 * How much a request asks of a model: from its length, the parts and conditions it names, what is pasted with it and how
 * long the conversation is. A short question without conditions is low; three parts with conditions are high.
 */
export function estimateComplexity(input: ClassifierInput): Complexity {
  const { text, evidence } = input;
  if (text.trim() === '') return 'low';
  // A Hangul syllable carries about as much as two and a half Latin letters.
  const hangul = countOf(text, /[가-힣]/g);
  const length = text.length + hangul * 1.5;
  let points = 0;
  points += length > 1_200 ? 3 : length > 500 ? 2 : length > 160 ? 1 : 0;
  points += Math.min(3, Math.max(0, countOf(text, PARTS) - 1));
  points += Math.min(4, countOf(text, CONSTRAINTS));
  points += evidence.pastedChars > 4_000 ? 2 : evidence.pastedChars > 300 ? 1 : 0;
  if (evidence.hasFormula) points += 1;
  if (evidence.hasCode && evidence.pastedChars > 0) points += 1;
  points += evidence.userTurns > 6 ? 1 : 0;
  if (points >= 6) return 'high';
  return points >= 2 ? 'medium' : 'low';
}
