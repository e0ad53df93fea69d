import { checkArithmetic } from './arithmetic.ts';
import { finalAnswer } from './final-answer.ts';
import { followsForm } from './instructions.ts';
import { contentWords } from './similarity.ts';
import { comparable, countWords, wordsOf } from './text.ts';

const REFUSAL =
  /^(?:i(?:'m| am) (?:sorry|unable|not able)|sorry,|i (?:can(?:no|')t|cannot|don't have)|as an ai|죄송|저는 (?:AI|인공지능)|답변(?:을|할) 수 없)/i;
const HEDGE =
  /\b(?:i(?:'m| am) not (?:entirely )?(?:sure|certain)|not sure|i (?:guess|think)|might be|it is unclear|cannot be determined|hard to say|probably)\b|잘 모르|확실하지|아마도?|추측|인 것 같/gi;
const TURNING =
  /\b(?:wait,|actually,|let me (?:re-?check|reconsider|try again)|correction:|oops|i made (?:a|an) (?:mistake|error))|다시 (?:계산|확인)|잠깐,|정정/gi;
const TO_THE_JUDGE =
  /\b(?:ignore|disregard|forget)\b[^.\n]{0,40}\b(?:previous|other|above|prior|all)\b|\b(?:best|winning|correct) (?:answer|response|member)\b[^.\n]{0,20}\b(?:is mine|must be chosen|wins)|\bas (?:the|a) judge\b|"(?:verdict|winner|score|best)"\s*:|\bchoose (?:this|my) (?:answer|response)|이 답변을 (?:선택|골라)|다른 답변(?:은|을|들)[^.\n]{0,20}무시|심판/i;

const MEDIUM = 0.5;

/** Share of the words that repeat a stretch of five words already said. */
function repetition(text: string): number {
  const words = wordsOf(text.slice(0, 12_000));
  if (words.length < 30) return 0;
  const seen = new Set<string>();
  let again = 0;
  for (let at = 0; at + 5 <= words.length; at++) {
    const piece = words.slice(at, at + 5).join(' ');
    if (seen.has(piece)) again++;
    else seen.add(piece);
  }
  return again / (words.length - 4);
}

function isCutOff(text: string): boolean {
  if ((text.split('```').length - 1) % 2 === 1) return true;
  if (countWords(text) < 40) return false;
  return /[\p{L}\p{N},;(\-–]$/u.test(text) && !/(?:다|요|음|함|임)$/.test(text) && !/^\s*(?:[-*+|]|\d{1,2}[.)])/.test(text.slice(text.lastIndexOf('\n') + 1));
}

/** How much of the question an answer takes up, and how much of the answer is about it, 0-1. Does not grow with length. */
function relevance(question: string, answer: string): number {
  const asked = new Set(contentWords(comparable(question.slice(0, 4_000))));
  const said = contentWords(comparable(answer.slice(0, 6_000)));
  if (asked.size === 0 || said.length === 0) return MEDIUM;
  const distinct = new Set(said);
  let taken = 0;
  for (const word of distinct) if (asked.has(word)) taken++;
  const coverage = taken / asked.size;
  const density = taken / distinct.size;
  return coverage + density === 0 ? 0 : (2 * coverage * density) / (coverage + density);
}

export interface Soundness {
  /** 0-100; 50 is an answer that nothing speaks for or against. */
  readonly score: number;
  /** What moved the score, in points. */
  readonly terms: Readonly<Record<string, number>>;
}

/**
 * What an answer shows of itself without looking at others, 0-100: sums that do not add up, being cut off, repeating itself, refusing,
 * hedging, changing its mind, speaking to a judge instead of the reader; with the question, whether its demands of form are met and it
 * is about what was asked. Length earns nothing. An empty answer has 0.
 */
export function soundness(answer: string, question?: string): Soundness {
  const text = comparable(answer);
  if (text === '') return { score: 0, terms: { empty: -50 } };
  const terms: Record<string, number> = {};
  const add = (name: string, points: number): void => {
    if (points !== 0) terms[name] = Math.round(points * 100) / 100;
  };
  const sums = checkArithmetic(text);
  add('arithmetic', sums.wrong > 0 ? -Math.min(25, 12 * sums.wrong) : Math.min(6, 2 * sums.right));
  if (REFUSAL.test(text)) add('refusal', -20);
  if (isCutOff(text)) add('cutOff', -20);
  const repeated = repetition(text);
  if (repeated > 0.15) add('repetition', -30 * Math.min(1, repeated));
  add('hedging', -Math.min(8, 3 * (text.match(HEDGE)?.length ?? 0)));
  add('turning', -Math.min(10, 4 * (text.match(TURNING)?.length ?? 0)));
  if (TO_THE_JUDGE.test(text)) add('toTheJudge', -40);
  const final = finalAnswer(text);
  if (final?.explicit === true) add('finalAnswer', 3);
  if (question !== undefined && question.trim() !== '') {
    const form = followsForm(question, text);
    if (form.asked > 0) add('form', form.met === 1 ? 8 : -20 * (1 - form.met));
    add('relevance', 16 * (relevance(question, text) - 0.25));
  }
  const score = Object.values(terms).reduce((sum, points) => sum + points, 50);
  return { score: Math.max(1, Math.min(100, score)), terms };
}
