import { CODE_EN_RULES, CODE_EN_TEMPLATES } from './code-en.ts';
import { CODE_KO_RULES, CODE_KO_TEMPLATES } from './code-ko.ts';
import { fillOne } from './fill-slots.ts';

/** A new prompt of the label `code`. */
export const generate = (language: 'en' | 'ko', random: () => number): string =>
  language === 'en' ? fillOne(CODE_EN_TEMPLATES, CODE_EN_RULES, random) : fillOne(CODE_KO_TEMPLATES, CODE_KO_RULES, random);
