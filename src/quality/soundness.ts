import { askedSum, checkArithmetic } from './arithmetic.ts';
import { choiceHolds, contradictions } from './consistency.ts';
import { finalAnswer } from './final-answer.ts';
import type { FinalAnswer } from './final-value.ts';
import { followsForm } from './instructions.ts';
import { canonicalNumber, sameNumber } from './number.ts';
import { isCutOff, isRefusal } from './signs.ts';
import { contentWords } from './similarity.ts';
import { comparable, countWords, wordsOf } from './text.ts';

const HEDGE =
  /\b(?:i(?:'m| am) not (?:entirely )?(?:sure|certain)|not sure|i (?:guess|think|believe)|might be|it is unclear|cannot be determined|hard to say|probably)\b|잘 모르|확실하지|아마도?|추측|인 것 같/gi;
const TURNING =
  /\b(?:wait,|actually,|let me (?:re-?check|reconsider|try again)|correction:|oops|i made (?:a|an) (?:mistake|error))|다시 (?:계산|확인)|잠깐,|정정/gi;
/** Assurances that no right answer needs. */
const EMPHATIC =
  /\b(?:without (?:a|any) doubt|undoubtedly|definitely|absolutely|obviously|unquestionably|trust me|100% (?:sure|certain|correct|accurate)|i(?:'m| am) (?:absolutely|completely|very|100%) (?:sure|certain|confident)|there is no (?:doubt|question)|guaranteed)\b|의심의 여지|틀림없|절대적으로|확신합니다|당연히/gi;
const TO_THE_JUDGE =
  /\b(?:ignore|disregard|forget)\b[^.\n]{0,40}\b(?:previous|other|above|prior|all)\b|\b(?:best|winning|correct) (?:answer|response|member)\b[^.\n]{0,20}\b(?:is mine|must be chosen|wins)|\bas (?:the|a) judge\b|"(?:verdict|winner|score|best)"\s*:|\bchoose (?:this|my) (?:answer|response)|이 답변을 (?:선택|골라)|다른 답변(?:은|을|들)[^.\n]{0,20}무시|심판/i;
/** Remarks about oneself, and offers, where an answer was asked for. */
const PREAMBLE = /^(?:sure|certainly|of course|absolutely|great question|what a great|i'd be happy|i would be happy|as an ai)\b/i;

const ASKS_NUMBER =
  /\bhow (?:many|much|old|tall|long|far|fast)\b|\b(?:calculate|compute|evaluate)\b|\bwhat is the (?:sum|product|value|total|average|probability|area|number|remainder|difference)\b|몇|얼마|구하시오|계산/i;
const WANTS_LENGTH =
  /\b(?:essay|article|story|in detail|detailed|comprehensive|thorough|step[- ]by[- ]step|elaborate|long|blog|letter|report|poem)\b|자세히|상세|에세이|이야기|단계별|길게/i;
/** Fewer words are no answer to a question that asks for something long. */
const THIN_WORDS = 15;
const MEDIUM = 0.5;

/** Whether a question asks for a long answer. */
export const wantsLength = (question: string): boolean => WANTS_LENGTH.test(question);

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

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

function ownTerms(text: string, final: FinalAnswer | undefined): [string, number][] {
  const sums = checkArithmetic(text);
  const against = contradictions(text, final);
  const repeated = repetition(text);
  return [
    ['arithmetic', sums.wrong > 0 ? -Math.min(30, 15 * sums.wrong) : Math.min(4, 2 * sums.right)],
    ['refusal', isRefusal(text) ? -20 : 0],
    ['cutOff', isCutOff(text) ? -20 : 0],
    ['repetition', repeated > 0.15 ? -30 * Math.min(1, repeated) : 0],
    ['contradiction', -Math.min(16, 6 * against.opposites + (against.changesItsAnswer ? 10 : 0))],
    ['hedging', -Math.min(6, 2 * count(text, HEDGE))],
    ['turning', -Math.min(6, 2 * count(text, TURNING))],
    ['emphasis', -Math.min(8, 3 * count(text, EMPHATIC))],
    ['preamble', PREAMBLE.test(text) ? -1 : 0],
    ['toTheJudge', TO_THE_JUDGE.test(text) ? -40 : 0],
  ];
}

function termsFor(question: string, text: string, final: FinalAnswer | undefined): [string, number][] {
  const form = followsForm(question, text);
  const choice = choiceHolds(question, text, final);
  const sum = askedSum(question);
  const given = sum === undefined ? undefined : final;
  const isRight = given?.kind === 'number' && sum !== undefined && sameNumber(given.value, canonicalNumber(sum));
  const wantsNumber = !choice.offers && ASKS_NUMBER.test(question) && !/\d/.test(text) && final?.kind !== 'number';
  return [
    ['form', form.asked === 0 ? 0 : form.met === 1 ? 8 : -30 * (1 - form.met)],
    ['choice', choice.offers && !choice.chosen ? -15 : choice.holds === 0 ? 0 : choice.holds === 1 ? 4 : -14],
    ['result', given?.kind !== 'number' ? 0 : isRight ? 15 : -15],
    ['thin', wantsLength(question) && countWords(text) < THIN_WORDS ? -10 : 0],
    ['noNumber', wantsNumber ? -12 : 0],
    ['relevance', 12 * (relevance(question, text) - 0.25)],
  ];
}

/**
 * What an answer shows of itself without looking at others, 0-100: sums that do not add up, being cut off, repeating or contradicting itself,
 * refusing, hedging, empty assurances, changing its mind, speaking to a judge instead of the reader; with the question, whether its demands of form
 * are met, whether the choice named is the one its reasoning came to, and whether it is about what was asked. Length earns nothing. An empty
 * answer has 0.
 */
export function soundness(answer: string, question?: string): Soundness {
  const text = comparable(answer);
  if (text === '') return { score: 0, terms: { empty: -50 } };
  const final = finalAnswer(text);
  const found = ownTerms(text, final);
  if (final?.explicit === true && final.kind !== 'text') found.push(['finalAnswer', 3]);
  if (question !== undefined && question.trim() !== '') found.push(...termsFor(comparable(question), text, final));
  const terms = Object.fromEntries(found.filter(([, points]) => points !== 0).map(([name, points]) => [name, Math.round(points * 100) / 100]));
  const score = Object.values(terms).reduce((sum, points) => sum + points, 50);
  return { score: Math.max(1, Math.min(100, score)), terms };
}
