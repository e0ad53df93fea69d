import { createClient } from './client.ts';
import { coloursFor } from './colour.ts';
import { type Command, JSON_OPTION, readArgs, URL_HELP, URL_OPTIONS, UsageError } from './command.ts';
import { waiting } from './progress.ts';
import { formatTable, terminalColumns } from './table.ts';

interface Result {
  model: string;
  provider: string;
  text: string;
  seconds: number;
  tokens?: number;
  tokens_per_second?: number;
  confidence: number;
  error?: string;
}

const OPTIONS = { ...URL_OPTIONS, ...JSON_OPTION, models: { type: 'string' } } as const;

export const compare: Command = {
  name: 'compare',
  summary: 'ask several models the same and show the answers side by side',
  options: OPTIONS,
  completes: { models: 'model' },
  help: `orchestrator compare "QUESTION" [--models A,B] [--json] [--url URL] [--key KEY]

  --models A,B  which models (default: the best few for the question)
  --json        print every answer whole, as JSON
${URL_HELP}

  orchestrator compare "Explain recursion in one sentence" --models llama3.1:8b,qwen2.5:7b

Exit code 1: no model answered.`,

  async run(args) {
    const { values, positionals } = readArgs(args, OPTIONS, true);
    const prompt = positionals.join(' ').trim();
    if (prompt === '') throw new UsageError('what is the question? orchestrator compare "QUESTION"');
    const asked = { prompt, ...(values.models !== undefined && { models: values.models.split(',') }) };
    const waited = waiting(process.stderr, `asking ${values.models ?? 'the best few'} ...`);
    const answer = await createClient(values).json<{ results: Result[]; agreement: number }>('POST', '/orchestrator/compare', asked).finally(waited);
    if (values.json) {
      process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
      return 0;
    }
    const rows = answer.results.map((result) => [
      result.model,
      result.provider,
      result.seconds.toFixed(1),
      result.tokens === undefined ? '' : String(result.tokens),
      result.tokens_per_second === undefined ? '' : result.tokens_per_second.toFixed(1),
      String(Math.round(result.confidence)),
      (result.error ?? result.text).replace(/\s+/g, ' '),
    ]);
    const headings = ['model', 'provider', 'seconds', 'tokens', 'tokens/s', 'confidence', 'answer'];
    const options = { columns: terminalColumns(), optional: ['provider', 'tokens', 'confidence'], heading: coloursFor(process.stdout).bold };
    process.stdout.write(`${formatTable(headings, rows, options)}\n`);
    return answer.results.some(({ error }) => error === undefined) ? 0 : 1;
  },
};
