import { formatRef, type ModelRef } from '../core/model.ts';
import type { MemberAnswer } from './members.ts';

type Language = 'en' | 'ko' | 'other';

/** What a person reads while several models work. Korean for Korean questions, else English. */
export interface Wording {
  asking(targets: readonly ModelRef[]): string;
  settled(answer: MemberAnswer): string;
  judging(judge: ModelRef): string;
  judgeFailed(judge: ModelRef): string;
  disagree(percent: number, strong: ModelRef): string;
  single(target: ModelRef): string;
  parts(questions: readonly string[]): string;
  checking(checker: ModelRef): string;
  repairing(author: ModelRef, problems: number): string;
  step(id: string, target: ModelRef): string;
  stepDone(id: string, seconds: number): string;
}

/** Names with how often each stands there: 'a/x, b/y (3 samples)'. */
function listed(targets: readonly ModelRef[], times: (count: number) => string): string {
  const counts = new Map<string, number>();
  for (const target of targets) counts.set(formatRef(target), (counts.get(formatRef(target)) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} ${times(count)}`)).join(', ');
}

const seconds = (value: number): string => value.toFixed(1);

const ENGLISH: Wording = {
  asking: (targets) => `Asking ${listed(targets, (count) => `(${count} samples)`)}.\n`,
  settled: ({ target, outcome, seconds: took }) =>
    outcome === 'ok' ? `${formatRef(target)} answered after ${seconds(took)} s.\n` : `${formatRef(target)}: no answer (${outcome}) after ${seconds(took)} s.\n`,
  judging: (judge) => `${formatRef(judge)} writes the answer.\n`,
  judgeFailed: (judge) => `${formatRef(judge)} could not; the best single answer follows.\n`,
  disagree: (percent, strong) => `The answers agree to ${percent} %: asking ${formatRef(strong)}.\n`,
  single: (target) => `One model only for this request: ${formatRef(target)}.\n`,
  parts: (questions) => `Parts:\n${questions.map((question, index) => `${index + 1}. ${question}\n`).join('')}`,
  checking: (checker) => `${formatRef(checker)} checks the answer.\n`,
  repairing: (author, problems) => `${problems} problem${problems === 1 ? '' : 's'} found; ${formatRef(author)} corrects the answer.\n`,
  step: (id, target) => `Step ${id}: asking ${formatRef(target)}.\n`,
  stepDone: (id, took) => `Step ${id} done after ${seconds(took)} s.\n`,
};

const KOREAN: Wording = {
  asking: (targets) => `${listed(targets, (count) => `(${count}회)`)}에 물어보는 중입니다.\n`,
  settled: ({ target, outcome, seconds: took }) =>
    outcome === 'ok'
      ? `${formatRef(target)}: ${seconds(took)}초 만에 답했습니다.\n`
      : `${formatRef(target)}: 답이 없습니다 (${outcome}, ${seconds(took)}초).\n`,
  judging: (judge) => `${formatRef(judge)}: 답을 종합하는 중입니다.\n`,
  judgeFailed: (judge) => `${formatRef(judge)}: 종합하지 못했습니다. 가장 나은 답을 그대로 전합니다.\n`,
  disagree: (percent, strong) => `답이 ${percent} % 일치합니다. ${formatRef(strong)}에 물어봅니다.\n`,
  single: (target) => `이 요청은 한 모델만 답합니다: ${formatRef(target)}.\n`,
  parts: (questions) => `나눈 질문:\n${questions.map((question, index) => `${index + 1}. ${question}\n`).join('')}`,
  checking: (checker) => `${formatRef(checker)}: 답을 검토하는 중입니다.\n`,
  repairing: (author, problems) => `문제 ${problems}개를 찾았습니다. ${formatRef(author)}: 답을 고치는 중입니다.\n`,
  step: (id, target) => `${id} 단계: ${formatRef(target)}에 물어보는 중입니다.\n`,
  stepDone: (id, took) => `${id} 단계를 ${seconds(took)}초 만에 마쳤습니다.\n`,
};

/** Says nothing: for a reader who gets one answer at the end. */
const SILENT = Object.fromEntries(Object.keys(ENGLISH).map((name) => [name, () => ''])) as unknown as Wording;

export const wordingFor = (language: Language, silent = false): Wording => (silent ? SILENT : language === 'ko' ? KOREAN : ENGLISH);
