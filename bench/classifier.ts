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

/** Time of one decision on one core, reading the request included, and what hostile or empty input costs. */
const { values } = parseArgs({ options: { shared: { type: 'string', default: '../shared/data' }, rounds: { type: 'string', default: '4000' } } });
const rounds = Number(values.rounds);
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

function measure(classifier: Classifier, texts: readonly string[], count: number): { p50: number; p99: number } {
  for (let i = 0; i < Math.min(count, 1500); i++) classifier.classify(readPrompt(texts[i % texts.length] ?? ''));
  const times = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const text = texts[i % texts.length] ?? '';
    const start = process.hrtime.bigint();
    classifier.classify(readPrompt(text));
    times[i] = Number(process.hrtime.bigint() - start) / 1e6;
  }
  times.sort();
  return { p50: times[Math.floor(count * 0.5)] ?? 0, p99: times[Math.floor(count * 0.99)] ?? 0 };
}

const keywords = createKeywordClassifier(DEFAULT_KEYWORDS);
const linear = createLinearClassifier(weights);
const chain = createClassifierChain({ statistical: linear, keywords: DEFAULT_KEYWORDS });
console.log(`${cpus()[0]?.model ?? 'unknown'}, node ${process.version}, ${rounds} decisions a cell, ms`);
console.log('| classifier | input | p50 | p99 |\n| --- | --- | --- | --- |');
const row = (name: string, input: string, { p50, p99 }: { p50: number; p99: number }): void =>
  console.log(`| ${name} | ${input} | ${p50.toFixed(4)} | ${p99.toFixed(4)} |`);
for (const classifier of [keywords, linear, chain]) {
  for (const lang of ['en', 'ko']) {
    for (const length of [200, 4000]) row(classifier.name, `${length} characters, ${lang}`, measure(classifier, ofLength(length, 500, lang), rounds));
  }
}
const big = [
  `Summarize this.\n${prompts
    .map(({ text }) => text)
    .join('\n')
    .repeat(2)}`.slice(0, 1_000_000),
];
row('chain', '1 MB of prose', measure(chain, big, 300));
row('chain', '1 MB of one letter', measure(chain, ['a'.repeat(1_000_000)], 300));
row('chain', '1 MB of open fences', measure(chain, ['```\n'.repeat(250_000)], 300));
row('chain', '1 MB of digits and brackets', measure(chain, ['1({[.,'.repeat(170_000)], 300));
row('chain', '1 MB of spaces', measure(chain, [' '.repeat(1_000_000)], 300));
row('chain', '1 MB of x( ', measure(chain, ['x('.repeat(500_000)], 300));
for (const text of ['', '🙂', 'asdf', 'これを日本語で説明してください', 'def f(x):\n    return x']) {
  const { task, confidence, by } = chain.classify(readPrompt(text));
  console.log(JSON.stringify(text), task, confidence.toFixed(2), by);
}
