import { fillOne } from './fill-slots.ts';
import { MATH_EN_LONG, MATH_EN_RULES, MATH_EN_SHORT } from './math-en.ts';
import { MATH_KO_LONG, MATH_KO_RULES, MATH_KO_SHORT } from './math-ko.ts';

const LONG_SHARE = 0.4;

/** A new prompt of the label `math`; four in ten are of the longer kinds (pasted text, stories, several parts). */
export const generate = (language: 'en' | 'ko', random: () => number): string => {
  const long = random() < LONG_SHARE;
  return language === 'en'
    ? fillOne(long ? MATH_EN_LONG : MATH_EN_SHORT, MATH_EN_RULES, random)
    : fillOne(long ? MATH_KO_LONG : MATH_KO_SHORT, MATH_KO_RULES, random);
};
