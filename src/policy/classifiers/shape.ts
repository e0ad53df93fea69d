import type { ClassifierInput } from '../text.ts';

/** Number of shape cues; more than are in use now, so that adding one keeps the layout of the weights. */
export const SHAPE_COUNT = 96;

interface Counts {
  hangul: number;
  latin: number;
  digits: number;
  numbers: number;
  codeMarks: number;
  mathMarks: number;
  newlines: number;
  questions: number;
  stops: number;
  quotes: number;
  hanKana: number;
}

function countCharacters(text: string): Counts {
  const counts: Counts = {
    hangul: 0,
    latin: 0,
    digits: 0,
    numbers: 0,
    codeMarks: 0,
    mathMarks: 0,
    newlines: 0,
    questions: 0,
    stops: 0,
    quotes: 0,
    hanKana: 0,
  };
  let inNumber = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit = code >= 48 && code <= 57;
    if (digit) {
      counts.digits++;
      if (!inNumber) counts.numbers++;
    } else if (code >= 0xac00 && code <= 0xd7a3) counts.hangul++;
    else if ((code | 32) >= 97 && (code | 32) <= 122) counts.latin++;
    else if (code === 10) counts.newlines++;
    else if (code === 63 || code === 0xff1f) counts.questions++;
    else if (code === 46 || code === 33 || code === 0x3002) counts.stops++;
    else if (code === 123 || code === 125 || code === 59 || code === 91 || code === 93 || code === 95 || code === 60 || code === 62) counts.codeMarks++;
    else if (code === 43 || code === 61 || code === 94 || code === 42 || code === 0xd7 || code === 0xf7 || code === 37 || code === 36 || code === 92)
      counts.mathMarks++;
    else if (code === 34 || code === 0x201c || code === 0x201d || code === 0x300c) counts.quotes++;
    else if ((code >= 0x3040 && code <= 0x30ff) || (code >= 0x4e00 && code <= 0x9fff)) counts.hanKana++;
    inNumber = digit;
  }
  return counts;
}

const bucket = (value: number, limits: readonly number[]): number => {
  let index = 0;
  while (index < limits.length && value > (limits[index] as number)) index++;
  return index;
};

const LENGTHS = [0, 15, 30, 60, 120, 250, 500, 1000, 1900];
const NUMBERS = [0, 1, 2, 3, 6, 12];

/** Sets `out[i]` to 1 for every shape cue that holds: lengths, densities, layout, evidence. */
export function shapeCues(input: ClassifierInput, out: Uint8Array): void {
  out.fill(0);
  const { text, evidence } = input;
  const counts = countCharacters(text);
  const size = Math.max(1, text.length);
  const korean = counts.hangul * 3 > counts.latin;
  const set = (index: number, on: boolean): void => {
    if (on) out[index] = 1;
  };
  out[bucket(text.length, LENGTHS)] = 1;
  out[10 + bucket(counts.numbers, NUMBERS)] = 1;
  out[17 + bucket(counts.newlines, [0, 1, 3, 8, 20])] = 1;
  out[23 + bucket(counts.questions, [0, 1, 3])] = 1;
  out[27 + bucket(counts.stops, [0, 1, 2, 4, 9])] = 1;
  out[33 + bucket((counts.codeMarks * 100) / size, [0, 0.5, 2, 5])] = 1;
  out[38 + bucket((counts.mathMarks * 100) / size, [0, 0.5, 2, 5, 10])] = 1;
  out[44 + bucket((counts.digits * 100) / size, [0, 2, 5, 10, 25])] = 1;
  set(50, korean);
  set(51, korean && counts.latin > counts.hangul);
  set(52, korean && counts.latin === 0);
  set(53, counts.hanKana > 0);
  set(54, counts.hanKana > counts.hangul + counts.latin);
  set(55, !korean && counts.hangul > 0);
  const last = text.charAt(text.length - 1);
  set(56, last === '?' || last === '？');
  set(57, last === '.');
  set(58, last === ':');
  set(59, last === '!');
  set(60, !'?.:!？'.includes(last));
  set(61, counts.quotes >= 2);
  set(62, counts.quotes >= 8);
  set(63, evidence.hasCode);
  set(64, evidence.onlyCode);
  set(65, evidence.hasFormula);
  set(66, evidence.pastedChars > 0 && evidence.pastedChars <= 500);
  set(67, evidence.pastedChars > 500);
  set(68, evidence.hasImage);
  set(69, input.context !== '');
  const firstLine = text.slice(0, 300).split('\n', 1)[0] ?? '';
  set(70, firstLine.length < 80 && counts.newlines > 2 && firstLine.endsWith(':'));
  set(71, firstLine.endsWith('?') && counts.newlines > 1);
  set(72, /\n\s*(?:[-*•]|\d{1,2}[.)])\s/.test(text));
  set(73, /\n\s*(?:\(?[A-Ea-e1-5①-⑤][).]|[①-⑤])\s?\S/.test(text));
  set(74, /^[a-z]/.test(text));
  set(75, /^[A-Z]/.test(text));
  set(76, /\|.*\|.*\n\s*\|/.test(text));
  set(77, /(?:^|\n)[^\n:]{1,24}: [^\n]+\n[^\n:]{1,24}: /.test(text));
  set(78, text.length > 400 && counts.newlines === 0);
  set(79, counts.stops > 0 && counts.questions === 0 && counts.newlines === 0 && text.length < 120);
}
