import { CODE_EN_LONG, CODE_EN_RULES, CODE_EN_SHORT } from './code-en.ts';
import { CODE_KO_LONG, CODE_KO_RULES, CODE_KO_SHORT } from './code-ko.ts';
import { fillOne } from './fill-slots.ts';

const LONG_SHARE = 0.4;

/** A new prompt of the label `code`; four in ten are of the longer kinds (pasted text, stories, several parts). */
export const generate = (language: 'en' | 'ko', random: () => number): string => {
  const long = random() < LONG_SHARE;
  return language === 'en'
    ? fillOne(long ? CODE_EN_LONG : CODE_EN_SHORT, CODE_EN_RULES, random)
    : fillOne(long ? CODE_KO_LONG : CODE_KO_SHORT, CODE_KO_RULES, random);
};
