// The embedded engine beside llama.cpp's own benchmark, on the same file, library and threads.
//   node bench/embedded.ts --models DIR [--rounds 3] [--tokens 64]
// llama-bench is compiled from the llama.cpp source that node-llama-cpp brings and linked with the library it brings (git, g++).
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ChatRequest } from '../src/core/chat.ts';
import type { Provider } from '../src/core/provider.ts';
import { createLlamaCppProvider } from '../src/providers/llama-cpp/provider.ts';

const { values: options } = parseArgs({
  options: {
    models: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    tokens: { type: 'string', default: '64' },
  },
});
if (options.models === undefined) throw new Error('--models: the folder of the GGUF files');
const root = join(import.meta.dirname, '..');
const packages = join(root, 'node_modules');
const bins = join(packages, '@node-llama-cpp/linux-x64/bins/linux-x64');
const run = join(root, 'bench/run/llama-bench');
const TOKENS = Number(options.tokens);

/** Compiles llama-bench beside the libraries it loads. */
function build(): string {
  const program = join(run, 'llama-bench');
  if (existsSync(program)) return program;
  mkdirSync(run, { recursive: true });
  const source = join(run, 'source');
  if (!existsSync(source)) execFileSync('git', ['clone', '-q', join(packages, 'node-llama-cpp/llama/gitRelease.bundle'), source]);
  for (const name of readdirSync(bins).filter((file) => file.endsWith('.so'))) if (!existsSync(join(run, name))) symlinkSync(join(bins, name), join(run, name));
  const libraries = readdirSync(bins).filter((name) => /^lib(llama|ggml)[^/]*\.so$/.test(name) && !name.includes('cpu'));
  const tool = join(source, 'tools/llama-bench');
  const files = readdirSync(tool)
    .filter((name) => name.endsWith('.cpp'))
    .map((name) => join(tool, name));
  const includes = ['include', 'ggml/include', 'common', 'vendor'].map((folder) => `-I${join(source, folder)}`);
  const link = [`-L${bins}`, ...libraries.map((name) => `-l:${name}`), `-Wl,-rpath,${run}`, '-pthread'];
  execFileSync('g++', ['-O1', '-DNDEBUG', '-std=c++17', ...includes, ...files, ...link, '-o', program], { stdio: 'inherit' });
  return program;
}

interface Speed {
  /** Tokens a second. */
  readonly rate: number;
  /** CPU ms of all threads a token: what a busy machine disturbs least. */
  readonly cpuMs: number;
}

/** CPU seconds of one llama-bench with one thread, and the tokens a second it tells. */
function benchmark(program: string, model: string, tokens: number): { readonly cpuS: number; readonly rate: number } {
  const command = [program, '-m', model, '-t', '1', '-p', '0', '-n', String(tokens), '-r', '1', '--no-warmup', '-o', 'json'];
  const out = spawnSync('bash', ['-c', 'TIMEFORMAT="CPU %U %S"; time "$@"', 'bash', ...command], { cwd: run, encoding: 'utf8' });
  const [, user = 'NaN', system = 'NaN'] = /^CPU ([\d.]+) ([\d.]+)$/m.exec(out.stderr) ?? [];
  return { cpuS: Number(user) + Number(system), rate: (JSON.parse(out.stdout) as { avg_ts: number }[])[0]?.avg_ts ?? Number.NaN };
}

/** What one token costs llama-bench: loading and start left out by the difference of a long and a short run. */
function reference(program: string, model: string): Speed {
  const short = benchmark(program, model, 8);
  const long = benchmark(program, model, 8 + TOKENS);
  return { rate: long.rate, cpuMs: ((long.cpuS - short.cpuS) / TOKENS) * 1_000 };
}

const ask = (text: string, more: ChatRequest['messages'] = []): ChatRequest => ({
  model: 'm',
  messages: [...more, { role: 'user', content: [{ type: 'text', text }] }],
  sampling: { temperature: 0, maxOutputTokens: TOKENS },
  tools: [],
  toolChoice: 'auto',
  responseFormat: { type: 'text' },
  choices: 1,
  extra: {},
  dialect: 'openai',
});

