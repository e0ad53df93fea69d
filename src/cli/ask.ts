import { createSseParser } from '../stream/sse.ts';
import { createClient } from './client.ts';
import { coloursFor } from './colour.ts';
import { type Command, JSON_OPTION, readArgs, URL_HELP, URL_OPTIONS } from './command.ts';
import { readInput } from './input.ts';
import { waiting } from './progress.ts';

const OPTIONS = { ...URL_OPTIONS, ...JSON_OPTION, model: { type: 'string', default: 'auto' } } as const;

export const ask: Command = {
  name: 'ask',
  summary: 'ask a question and print the answer as it is written',
  options: OPTIONS,
  completes: { model: 'model' },
  help: `orchestrator ask "QUESTION" [--model M] [--json] [--url URL] [--key KEY]

  --model M   a model, an alias or a virtual model such as auto, auto:code, ensemble (default auto)
  --json      print one JSON object with the answer, the model and the decision
${URL_HELP}

A dash, or nothing at all with text piped in, reads the question from standard input.

  orchestrator ask "Translate to English: 오늘 날씨가 좋네요"
  git diff | orchestrator ask - --model auto:code`,

  async run(args) {
    const { values, positionals } = readArgs(args, OPTIONS, true);
    const question = await readInput(positionals.join(' '), 'what is the question? orchestrator ask "QUESTION"');
    const client = createClient(values);
    const body = { model: values.model, messages: [{ role: 'user', content: question }], stream: !values.json };
    const waited = waiting(process.stderr, `asking ${values.model} ...`);
    const response = await client.send('POST', '/v1/chat/completions', body).finally(waited);
    const header = (name: string): string | undefined => response.headers.get(`x-orchestrator-${name}`) ?? undefined;
    if (values.json) {
      const answer = (await response.json()) as { choices: { message: { content: string } }[]; usage: object };
      const decision = { model: header('model'), provider: header('provider'), task: header('task'), reason: header('reason') };
      process.stdout.write(`${JSON.stringify({ answer: answer.choices[0]?.message.content, ...decision, usage: answer.usage })}\n`);
      return 0;
    }
    if (process.stderr.isTTY)
      process.stderr.write(`${coloursFor(process.stderr).dim(`[${header('model') ?? 'several models'}: ${header('reason') ?? ''}]`)}\n`);
    return printStream(response);
  },
};

/** Writes the text as it comes; an error in the stream ends with exit code 1. */
async function printStream(response: Response): Promise<number> {
  const sse = createSseParser();
  for await (const chunk of response.body ?? []) {
    for (const { data } of sse.push(chunk)) {
      if (data === '[DONE]') continue;
      const event = JSON.parse(data) as { error?: { message: string }; choices?: { delta: { content?: string } }[] };
      if (event.error !== undefined) {
        process.stderr.write(`\norchestrator ask: ${event.error.message}\n`);
        return 1;
      }
      process.stdout.write(event.choices?.[0]?.delta.content ?? '');
    }
  }
  process.stdout.write('\n');
  return 0;
}
