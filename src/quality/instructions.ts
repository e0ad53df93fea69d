import { countWords, languageOf, withoutCode } from './text.ts';

/** Demands on the form of an answer that a question makes and a program can check. */
interface Demand {
  readonly met: boolean;
}

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
  a: 1,
  single: 1,
  한: 1,
  두: 2,
  세: 3,
  네: 4,
  다섯: 5,
};
const COUNT = String.raw`(\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|single|한|두|세|네|다섯)`;

const toCount = (text: string | undefined): number => (text === undefined ? Number.NaN : (NUMBERS[text.toLowerCase()] ?? Number(text)));

const sentenceCount = (text: string): number => text.split(/(?<=[.!?。])(?:\s+|$)/).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
const items = (text: string): number => text.match(/^[ \t]{0,32}(?:[-*+•]|\d{1,3}[.)])[ \t]{1,32}\S/gm)?.length ?? 0;

function isJson(text: string): boolean {
  const bare = text
    .trim()
    .replace(/^```(?:json)?|```$/g, '')
    .trim();
  try {
    JSON.parse(bare);
    return true;
  } catch {
    return false;
  }
}

/** Checks the demands of form in `question` (sentences, words, items, JSON, language, code) against `answer`. */
function demandsOf(question: string, answer: string): Demand[] {
  const ask = question.slice(0, 8_000);
  const text = answer.slice(0, 24_000);
  const prose = withoutCode(text);
  const words = countWords(text);
  const demands: Demand[] = [];
  const sentences = new RegExp(`(?:(?:in|exactly|only|with)\\s+|\\b)(?:a\\s+)?${COUNT}[ -](?:\\w+ )?sentences?\\b|${COUNT}\\s?문장`, 'i').exec(ask);
  if (sentences !== null) {
    const wanted = toCount(sentences[1] ?? sentences[2]);
    const upTo = /\b(?:at most|up to|no more than|within)\b|이내|이하/i.test(ask);
    const found = sentenceCount(prose);
    demands.push({ met: upTo ? found <= wanted : Math.abs(found - wanted) <= (wanted > 4 ? 1 : 0) });
  }
  const most =
    /(?:at most|no more than|under|less than|fewer than|up to|maximum(?: of)?|within)\s+(\d{1,4})\s+words|(\d{1,4})\s?(?:단어|자)\s?(?:이내|이하)/i.exec(ask);
  if (most !== null) demands.push({ met: (/자\s?(?:이내|이하)/.test(most[0]) ? text.length : words) <= Number(most[1] ?? most[2]) * 1.1 });
  if (/\b(?:one|single)[ -]word\b|한 단어/i.test(ask)) demands.push({ met: words <= 2 });
  const listed = new RegExp(
    `\\b(?:list|give|name|provide|suggest|write)\\s+(?:me\\s+)?(?:exactly\\s+)?${COUNT}\\s+|${COUNT}\\s?(?:가지|개의?)(?:를|만|\\s)`,
    'i',
  ).exec(ask);
  if (listed !== null) {
    const wanted = toCount(listed[1] ?? listed[2]);
    const found = items(text);
    if (found > 0 && wanted > 1) demands.push({ met: found === wanted });
  }
  if (/\b(?:in|as|valid|only)\s+json\b|json\s?(?:형식|으로)/i.test(ask)) demands.push({ met: isJson(text) });
  if (/\b(?:only|just)\s+(?:the\s+)?(?:answer|number|letter|name|code|output|translation|result)|(?:답|숫자|번호|이름|결과)만/i.test(ask))
    demands.push({ met: words <= 15 || text.trim().startsWith('```') });
  const language =
    /\b(?:answer|reply|respond|write)\s+in\s+(korean|english)|(한국어|영어)로\s*(?:답|번역|작성|써|설명)|(?:translate|번역)[^.\n]{0,60}\b(?:in)?to\s+(korean|english)/i.exec(
      ask,
    );
  const wanted = language?.[1] ?? language?.[2] ?? language?.[3];
  if (wanted !== undefined) demands.push({ met: languageOf(text) === (/korean|한국어/i.test(wanted) ? 'ko' : 'en') });
  else if (languageOf(ask) === 'ko' && !/번역|영어|영작/.test(ask) && words > 3)
    demands.push({ met: languageOf(text) !== 'other' && (languageOf(text) === 'ko' || text.includes('```')) });
  if (/\b(?:function|script|program|regex|sql query)\b|함수|스크립트|짜\s?줘/i.test(ask) && /\b(?:write|implement|create)\b|짜\s?줘|작성/i.test(ask))
    demands.push({ met: /```|\bdef |\bfunction\b|=>|\bSELECT\b|\breturn\b/.test(text) });
  return demands;
}

/** Share of the checkable demands of form that are met, and how many there are; 1 with none. */
export function followsForm(question: string, answer: string): { readonly met: number; readonly asked: number } {
  const demands = demandsOf(question, answer);
  return { met: demands.length === 0 ? 1 : demands.filter((demand) => demand.met).length / demands.length, asked: demands.length };
}
