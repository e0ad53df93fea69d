import { constantOf } from './expression.ts';

const MAX_LINES = 80;
const ASSIGN = /^\s*(?:const |let |var )?([A-Za-z_]\w*)\s*([-+*/]?)=\s*([^=].*?);?\s*$/;
const RESULT = /^(?:ans|answer|result|final_answer|total|output)$/i;

/** Puts values in the place of names; undefined when a name is left that is not known. */
function filled(expression: string, names: ReadonlyMap<string, number>): string | undefined {
  let unknown = false;
  const out = expression
    .replace(/#.*$/, '')
    .replace(/\b(?:int|float|abs|round)\((?=[^,]*\)\s*$)/g, '(')
    .replaceAll('**', '^')
    .replace(/\d[\d_]*\d(?=\D|$)/g, (digits) => digits.replaceAll('_', ''))
    .replace(/[A-Za-z_]\w*/g, (name) => {
      const value = names.get(name);
      if (value === undefined) unknown = true;
      return value === undefined ? name : `(${value})`;
    });
  return unknown ? undefined : out.trim();
}

/**
 * What a short program comes to that only assigns and calculates, as models write it for word problems: the value it returns or prints, or that
 * of `answer`. Nothing is run: each line is a sum. Undefined as soon as there is a loop, a condition, a call, or a name from elsewhere.
 */
export function programResult(code: string): string | undefined {
  const lines = code.split('\n').filter((line) => line.trim() !== '' && !/^\s*(?:#|\/\/|"""|'''|import |from |def \w+\(\)\s*:|\})/.test(line));
  if (lines.length === 0 || lines.length > MAX_LINES) return undefined;
  const names = new Map<string, number>();
  let last: number | undefined;
  let given: number | undefined;
  for (const line of lines) {
    const assigned = ASSIGN.exec(line);
    const shown = /^\s*(?:return\s+|print\(|console\.log\()(.+?)\)?;?\s*$/.exec(line)?.[1];
    const expression = assigned === null ? shown : (assigned[3] as string);
    if (expression === undefined) return undefined;
    if (assigned === null && /^\w+\(\s*$|^\w+\(\)?$/.test(expression) && given !== undefined) continue;
    const sum = filled(expression.replace(/^f?["'].*["'],\s*/, ''), names);
    const value = sum === undefined ? undefined : constantOf(sum);
    if (value === undefined || !Number.isFinite(value)) return undefined;
    if (assigned === null) {
      given = value;
      continue;
    }
    const [, name = '', operator] = assigned;
    const before = names.get(name);
    if (operator !== '' && before === undefined) return undefined;
    const next = operator === '' ? value : (constantOf(`(${before}) ${operator} (${value})`) ?? Number.NaN);
    names.set(name, next);
    last = next;
    if (RESULT.test(name)) given = next;
  }
  const result = given ?? (names.size > 1 ? last : undefined);
  return result === undefined ? undefined : String(Number(result.toPrecision(12)));
}
