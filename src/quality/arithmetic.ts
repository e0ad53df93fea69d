import { dateIn } from './dates.ts';
import { constantOf, plainMath } from './expression.ts';
import { NUMBER_SOURCE, parseNumber } from './number.ts';

const EQUATION = new RegExp(
  String.raw`(?<![\w)\]}^.:%/]|[*×÷+\-=(/]\s?|\d,)((?:[$€£₩]?[\d.(][\d\s$€£₩,.()*/+\-×÷^]{0,80}?))\s?[=≈]\s?(${NUMBER_SOURCE})(?!\s?[-+*/×÷^(!]|\s?(?:remainder|r\s?\d|mod)|[\w]*\d)`,
  'gi',
);

/** 'three' signs of calculation in words as signs: '12 times 7 is 84' as '12 * 7 = 84', '20% of 50' as '(20/100) * 50'. */
const asSigns = (text: string): string =>
  plainMath(text)
    .replace(/(\d[\d,.]{0,15})\s?(?:%|percent)\s+of\s+(?=[$€£₩]?\d)/gi, '($1/100) * ')
    .replace(/(?<=[\d)]\s?)(?:×|\bx\b|times|multiplied by)\s?(?=[$€£₩(]?\d)/gi, '* ')
    .replace(/(?<=[\d)]\s?)(?:plus|added to)\s?(?=[$€£₩(]?\d)/gi, '+ ')
    .replace(/(?<=[\d)]\s?)minus\s?(?=[$€£₩(]?\d)/gi, '- ')
    .replace(/(?<=[\d)]\s?)(?:÷|divided by)\s?(?=[$€£₩(]?\d)/gi, '/ ')
    .replace(/(?<=[-+*/]\s?[$€£₩]?\d[\d,.]{0,15}\)?)\s(?:equals|is equal to|is|gives|makes)\s(?=[$€£₩]?-?\d)/gi, ' = ');

/** Equations of plain numbers in a text ('9 * 2 = 18', '20% of 50 is 10'), calculated again: how many hold and how many do not, rounding allowed. */
export function checkArithmetic(text: string): { readonly right: number; readonly wrong: number } {
  let right = 0;
  let wrong = 0;
  for (const match of asSigns(text.slice(0, 24_000)).matchAll(EQUATION)) {
    const [, expression = '', written = ''] = match;
    if (!/[\d)]\s?[-+*/×÷^]\s?[$€£₩(\d.]/.test(expression)) continue;
    const value = constantOf(
      expression
        .replace(/[$€£₩]/g, '')
        .replaceAll('×', '*')
        .replaceAll('÷', '/')
        .trim(),
    );
    const claimed = parseNumber(written);
    if (value === undefined || claimed === undefined) continue;
    if (holds(value, claimed, written)) right++;
    else wrong++;
  }
  return { right, wrong };
}

function holds(value: number, claimed: number, written: string): boolean {
  if (/%|percent/i.test(written) && Math.abs(value * 100 - claimed) <= 0.51) return true;
  const places = written.replace(/[^\d.]/g, '').split('.')[1]?.length ?? 0;
  const isRounded = places > 0 || !Number.isInteger(value) || /million|billion|thousand|[만억조]/i.test(written);
  const slack = /million|billion|thousand|[만억조]/i.test(written) ? Math.abs(value) * 0.01 : 0.51 * 10 ** -places;
  return value === claimed || (isRounded && Math.abs(value - claimed) <= slack + Math.abs(value) * 1e-9);
}

/** What a question comes to that asks for a plain sum ('What is 12 * 7?', '15% of 80 = ?'); undefined for any other. */
export function askedSum(question: string): number | undefined {
  const text = asSigns(question.slice(0, 400)).replace(/\s+/g, ' ').trim();
  const asked = /(?:\b(?:what is|what's|calculate|compute|evaluate|solve|how much is)|계산):?\s*([\d(][\d\s,.()*/+\-^×÷]{2,80}?)\s*(?:=\s*)?\s?[?.]*$/i.exec(
    text,
  )?.[1];
  const bare = asked ?? /^([\d(][\d\s,.()*/+\-^×÷]{2,80}?)\s*(?:=\s*\??|\?|[은는]\??)$/.exec(text)?.[1];
  if (bare === undefined || dateIn(bare) !== undefined || !/\d\s?\)?\s?[-*/+^×÷]\s?\(?\d/.test(bare)) return undefined;
  return constantOf(bare.replaceAll('×', '*').replaceAll('÷', '/'));
}