interface Told {
  readonly text: string;
  readonly tokens: number;
  readonly firstMs: number;
  readonly writingMs: number;
  /** CPU of this process while the answer was written. */
  readonly cpuMs: number;
  readonly cached: number;
}

async function chat(provider: Provider, request: ChatRequest): Promise<Told> {
  const began = performance.now();
  let first: number | undefined;
  let used = process.cpuUsage();
  let text = '';
  let tokens = 0;
  let cached = 0;
  const call = { model: 'm', request, signal: AbortSignal.timeout(600_000), requestId: 'bench', tenant: 'bench', background: false, buffered: false };
  for await (const events of provider.chat(call)) {
    for (const event of events) {
      if (event.type === 'text') {
        if (first === undefined) {
          first = performance.now();
          used = process.cpuUsage();
        }
        text += event.delta;
      } else if (event.type === 'finish') {
        tokens = event.usage.outputTokens ?? 0;
        cached = event.usage.cachedInputTokens ?? 0;
      }
    }
  }
  const ended = performance.now();
  const { user, system } = process.cpuUsage(used);
  return { text, tokens, firstMs: (first ?? ended) - began, writingMs: ended - (first ?? ended), cpuMs: (user + system) / 1_000, cached };
}

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const LONG = 'Describe the sea to somebody who has never seen it, in many sentences. ';

const program = build();
const lines: string[] = [];
const say = (line: string): void => {
  lines.push(line);
  console.log(line);
};
for (const file of readdirSync(options.models).filter((name) => name.endsWith('.gguf'))) {
  const path = join(options.models, file);
  const provider = createLlamaCppProvider({
    name: 'bench',
    models: [{ name: 'm', path }],
    log: { info: () => undefined, warn: () => undefined },
    now: () => performance.now(),
    limits: { contextWindow: 2_048, threads: 1 },
  });
  await chat(provider, ask('Hello'));
  const pairs: [Speed, Speed][] = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    const theirs = reference(program, path);
    const told = await chat(provider, ask(`${round} ${LONG}`));
    pairs.push([theirs, { rate: (told.tokens - 1) / (told.writingMs / 1_000), cpuMs: told.cpuMs / (told.tokens - 1) }]);
  }
  const each = (of: (pair: [Speed, Speed]) => number): string => `${middle(pairs.map(of)).toFixed(2)} (${pairs.map((pair) => of(pair).toFixed(2)).join(' ')})`;
  say(`${file}: tokens/s llama-bench ${each(([theirs]) => theirs.rate)}, engine ${each(([, ours]) => ours.rate)}`);
  say(
    `${file}: CPU ms a token llama-bench ${each(([theirs]) => theirs.cpuMs)}, engine ${each(([, ours]) => ours.cpuMs)}, ratio ${each(([theirs, ours]) => ours.cpuMs / theirs.cpuMs)}`,
  );
  for (const together of [1, 2, 4]) {
    const began = performance.now();
    const all = await Promise.all(Array.from({ length: together }, (_, index) => chat(provider, ask(`${together}-${index} ${LONG}`))));
    say(
      `${file}: ${together} at once: ${(all.reduce((sum, { tokens }) => sum + tokens, 0) / ((performance.now() - began) / 1_000)).toFixed(1)} tokens/s together, prompts included`,
    );
  }
  const question = LONG.repeat(20);
  const one = await chat(provider, ask(question));
  const two = await chat(
    provider,
    ask('And the mountains?', [
      { role: 'user', content: [{ type: 'text', text: question }] },
      { role: 'assistant', content: [{ type: 'text', text: one.text }] },
    ]),
  );
  say(
    `${file}: first word of turn 1 after ${one.firstMs.toFixed(0)} ms (${one.cached} tokens reused), of turn 2 after ${two.firstMs.toFixed(0)} ms (${two.cached} reused)`,
  );
  await provider.close();
}
say(
  `load of the machine: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`,
);
mkdirSync(join(root, 'bench/run'), { recursive: true });
writeFileSync(join(root, 'bench/run/embedded.txt'), `${lines.join('\n')}\n`);
