import { countDemands } from './instructions-count.ts';
import { choicesIn } from './options.ts';
import { countWords, languageOf, withoutCode } from './text.ts';

const QUOTED = String.raw`["“'‘]([^"”'’\n]{1,60})["”'’]`;
const SCRIPTS: Readonly<Record<string, RegExp>> = {
  korean: /[가-힣]/,
  japanese: /[\u3040-\u30ff]/,
  chinese: /[\u4e00-\u9fff]/,
  russian: /[\u0400-\u04ff]/,
  arabic: /[\u0600-\u06ff]/,
  greek: /[\u0370-\u03ff]/,
  hindi: /[\u0900-\u097f]/,
  spanish: /\b(?:el|la|los|las|de|que|es|una?|y|en|por)\b/i,
  french: /\b(?:le|la|les|des|est|une?|et|dans|pour|que)\b/i,
  german: /\b(?:der|die|das|und|ist|ein|eine|nicht|mit|zu)\b/i,
  italian: /\b(?:il|la|gli|di|che|una?|e|è|per|con)\b/i,
  portuguese: /\b(?:o|a|os|as|de|que|é|uma?|e|para)\b/i,
};
const LANGUAGES: Readonly<Record<string, string>> = {
  한국어: 'korean',
  영어: 'english',
  일본어: 'japanese',
  중국어: 'chinese',
  프랑스어: 'french',
  독일어: 'german',
  스페인어: 'spanish',
};
const LANGUAGE =
  /\b(?:(?:answer|reply|respond|write|speak|written|explain|only)\s+(?:\w+\s+)?in|(?:translate|convert)[^.\n]{0,80}?\b(?:in)?to)\s+(korean|english|japanese|chinese|russian|arabic|greek|hindi|spanish|french|german|italian|portuguese)\b|(한국어|영어|일본어|중국어|프랑스어|독일어|스페인어)로/i;

function isJson(text: string): boolean {
  try {
    JSON.parse(
      text
        .trim()
        .replace(/^```(?:json)?|```$/g, '')
        .trim(),
    );
    return true;
  } catch {
    return false;
  }
}

function languageDemand(ask: string, text: string): boolean[] {
  const match = LANGUAGE.exec(ask);
  const wanted = match === null ? undefined : (match[1]?.toLowerCase() ?? LANGUAGES[match[2] as string]);
  if (wanted === 'english') return [languageOf(text) === 'en'];
  const script = wanted === undefined ? undefined : SCRIPTS[wanted];
  if (script !== undefined) return [script.test(text) && (wanted === 'korean' ? languageOf(text) === 'ko' : true)];
  if (languageOf(ask) !== 'ko' || /번역|영어|영작|영문/.test(ask) || countWords(text) <= 3) return [];
  return [languageOf(text) === 'ko' || text.includes('```')];
}

