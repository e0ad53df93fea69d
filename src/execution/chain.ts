import type { ChatRequest, Usage } from '../core/chat.ts';
import { formatRef, type ModelRef } from '../core/model.ts';
import type { Strategy } from '../core/plan.ts';
import { languageOf } from '../quality/text.ts';
import { LEAST_PARTS, MOST_PARTS, PLAN_SCHEMA, partsIn } from './chain-plan.ts';
import { createLedger, type ExecutionContext, type Ledger, type Running } from './context.ts';
import { type Combined, writeOrElse } from './ensemble-combine.ts';
import { wordingFor } from './ensemble-notes.ts';
import { passToOne } from './ensemble-single.ts';
import { cancellable, createNotes, finishBatch, say, startBatch } from './ensemble-stream.ts';
import { type MemberAnswer, type MemberOutcome, runMembers } from './members.ts';
import { askForJson } from './members-json.ts';
import { isForOne, ownRequest, plainRequest, questionOf } from './members-request.ts';
import { reasonOf } from './members-signal.ts';
import { render } from './prompts.ts';
import { judgeRequest, write } from './synthesis.ts';

export type ChainStrategy = Extract<Strategy, { kind: 'chain' }>;

export interface ChainTrace {
  readonly strategy: 'chain';
  readonly planner: string;
  readonly parts: readonly {
    readonly question: string;
    readonly model: string;
    readonly provider: string;
    readonly seconds: number;
    readonly tokens?: number;
    readonly outcome: MemberOutcome;
    readonly text: string;
  }[];
  readonly answeredBy: string;
  readonly degraded: boolean;
  readonly reasons: readonly string[];
  readonly usage: Usage;
  readonly calls: number;
}

const REMINDER = 'Now write the answer to the whole question above.';

/**
 * Splits the question into 3 to 5 parts, answers each with the model that `context.route` picks for it, in parallel, and writes one answer.
 * A question that the planner cannot split is answered whole; a part without answer is left out and named; when the last step fails the parts
 * stand as they are. Throws from the events like `runEnsemble`.
 */
export function runChain(strategy: ChainStrategy, request: ChatRequest, context: ExecutionContext): Running<ChainTrace> {
  let trace: ChainTrace | undefined;
  const events = cancellable(context.signal, async function* (signal) {
    if (isForOne(request)) {
      const { members, usage, calls } = yield* passToOne([strategy.synthesizer, strategy.planner], request, context, signal);
      trace = toTrace(strategy, [], [], { answeredBy: (members.at(-1) as MemberAnswer).target, reasons: [] }, usage, calls);
      return;
    }
    const ledger = createLedger(context.limits.maxCalls, LEAST_PARTS + 2);
    const notes = createNotes();
    const wording = wordingFor(languageOf(questionOf(request)), context.buffered);
    const plain = plainRequest(request, strategy.synthesizer);
    const planning = plan(strategy.planner, request, context, ledger, signal);
    planning.catch(() => undefined);
    yield startBatch(request.model, wording.asking([strategy.planner]));
    const questions = yield* notes.during(planning);
    let members: MemberAnswer[] = [];
    if (questions.length > 0) {
      const work = runMembers({
        calls: questions.map((question) => partCall(question, strategy, request, context)),
        context,
        ledger,
        signal,
        concurrency: context.limits.maxConcurrent,
        onSettled: (answer) => notes.add(wording.settled(answer)),
      });
      work.catch(() => undefined);
      yield* say(wording.parts(questions));
      members = yield* notes.during(work);
    }
    const answered = members.filter(({ outcome }) => outcome === 'ok');
    const reasons = members.filter(({ outcome }) => outcome !== 'ok').map(({ index, outcome }) => `part ${index + 1} has no answer (${outcome})`);
    if (questions.length === 0) reasons.push('the question could not be split');
    const asked = answered.length === 0 ? plain : joinRequest(questions, members, strategy, request, context);
    const combined = yield* writeOrElse(write({ context, ledger, target: strategy.synthesizer, request: asked, signal }), {
      target: strategy.synthesizer,
      note: wording.judgeFailed(strategy.synthesizer),
      json: request.responseFormat.type === 'json',
      hold: context.buffered === true,
      instead: () => asParts(questions, answered),
    });
    const usage = ledger.usage();
    trace = toTrace(strategy, questions, members, { ...combined, reasons: [...reasons, ...combined.reasons] }, usage, ledger.calls());
    yield finishBatch(combined.finishReason, usage);
  });
  return { events, trace: () => trace };
}

/** The parts; none when the planner fails or does not split. Keeps room for the last step and throws only when the signal fires. */
async function plan(planner: ModelRef, request: ChatRequest, context: ExecutionContext, ledger: Ledger, signal: AbortSignal): Promise<string[]> {
  const user = render(context.prompts.chainPlan, { question: questionOf(request) });
  try {
    const format = { type: 'json', name: 'plan', schema: PLAN_SCHEMA } as const;
    const { text } = await askForJson({ context, ledger, target: planner, request: ownRequest(planner, request, { user, format, temperature: 0 }), signal });
    return partsIn(text).slice(0, Math.min(MOST_PARTS, context.limits.maxCalls - ledger.calls() - 1));
  } catch {
    if (signal.aborted) throw reasonOf(signal);
    return [];
  }
}

function partCall(question: string, strategy: ChainStrategy, request: ChatRequest, context: ExecutionContext) {
  const probe = ownRequest({ provider: '', model: 'auto' }, request, { user: question });
  let target = strategy.synthesizer;
  try {
    target = context.route(probe);
  } catch {
    // Nothing fits this part by itself: the model that writes the whole answer takes it.
  }
  const user = render(context.prompts.chainStep, { question: questionOf(request), part: question });
  return { target, request: ownRequest(target, request, { user }) };
}

function joinRequest(
  questions: readonly string[],
  members: readonly MemberAnswer[],
  strategy: ChainStrategy,
  request: ChatRequest,
  context: ExecutionContext,
): ChatRequest {
  const items = questions.map((heading, index) => ({ label: 'PART', heading, text: members[index]?.text || '(no answer)' }));
  const { synthesizer } = strategy;
  return judgeRequest({ context, judge: synthesizer, request, prompt: context.prompts.chainSynthesis, items, shuffle: false, reminder: REMINDER });
}

function asParts(questions: readonly string[], answered: readonly MemberAnswer[]): Combined | undefined {
  const first = answered[0];
  if (first === undefined) return undefined;
  const text = answered.map((member) => `## ${questions[member.index] ?? ''}\n\n${member.text.trim()}`).join('\n\n');
  return { text, answeredBy: first.target, finishReason: 'stop', reasons: [] };
}

function toTrace(
  strategy: ChainStrategy,
  questions: readonly string[],
  members: readonly MemberAnswer[],
  end: { readonly answeredBy: ModelRef; readonly reasons: readonly string[] },
  usage: Usage,
  calls: number,
): ChainTrace {
  return {
    strategy: 'chain',
    planner: formatRef(strategy.planner),
    parts: members.map(({ index, target, seconds, tokens, outcome, text }) => ({
      question: questions[index] ?? '',
      model: target.model,
      provider: target.provider,
      seconds: Math.round(seconds * 1_000) / 1_000,
      outcome,
      text,
      ...(tokens !== undefined && { tokens }),
    })),
    answeredBy: formatRef(end.answeredBy),
    degraded: end.reasons.length > 0,
    reasons: end.reasons,
    usage,
    calls,
  };
}
