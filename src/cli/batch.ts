import { access, rm } from 'node:fs/promises';
import { createAsker } from './batch-ask.ts';
import { type BatchFormat, type BatchItem, formatOf, readItems } from './batch-input.ts';
import { openOutput } from './batch-output.ts';
import { type BatchFailure, runBatch, type Tally } from './batch-run.ts';
import { createClient } from './client.ts';
import { coloursFor } from './colour.ts';
import { type Command, JSON_OPTION, readArgs, URL_HELP, URL_OPTIONS, UsageError } from './command.ts';
import { bar, formatSeconds, overwrite } from './progress.ts';
import { formatTable, terminalColumns } from './table.ts';

const FORMATS: readonly string[] = ['jsonl', 'csv', 'txt'];
/** Failures shown at the end; all of them are in the file. */
const SHOWN = 5;

const OPTIONS = {
  ...URL_OPTIONS,
  ...JSON_OPTION,
  output: { type: 'string', short: 'o' },
  model: { type: 'string', default: 'auto' },
  concurrency: { type: 'string', default: '10' },
  format: { type: 'string' },
  column: { type: 'string' },
} as const;

export const batch: Command = {
  name: 'batch',
  summary: 'ask every question of a file and write the answers to another',
  options: OPTIONS,
  completes: { '': 'file', output: 'file', model: 'model', format: FORMATS },
  help: `orchestrator batch IN -o OUT.jsonl [--model M] [--concurrency N] [--format F] [--column C] [--json] [--url URL] [--key KEY]

  IN               .jsonl: objects with 'prompt', 'messages' or a /v1/batches 'body', or plain texts; .csv: a heading line with a
                   column 'prompt' or 'question', and if you like 'id' and 'model'; anything else: one question a line
  -o, --output F   answers, one JSON object a line: {"id","answer","model","provider","task","tokens","seconds"}
  --model M        for questions that name none (default auto)
  --concurrency N  questions at once (default 10)
  --format F       jsonl, csv or txt, where the name of IN does not tell
  --column C       the column with the question, for CSV
  --json           print the summary as JSON
${URL_HELP}

  orchestrator batch questions.jsonl -o answers.jsonl
  orchestrator batch survey.csv --column question -o answers.jsonl --model auto:quick --concurrency 4

Run it again to go on after a stop: questions that have an answer in OUT are skipped. Those that failed are in OUT.failed and are
asked again. Exit code 1: some failed.`,

  async run(args) {
    const { values, positionals } = readArgs(args, OPTIONS, true);
    const [input, ...more] = positionals;
    if (input === undefined || more.length > 0) throw new UsageError('which file holds the questions? orchestrator batch IN -o OUT.jsonl');
    if (values.output === undefined) throw new UsageError('where do the answers go? -o OUT.jsonl');
    if (values.format !== undefined && !FORMATS.includes(values.format)) throw new UsageError(`--format: expected ${FORMATS.join(', ')}`);
    const concurrency = Number(values.concurrency);
    if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 1_000) throw new UsageError('--concurrency: expected a number from 1 to 1000');
    await access(input).catch(() => {
      throw new UsageError(`there is no file ${input}`);
    });
    const client = createClient(values);
    await client.send('GET', '/v1/models');

    const format = (values.format as BatchFormat | undefined) ?? formatOf(input);
    const output = await openOutput(values.output);
    const pending = await countPending(() => readItems(input, format, values.column), output.done);
    if (pending.total === 0) throw new UsageError(`${input} holds no question`);
    if (pending.done > 0) process.stderr.write(`${pending.done} of ${pending.total} are answered already\n`);

    const failures: BatchFailure[] = [];
    const stop = new AbortController();
    const onSignal = (): void => stop.abort();
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    const startedAt = performance.now();
    const show = progressLine(process.stderr, () => (performance.now() - startedAt) / 1000);
    const tally = await runBatch({
      items: skip(readItems(input, format, values.column), output.done),
      total: pending.total - pending.done,
      concurrency,
      ask: createAsker(client.url, values.key ?? process.env['ORCHESTRATOR_KEY'], values.model),
      write: output.write,
      fail: async (failure) => void failures.push(failure),
      progress: show,
      signal: stop.signal,
    });
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await output.close();
    const failedPath = `${values.output}.failed`;
    await rm(failedPath, { force: true });
    if (failures.length > 0) {
      const failed = await openOutput(failedPath);
      for (const failure of failures) await failed.write(failure);
      await failed.close();
    }
    const seconds = (performance.now() - startedAt) / 1000;
    process.stdout.write(values.json ? `${JSON.stringify(toSummary(tally, seconds))}\n` : summary(tally, failures, seconds, failedPath));
    if (stop.signal.aborted) process.stderr.write('Stopped. The same command goes on from here.\n');
    return tally.failed > 0 || stop.signal.aborted ? 1 : 0;
  },
};

