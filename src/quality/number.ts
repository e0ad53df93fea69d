import { englishNumber, koreanNumber, mixedKorean } from './number-words.ts';

const UNITS: Readonly<Record<string, number>> = { thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12 };

const PLAIN = String.raw`\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,15})?|\d{1,18}(?:\.\d{1,15})?|\.\d{1,15}`;
/** What may follow a magnitude without making a word of it: '3조' and '3조 원' are numbers, '3조각' is three pieces. */
const AFTER_UNIT = String.raw`(?=\s*(?:[^가-힣]|$|원|명|개|년|달러|마리|권|대|건|톤|평|배|입니|이다|이에|예요|이고|이며|을|를|이|가|은|는|의))`;
const KOREAN = String.raw`\d[\d,]{0,14}(?:\.\d{1,6})?\s?(?:[십백천]?[만억조]|[백천])${AFTER_UNIT}(?:\s?\d[\d,]{0,9}\s?(?:[십백천]?[만억조]|[백천])${AFTER_UNIT}){0,3}(?:\s?(?:\d,\d{3}|\d{1,4})(?![\d,]))?`;
const FIGURE = String.raw`(?:${PLAIN})(?:\s\d{1,3}\s?\/\s?\d{1,3}(?![\d/])|\s?\/\s?\d{1,12}(?![\d/]))?(?:\s?[x×*]\s?10\s?\^\s?[({]?\s?-?\d{1,2}[)}]?|e[-+]?\d{1,2}\b)?(?:\s?(?:thousand|million|billion|trillion))?`;

/** A number as people write it: sign, currency, separators, fraction, power of ten, Korean and English magnitudes, percent. */
export const NUMBER_SOURCE = String.raw`[-−+]?\s?[$€£₩¥]?\s?[-−]?(?:${KOREAN}|${FIGURE})(?:\s?%|\s?퍼센트|\s?percent\b)?`;

const SIGNED = new RegExp(String.raw`^([-−+]?)\s?[$€£₩¥]?\s?([-−]?)(?:(${KOREAN})|(${FIGURE}))`, 'i');
const PARTS = new RegExp(
  String.raw`^(${PLAIN})(?:\s(\d{1,3})\s?\/\s?(\d{1,3})|\s?\/\s?(\d{1,12}))?(?:\s?[x×*]\s?10\s?\^\s?[({]?\s?(-?\d{1,2})[)}]?|e([-+]?\d{1,2}))?(?:\s?(thousand|million|billion|trillion))?`,
  'i',
);

function figure(text: string): number {
  const [, digits = '', over, under, divisor, power, exponent, unit] = PARTS.exec(text) ?? [];
  let value = Number(digits.replaceAll(',', ''));
  if (over !== undefined && under !== undefined) value += Number(over) / Number(under);
  if (divisor !== undefined) value /= Number(divisor);
  if (power !== undefined || exponent !== undefined) value *= 10 ** Number(power ?? exponent);
  return unit === undefined ? value : value * (UNITS[unit.toLowerCase()] ?? 1);
}

/** The value of a number as people write it, in figures or in words, percent signs left out ('50%' is 50); undefined when it is none. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  const match = SIGNED.exec(trimmed);
  if (match === null) return englishNumber(trimmed) ?? koreanNumber(trimmed);
  const [, sign, inner, korean, plain = ''] = match;
  const value = korean === undefined ? figure(plain) : mixedKorean(korean);
  if (!Number.isFinite(value)) return undefined;
  return sign === '-' || sign === '−' || inner === '-' || inner === '−' ? -value : value;
}

/** A value as a string that equal values share: no rounding noise, no minus zero. */
export function canonicalNumber(value: number): string {
  if (value === 0) return '0';
  return String(Number(value.toPrecision(10)));
}

const decimals = (text: string): number => text.split('.')[1]?.length ?? 0;

/** Whether two canonical numbers are the same, or one is the other rounded to its own decimals (at least one). */
export function sameNumber(a: string, b: string): boolean {
  if (a === b) return true;
  const places = Math.min(decimals(a), decimals(b));
  if (places === 0 || a.includes('e') || b.includes('e')) return false;
  return Number(a).toFixed(places) === Number(b).toFixed(places) || Math.abs(Number(a) - Number(b)) < 0.500001 * 10 ** -places;
}
