import { fillOne } from './fill-slots.ts';
import { MATH_EN_RULES, MATH_EN_TEMPLATES } from './math-en.ts';
import { MATH_KO_RULES, MATH_KO_TEMPLATES } from './math-ko.ts';

/** A new prompt of the label `math`. */
export const generate = (language: 'en' | 'ko', random: () => number): string =>
  language === 'en' ? fillOne(MATH_EN_TEMPLATES, MATH_EN_RULES, random) : fillOne(MATH_KO_TEMPLATES, MATH_KO_RULES, random);
