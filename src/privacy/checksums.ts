/** Luhn's check of a payment card number; `digits` holds digits only. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const weighted = at % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

const weightedSum = (digits: string, weights: readonly number[]): number => weights.reduce((sum, weight, at) => sum + weight * (digits.charCodeAt(at) - 48), 0);

const RRN_WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5] as const;

/** The last digit of a Korean resident number; foreigners' numbers (5 to 8 after the date) carry another remainder. 13 digits. */
export function passesRrn(digits: string): boolean {
  const rest = weightedSum(digits, RRN_WEIGHTS) % 11;
  const last = digits.charCodeAt(12) - 48;
  return ('5678'.includes(digits.charAt(6)) ? 13 - rest : 11 - rest) % 10 === last;
}

const BRN_WEIGHTS = [1, 3, 7, 1, 3, 7, 1, 3, 5] as const;

/** The last digit of a Korean business number. 10 digits. */
export function passesBrn(digits: string): boolean {
  const sum = weightedSum(digits, BRN_WEIGHTS) + Math.floor(((digits.charCodeAt(8) - 48) * 5) / 10);
  return (10 - (sum % 10)) % 10 === digits.charCodeAt(9) - 48;
}

/** ISO 7064 mod 97-10: the remainder after one more letter or digit, in upper or lower case. */
export const mod97Step = (rest: number, code: number): number => (code <= 57 ? (rest * 10 + code - 48) % 97 : (rest * 100 + (code & 95) - 55) % 97);

/** Whether a month and a day exist, the day in any year. */
export const isDate = (month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31);

/** Shannon entropy in bits a character; characters outside ASCII count as one. */
export function entropy(text: string): number {
  const counts = new Uint32Array(128);
  for (let at = 0; at < text.length; at += 1) {
    const code = Math.min(127, text.charCodeAt(at));
    counts[code] = (counts[code] as number) + 1;
  }
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
