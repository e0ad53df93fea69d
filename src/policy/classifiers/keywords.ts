import type { ClassifierInput } from '../text.ts';
import { createAutomaton } from './automaton.ts';
import { type Classifier, decide, uniform } from './classifier.ts';

/** A keyword and how much it says; 1 is ordinary. */
export interface WeightedKeyword {
  readonly word: string;
  readonly weight: number;
}

export type KeywordRules = Readonly<Record<string, readonly (string | WeightedKeyword)[]>>;

/** Finds keywords; also what the chain uses for the user's own words. */
export interface KeywordScanner {
  readonly tasks: readonly string[];
  /** Sum of the weights of the different keywords found, per task that has any. */
  scores(text: string): Map<string, number>;
}

const WORD = /[\p{L}\p{N}_]/u;
const LATIN = /[a-z0-9\u00c0-\u024f\u0400-\u04ff]/i;

/**
 * One pass over the text for all keywords. Matching ignores case; a keyword that begins or ends with a Latin letter or a digit
 * must stand at a word's edge there (a Korean particle may follow: "API를"), Hangul matches inside words.
 */
export function createKeywordScanner(rules: KeywordRules): KeywordScanner {
  const tasks = Object.keys(rules);
  const words: {
    task: string;
    text: string;
    weight: number;
    before: boolean;
    after: boolean;
  }[] = [];
  for (const task of tasks) {
    const own = new Map<string, number>();
    for (const rule of rules[task] ?? []) {
      const word = typeof rule === 'string' ? rule : rule.word;
      const text = word.normalize('NFC').toLowerCase().trim();
      if (text !== '') own.set(text, typeof rule === 'string' ? 1 : rule.weight);
    }
    for (const [text, weight] of own)
      words.push({
        task,
        text,
        weight,
        before: LATIN.test(text.charAt(0)),
        after: LATIN.test(text.charAt(text.length - 1)),
      });
  }
  const automaton = createAutomaton(words.map(({ text }) => text));
  return {
    tasks,
    scores(input) {
      if (words.length === 0) return new Map();
      const text = input.normalize('NFC').toLowerCase();
      const found = new Set<number>();
      automaton.scan(text, (index, end) => {
        if (found.has(index)) return;
        const word = words[index];
        if (word === undefined) return;
        const start = end - word.text.length;
        if (word.before && start > 0 && WORD.test(text.charAt(start - 1)) && LATIN.test(text.charAt(start - 1))) return;
        if (word.after && end < text.length && LATIN.test(text.charAt(end))) return;
        found.add(index);
      });
      const scores = new Map<string, number>();
      for (const index of found) {
        const word = words[index];
        if (word !== undefined) scores.set(word.task, (scores.get(word.task) ?? 0) + word.weight);
      }
      return scores;
    },
  };
}

/**
 * The keyword classifier: the task with the most keyword weight. Its probabilities are a softmax over the weights with the
 * sharpness at which one clear keyword is right in about two of three (measured, bench/results/classifier.md); without any
 * keyword all tasks are equally probable.
 */
export function createKeywordClassifier(rules: KeywordRules): Classifier {
  const scanner = createKeywordScanner(rules);
  return {
    name: 'keywords',
    classify(input: ClassifierInput) {
      const scores = scanner.scores(input.text);
      if (scores.size === 0) return decide(uniform(scanner.tasks), 'keywords');
      const exponents = scanner.tasks.map((task) => Math.exp(Math.min(12, (scores.get(task) ?? 0) * SHARPNESS)));
      const sum = exponents.reduce((total, value) => total + value, 0);
      return decide(Object.fromEntries(scanner.tasks.map((task, i) => [task, (exponents[i] ?? 0) / sum])), 'keywords');
    },
  };
}

const SHARPNESS = 2.3;
