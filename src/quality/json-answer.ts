import { type FinalAnswer, readAnswer } from './final-value.ts';

const FIELD =
  /"(?:final_?|correct_?)?(?:answer|result|label|choice|prediction|정답|답)"\s*:\s*(?:"((?:[^"\\\n]|\\.){1,400})"|(-?[\d.]{1,20}(?:e[-+]?\d{1,3})?|true|false))/gi;
const NAMES = /^(?:final_?|correct_?)?(?:answer|result|value|label|choice|prediction|output|정답|답)$/i;
const MAX_CHARS = 20_000;

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
}

const isScalar = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value);

function parsed(text: string): unknown {
  const bare = /^```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/i.exec(text)?.[1] ?? text;
  if (!/^\s*[{[]/.test(bare) || bare.length > MAX_CHARS) return undefined;
  try {
    return JSON.parse(bare);
  } catch {
    return undefined;
  }
}

/** The answer in a text that is JSON, or that holds a field named 'answer'; key order and layout do not count. Undefined without any. */
export function jsonAnswer(text: string): FinalAnswer | undefined {
  const value = parsed(text);
  if (Array.isArray(value) && value.every(isScalar) && value.length > 0 && value.length <= 30) {
    if (value.length === 1) return readAnswer(String(value[0]), true);
    // Written in brackets, the order of numbers counts: a program's output, an interval, a vector.
    if (value.every((item) => typeof item === 'number')) return readAnswer(`[${value.join(', ')}]`, true);
    return { kind: 'list', value: value.map((item) => String(item).trim().toLowerCase()).join('|'), explicit: true };
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const named =
      entries.find(([key, inner]) => NAMES.test(key) && isScalar(inner))?.[1] ??
      (entries.length === 1 && isScalar(entries[0]?.[1]) ? entries[0]?.[1] : undefined);
    const read = named === undefined ? undefined : readAnswer(String(named), true);
    return read ?? { kind: 'json', value: JSON.stringify(canonical(value)), explicit: true };
  }
  const field = [...text.matchAll(FIELD)].at(-1);
  return field === undefined ? undefined : readAnswer((field[1] ?? field[2] ?? '').replace(/\\(["\\/])/g, '$1'), true);
}
