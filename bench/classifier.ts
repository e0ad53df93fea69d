import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClassifierChain } from '../src/policy/classifiers/chain.ts';
import type { Classifier } from '../src/policy/classifiers/classifier.ts';
import { DEFAULT_KEYWORDS } from '../src/policy/classifiers/default-keywords.ts';
import { createKeywordClassifier } from '../src/policy/classifiers/keywords.ts';
import { createLinearClassifier, loadWeights } from '../src/policy/classifiers/linear.ts';
import { readPrompt } from '../src/policy/text.ts';
import { readTaskDev } from '../training/data.ts';

/**
 * Time of one decision on one core, reading the request included, and what hostile or empty input costs. Percentiles are over prompts twice: of
 * every single measurement, and of each prompt's least of eight, which other work on the machine cannot inflate.
 */
const { values } = parseArgs({
  options: { shared: { type: 'string', default: '../shared/data' } },
});
const weights = loadWeights(readFileSync(join(import.meta.dirname, '../src/policy/classifiers/task-weights.bin')));
const prompts = readTaskDev(values.shared);

/** Real prompts joined and cut to one length. */
function ofLength(length: number, count: number, lang: string): string[] {
  const pool = prompts.filter((row) => row.lang === lang).map((row) => row.text);
  return Array.from({ length: count }, (_, i) => {
    let text = '';
    for (let n = i * 7; text.length < length; n++) text += `${text === '' ? '' : '\n'}${pool[n % pool.length]}`;
    return text.slice(0, length);
  });
}

interface Times {
  readonly p50: number;
  readonly p99: number;
  readonly quietP50: number;
  readonly quietP99: number;
}

const REPEATS = 8;

function measure(classifier: Classifier, texts: readonly string[]): Times {
  const all: number[] = [];
  const least = texts.map(() => Number.POSITIVE_INFINITY);
  // The first two passes let the compiler settle.
  for (let round = -2; round < REPEATS; round++) {
    texts.forEach((text, i) => {
      const start = performance.now();
      classifier.classify(readPrompt(text));
      const time = performance.now() - start;
      if (round < 0) return;
      all.push(time);
      least[i] = Math.min(least[i] ?? time, time);
    });
  }
  all.sort((a, b) => a - b);
  least.sort((a, b) => a - b);
  const at = (list: readonly number[], share: number): number => list[Math.floor(list.length * share)] ?? 0;
  return { p50: at(all, 0.5), p99: at(all, 0.99), quietP50: at(least, 0.5), quietP99: at(least, 0.99) };
}

const keywords = createKeywordClassifier(DEFAULT_KEYWORDS);
const linear = createLinearClassifier(weights);
const chain = createClassifierChain({ statistical: linear, keywords: DEFAULT_KEYWORDS });
console.log(`${cpus()[0]?.model ?? 'unknown'}, node ${process.version}, ms`);
console.log('| classifier | input | p50 | p99 | p50, least of 8 | p99, least of 8 |\n| --- | --- | --- | --- | --- | --- |');
const row = (name: string, input: string, { p50, p99, quietP50, quietP99 }: Times): void =>
  console.log(`| ${name} | ${input} | ${[p50, p99, quietP50, quietP99].map((time) => time.toFixed(3)).join(' | ')} |`);
for (const classifier of [keywords, linear, chain]) {
  for (const lang of ['en', 'ko']) {
    for (const length of [200, 4000]) row(classifier.name, `${length} characters, ${lang}`, measure(classifier, ofLength(length, 500, lang)));
  }
}
const big = [
  `Summarize this.\n${prompts
    .map(({ text }) => text)
    .join('\n')
    .repeat(2)}`.slice(0, 1_000_000),
];
row('chain', '1 MB of prose', measure(chain, big));
row('chain', '1 MB of one letter', measure(chain, ['a'.repeat(1_000_000)]));
row('chain', '1 MB of open fences', measure(chain, ['```\n'.repeat(250_000)]));
row('chain', '1 MB of digits and brackets', measure(chain, ['1({[.,'.repeat(170_000)]));
row('chain', '1 MB of spaces', measure(chain, [' '.repeat(1_000_000)]));
row('chain', '1 MB of x( ', measure(chain, ['x('.repeat(500_000)]));
for (const text of ['', '🙂', 'asdf', 'これを日本語で説明してください', 'def f(x):\n    return x']) {
  const { task, confidence, by } = chain.classify(readPrompt(text));
  console.log(JSON.stringify(text), task, confidence.toFixed(2), by);
}
