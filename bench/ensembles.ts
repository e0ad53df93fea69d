/**
 * Vote and cascade over noisy samplers, simulated: `node bench/ensembles.ts`. Seeded; about 20 s. What the answers look like is taken from the forms
 * in test/quality/answer-variants.ts; who errs how often is made up, and told with each row.
 */
import { agreement } from '../src/quality/agreement.ts';
import { finalAnswer } from '../src/quality/final-answer.ts';
import { sameFinal } from '../src/quality/final-same.ts';
import { vote } from '../src/quality/vote.ts';

function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const worked = (value: number): string => {
  const first = Math.floor(value / 3);
  return `We add the two parts. ${first} + ${value - first} = ${value}`;
};
const NUMBERS: readonly ((value: number) => string)[] = [
  (value) => `The answer is ${value}.`,
  (value) => `${worked(value)}.\n#### ${value}`,
  (value) => `${worked(value)}. So there are **${value}** of them.`,
  (value) => `So the total is $\\boxed{${value}}$.`,
  (value) => `${worked(value)} in all, as asked.`,
  (value) => `\`\`\`python\ndef solution():\n    a = ${value - 4}\n    b = 4\n    return a + b\n\`\`\``,
  (value) => `${worked(value)}.0\n\nAnswer: $${value.toLocaleString('en')}.00`,
  (value) => `계산하면 다음과 같습니다. 따라서 정답은 ${value}개입니다.`,
];
const LETTERS: readonly ((value: number) => string)[] = [
  (value) => `The answer is (${'ABCD'[value]}).`,
  (value) => `Looking at each choice in turn, only one holds.\n\n**${'ABCD'[value]}**`,
  (value) => `${'ABCD'[value]}) is right, because the others contradict the text.`,
  (value) => `Answer: ${'ABCD'[value]}`,
  (value) => `So the correct option is \\boxed{\\text{${'ABCD'[value]}}}.`,
  (value) => `정답은 (${'ABCD'[value]})입니다.`,
];

interface Setting {
  readonly name: string;
  readonly forms: readonly ((value: number) => string)[];
  /** Mean share of right answers of each of four samplers. */
  readonly accuracy: readonly number[];
  /** Share of the wrong answers that fall on one tempting value. */
  readonly tempting: number;
  /** How much the difficulty of a question moves all samplers together, 0-1. */
  readonly shared: number;
  readonly values: number;
}

const STYLES = [0.62, 0.68, 0.74, 0.78];
const SETTINGS: readonly Setting[] = [
  { name: 'numbers, four styles, errors scattered', forms: NUMBERS, accuracy: STYLES, tempting: 0.2, shared: 0.35, values: 500 },
  { name: 'numbers, four styles, errors often the same', forms: NUMBERS, accuracy: STYLES, tempting: 0.5, shared: 0.35, values: 500 },
  { name: 'numbers, hard questions hard for all', forms: NUMBERS, accuracy: STYLES, tempting: 0.3, shared: 0.6, values: 500 },
  { name: 'four letters, four styles', forms: LETTERS, accuracy: STYLES, tempting: 0.3, shared: 0.35, values: 4 },
];
const QUESTIONS = 2_000;
const STRONG = 0.864;
const SENT = 0.2;

function simulate({ forms, accuracy, tempting, shared, values }: Setting, seed: number) {
  const random = randomFrom(seed);
  const rows = Array.from({ length: QUESTIONS }, () => {
    const right = values === 4 ? Math.floor(random() * 4) : 20 + Math.floor(random() * values);
    const other = (right + 1 + Math.floor(random() * (values === 4 ? 3 : 40))) % (values === 4 ? 4 : Number.MAX_SAFE_INTEGER);
    // Logistic difficulty: mean accuracy stays near what was set, while some questions are easy for all and some hard for all.
    const ease = (random() - 0.5) * 8 * shared;
    const answers = accuracy.map((mean) => {
      const odds = Math.log(mean / (1 - mean)) * (1 + shared) + ease;
      const isRight = random() < 1 / (1 + Math.exp(-odds));
      const value = isRight
        ? right
        : random() < tempting
          ? other
          : values === 4
            ? (right + 1 + Math.floor(random() * 3)) % 4
            : right + 1 + Math.floor(random() * 60);
      const form = forms[Math.floor(random() * forms.length)] as (value: number) => string;
      return form(value);
    });
    const strong = random() < 1 / (1 + Math.exp(-(Math.log(STRONG / (1 - STRONG)) * (1 + shared / 2) + ease / 2)));
    const truth = finalAnswer((forms[0] as (value: number) => string)(right));
    const holds = (text: string): boolean => {
      const final = finalAnswer(text);
      return truth !== undefined && final !== undefined && sameFinal(truth, final);
    };
    return { answers, score: agreement(answers).score, voted: holds(vote(answers).answer), singles: answers.map(holds), strong };
  });
  const share = (hits: number): number => hits / QUESTIONS;
  const order = [...rows].sort((a, b) => a.score - b.score);
  const sent = new Set(order.slice(0, Math.round(SENT * QUESTIONS)));
  const shuffled = new Set(rows.filter((_, at) => at % 5 === 0));
  const cascade = (to: ReadonlySet<(typeof rows)[number]>): number => share(rows.filter((row) => (to.has(row) ? row.strong : row.voted)).length);
  return {
    singles: accuracy.map((_, at) => share(rows.filter(({ singles }) => singles[at]).length)),
    voted: share(rows.filter(({ voted }) => voted).length),
    strong: share(rows.filter(({ strong }) => strong).length),
    cascade: cascade(sent),
    atRandom: cascade(shuffled),
  };
}

const number = (value: number): string => value.toFixed(3);
process.stdout.write('| setting | singles | vote of four | always strong | cascade, least agreed fifth | cascade, random fifth |\n|---|---|---|---|---|---|\n');
for (const setting of SETTINGS) {
  const { singles, voted, strong, cascade, atRandom } = simulate(setting, 11);
  process.stdout.write(
    `| ${setting.name} | ${singles.map(number).join(' ')} | ${number(voted)} | ${number(strong)} | ${number(cascade)} | ${number(atRandom)} |\n`,
  );
}