/** Words that must or must not stand in the answer, how it must begin and end, capitals. */
function wordingDemands(ask: string, text: string): boolean[] {
  const met: boolean[] = [];
  const lower = text.toLowerCase();
  const has = (word: string): boolean =>
    new RegExp(`(?<![\\p{L}\\p{N}])${word.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'u').test(lower);
  const forbidden = new RegExp(
    `\\b(?:without (?:using|mentioning|saying)|do(?:n't| not) (?:use|mention|include|say|write)|avoid(?: using)?)\\s+(?:the\\s+)?(?:words?\\s+|letters?\\s+)?${QUOTED}`,
    'i',
  ).exec(ask)?.[1];
  if (forbidden !== undefined) met.push(forbidden.length === 1 ? !lower.includes(forbidden.toLowerCase()) : !has(forbidden));
  const letter = /\bwithout (?:using )?the letter ["'“]?([a-z])\b/i.exec(ask)?.[1];
  if (letter !== undefined && forbidden === undefined) met.push(!lower.includes(letter.toLowerCase()));
  const included = new RegExp(
    `(?<!not )\\b(?:include|including|use|using|mention|contain(?:ing|s)?)\\s+(?:the\\s+)?(?:words?|phrases?|keywords?)\\s+${QUOTED}`,
    'i',
  ).exec(ask)?.[1];
  if (included !== undefined && included !== forbidden) met.push(has(included));
  const first = new RegExp(
    `\\b(?:start|begin)(?:s|ning|ing)?\\s+(?:\\w+ ){0,3}?with\\s+(?:the\\s+)?(?:words?\\s+|phrases?\\s+|letters?\\s+)?${QUOTED}`,
    'i',
  ).exec(ask)?.[1];
  if (first !== undefined)
    met.push(
      lower
        .trimStart()
        .replace(/^["'*#\s]+/, '')
        .startsWith(first.toLowerCase()),
    );
  const last = new RegExp(`\\b(?:end|finish)(?:s|ing)?\\s+(?:\\w+ ){0,3}?with\\s+(?:the\\s+)?(?:words?\\s+|phrases?\\s+|exact phrase\\s+)?${QUOTED}`, 'i').exec(
    ask,
  )?.[1];
  if (last !== undefined)
    met.push(
      lower
        .trimEnd()
        .replace(/["'*\s]+$/, '')
        .endsWith(last.toLowerCase().replace(/["'*\s]+$/, '')),
    );
  if (/\b(?:all|only|entirely in)\s+(?:in\s+)?(?:capital letters|capitals|uppercase|upper case|caps)\b/i.test(ask)) met.push(text === text.toUpperCase());
  if (/\b(?:all|only|entirely in)\s+(?:in\s+)?(?:lowercase|lower case|small letters)\b/i.test(ask)) met.push(text === text.toLowerCase());
  if (/\b(?:without|no|avoid)\s+(?:any\s+)?commas?\b/i.test(ask)) met.push(!text.includes(','));
  return met;
}

/** JSON, tables, lists, code, an answer alone. */
function formDemands(ask: string, text: string): boolean[] {
  const met: boolean[] = [];
  const words = countWords(text);
  if (/\b(?:in|as|valid|only)\s+(?:a\s+)?json\b|\bjson (?:object|array|format)|json\s?(?:형식|으로)/i.test(ask)) met.push(isJson(text));
  if (/\b(?:in|as|a|using)\s+(?:a\s+)?(?:markdown\s+)?table\b|표로\s?(?:정리|작성|만들)/i.test(ask) && /\b(?:table)\b.{0,40}|표로/i.test(ask))
    met.push(/\|.*\|/.test(text));
  if (/\b(?:numbered list)\b/i.test(ask)) met.push(/^\s*1[.)]/m.test(text));
  if (/\bbullet(?:ed)?(?: list| points?)\b/i.test(ask) && !/\bno bullet|without bullet/i.test(ask)) met.push(/^\s*[-*•]\s/m.test(text));
  if (/\b(?:no|without)\s+(?:any\s+)?(?:bullet|markdown|list)/i.test(ask)) met.push(!/^\s*(?:[-*•]|#{1,6})\s/m.test(text));
  if (/\b(?:comma[- ]separated)\b|쉼표로\s?구분/i.test(ask)) met.push(text.includes(',') && text.trim().split('\n').length <= 2);
  if (/\b(?:one|single)[ -]word\b|한 단어/i.test(ask) && !/\d+ words?\b/i.test(ask)) met.push(words <= 2);
  if (
    /\b(?:only|just)\s+(?:with\s+)?(?:the\s+)?(?:final\s+)?(?:answer|number|letter|name|word|code|output|translation|result|yes or no)\b|\b(?:nothing else|no explanation)|(?:답|숫자|번호|이름|결과)만/i.test(
      ask,
    )
  )
    met.push(words <= 15 || text.trim().startsWith('```'));
  if (/(?:five times|letter five times|repeat(?:ed)? five)/i.test(ask) && choicesIn(ask).length > 0)
    met.push(/(?<![A-Za-z])([A-P])\1{4}(?![A-Za-z])/.test(text));
  if (/\bboxed\b/.test(ask)) met.push(text.includes('\\boxed'));
  const program =
    /\b(?:function|script|program|regex|sql query|python code|code snippet)\b|함수|스크립트|짜\s?줘/i.test(ask) &&
    /\b(?:write|implement|create|give me)\b|짜\s?줘|작성/i.test(ask);
  if (program) met.push(/```|\bdef |\bfunction\b|=>|\bSELECT\b|\breturn\b|\bprint\(|;\s*$/m.test(text));
  return met;
}

/**
 * Checks what a program can check of the form that a question asks for: counts of sentences, words, items; language; JSON, tables, code, an answer
 * alone; words that must or must not stand in it. `met` is the share that is met (1 with no demand), `asked` how many demands there are.
 */
export function followsForm(question: string, answer: string): { readonly met: number; readonly asked: number } {
  const ask = question.slice(0, 8_000);
  const text = answer.slice(0, 24_000);
  const asked = withoutCode(ask);
  const demands = [...countDemands(asked, text), ...languageDemand(asked, text), ...wordingDemands(asked, text), ...formDemands(asked, text)];
  return { met: demands.length === 0 ? 1 : demands.filter((met) => met).length / demands.length, asked: demands.length };
}
