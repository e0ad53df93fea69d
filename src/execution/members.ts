import type { ChatRequest, ChatResult, FinishReason } from '../core/chat.ts';
import { type ErrorKind, GatewayError } from '../core/errors.ts';
import type { ModelRef } from '../core/model.ts';
import { shortenBlanks } from '../quality/text.ts';
import type { ExecutionContext, Ledger } from './context.ts';
import { ask } from './members-call.ts';
import { linked, reasonOf } from './members-signal.ts';

export interface MemberCall {
  readonly target: ModelRef;
  readonly request: ChatRequest;
}

/** 'late': others were enough before it was done. 'cancelled': another won the race. */
export type MemberOutcome = 'ok' | 'empty' | 'late' | 'cancelled' | ErrorKind;

export interface MemberAnswer {
  /** Position in the order asked. */
  readonly index: number;
  readonly target: ModelRef;
  readonly outcome: MemberOutcome;
  /** Empty unless the outcome is 'ok'. */
  readonly text: string;
  readonly finishReason: FinishReason;
  /** Output tokens, where the model told. */
  readonly tokens?: number;
  readonly seconds: number;
  readonly attempts: number;
  /** What went wrong, in words for the person who asked. */
  readonly message?: string;
}

/** Attempts of a member, where it may be asked again: the first and one retry. */
const ATTEMPTS = 2;
const GRACE_MS = 1_000;

export interface MembersOptions {
  readonly calls: readonly MemberCall[];
  readonly context: ExecutionContext;
  readonly ledger: Ledger;
  readonly signal: AbortSignal;
  /** Calls at once; 1 is one after the other. */
  readonly concurrency: number;
  /** Answers that are enough; the others then get a last while. Absent: all are waited for. */
  readonly quorum?: number;
  /** True ends it at once: the others are cancelled. */
  readonly enough?: (answer: MemberAnswer) => boolean;
  readonly onSettled?: (answer: MemberAnswer) => void;
}

/**
 * Asks the members and tells what became of each, in the order asked. A member has its own deadline and one retry (of a failure that may
 * pass, or of an empty answer); what happens to it happens to nobody else. Throws only when the signal fires.
 */
export async function runMembers(options: MembersOptions): Promise<MemberAnswer[]> {
  const { calls, context, ledger, signal, quorum } = options;
  const { limits } = context;
  const all = linked(signal);
  const answers: MemberAnswer[] = [];
  const begun = context.now();
  let ending: 'late' | 'cancelled' | undefined;
  let good = 0;
  let grace: NodeJS.Timeout | undefined;

  const end = (outcome: 'late' | 'cancelled'): void => {
    ending ??= outcome;
    all.abort();
  };
  const settle = (answer: MemberAnswer): void => {
    answers[answer.index] = answer;
    if (signal.aborted) return;
    options.onSettled?.(answer);
    if (answer.outcome !== 'ok') return;
    good += 1;
    if (options.enough?.(answer) === true) end('cancelled');
    else if (quorum !== undefined && good >= quorum && grace === undefined) {
      const waitMs = Math.max(limits.graceMs ?? GRACE_MS, context.now() - begun);
      grace = setTimeout(() => end('late'), waitMs);
    }
  };

  const member = async (index: number, call: MemberCall): Promise<void> => {
    const started = context.now();
    const base = { index, target: call.target };
    const seconds = (): number => (context.now() - started) / 1_000;
    let attempts = 0;
    let failure: GatewayError | undefined;
    for (; attempts < (limits.retry === false ? 1 : ATTEMPTS); ) {
      const deadlineMs = limits.memberDeadlineMs - (context.now() - started);
      if (all.signal.aborted || (attempts > 0 && (deadlineMs <= 0 || !ledger.canSpend()))) break;
      attempts += 1;
      try {
        const result = await ask({ context, ledger, ...call, signal: all.signal, deadlineMs, maxChars: limits.memberChars });
        failure = undefined;
        if (result.text.trim() === '') continue;
        return settle(toAnswer(base, result, limits.memberChars, seconds(), attempts));
      } catch (thrown) {
        failure = GatewayError.from(thrown);
        if (!failure.retryable || failure.kind === 'upstream-timeout') break;
      }
    }
    const outcome = all.signal.aborted && ending !== undefined ? ending : (failure?.kind ?? 'empty');
    const message = failure?.message ?? 'The model gave no text.';
    settle({ ...base, outcome, text: '', finishReason: 'other', seconds: seconds(), attempts, ...(ending === undefined && { message }) });
  };

  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < calls.length; index = next++) await member(index, calls[index] as MemberCall);
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(options.concurrency, calls.length)) }, worker));
  } finally {
    clearTimeout(grace);
    all.dispose();
  }
  if (signal.aborted) throw reasonOf(signal);
  return answers;
}

function toAnswer(
  base: { readonly index: number; readonly target: ModelRef },
  result: ChatResult,
  maxChars: number,
  seconds: number,
  attempts: number,
): MemberAnswer {
  const tokens = result.usage.outputTokens;
  return {
    ...base,
    outcome: 'ok',
    text: shortenBlanks(result.text.slice(0, maxChars)),
    finishReason: result.finishReason,
    seconds,
    attempts,
    ...(tokens !== undefined && { tokens }),
  };
}

/** The failure that stands for all of them when nobody answered. */
export function noAnswer(answers: readonly MemberAnswer[]): GatewayError {
  const named = answers.map(({ target, outcome }) => `${target.provider}/${target.model} (${outcome})`).join(', ');
  return new GatewayError('upstream-failed', `No model of the ensemble answered: ${named}.`, { code: 'no_member_answered' });
}
