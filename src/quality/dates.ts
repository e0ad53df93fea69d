const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = String.raw`(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?`;
const DAY = String.raw`(\d{1,2})(?:st|nd|rd|th)?`;

interface Reading {
  readonly pattern: RegExp;
  /** Which groups are year, month and day. */
  readonly order: readonly [year: number, month: number, day: number];
}

const WEEKDAY = String.raw`(?:(?:on\s+)?(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?(?:the\s+)?`;
const READINGS: readonly Reading[] = [
  { pattern: /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d/])/, order: [1, 2, 3] },
  { pattern: /^(\d{4})년\s?(\d{1,2})월\s?(\d{1,2})일/, order: [1, 2, 3] },
  { pattern: /^(\d{4})년\s?(\d{1,2})월/, order: [1, 2, 0] },
  { pattern: new RegExp(`^${WEEKDAY}${MONTH}\\s+${DAY}(?:\\s?,)?\\s+(\\d{4})`, 'i'), order: [3, 1, 2] },
  { pattern: new RegExp(`^${WEEKDAY}${DAY}\\s+(?:of\\s+)?${MONTH},?\\s+(\\d{4})`, 'i'), order: [3, 2, 1] },
  { pattern: new RegExp(`^${MONTH},?\\s+(\\d{4})`, 'i'), order: [2, 1, 0] },
  { pattern: new RegExp(`^${WEEKDAY}${MONTH}\\s+${DAY}(?![\\d,])`, 'i'), order: [0, 1, 2] },
  { pattern: new RegExp(`^${WEEKDAY}${DAY}\\s+(?:of\\s+)?${MONTH}(?![a-z])`, 'i'), order: [0, 2, 1] },
  // American order, as most models write it; days above twelve show the other one.
  { pattern: /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?![\d/])/, order: [3, 1, 2] },
];

const monthOf = (text: string): number => (/^\d/.test(text) ? Number(text) : MONTHS.indexOf(text.slice(0, 3).toLowerCase()) + 1);
const two = (value: number): string => String(value).padStart(2, '0');

/** A date that a text begins with, as year-month-day; 0 stands for what it leaves out. Undefined when there is none. */
export function dateIn(text: string): string | undefined {
  for (const { pattern, order } of READINGS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const [year, first, second] = order.map((group) => (group === 0 ? '0' : (match[group] as string)));
    let month = monthOf(first as string);
    let day = Number(second);
    if (month > 12 && day <= 12) [month, day] = [day, month];
    if (month < 1 || month > 12 || day > 31) return undefined;
    const years = Number(year);
    return `${(year as string).length === 2 ? (years < 50 ? 2_000 : 1_900) + years : years}-${two(month)}-${two(day)}`;
  }
  return undefined;
}

const CLOCK = /^(\d{1,2})(?::(\d{2}))(?::(\d{2}))?\s?(a\.?m\.?|p\.?m\.?)?(?![\d:])/i;
const HOUR = /^(\d{1,2})\s?(a\.?m\.?|p\.?m\.?)(?![a-z])/i;
const KOREAN_CLOCK = /^(오전|오후)?\s?(\d{1,2})시(?!간)(?:\s?(\d{1,2})분|\s?(반))?/;

const hours = (hour: number, half: string): number => (/^p|오후/i.test(half) && hour < 12 ? hour + 12 : /^a|오전/i.test(half) && hour === 12 ? 0 : hour);

/** A time of day that a text begins with ('3:30 PM', '오후 3시 30분'), as HH:MM; undefined when there is none. */
export function timeIn(text: string): string | undefined {
  const clock = CLOCK.exec(text);
  if (clock !== null) return `${two(hours(Number(clock[1]), clock[4] ?? ''))}:${clock[2]}${clock[3] === undefined ? '' : `:${clock[3]}`}`;
  const hour = HOUR.exec(text);
  if (hour !== null) return `${two(hours(Number(hour[1]), hour[2] ?? ''))}:00`;
  const korean = KOREAN_CLOCK.exec(text);
  if (korean === null) return undefined;
  return `${two(hours(Number(korean[2]), korean[1] ?? ''))}:${two(korean[4] === undefined ? Number(korean[3] ?? 0) : 30)}`;
}