async function countPending(items: () => AsyncIterable<BatchItem>, done: ReadonlySet<string>): Promise<{ total: number; done: number }> {
  const seen = new Set<string>();
  let total = 0;
  for await (const { id } of items()) {
    if (seen.has(id)) throw new UsageError(`the id '${id.slice(0, 100)}' stands twice in the input: answers could not be told apart`);
    seen.add(id);
    total += 1;
  }
  return { total, done: [...seen].filter((id) => done.has(id)).length };
}

async function* skip(items: AsyncIterable<BatchItem>, done: ReadonlySet<string>): AsyncGenerator<BatchItem> {
  for await (const item of items) if (!done.has(item.id)) yield item;
}

/** Shows how far it is: written over on a terminal, a line per tenth in a pipe. `elapsed`: seconds so far. */
export function progressLine(output: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown }, elapsed: () => number) {
  let tenth = 0;
  let shownAt = -1;
  return (tally: Tally): void => {
    const done = tally.answered + tally.failed;
    const share = done / tally.total;
    const seconds = elapsed();
    const rate = done / Math.max(seconds, 0.001);
    const failed = tally.failed > 0 ? `  ${tally.failed} failed` : '';
    const text = `${done}/${tally.total}  ${Math.floor(share * 100)}%  ${rate.toFixed(1)}/s  ${share < 1 ? `${formatSeconds((tally.total - done) / rate)} left` : formatSeconds(seconds)}${failed}`;
    if (output.isTTY) {
      if (share < 1 && seconds - shownAt < 0.1) return;
      shownAt = seconds;
      overwrite(output, `[${bar(share)}] ${text}`, share >= 1);
    } else if (Math.floor(share * 10) > tenth) {
      tenth = Math.floor(share * 10);
      output.write(`${text}\n`);
    }
  };
}

const toSummary = (tally: Tally, seconds: number): object => ({
  answered: tally.answered,
  failed: tally.failed,
  seconds: Number(seconds.toFixed(2)),
  models: Object.fromEntries(tally.models),
  tokens: { input: tally.inputTokens, output: tally.outputTokens },
});

function summary(tally: Tally, failures: readonly BatchFailure[], seconds: number, failedPath: string): string {
  const rows = [...tally.models]
    .sort(([, a], [, b]) => b - a)
    .map(([model, count]) => [model, String(count), `${Math.round((count / tally.answered) * 100)}%`]);
  const table =
    rows.length === 0
      ? ''
      : `\n${formatTable(['model', 'answers', 'share'], rows, { columns: terminalColumns(), heading: coloursFor(process.stdout).bold })}\n`;
  const shown = failures.slice(0, SHOWN).map(({ id, error }) => `  ${id}: ${error.slice(0, 200)}\n`);
  const failed = failures.length === 0 ? '' : `\n${failures.length} failed (all of them in ${failedPath}):\n${shown.join('')}`;
  return `${tally.answered} answered in ${formatSeconds(seconds)}; tokens: ${tally.inputTokens} in, ${tally.outputTokens} out\n${table}${failed}`;
}
