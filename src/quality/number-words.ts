const SMALL = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen ' + 'nineteen twenty'
).split(' ');
const TENS: Readonly<Record<string, number>> = { twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90 };
const SCALES: Readonly<Record<string, number>> = { thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12 };

const FRACTIONS: Readonly<Record<string, number>> = { third: 3, quarter: 4, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8, ninth: 9, tenth: 10 };

/** 'three' and quarters, 'two and a' half: `words` are what stands before the part's name. */
function fraction(words: readonly string[], parts: number): number | undefined {
  const over = words.at(-1) as string;
  const count = over === 'a' || over === 'an' ? 1 : SMALL.indexOf(over);
  if (count < 1) return undefined;
  const whole = words.length === 1 ? 0 : englishNumber(words.slice(0, -1).join(' '));
  return whole === undefined ? undefined : whole + count / parts;
}

/** The value of a number in English words ('twenty-five', 'one hundred and six', 'a dozen'); undefined when it is none. */
export function englishNumber(text: string): number | undefined {
  const words = text
    .toLowerCase()
    .replace(/[-,]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'and');
  if (words.length === 0 || words.length > 12) return undefined;
  const parts = FRACTIONS[(words.at(-1) as string).replace(/s$/, '')] ?? (/^hal(?:f|ves)$/.test(words.at(-1) as string) ? 2 : undefined);
  if (parts !== undefined && words.length > 1) return fraction(words.slice(0, -1), parts);
  let total = 0;
  let section = 0;
  for (const [at, word] of words.entries()) {
    const small = SMALL.indexOf(word);
    if (small !== -1) section += small;
    else if (TENS[word] !== undefined) section += TENS[word];
    else if (word === 'hundred') section = Math.max(1, section) * 100;
    else if (word === 'dozen') section = Math.max(1, section) * 12;
    else if (SCALES[word] !== undefined) {
      total += Math.max(1, section) * SCALES[word];
      section = 0;
    } else if (!((word === 'a' || word === 'an') && at === 0 && words.length > 1)) return undefined;
  }
  return total + section;
}

const DIGITS: Readonly<Record<string, number>> = { 영: 0, 공: 0, 일: 1, 이: 2, 삼: 3, 사: 4, 오: 5, 육: 6, 륙: 6, 칠: 7, 팔: 8, 구: 9 };
const PLACES: Readonly<Record<string, number>> = { 십: 10, 백: 100, 천: 1_000 };
const GROUPS: Readonly<Record<string, number>> = { 만: 1e4, 억: 1e8, 조: 1e12 };
const NATIVE_TENS: readonly (readonly [string, number])[] = [
  ['아흔', 90],
  ['여든', 80],
  ['일흔', 70],
  ['예순', 60],
  ['쉰', 50],
  ['마흔', 40],
  ['서른', 30],
  ['스물', 20],
  ['스무', 20],
  ['열', 10],
];
const NATIVE_ONES: readonly (readonly [string, number])[] = [
  ['하나', 1],
  ['다섯', 5],
  ['여섯', 6],
  ['일곱', 7],
  ['여덟', 8],
  ['아홉', 9],
  ['한', 1],
  ['둘', 2],
  ['두', 2],
  ['셋', 3],
  ['세', 3],
  ['넷', 4],
  ['네', 4],
];

/** '개', '명' and so on behind a number, and the ending of the sentence. */
const COUNTER = /\s?(?:개|명|마리|권|원|살|시간|시|분|번|장|대|송이|자루|그루|켤레|병|잔|달|년|일|가지|사람)?(?:입니다|이다|이에요|예요|이야|야)?$/;

function native(text: string): number | undefined {
  let rest = text;
  let value = 0;
  const ten = NATIVE_TENS.find(([word]) => rest.startsWith(word));
  if (ten !== undefined) {
    value += ten[1];
    rest = rest.slice(ten[0].length);
  }
  const one = NATIVE_ONES.find(([word]) => rest === word);
  if (one !== undefined) return value + one[1];
  return rest === '' && ten !== undefined ? value : undefined;
}

function sino(text: string): number | undefined {
  let total = 0;
  let section = 0;
  let digit: number | undefined;
  for (const char of text) {
    if (DIGITS[char] !== undefined) {
      if (digit !== undefined) return undefined;
      digit = DIGITS[char];
    } else if (PLACES[char] !== undefined) {
      section += (digit ?? 1) * PLACES[char];
      digit = undefined;
    } else if (GROUPS[char] !== undefined) {
      total += Math.max(1, section + (digit ?? 0)) * GROUPS[char];
      section = 0;
      digit = undefined;
    } else return undefined;
  }
  return total + section + (digit ?? 0);
}

/** The value of a number in Korean words ('열두 개', '이백오십', '삼만 오천 원입니다'); undefined when it is none. */
export function koreanNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^[가-힣\s]{1,24}$/.test(trimmed)) return undefined;
  const bare = trimmed.replace(COUNTER, '').replace(/\s+/g, '');
  if (bare === '') return undefined;
  const counted = native(bare);
  if (counted !== undefined) return /^(?:한|두|세|네)$/.test(bare) && bare === trimmed ? undefined : counted;
  // One syllable alone ('이', '사', '일') is more often a word than a number, unless it is counted.
  return bare.length === 1 && bare === trimmed ? undefined : sino(bare);
}

const MIXED_UNIT = /(\d[\d,]*(?:\.\d+)?)\s?(십|백|천)?(만|억|조)?/g;

/** '3억 5천만', '1만 2천', '2천5백': figures and Korean magnitudes mixed. */
export function mixedKorean(text: string): number {
  let total = 0;
  let section = 0;
  for (const [, digits = '', place, group] of text.matchAll(MIXED_UNIT)) {
    const value = Number(digits.replaceAll(',', '')) * (place === undefined ? 1 : (PLACES[place] as number));
    section += value;
    if (group === undefined) continue;
    total += section * (GROUPS[group] as number);
    section = 0;
  }
  return total + section;
}
