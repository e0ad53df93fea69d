import type { ChatRequest, Usage } from '../core/chat.ts';
import { formatRef, type ModelRef } from '../core/model.ts';
import type { Strategy } from '../core/plan.ts';
import { languageOf } from '../quality/text.ts';
import { createLedger, type ExecutionContext, type Ledger, type Running } from './context.ts';
import { VERDICT_SCHEMA, type Verdict, verdictIn } from './correct-verdict.ts';
import { type Wording, wordingFor } from './ensemble-notes.ts';
import { passToOne } from './ensemble-single.ts';
import { cancellable, createNotes, finishBatch, startBatch, textBatch } from './ensemble-stream.ts';
import { createNonce, fence } from './fence.ts';
import { type MemberAnswer, noAnswer, runMembers } from './members.ts';
import { askForJson } from './members-json.ts';
import { isForOne, ownRequest, plainRequest, questionOf } from './members-request.ts';
import { reasonOf } from './members-signal.ts';
import { render } from './prompts.ts';

export type CorrectStrategy = Extract<Strategy, { kind: 'correct' }>;

export interface CheckTrace {
  /** Undefined when the checker gave no verdict. */
  readonly passed?: boolean;
  readonly problems: Verdict['problems'];
}

export interface CorrectTrace {
  readonly strategy: 'correct';
  readonly author: string;
  readonly checker: string;
  /** One per check made; the first is of the first answer. */
  readonly checks: readonly CheckTrace[];
  readonly repairs: number;
  readonly answeredBy: string;
  readonly degraded: boolean;
  readonly reasons: readonly string[];
  readonly usage: Usage;
  readonly calls: number;
}

interface Checked {
  readonly answer: MemberAnswer;
  readonly checks: readonly CheckTrace[];
  readonly repairs: number;
  readonly reasons: readonly string[];
}

interface Work {
  readonly strategy: CorrectStrategy;
  readonly request: ChatRequest;
  readonly context: ExecutionContext;
  readonly ledger: Ledger;
  readonly signal: AbortSignal;
  readonly wording: Wording;
  readonly note: (text: string) => void;
}

/**
 * Answers, lets another model check facts, logic and completeness, and repairs what it found, up to `maxIterations` times. The text goes out
 * once it is final; until then progress does. Without a usable verdict the answer stands, marked. Throws from the events like `runEnsemble`.
 */
export function runCorrect(strategy: CorrectStrategy, request: ChatRequest, context: ExecutionContext): Running<CorrectTrace> {
  let trace: CorrectTrace | undefined;
  const { author, checker } = strategy;
  const named = { strategy: 'correct', author: formatRef(author), checker: formatRef(checker) } as const;
  const events = cancellable(context.signal, async function* (signal) {
    if (isForOne(request)) {
      const { members, usage, calls } = yield* passToOne([author, checker], request, context, signal);
      const answeredBy = formatRef((members.at(-1) as MemberAnswer).target);
      trace = { ...named, checks: [], repairs: 0, answeredBy, degraded: false, reasons: [], usage, calls };
      return;
    }
    const ledger = createLedger(context.limits.maxCalls, 2);
    const notes = createNotes();
    const wording = wordingFor(languageOf(questionOf(request)), context.buffered);
    const work = correct({ strategy, request, context, ledger, signal, wording, note: notes.add });
    work.catch(() => undefined);
    yield startBatch(request.model, wording.asking([author]));
    const { answer, checks, repairs, reasons } = yield* notes.during(work);
    yield textBatch(answer.text);
    const usage = ledger.usage();
    trace = { ...named, checks, repairs, answeredBy: formatRef(answer.target), degraded: reasons.length > 0, reasons, usage, calls: ledger.calls() };
    yield finishBatch(answer.finishReason, usage);
  });
  return { events, trace: () => trace };
}

