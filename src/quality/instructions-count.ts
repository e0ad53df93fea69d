import { countWords, withoutCode } from './text.ts';

const NUMBERS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  single: 1,
  한: 1,
  두: 2,
  세: 3,
  네: 4,
  다섯: 5,
  여섯: 6,
  열: 10,
};
const COUNT = String.raw`(\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|single|한|두|세|네|다섯|여섯|열)`;
const AT_MOST = /\b(?:at most|up to|no more than|not more than|within|under|less than|fewer than|maximum(?: of)?|max|or fewer|or less)\b|이내|이하|넘지/i;
const AT_LEAST = /\b(?:at least|no fewer than|no less than|more than|minimum(?: of)?|or more)\b|이상/i;

const toCount = (text: string | undefined): number => (text === undefined ? Number.NaN : (NUMBERS[text.toLowerCase()] ?? Number(text)));

const sentenceCount = (text: string): number => text.split(/(?<=[.!?。])(?:\s+|$)/).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
const itemCount = (text: string): number => text.match(/^[ \t]{0,32}(?:[-*+•]|\(?\d{1,3}[.)])[ \t]{1,32}\S/gm)?.length ?? 0;
const paragraphCount = (text: string): number => text.split(/\n\s*\n/).filter((part) => part.trim() !== '').length;
const lineCount = (text: string): number => text.split('\n').filter((line) => line.trim() !== '').length;

interface Counted {
  readonly pattern: RegExp;
  readonly count: (text: string, prose: string) => number;
  /** How far an exact demand may be missed, as a share of it. */
  readonly slack: number;
}

const COUNTED: readonly Counted[] = [
  { pattern: new RegExp(`${COUNT}[ -](?:\\w+ ){0,2}?sentences?\\b|${COUNT}\\s?(?:개의\\s?)?문장`, 'i'), count: (_, prose) => sentenceCount(prose), slack: 0 },
  {
    pattern: new RegExp(`${COUNT}[ -](?:\\w+ )?paragraphs?\\b|${COUNT}\\s?(?:개의\\s?)?(?:문단|단락)`, 'i'),
    count: (_, prose) => paragraphCount(prose),
    slack: 0,
  },
  { pattern: new RegExp(`${COUNT}[ -](?:\\w+ )?(?:bullet(?: point)?s?|bullet-points?)\\b`, 'i'), count: (text) => itemCount(text), slack: 0 },
  { pattern: new RegExp(`${COUNT}[ -](?:\\w+ )?lines?\\b|${COUNT}\\s?줄`, 'i'), count: (text) => lineCount(text), slack: 0 },
  { pattern: new RegExp(`${COUNT}[ -]words?\\b|${COUNT}\\s?단어`, 'i'), count: (text) => countWords(text), slack: 0.1 },
  {
    pattern: new RegExp(`${COUNT}\\s?characters?\\b|${COUNT}\\s?(?:글)?자(?=\\s?(?:이내|이하|이상|로|$))`, 'i'),
    count: (text) => text.trim().length,
    slack: 0.1,
  },
];

function near(ask: string, match: RegExpExecArray): string {
  return ask.slice(Math.max(0, match.index - 24), match.index + match[0].length + 12);
}

const satisfies = (found: number, wanted: number, around: string, slack: number): boolean => {
  if (AT_MOST.test(around)) return found <= wanted * (1 + slack / 2);
  if (AT_LEAST.test(around)) return found >= wanted * (1 - slack / 2);
  return Math.abs(found - wanted) <= Math.max(slack * wanted, wanted > 4 && slack === 0 ? 1 : 0);
};

/** Whether the counts that a question asks for (sentences, words, paragraphs, lines, bullets, items) are met; one entry per demand. */
export function countDemands(ask: string, text: string): boolean[] {
  const prose = withoutCode(text);
  const met: boolean[] = [];
  for (const { pattern, count, slack } of COUNTED) {
    const match = pattern.exec(ask);
    const wanted = toCount(match?.[1] ?? match?.[2]);
    if (match === null || !(wanted > 0)) continue;
    const around = near(ask, match);
    // 'The sentence has 5 words' describes; only what asks for a form counts.
    const asks =
      /\b(?:in|exactly|only|with|using|write|give|use|answer|reply|respond|limit|summar\w+|describe|explain|compose|create|of|to|as)\b|로|이내|이하|이상|작성|써|요약|설명/i.test(
        around,
      );
    if (asks || AT_MOST.test(around) || AT_LEAST.test(around)) met.push(satisfies(count(text, prose), wanted, around, slack));
  }
  const listed = new RegExp(
    `\\b(?:list|give|name|provide|suggest|write|generate|propose|recommend)\\s+(?:me\\s+|us\\s+)?(?:exactly\\s+)?${COUNT}\\s+(?!(?:\\w+ )?(?:sentence|word|paragraph|line|bullet|character))|${COUNT}\\s?(?:가지|개의?)(?:를|만|\\s)`,
    'i',
  ).exec(ask);
  const wanted = toCount(listed?.[1] ?? listed?.[2]);
  const found = itemCount(text);
  if (found > 0 && wanted > 1 && wanted <= 100) met.push(found === wanted);
  return met;
}
