import { writeFile } from 'node:fs/promises';
import { createSseParser } from '../stream/sse.ts';
import { createClient, type GatewayClient } from './client.ts';
import { type Command, CommandError, JSON_OPTION, readArgs, URL_HELP, URL_OPTIONS, UsageError } from './command.ts';
import { readInput } from './input.ts';

const PREFIX = 'workflow:';

/** What a workflow did, as the gateway tells it at the end. */
interface Trace {
  readonly steps: readonly { readonly id: string; readonly seconds: number; readonly calls: readonly object[] }[];
  readonly degraded: boolean;
  readonly reasons: readonly string[];
  readonly usage: object;
}

interface Chunk {
  readonly error?: { readonly message: string };
  readonly choices?: readonly { readonly delta: { readonly content?: string; readonly reasoning?: string } }[];
  readonly orchestrator?: Trace;
}

const OPTIONS = { ...URL_OPTIONS, ...JSON_OPTION, input: { type: 'string' }, out: { type: 'string' } } as const;

export const run: Command = {
  name: 'run',
  summary: 'run a workflow of config/workflows and write what it makes',
  options: OPTIONS,
  completes: { out: 'file' },
  help: `orchestrator run WORKFLOW --input "TEXT" [--out FILE] [--json] [--url URL] [--key KEY]

  --input TEXT  what the workflow works on; '-', or nothing with text piped in, reads standard input
  --out FILE    write the result there (default: standard output)
  --json        print one JSON object: result, steps with their times, usage
${URL_HELP}

Without a name it lists the workflows. Progress goes to the terminal while the steps run; the result is
Markdown where the workflow writes Markdown. Ctrl-C cancels every step.

  orchestrator run blog --input "Why local language models matter" > post.md`,

  async run(args) {
    const { values, positionals } = readArgs(args, OPTIONS, true);
    const [name, ...more] = positionals;
    const client = createClient(values);
    if (name === undefined) return list(client);
    if (more.length > 0)
      throw new UsageError(`one workflow at a time; put the text in quotation marks behind --input: orchestrator run ${name} --input "TEXT"`);
    const input = await readInput(values.input, `what is the input? orchestrator run ${name} --input "TEXT"`);
    const startedAt = performance.now();
    const { text, trace, error } = await follow(client, name, input);
    if (error !== undefined) throw new CommandError(error);
    const seconds = Math.round(performance.now() - startedAt) / 1_000;
    const result = values.json ? `${JSON.stringify({ workflow: name, result: text, seconds, ...trace }, null, 2)}\n` : `${text.trim()}\n`;
    if (values.out === undefined) process.stdout.write(result);
    else await save(values.out, result);
    for (const reason of trace?.reasons ?? []) process.stderr.write(`orchestrator run: ${reason}\n`);
    return 0;
  },
};

async function list(client: GatewayClient): Promise<number> {
  const { data } = await client.json<{ data: { id: string }[] }>('GET', '/v1/models');
  const names = data.flatMap(({ id }) => (id.startsWith(PREFIX) ? [id.slice(PREFIX.length)] : []));
  process.stdout.write(names.length === 0 ? 'No workflows: put one into config/workflows.\n' : `${names.join('\n')}\n`);
  return 0;
}

/** Runs it as a stream: progress comes as reasoning, the result as content, what happened with the last chunk. */
async function follow(client: GatewayClient, name: string, input: string): Promise<{ text: string; trace: Trace | undefined; error?: string }> {
  const body = { model: `${PREFIX}${name}`, messages: [{ role: 'user', content: input }], stream: true, orchestrator: true };
  const response = await client.send('POST', '/v1/chat/completions', body);
  const sse = createSseParser();
  let text = '';
  let trace: Trace | undefined;
  for await (const bytes of response.body ?? []) {
    for (const { data } of sse.push(bytes)) {
      if (data === '[DONE]') return { text, trace };
      const chunk = JSON.parse(data) as Chunk;
      if (chunk.error !== undefined) return { text, trace, error: chunk.error.message };
      const delta = chunk.choices?.[0]?.delta;
      if (delta?.reasoning !== undefined && process.stderr.isTTY) process.stderr.write(delta.reasoning);
      text += delta?.content ?? '';
      trace = chunk.orchestrator ?? trace;
    }
  }
  return { text, trace, error: 'the gateway ended the connection before the workflow was done' };
}

async function save(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    // The work is done and must not be lost with the file.
    process.stdout.write(text);
    throw new CommandError(`cannot write ${path}: ${(error as Error).message}. The result stands above.`);
  }
}