async function correct(work: Work): Promise<Checked> {
  const { strategy, request, ledger } = work;
  const { author, checker, maxIterations } = strategy;
  const reasons: string[] = [];
  const drafted = await answerBy(author, plainRequest(request, author), work);
  let answer = drafted;
  if (drafted.outcome !== 'ok') {
    reasons.push(`${formatRef(author)} gave no answer (${drafted.outcome})`);
    answer = await answerBy(checker, plainRequest(request, checker), work);
    if (answer.outcome !== 'ok') throw noAnswer([drafted, answer]);
  }
  const checks: CheckTrace[] = [];
  const versions: { readonly answer: MemberAnswer; readonly problems: number }[] = [];
  for (let repairs = 0; ; repairs++) {
    if (!ledger.canSpend()) return { answer, checks, repairs, reasons: [...reasons, 'no call left for a check'] };
    work.note(work.wording.checking(checker));
    const verdict = await check(answer.text, work);
    checks.push(verdict === undefined ? { problems: [] } : verdict);
    if (verdict === undefined) return { answer, checks, repairs, reasons: [...reasons, `${formatRef(checker)} gave no verdict`] };
    versions.push({ answer, problems: verdict.problems.length });
    if (verdict.passed) return { answer, checks, repairs, reasons };
    const fewest = versions.reduce((a, b) => (b.problems <= a.problems ? b : a)).answer;
    if (repairs >= maxIterations || !ledger.canSpend()) return { answer: fewest, checks, repairs, reasons: [...reasons, 'problems were left'] };
    work.note(work.wording.repairing(answer.target, verdict.problems.length));
    const repaired = await answerBy(answer.target, repairRequest(answer, verdict, work), work);
    if (repaired.outcome !== 'ok') return { answer: fewest, checks, repairs, reasons: [...reasons, `a repair failed (${repaired.outcome})`] };
    answer = repaired;
  }
}

async function answerBy(target: ModelRef, request: ChatRequest, { context, ledger, signal }: Work): Promise<MemberAnswer> {
  const [answer] = await runMembers({ calls: [{ target, request }], context, ledger, signal, concurrency: 1 });
  return answer as MemberAnswer;
}

/** The conversation so far as the checker reads it. */
const conversation = (request: ChatRequest): string =>
  request.messages.map(({ role, content }) => `${role}: ${content.map((part) => (part.type === 'text' ? part.text : '[image]')).join('\n')}`).join('\n\n');

async function check(answer: string, { strategy, request, context, ledger, signal }: Work): Promise<Verdict | undefined> {
  const nonce = createNonce(context.random);
  const { checker } = strategy;
  const { memberChars } = context.limits;
  const quoted = fence(
    [
      { label: 'QUESTION', text: conversation(request) },
      { label: 'ANSWER', text: answer },
    ],
    nonce,
    memberChars,
  );
  const asked = ownRequest(checker, request, {
    system: render(context.prompts.check, { nonce }),
    user: `${quoted}\n\nReply with the JSON verdict on the answer.`,
    format: { type: 'json', name: 'verdict', schema: VERDICT_SCHEMA },
    temperature: 0,
  });
  try {
    return verdictIn((await askForJson({ context, ledger, target: checker, request: asked, signal })).text);
  } catch {
    if (signal.aborted) throw reasonOf(signal);
    return undefined;
  }
}

function repairRequest(answer: MemberAnswer, verdict: Verdict, { request, context }: Work): ChatRequest {
  const nonce = createNonce(context.random);
  const { memberChars } = context.limits;
  const problems = verdict.problems.map(({ aspect, text }) => `- ${aspect}: ${text}`).join('\n');
  const user = render(context.prompts.repair, {
    nonce,
    question: questionOf(request),
    answer: fence([{ label: 'EARLIER ANSWER', text: answer.text }], nonce, memberChars),
    problems: fence([{ label: 'PROBLEMS FOUND', text: problems }], nonce, memberChars),
  });
  const plain = plainRequest(request, answer.target);
  const at = plain.messages.findLastIndex(({ role }) => role === 'user');
  const messages = plain.messages.map((message, index) =>
    index === at
      ? { role: 'user' as const, content: [{ type: 'text' as const, text: user }, ...message.content.filter((part) => part.type === 'image')] }
      : message,
  );
  return { ...plain, messages };
}
