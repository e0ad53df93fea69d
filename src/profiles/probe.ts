import type { ChatRequest } from '../core/chat.ts';
import type { ModelRef } from '../core/model.ts';
import type { Provider } from '../core/provider.ts';

/** What was measured with a few short questions. */
export interface ProbeResult {
  readonly model: string;
  readonly provider: string;
  readonly rounds: number;
  readonly failures: number;
  /** Median; null when no answer had enough tokens. */
  readonly tokensPerSecond: number | null;
  /** Median of the rounds in which the model was in memory already. */
  readonly timeToFirstTokenMs: number | null;
  /** By how much longer the first question took when the model was not in memory. */
  readonly loadMs: number | null;
  readonly error?: string;
}

/** Different questions, so that no cache answers; both languages, short answers and longer ones. */
const QUESTIONS = [
  'Name three colours of the rainbow.',
  'Write a function in Python that reverses a string.',
  '서울을 한 문장으로 소개해 줘.',
  'Explain in two sentences why the sky is blue.',
] as const;
const MAX_TOKENS = 96;
/** Fewer pieces than this tell nothing about speed. */
const MIN_PIECES = 4;

const questionOf = (model: string, text: string): ChatRequest => ({
  model,
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  sampling: { temperature: 0, maxOutputTokens: MAX_TOKENS },
  tools: [],
  toolChoice: 'auto',
  responseFormat: { type: 'text' },
  choices: 1,
  dialect: 'orchestrator',
  extra: {},
});

/** Asks a model a few short questions one after the other, as background work that gives way to everybody's requests. */
export async function probeModel(options: {
  readonly provider: Provider;
  readonly ref: ModelRef;
  /** False: the first question has to load the model. */
  readonly loaded: boolean;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly rounds?: number;
}): Promise<ProbeResult> {
  const { provider, ref, now, signal } = options;
  const questions = QUESTIONS.slice(0, options.rounds ?? QUESTIONS.length);
  const speeds: number[] = [];
  const firsts: number[] = [];
  let failures = 0;
  let problem: string | undefined;
  for (const [index, question] of questions.entries()) {
    const startedAt = now();
    let firstAt: number | undefined;
    let pieces = 0;
    let tokens: number | undefined;
    try {
      const call = {
        model: ref.model,
        request: questionOf(ref.model, question),
        signal,
        requestId: `probe-${index}`,
        tenant: 'probe',
        background: true,
        buffered: false,
      };
      for await (const events of provider.chat(call)) {
        for (const event of events) {
          if (event.type === 'text' || event.type === 'reasoning') {
            firstAt ??= now();
            pieces += 1;
          } else if (event.type === 'finish') tokens = event.usage.outputTokens;
        }
      }
    } catch (error) {
      failures += 1;
      problem = error instanceof Error ? error.message : String(error);
      if (signal.aborted) break;
      continue;
    }
    if (firstAt === undefined) continue;
    firsts.push(firstAt - startedAt);
    const seconds = (now() - firstAt) / 1000;
    if (pieces >= MIN_PIECES && seconds > 0) speeds.push(((tokens ?? pieces) - 1) / seconds);
  }
  const settled = options.loaded ? firsts : firsts.slice(1);
  const first = median(settled);
  const load = options.loaded || firsts.length < 2 || first === null ? null : Math.max(0, (firsts[0] ?? 0) - first);
  return {
    model: ref.model,
    provider: ref.provider,
    rounds: questions.length,
    failures,
    tokensPerSecond: rounded(median(speeds)),
    timeToFirstTokenMs: rounded(first),
    loadMs: rounded(load),
    ...(problem !== undefined && { error: problem }),
  };
}

const median = (values: readonly number[]): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? null : (sorted[Math.floor((sorted.length - 1) / 2)] ?? null);
};
const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 10) / 10);
