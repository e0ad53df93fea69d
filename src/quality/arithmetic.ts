const OPERAND = String.raw`[$€£₩]?\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,10})?`;
const EQUATION = new RegExp(
  String.raw`(?<![\w)\]}^.,*/×÷+\-=]\s?)(${OPERAND}(?:\s?[-+*/×÷x−]\s?${OPERAND}){1,6})\s?=\s?(-?${OPERAND})(?!\s?[-+*/×÷^(]|[\w%]*\d)`,
  'g',
);

const toValue = (text: string): number => Number(text.replace(/[$€£₩,]/g, ''));

function evaluate(expression: string): number {
  const tokens = expression.match(new RegExp(`${OPERAND}|[-+*/×÷x−]`, 'g')) ?? [];
  let total = 0;
  let term = toValue(tokens[0] ?? '');
  for (let at = 1; at + 1 < tokens.length; at += 2) {
    const operator = tokens[at];
    const value = toValue(tokens[at + 1] as string);
    if (operator === '*' || operator === '×' || operator === 'x') term *= value;
    else if (operator === '/' || operator === '÷') term /= value;
    else {
      total += term;
      term = operator === '+' ? value : -value;
    }
  }
  return total + term;
}

/** Equations of plain numbers in a text ('9 * 2 = 18'), calculated again: how many hold and how many do not, rounding allowed. */
export function checkArithmetic(text: string): { readonly right: number; readonly wrong: number } {
  let right = 0;
  let wrong = 0;
  for (const match of text.slice(0, 24_000).replaceAll('\\times', '×').replaceAll('\\div', '÷').matchAll(EQUATION)) {
    const [, expression = '', written = ''] = match;
    const value = evaluate(expression);
    const claimed = toValue(written);
    if (!Number.isFinite(value) || !Number.isFinite(claimed)) continue;
    const places = written.split('.')[1]?.length ?? 0;
    if (Math.abs(value - claimed) <= 0.51 * 10 ** -places + Math.abs(value) * 1e-9 && (places > 0 || Number.isInteger(value) === false || value === claimed))
      right++;
    else wrong++;
  }
  return { right, wrong };
}
