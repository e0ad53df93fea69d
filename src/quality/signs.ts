import { countWords } from './text.ts';

const REFUSAL =
  /^(?:i(?:['’]m| am) (?:sorry|unable|not able)|sorry\b|i apologi[sz]e|unfortunately,? i|i (?:can(?:no|['’])t|cannot|won['’]t|do(?:n['’]t| not) have (?:access|enough|the ability|information))|as an? (?:ai|language model|large language)|죄송|미안|저는 (?:AI|인공지능|언어 모델)|(?:답변|도움|제공)(?:을|를|할|해)[^.\n]{0,12}(?:수 없|드릴 수 없))/i;

/** Whether a text declines to answer. */
export const isRefusal = (text: string): boolean => REFUSAL.test(text.trimStart());

/** Whether a text stops in the middle: an open code fence, or a long text that ends without the end of a sentence. */
export function isCutOff(text: string): boolean {
  if ((text.split('```').length - 1) % 2 === 1) return true;
  if (countWords(text) < 40) return false;
  const end = text.trimEnd();
  const last = end.slice(end.lastIndexOf('\n') + 1);
  if (/[=+×÷,;(–]$|\s[-*/]$/.test(end)) return true;
  return /[\p{L}\p{N}-]$/u.test(end) && !/(?:다|요|음|함|임)$/.test(end) && !/^\s*(?:[-*+|#]|\d{1,2}[.)])/.test(last) && !/\d\s?(?:\p{L}{0,10})$/u.test(last);
}
