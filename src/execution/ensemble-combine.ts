import type { ChatRequest, FinishReason } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import { formatRef, type ModelRef } from '../core/model.ts';
import type { Strategy } from '../core/plan.ts';
import { best } from '../quality/best.ts';
import { vote } from '../quality/vote.ts';
import { majorityText } from '../quality/vote-claims.ts';
import type { ExecutionContext, Ledger } from './context.ts';
import type { Wording } from './ensemble-notes.ts';
import { type Batch, say, textBatch } from './ensemble-stream.ts';
import type { EnsembleTrace, Weighed } from './ensemble-trace.ts';
import type { MemberAnswer } from './members.ts';
import { questionOf } from './members-request.ts';
import { judgeRequest, type Written, write } from './synthesis.ts';

export type EnsembleStrategy = Extract<Strategy, { kind: 'ensemble' }>;

/** Everything a combiner works with. `weigh` compares the answers once; it is called late where a judge can already be at work. */
export interface CombineInput {
  readonly strategy: EnsembleStrategy;
  readonly request: ChatRequest;
  readonly context: ExecutionContext;
  readonly ledger: Ledger;
  readonly signal: AbortSignal;
  readonly wording: Wording;
  readonly given: readonly MemberAnswer[];
  readonly weigh: () => Weighed;
  /** The one that won a race. */
  readonly winner?: MemberAnswer;
}

export interface Combined {
  /** What the reader got; capped when it is very long. */
  readonly text: string;
  readonly answeredBy: ModelRef;
  readonly finishReason: FinishReason;
  /** Why it is less than was asked for. */
  readonly reasons: readonly string[];
  readonly judge?: EnsembleTrace['judge'];
}

export type Combining = AsyncGenerator<Batch, Combined>;

const fromMember = (member: MemberAnswer, reasons: readonly string[] = []): Combined => ({
  text: member.text,
  answeredBy: member.target,
  finishReason: member.finishReason,
  reasons,
});

/** The most trusted of the members' answers. */
export function bestMember({ given, weigh, request, context }: CombineInput): MemberAnswer {
  const { found, texts, sound } = weigh();
  const known = given.map(({ target }) => context.prior?.(target));
  const priors = known.every((prior) => prior !== undefined) ? known : undefined;
  const { index } = best(texts, { question: questionOf(request), agreement: found, sound, ...(priors !== undefined && { priors }) });
  return given[Math.max(0, index)] as MemberAnswer;
}

/** The member's answer that most stand behind, reduced to what most claim where it is prose. */
export function votedAnswer({ given, weigh, request }: CombineInput): Combined {
  const { found, texts, sound } = weigh();
  const { index } = vote(texts, { question: questionOf(request), agreement: found, sound });
  const member = given[Math.max(0, index)] as MemberAnswer;
  const text = request.responseFormat.type === 'json' ? member.text : majorityText(texts, Math.max(0, index), found);
  return { ...fromMember(member), text };
}

async function* give(combined: Combined): Combining {
  yield textBatch(combined.text);
  return combined;
}

/**
 * Passes on what a model writes, and falls back to `instead` when it fails or stays empty. When it fails halfway, what was sent cannot be
 * taken back: the fallback follows below a rule, or for JSON, which that would break, the failure is thrown.
 */
export async function* writeOrElse(
  writing: AsyncGenerator<Batch, Written>,
  options: {
    readonly target: ModelRef;
    readonly note: string;
    readonly json: boolean;
    /** Keeps the text back until it is whole, so that a half one is never seen. */
    readonly hold: boolean;
    readonly instead: () => Combined | undefined;
    /** Runs while the first text is waited for. */
    readonly meanwhile?: () => void;
  },
): Combining {
  const { target, instead } = options;
  const held: Batch[] = [];
  try {
    const first = writing.next();
    first.catch(() => undefined);
    options.meanwhile?.();
    let step = await first;
    while (step.done !== true) {
      if (options.hold) held.push(step.value);
      else yield step.value;
      step = await writing.next();
    }
    const { text, finishReason, seconds, error } = step.value;
    const judge = { model: formatRef(target), seconds: Math.round(seconds * 1_000) / 1_000, outcome: error?.kind ?? (text.trim() === '' ? 'empty' : 'ok') };
    if (error === undefined && text.trim() !== '') {
      yield* held;
      return { text, answeredBy: target, finishReason, reasons: [], judge };
    }
    const reason = `${formatRef(target)} ${judge.outcome === 'empty' ? 'gave no text' : `failed (${judge.outcome})`}`;
    const other = instead();
    if (other === undefined || (text !== '' && options.json && !options.hold))
      throw error ?? new GatewayError('upstream-failed', `${reason}.`, { target: formatRef(target) });
    yield* say(options.note);
    yield textBatch(text === '' || options.hold ? other.text : `\n\n---\n\n${other.text}`);
    return { ...other, reasons: [...other.reasons, reason], judge };
  } finally {
    // Reached early when the reader leaves in the middle: the judge must stop too.
    await writing.return({ text: '', finishReason: 'other', seconds: 0 });
  }
}

const REMINDER = 'Now write the one answer to the question above.';

/** A judge writes one answer from all; the best single one when it cannot. */
export async function* synthesize(input: CombineInput): Combining {
  const { strategy, request, context, ledger, signal, wording, given } = input;
  const { judge } = strategy;
  const only = given.length === 1 ? given[0] : undefined;
  if (only !== undefined) return yield* give(fromMember(only));
  yield* say(wording.judging(judge));
  const asked = judgeRequest({
    context,
    judge,
    request,
    prompt: context.prompts.synthesis,
    items: given.map(({ text }) => ({ label: 'ANSWER', text })),
    shuffle: true,
    reminder: REMINDER,
  });
  return yield* writeOrElse(write({ context, ledger, target: judge, request: asked, signal }), {
    target: judge,
    note: wording.judgeFailed(judge),
    json: request.responseFormat.type === 'json',
    hold: context.buffered === true,
    instead: () => fromMember(bestMember(input)),
    meanwhile: () => void input.weigh(),
  });
}

/** Vote, best and race: an answer that is there already. */
export function choose(input: CombineInput): Combining {
  if (input.strategy.combine === 'vote') return give(votedAnswer(input));
  return give(fromMember(input.winner ?? bestMember(input)));
}
