const UNITS: Readonly<Record<string, number>> = {
  천: 1e3,
  만: 1e4,
  억: 1e8,
  조: 1e12,
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
};

const WORDS = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
  ' ',
);
const TENS: Readonly<Record<string, number>> = { thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90 };

const PLAIN = String.raw`\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,15})?|\d{1,18}(?:\.\d{1,15})?|\.\d{1,15}`;
const UNIT = String.raw`천만|[천만억조](?![가-힣])|[천만억조](?=\s*(?:원|명|개|\d))|thousand|million|billion|trillion`;

/** A number as people write it: sign, currency, separators, fraction, power of ten, Korean and English magnitudes, percent. */
export const NUMBER_SOURCE = String.raw`[-−+]?\s?[$€£₩¥]?\s?[-−]?(?:${PLAIN})(?:\s?\/\s?\d{1,12}(?![\d/]))?(?:\s?[x×*]\s?10\s?\^\s?\{?-?\d{1,2}\}?|e[-+]?\d{1,2}\b)?(?:\s?(?:${UNIT}))?(?:\s?%|\s?퍼센트)?`;

const ONE = new RegExp(
  String.raw`^([-−+]?)\s?[$€£₩¥]?\s?([-−]?)(${PLAIN})(?:\s?\/\s?(\d{1,12}))?(?:\s?[x×*]\s?10\s?\^\s?\{?(-?\d{1,2})\}?|e([-+]?\d{1,2}))?(?:\s?(${UNIT}))?`,
  'i',
);

/** The value of a number as people write it, percent signs left out ('50%' is 50); undefined when it is none. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  const word = WORDS.indexOf(trimmed.toLowerCase());
  if (word !== -1) return word;
  const ten = TENS[trimmed.toLowerCase()];
  if (ten !== undefined) return ten;
  const match = ONE.exec(trimmed);
  if (match === null) return undefined;
  const [, sign, inner, digits = '', divisor, power, exponent, unit] = match;
  let value = Number(digits.replaceAll(',', ''));
  if (divisor !== undefined) value /= Number(divisor);
  if (power !== undefined || exponent !== undefined) value *= 10 ** Number(power ?? exponent);
  if (unit === '천만') value *= 1e7;
  else if (unit !== undefined) value *= UNITS[unit.toLowerCase()] ?? 1;
  if (sign === '-' || sign === '−' || inner === '-' || inner === '−') value = -value;
  return Number.isFinite(value) ? value : undefined;
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
  return Number(a).toFixed(places) === Number(b).toFixed(places);
}
