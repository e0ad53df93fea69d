/** Values that stand for the letters of a formula: two formulas that agree at three of them are taken for the same. */
const POINTS = 3;
const MAX_CHARS = 160;
const FUNCTIONS: Readonly<Record<string, (value: number) => number>> = {
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  log: Math.log10,
  ln: Math.log,
  exp: Math.exp,
  abs: Math.abs,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
};

/** '[[1,2],[3,4]]' of '1 & 2 \\\\ 3 & 4'. */
const matrix = (body: string): string =>
  `[${body
    .split('\\\\')
    .filter((row) => row.trim() !== '')
    .map(
      (row) =>
        `[${row
          .split('&')
          .map((cell) => cell.trim())
          .join(',')}]`,
    )
    .join(',')}]`;

/** LaTeX and typographic mathematics as plain text: '\dfrac{1}{2}' is '(1)/(2)', '3\sqrt{2}' is '3 sqrt(2)', '2^{10}' is '2^(10)'. */
export function plainMath(text: string): string {
  let out = text
    .replace(/\\begin\{[bpvB]?matrix\}([\s\S]{1,400}?)\\end\{[bpvB]?matrix\}/g, (_, body: string) => matrix(body))
    .replace(/\\(?:left|right|displaystyle|mathrm|operatorname|limits|bigl?|bigr?|Bigl?|Bigr?)(?![a-zA-Z])/g, '')
    .replace(/(\d)(?:\{,\}|\\[,!;:]\s?)(?=\d{3}(?!\d))/g, '$1,')
    .replace(/\\[,;:! ]|\\q?quad(?![a-zA-Z])|~/g, ' ')
    .replace(/\^\s?\{?\s?\\circ\s?\}?|°/g, ' ')
    .replace(/(\d)\s*\\[dtc]?frac\s*\{(\d{1,6})\}\s*\{(\d{1,6})\}/g, '($1+$2/$3)')
    .replace(/\\[dtc]?frac\s?(\w)(\w)/g, '(($1)/($2))');
  for (let round = 0; round < 6 && /\\[dtc]?frac|\\sqrt|\\(?:text|textbf|mathbf|mbox)/.test(out); round++) {
    out = out
      .replace(/\\(?:text|textbf|mathbf|mbox|rm)\s?\{([^{}]{0,160})\}/g, ' $1 ')
      .replace(/\\[dtc]?frac\s?\{([^{}]{1,80})\}\s?\{([^{}]{1,80})\}/g, '(($1)/($2))')
      .replace(/\\sqrt\s?\[3\]\s?\{([^{}]{1,80})\}/g, ' cbrt($1)')
      .replace(/\\sqrt\s?\{([^{}]{1,80})\}/g, ' sqrt($1)')
      .replace(/\\sqrt\s?(\w)/g, ' sqrt($1)')
      .replace(/\^\s?\{([^{}]{1,40})\}/g, '^($1)');
  }
  return out
    .replace(/√\s?\(([^()]{1,40})\)/g, ' sqrt($1)')
    .replace(/√\s?(\d{1,9}|[a-z])/g, ' sqrt($1)')
    .replace(/\^\s?\{([^{}]{1,40})\}/g, '^($1)')
    .replace(/\\(?:times|cdot)|[×·∙⋅]/g, '*')
    .replace(/\\div|÷/g, '/')
    .replace(/\\pi(?![a-zA-Z])|π/g, ' pi ')
    .replace(/\\infty|∞/g, ' inf ')
    .replace(/\\pm|±/g, '+-')
    .replace(/\\cup(?![a-zA-Z])|∪/g, ' U ')
    .replace(/\\approx(?![a-zA-Z])/g, ' ≈ ')
    .replace(/[a-zA-Z]\s?(?:\\in(?![a-zA-Z])|∈)\s?(?=[[({])/g, '')
    .replace(/\\(?:angle|triangle|therefore|implies)(?![a-zA-Z])/g, ' ')
    .replace(/\\([%$#&{}])/g, '$1')
    .replace(/\\(sin|cos|tan|log|ln|exp|arcsin|arccos|arctan)(?![a-z])/g, ' $1 ')
    .replace(/[−–]/g, '-');
}

type Tokens = { readonly list: readonly string[]; at: number };

const letterAt = (letter: string, point: number): number => 0.7 + ((letter.charCodeAt(0) * 0.618_033_988_7 + point * 0.377_1) % 1.6);

/** The value of a formula in plain text where its letters stand for fixed numbers; undefined when it is no formula. */
function evaluateAt(text: string, point: number): number | undefined {
  const list = text.match(/\d+(?:,\d{3})*(?:\.\d+)?|\.\d+|[a-z]+|[-+*/^()!]|\S/gi) ?? [];
  const tokens: Tokens = { list, at: 0 };
  const value = sum(tokens, point, 0);
  return tokens.at === list.length && value !== undefined && Number.isFinite(value) ? value : undefined;
}

const peekToken = ({ list, at }: Tokens): string => list[at] ?? '';

function sum(tokens: Tokens, point: number, depth: number): number | undefined {
  if (depth > 30) return undefined;
  let total = product(tokens, point, depth);
  while (total !== undefined && /^[-+]$/.test(peekToken(tokens))) {
    const sign = tokens.list[tokens.at++] === '-' ? -1 : 1;
    const next = product(tokens, point, depth);
    total = next === undefined ? undefined : total + sign * next;
  }
  return total;
}

function product(tokens: Tokens, point: number, depth: number): number | undefined {
  let total = signed(tokens, point, depth);
  for (;;) {
    const token = peekToken(tokens);
    if (total === undefined || token === '' || /^[-+)!^]$/.test(token)) return total;
    const divides = token === '/';
    if (divides || token === '*') tokens.at++;
    else if (!/^[a-z(\d.]/i.test(token)) return total;
    const next = signed(tokens, point, depth);
    if (next === undefined) return undefined;
    total = divides ? total / next : total * next;
  }
}

function signed(tokens: Tokens, point: number, depth: number): number | undefined {
  if (depth > 30) return undefined;
  const token = peekToken(tokens);
  if (token === '-' || token === '+') {
    tokens.at++;
    const value = signed(tokens, point, depth + 1);
    return value === undefined ? undefined : token === '-' ? -value : value;
  }
  let base = atom(tokens, point, depth);
  while (base !== undefined && peekToken(tokens) === '!') {
    tokens.at++;
    base = Number.isInteger(base) && base >= 0 && base <= 20 ? Array.from({ length: base }, (_, index) => index + 1).reduce((a, b) => a * b, 1) : undefined;
  }
  if (base === undefined || peekToken(tokens) !== '^') return base;
  tokens.at++;
  const power = signed(tokens, point, depth + 1);
  return power === undefined ? undefined : base ** power;
}

function atom(tokens: Tokens, point: number, depth: number): number | undefined {
  const token = tokens.list[tokens.at++] ?? '';
  if (/^[\d.]/.test(token)) return Number(token.replaceAll(',', ''));
  if (token === '(') {
    const value = sum(tokens, point, depth + 1);
    return tokens.list[tokens.at++] === ')' ? value : undefined;
  }
  const name = token.toLowerCase();
  const call = FUNCTIONS[name];
  if (call !== undefined) {
    const value = signed(tokens, point, depth + 1);
    return value === undefined ? undefined : call(value);
  }
  if (name === 'pi') return Math.PI;
  if (name === 'e') return Math.E;
  if (/^[a-z]$/i.test(token)) return letterAt(token, point);
  // 'xy' is x times y; longer runs of letters are words.
  return /^[a-z]{2}$/.test(token) ? letterAt(token[0] as string, point) * letterAt(token[1] as string, point) : undefined;
}

/** The value of a formula without letters ('2*(3+4)', 'sqrt(2)/2'); undefined for anything else. */
export function constantOf(text: string): number | undefined {
  if (text.length > MAX_CHARS || !/^[-+*/^()!.,\d\s]*$/.test(text.replace(/\b(?:pi|sqrt|cbrt)\b/g, ' '))) return undefined;
  return evaluateAt(text, 0);
}

/** Splits at commas outside brackets. */
function pieces(text: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    else if (char === ',' && depth === 0 && !/^\d{3}(?!\d)/.test(text.slice(at + 1))) {
      out.push(text.slice(from, at));
      from = at + 1;
    }
  }
  out.push(text.slice(from));
  return out;
}

/**
 * What a formula is worth at fixed values of its letters, so that equal formulas in other words ('2x+1' and '1+2x', '(1, 1/2)' and
 * '(1, 0.5)', 'x+y=3' and '2x+2y=6') give equal numbers. Undefined when it is no formula.
 */
export function probe(text: string): readonly number[] | undefined {
  if (text.length > MAX_CHARS || text.trim() === '') return undefined;
  const bare = text.trim();
  const bracketed = /^[([{]([\s\S]*)[)\]}]$/.exec(bare)?.[1];
  const parts = pieces(bracketed ?? bare);
  if (bracketed !== undefined && parts.length > 1) {
    const values = parts.map((part) => probe(part));
    return values.some((value) => value === undefined) ? undefined : values.flatMap((value) => value ?? []);
  }
  const sides = bare.split('=');
  if (sides.length > 2) return undefined;
  const at = (side: string): (number | undefined)[] => Array.from({ length: POINTS }, (_, point) => evaluateAt(side, point));
  const values = at(sides.at(-1) as string);
  if (values.some((value) => value === undefined)) return undefined;
  if (sides.length === 1 || /^\s*(?:[a-z]|[a-z]\s?\([a-z]\))\s*$/i.test(sides[0] as string)) return values as number[];
  const left = at(sides[0] as string);
  if (left.some((value) => value === undefined)) return undefined;
  const differences = left.map((value, index) => (value as number) - (values[index] as number));
  // Two ways of writing one thing: what it is worth is the answer.
  if (differences.every((value) => Math.abs(value) < 1e-9)) return values as number[];
  // An equation may be multiplied by anything: only the ratios count.
  return differences.map((value) => value / (differences[0] as number));
}

/** Whether two formulas are worth the same. */
export const sameProbe = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, at) => Math.abs(value - (b[at] as number)) <= 1e-7 * Math.max(1, Math.abs(value)));
