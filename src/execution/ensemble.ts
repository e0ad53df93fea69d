import type { ChatRequest } from '../core/chat.ts';
import { formatRef, type ModelRef } from '../core/model.ts';
import { soundness } from '../quality/soundness.ts';
import { languageOf } from '../quality/text.ts';
import { CASCADE_SAMPLES, cascade } from './cascade.ts';
import { createLedger, type ExecutionContext, type Running } from './context.ts';
import { type CombineInput, type Combining, choose, type EnsembleStrategy, synthesize } from './ensemble-combine.ts';
import { wordingFor } from './ensemble-notes.ts';
import { passToOne } from './ensemble-single.ts';
import { type Batch, cancellable, createNotes, finishBatch, startBatch } from './ensemble-stream.ts';
import { type EnsembleTrace, toTrace, type Weighed, weigh } from './ensemble-trace.ts';
import { meaningOf, type Vectors } from './meaning.ts';
import { type MemberAnswer, noAnswer, runMembers } from './members.ts';
import { isForOne, memberCalls, questionOf } from './members-request.ts';
import { reasonOf } from './members-signal.ts';

/** Soundness from which an answer may win a race: below it lie refusals, loops and answers cut off. */
const GOOD_ENOUGH = 32;

/**
 * Lets several models answer and makes one answer of it. Events: start at once, progress as reasoning while members work, then the text,
 * then finish with the usage of all calls. Needs that only one model can serve (tools, raw prompts) go to one member.
 * Throws from the events: 'invalid-request' over the ceiling of calls, 'upstream-failed' when nobody answers, 'client-closed' when cancelled.
 */
export function runEnsemble(strategy: EnsembleStrategy, request: ChatRequest, context: ExecutionContext): Running<EnsembleTrace> {
  let trace: EnsembleTrace | undefined;
  const events = cancellable(context.signal, (signal) =>
    isForOne(request)
      ? single(strategy.members, request, context, signal, (made) => {
          trace = made;
        })
      : several(strategy, request, context, signal, (made) => {
          trace = made;
        }),
  );
  return { events, trace: () => trace };
}

async function* single(
  targets: readonly ModelRef[],
  request: ChatRequest,
  context: ExecutionContext,
  signal: AbortSignal,
  done: (trace: EnsembleTrace) => void,
): AsyncGenerator<Batch, void> {
  const { members, usage, calls } = yield* passToOne(targets, request, context, signal);
  const question = questionOf(request);
  const answered = members.at(-1) as MemberAnswer;
  const weighed = weigh(members, question);
  done(toTrace({ strategy: 'ensemble:single', weighed, text: answered.text, question, answeredBy: answered.target, reasons: [], usage, calls }));
}

function combinerOf({ combine }: EnsembleStrategy): (input: CombineInput) => Combining {
  switch (combine) {
    case 'synthesis':
      return synthesize;
    case 'cascade':
      return cascade;
    case 'vote':
    case 'best':
    case 'race':
      return choose;
  }
}

/** What is missing, in words; nothing for a race, whose losers are meant to be missing. */
function shortcomings({ combine, quorum }: EnsembleStrategy, members: readonly MemberAnswer[], given: number): string[] {
  if (combine === 'race') return [];
  const missing = members.filter(({ outcome }) => outcome !== 'ok').map(({ target, outcome }) => `${formatRef(target)} gave no answer (${outcome})`);
  if (given < Math.min(quorum, members.length)) missing.push(`${given} of ${members.length} answered where ${quorum} were wanted`);
  return missing;
}

async function* several(
  strategy: EnsembleStrategy,
  request: ChatRequest,
  context: ExecutionContext,
  signal: AbortSignal,
  done: (trace: EnsembleTrace) => void,
): AsyncGenerator<Batch, void> {
  const { combine } = strategy;
  const { limits, prompts } = context;
  const first = strategy.members[0];
  const targets =
    combine === 'cascade' && strategy.members.length === 1 && first !== undefined ? Array.from({ length: CASCADE_SAMPLES }, () => first) : strategy.members;
  const ledger = createLedger(limits.maxCalls, targets.length + (combine === 'synthesis' || combine === 'cascade' ? 1 : 0));
  const calls = memberCalls(targets, request, prompts);
  const question = questionOf(request);
  const wording = wordingFor(languageOf(question), context.buffered);
  const notes = createNotes();
  let winner: MemberAnswer | undefined;
  const work = runMembers({
    calls,
    context,
    ledger,
    signal,
    concurrency: strategy.sequential ? 1 : limits.maxConcurrent,
    onSettled: (answer) => notes.add(wording.settled(answer)),
    ...(combine === 'race'
      ? {
          enough: (answer: MemberAnswer) => {
            if (answer.finishReason === 'length' || soundness(answer.text, question).score < GOOD_ENOUGH) return false;
            winner ??= answer;
            return true;
          },
        }
      : { quorum: Math.max(1, strategy.quorum) }),
  });
  // Someone who leaves between two pulls leaves nobody to wait for it.
  work.catch(() => undefined);
  yield startBatch(request.model, wording.asking(targets));
  const members = yield* notes.during(work);
  const given = members.filter(({ outcome }) => outcome === 'ok');
  if (given.length === 0 && combine !== 'cascade') throw noAnswer(members);
  let vectors: Vectors | undefined;
  const embedding =
    combine === 'race'
      ? undefined
      : meaningOf(
          given.map(({ text }) => text),
          context,
          ledger,
          signal,
        ).then((found) => {
          vectors = found;
        });
  // A judge writes meanwhile; everybody else compares first.
  if (combine !== 'synthesis') await embedding;
  if (signal.aborted) throw reasonOf(signal);
  let weighed: Weighed | undefined;
  const weighOnce = (): Weighed => {
    if (weighed === undefined || (vectors !== undefined && !weighed.found.byMeaning)) weighed = weigh(members, question, vectors);
    return weighed;
  };
  const input: CombineInput = { strategy, request, context, ledger, signal, wording, given, weigh: weighOnce, ...(winner !== undefined && { winner }) };
  const combined = yield* combinerOf(strategy)(input);
  await embedding;
  // A strong model that has answered makes up for cheap ones that have not.
  const missing = combine === 'cascade' && combined.judge?.outcome === 'ok' ? [] : shortcomings(strategy, members, given.length);
  const { text, answeredBy, finishReason, judge } = combined;
  const usage = ledger.usage();
  done(
    toTrace({
      strategy: `ensemble:${combine}`,
      weighed: weighOnce(),
      text,
      question,
      answeredBy,
      reasons: [...missing, ...combined.reasons],
      ...(judge !== undefined && { judge }),
      usage,
      calls: ledger.calls(),
    }),
  );
  yield finishBatch(finishReason, usage);
}
