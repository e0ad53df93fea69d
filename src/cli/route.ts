import { createClient } from './client.ts';
import { coloursFor } from './colour.ts';
import { type Command, JSON_OPTION, readArgs, URL_HELP, URL_OPTIONS, UsageError } from './command.ts';
import { formatTable, terminalColumns } from './table.ts';

interface RouteAnswer {
  task: string;
  confidence: number;
  classifier: string;
  language: string;
  complexity: string;
  probabilities: Record<string, number>;
  candidates: { model: string; provider: string; score: number; terms: Record<string, number> }[];
  model: string | null;
  provider: string | null;
  reason: string;
}

const OPTIONS = { ...URL_OPTIONS, ...JSON_OPTION, model: { type: 'string', default: 'auto' } } as const;

export const route: Command = {
  name: 'route',
  summary: 'show which model would answer, and why, without asking it',
  options: OPTIONS,
  completes: { model: 'model' },
  help: `orchestrator route "QUESTION" [--model M] [--json] [--url URL] [--key KEY]

  --model M   as a client would send it (default auto)
  --json      print the decision as JSON
${URL_HELP}

  orchestrator route "이 함수 리팩터링해줘"`,

  async run(args) {
    const { values, positionals } = readArgs(args, OPTIONS, true);
    const prompt = positionals.join(' ').trim();
    if (prompt === '') throw new UsageError('what is the question? orchestrator route "QUESTION"');
    const answer = await createClient(values).json<RouteAnswer>('POST', '/orchestrator/route', { model: values.model, prompt });
    process.stdout.write(`${values.json ? JSON.stringify(answer, null, 2) : describe(answer)}\n`);
    return 0;
  },
};

function describe(answer: RouteAnswer): string {
  const shares = Object.entries(answer.probabilities)
    .sort(([, a], [, b]) => b - a)
    .map(([task, share]) => `${task} ${Math.round(share * 100)}%`);
  const names = [...new Set(answer.candidates.flatMap(({ terms }) => Object.keys(terms)))];
  const rows = answer.candidates.map(({ model, provider, score, terms }) => [
    model,
    provider,
    String(score),
    ...names.map((name) => (terms[name] === undefined ? '' : String(terms[name]))),
  ]);
  return [
    `task        ${answer.task} (${Math.round(answer.confidence * 100)}%, by ${answer.classifier})${shares.length > 1 ? `: ${shares.join(', ')}` : ''}`,
    `language    ${answer.language}, complexity ${answer.complexity}`,
    `model       ${answer.model ?? 'none'} at ${answer.provider ?? '-'}`,
    `why         ${answer.reason}`,
    '',
    formatTable(['model', 'provider', 'score', ...names], rows, {
      columns: terminalColumns(),
      optional: ['provider', ...names.toReversed()],
      heading: coloursFor(process.stdout).bold,
    }),
  ].join('\n');
}
