import { readdirSync, readFileSync } from 'node:fs';
import type { ChatEvent, ChatRequest, ChatStream } from '../../src/core/chat.ts';
import type { ModelRef } from '../../src/core/model.ts';
import type { ExecutionContext, ExecutionLimits } from '../../src/execution/context.ts';
import { toPrompts } from '../../src/execution/prompts.ts';

const directory = new URL('../../config/prompts/', import.meta.url);

export const prompts = toPrompts(Object.fromEntries(readdirSync(directory).map((file) => [file, readFileSync(new URL(file, directory), 'utf8')])));

export const ref = (name: string): ModelRef => {
  const [provider = '', model = ''] = name.split('/');
  return { provider, model };
};

export const userRequest = (text: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'ensemble',
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  sampling: {},
  tools: [],
  toolChoice: 'auto',
  responseFormat: { type: 'text' },
  choices: 1,
  extra: {},
  dialect: 'openai',
  ...more,
});

export const promptText = (request: ChatRequest): string =>
  request.messages.flatMap(({ content }) => content.map((part) => (part.type === 'text' ? part.text : ''))).join('\n');

/** Text to answer with, an error to throw, 'hang', or a script of its own. */
export type Script = string | Error | 'hang' | ((request: ChatRequest, signal: AbortSignal) => ChatStream | string);

export interface Made {
  readonly target: ModelRef;
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
}

export async function* words(text: string, usage = { inputTokens: 10, outputTokens: 5 }): AsyncGenerator<readonly ChatEvent[]> {
  yield [{ type: 'start', model: 'fake' }];
  for (const delta of text.match(/\s*\S+\s*$|\s*\S+/g) ?? []) {
    await Promise.resolve();
    yield [{ type: 'text', delta }];
  }
  yield [{ type: 'finish', reason: 'stop', usage }];
}

/** Never gives anything, and does not even react to its signal. */
export const hanging = (): ChatStream => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) });

async function* failing(error: Error): AsyncGenerator<readonly ChatEvent[]> {
  await Promise.resolve();
  throw error;
  // biome-ignore lint/correctness/noUnreachable: makes it a generator
  yield [];
}

/** A context whose models answer from scripts: one per model, or a list with one entry per call. */
export function fakeContext(scripts: Record<string, Script | Script[]>, limits: Partial<ExecutionLimits> = {}, more: Partial<ExecutionContext> = {}) {
  const made: Made[] = [];
  const counts = new Map<string, number>();
  const controller = new AbortController();
  const context: ExecutionContext = {
    requestId: 'r1',
    signal: controller.signal,
    call: (target, request, signal) => {
      made.push({ target, request, signal });
      const name = `${target.provider}/${target.model}`;
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      const entry = scripts[name] ?? new Error(`no script for ${name}`);
      const script = Array.isArray(entry) ? (entry[Math.min(count, entry.length - 1)] as Script) : entry;
      if (script === 'hang') return hanging();
      if (script instanceof Error) return failing(script);
      const answer = typeof script === 'function' ? script(request, signal) : script;
      return typeof answer === 'string' ? words(answer) : answer;
    },
    route: () => ref('p/routed'),
    now: () => performance.now(),
    random: Math.random,
    prompts,
    limits: { maxConcurrent: 8, memberDeadlineMs: 5_000, judgeDeadlineMs: 5_000, maxCalls: 32, memberChars: 20_000, graceMs: 20, ...limits },
    ...more,
  };
  return { context, made, abort: () => controller.abort(), of: (name: string) => made.filter(({ target }) => `${target.provider}/${target.model}` === name) };
}

export interface Read {
  readonly text: string;
  readonly reasoning: string;
  readonly events: ChatEvent[];
  readonly finish: Extract<ChatEvent, { type: 'finish' }> | undefined;
}

export async function read(stream: ChatStream): Promise<Read> {
  const events: ChatEvent[] = [];
  for await (const batch of stream) events.push(...batch);
  const joined = (type: 'text' | 'reasoning') => events.map((event) => (event.type === type ? event.delta : '')).join('');
  return { text: joined('text'), reasoning: joined('reasoning'), events, finish: events.find((event) => event.type === 'finish') };
}
