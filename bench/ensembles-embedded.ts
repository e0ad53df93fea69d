/**
 * The two embedded models on questions with checkable answers, alone and together: `node bench/ensembles-embedded.ts ANSWERS.json`. Asks each model
 * three times as an ensemble would (as it is, then in two other styles) through a running gateway (ORCHESTRATOR_URL), keeps the answers in the
 * file, goes on where it stopped, and prints the table. About 15 minutes on two quiet cores.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { agreement } from '../src/quality/agreement.ts';
import { finalAnswer } from '../src/quality/final-answer.ts';
import { sameFinal } from '../src/quality/final-same.ts';
import { vote } from '../src/quality/vote.ts';
import { TASKS, type Task } from './ensembles-tasks.ts';

const [file = 'answers.json'] = process.argv.slice(2);
const url = process.env['ORCHESTRATOR_URL'] ?? 'http://127.0.0.1:11435';
const SAMPLES = 3;
const MAX_TOKENS = 32;
const styles = readFileSync(new URL('../config/prompts/styles.md', import.meta.url), 'utf8')
  .replace(/<!--[\s\S]*?-->/g, '')
  .split(/^---+$/m)
  .map((style) => style.trim());

const known: Record<string, string> = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
const place = (model: string, task: number, sample: number): string => `${model} ${task} ${sample}`;

async function ask(model: string, question: string, sample: number): Promise<string> {
  const content = sample === 0 ? question : `${question}\n\n${styles[(sample - 1) % styles.length]}`;
  const body = { model, messages: [{ role: 'user', content }], max_tokens: MAX_TOKENS, temperature: sample === 0 ? 0 : 0.7, seed: 7 + sample };
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return ((await response.json()) as { choices: { message: { content: string } }[] }).choices[0]?.message.content ?? '';
}

async function gather(models: readonly string[]): Promise<void> {
  for (const [at, { question }] of TASKS.entries()) {
    for (let sample = 0; sample < SAMPLES; sample++) {
      const missing = models.filter((model) => known[place(model, at, sample)] === undefined);
      const answers = await Promise.all(missing.map((model) => ask(model, question, sample)));
      for (const [index, model] of missing.entries()) known[place(model, at, sample)] = answers[index] as string;
    }
    writeFileSync(file, JSON.stringify(known));
    process.stderr.write(`\r${at + 1}/${TASKS.length}`);
  }
  process.stderr.write('\n');
}

function isRight({ answer, form }: Task, text: string): boolean {
  if (form !== undefined) return form.test(text.trim());
  const truth = finalAnswer(answer ?? '');
  const given = finalAnswer(text);
  if (truth !== undefined && given !== undefined && sameFinal(truth, given)) return true;
  // A fact that the text names in a sentence of its own is right too, unless it is a number.
  return truth?.kind === 'text' && new RegExp(`\\b${answer}\\b`, 'i').test(text.split(/(?<=[.!?])\s/)[0] ?? '');
}

function table(models: readonly string[]): void {
  const of = (model: string, at: number, sample: number): string => known[place(model, at, sample)] ?? '';
  const done = [...TASKS.entries()].filter(([at]) => known[place(models[1] as string, at, SAMPLES - 1)] !== undefined);
  const alone = (model: string): number => done.filter(([at, task]) => isRight(task, of(model, at, 0))).length;
  const [cheap, strong] = models as [string, string];
  const best = alone(strong) >= alone(cheap) ? strong : cheap;
  const other = best === strong ? cheap : strong;
  let sent = 0;
  const arms: Record<string, (at: number, question: string) => string> = {
    [`${cheap} alone`]: (at) => of(cheap, at, 0),
    [`${strong} alone`]: (at) => of(strong, at, 0),
    [`vote of 3 samples of ${best} (self)`]: (at, question) =>
      vote(
        [0, 1, 2].map((sample) => of(best, at, sample)),
        { question },
      ).answer,
    'vote of both models (mixed: best, other, best)': (at, question) => vote([of(best, at, 0), of(other, at, 0), of(best, at, 1)], { question }).answer,
    'vote of all 6 answers': (at, question) =>
      vote(
        [cheap, strong].flatMap((model) => [0, 1, 2].map((sample) => of(model, at, sample))),
        { question },
      ).answer,
    [`cascade: 3 samples of ${cheap}, then ${strong}`]: (at, question) => {
      const samples = [0, 1, 2].map((sample) => of(cheap, at, sample));
      if (agreement(samples).agreed) return vote(samples, { question }).answer;
      sent++;
      return of(strong, at, 0);
    },
  };
  const kinds = ['arithmetic', 'facts', 'format'] as const;
  process.stdout.write(
    `${done.length} questions, ${SAMPLES} samples of each model, at most ${MAX_TOKENS} tokens\n\n| arm | ${kinds.join(' | ')} | all |\n|---|---|---|---|---|\n`,
  );
  for (const [name, answer] of Object.entries(arms)) {
    const right = done.map(([at, task]) => ({ kind: task.kind, ok: isRight(task, answer(at, task.question)) }));
    const share = (list: typeof right): string => `${list.filter(({ ok }) => ok).length}/${list.length}`;
    process.stdout.write(`| ${name} | ${kinds.map((kind) => share(right.filter((row) => row.kind === kind))).join(' | ')} | ${share(right)} |\n`);
  }
  process.stdout.write(`\nSent to the strong model by the cascade: ${sent} of ${done.length}.\n`);
}

const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string; owned_by: string }[] };
const models = data.map(({ id }) => id).filter((id) => /smollm|gemma/i.test(id) && !id.includes('/'));
models.sort((a) => (/smollm/i.test(a) ? -1 : 1));
await gather(models);
table(models);
