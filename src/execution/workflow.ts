import type { ChatRequest, Usage } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import { formatRef, type ModelRef } from '../core/model.ts';
import { languageOf } from '../quality/text.ts';
import { createLedger, type ExecutionContext, type Ledger, type Running } from './context.ts';
import { wordingFor } from './ensemble-notes.ts';
import { cancellable, createNotes, finishBatch, startBatch, textBatch } from './ensemble-stream.ts';
import { tame } from './fence.ts';
import { type MemberAnswer, type MemberOutcome, runMembers } from './members.ts';
import { jsonIn } from './members-json.ts';
import { ownRequest, questionOf } from './members-request.ts';
import { linked } from './members-signal.ts';
import { formText, render } from './prompts.ts';
import { itemsIn, type Workflow, type WorkflowStep } from './workflow-model.ts';

/** How far a workflow is, for a person who watches. */
export interface WorkflowProgress {
  readonly step: string;
  readonly state: 'started' | 'done';
  /** Position and number of items, for a step that goes over a list. */
  readonly item?: number;
  readonly items?: number;
  readonly model?: string;
  readonly seconds?: number;
}

export interface WorkflowStepTrace {
  readonly id: string;
  readonly seconds: number;
  /** The result as later steps see it, capped. */
  readonly text: string;
  /** One per model call, in the order of the items; empty for a template. */
  readonly calls: readonly {
    readonly model: string;
    readonly provider: string;
    readonly seconds: number;
    readonly tokens?: number;
    readonly outcome: MemberOutcome;
    readonly item?: string;
  }[];
}

export interface WorkflowTrace {
  readonly strategy: `workflow:${string}`;
  readonly steps: readonly WorkflowStepTrace[];
  readonly degraded: boolean;
  readonly reasons: readonly string[];
  readonly usage: Usage;
  readonly calls: number;
}

/** Models that are asked for one result: the first, and the next best where it has failed. */
const MODELS_PER_CALL = 2;

type Call = Omit<WorkflowStepTrace['calls'][number], 'item'>;

/** Longest result of a step that goes into the trace, in characters. */
const MAX_TRACED = 20_000;

interface Run {
  readonly workflow: Workflow;
  readonly request: ChatRequest;
  readonly context: ExecutionContext;
  readonly ledger: Ledger;
  readonly signal: AbortSignal;
  readonly slot: <T>(work: () => Promise<T>) => Promise<T>;
  readonly progress: (progress: WorkflowProgress, target?: ModelRef) => void;
  readonly input: string;
  readonly results: Map<string, string>;
  readonly traces: Map<string, WorkflowStepTrace>;
  readonly reasons: string[];
}

/**
 * Runs a workflow on the text of the last user turn: steps start as soon as what they need is done. Progress goes out as reasoning and to
 * `onProgress`; the result of the output step is the answer. A step whose every call fails ends the run with 'upstream-failed' and its name;
 * a failed item of a list is left out and named. A call that fails goes to the next best model, once. Throws from the events like `runEnsemble`.
 */
export function runWorkflow(
  workflow: Workflow,
  request: ChatRequest,
  context: ExecutionContext,
  onProgress?: (progress: WorkflowProgress) => void,
): Running<WorkflowTrace> {
  let trace: WorkflowTrace | undefined;
  const events = cancellable(context.signal, async function* (outer) {
    if (request.tools.length > 0 && request.toolChoice !== 'none') {
      throw new GatewayError('invalid-request', `A workflow takes no tools: send the request to a model, or without tools to workflow:${workflow.name}.`, {
        param: 'tools',
      });
    }
    const asking = workflow.steps.filter(({ prompt }) => prompt !== undefined).length;
    const ledger = createLedger(context.limits.maxCalls, asking);
    const wording = wordingFor(languageOf(questionOf(request)), context.buffered);
    const notes = createNotes();
    const link = linked(outer);
    const run: Run = {
      workflow,
      request,
      context,
      ledger,
      signal: link.signal,
      slot: createSlots(context.limits.maxConcurrent),
      progress: (progress, target) => {
        onProgress?.(progress);
        if (progress.state === 'done') notes.add(wording.stepDone(stepName(progress), progress.seconds ?? 0));
        else if (target !== undefined) notes.add(wording.step(stepName(progress), target));
      },
      input: questionOf(request),
      results: new Map(),
      traces: new Map(),
      reasons: [],
    };
    const work = runSteps(run, () => link.abort()).finally(() => link.dispose());
    work.catch(() => undefined);
    yield startBatch(request.model, context.buffered === true ? '' : `${workflow.name}: ${workflow.steps.map(({ id }) => id).join(', ')}\n`);
    yield* notes.during(work);
    const text = run.results.get(workflow.output) ?? '';
    const usage = ledger.usage();
    trace = {
      strategy: `workflow:${workflow.name}`,
      steps: workflow.steps.flatMap(({ id }) => run.traces.get(id) ?? []),
      degraded: run.reasons.length > 0,
      reasons: run.reasons,
      usage,
      calls: ledger.calls(),
    };
    yield textBatch(text);
    yield finishBatch('stop', usage);
  });
  return { events, trace: () => trace };
}

const stepName = ({ step, item, items }: WorkflowProgress): string => (item === undefined ? step : `${step} ${item}/${items}`);

/** At most `most` at once; the others wait their turn. */
function createSlots(most: number): Run['slot'] {
  let free = Math.max(1, most);
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

async function runSteps(run: Run, stopOthers: () => void): Promise<void> {
  const running = new Map<string, Promise<void>>();
  for (const step of run.workflow.steps) {
    const before = step.needs.map((need) => running.get(need));
    const work = Promise.all(before).then(() => runStep(step, run));
    // The first failure ends the run; the others are told to stop and must not be reported a second time.
    work.catch(stopOthers);
    running.set(step.id, work);
  }
  await Promise.all(running.values());
}

async function runStep(step: WorkflowStep, run: Run): Promise<void> {
  const { context } = run;
  const started = context.now();
  const values: Record<string, string> = { input: run.input };
  for (const need of step.needs) values[`steps.${need}`] = run.results.get(need) ?? '';
  const items = itemsFor(step, run);
  if (step.prompt !== undefined) run.ledger.require(items.length);
  const calls: WorkflowStepTrace['calls'][] = [];
  const texts: string[] = [];
  const width = step.parallel === true ? items.length : Math.max(1, Number(step.parallel));
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      const own = item === undefined ? values : { ...values, item, index: String(index + 1) };
      const place = item === undefined ? { step: step.id } : { step: step.id, item: index + 1, items: items.length };
      const result = await produce(step, own, place, run);
      calls[index] = result.calls.map((call) => ({ ...call, ...(item !== undefined && { item }) }));
      if (result.text !== '') texts[index] = step.wrap === undefined ? result.text : render(step.wrap, { ...own, result: result.text }).trim();
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  const text = texts.filter((part) => part !== undefined).join('\n\n');
  run.results.set(step.id, text);
  const seconds = Math.round(context.now() - started) / 1_000;
  run.traces.set(step.id, { id: step.id, seconds, text: text.slice(0, MAX_TRACED), calls: calls.flat() });
  if (text === '') {
    const failed = calls.flat().map(({ provider, model, outcome }) => `${provider}/${model} (${outcome})`);
    const why = failed.length === 0 ? '' : ` ${[...new Set(failed)].join(', ')}.`;
    throw new GatewayError('upstream-failed', `Workflow ${run.workflow.name}: step '${step.id}' has no result.${why}`, { code: 'workflow_step_failed' });
  }
  run.progress({ step: step.id, state: 'done', seconds });
}

/** The items a step runs over; one that is undefined for a step without a list. */
function itemsFor(step: WorkflowStep, run: Run): readonly (string | undefined)[] {
  if (step.forEach === undefined) return [undefined];
  if (!('step' in step.forEach)) return step.forEach;
  const written = run.results.get(step.forEach.step) ?? '';
  const items = itemsIn(written, jsonIn(written));
  if (items.length > 0) return items;
  throw new GatewayError('upstream-failed', `Workflow ${run.workflow.name}: step '${step.forEach.step}' wrote no list for step '${step.id}'.`, {
    code: 'workflow_step_failed',
  });
}

async function produce(
  step: WorkflowStep,
  values: Readonly<Record<string, string>>,
  place: Omit<WorkflowProgress, 'state'>,
  run: Run,
): Promise<{ readonly text: string; readonly calls: readonly Call[] }> {
  if (step.template !== undefined) return { text: render(step.template, values).trim(), calls: [] };
  const { context, request, ledger, signal } = run;
  const form = formText(step, context.prompts);
  const user = [render(step.prompt ?? '', values).trim(), form].filter((part) => part !== '').join('\n\n');
  const asked = ownRequest({ provider: '', model: step.model }, request, { user });
  const patient = { ...context, limits: { ...context.limits, memberDeadlineMs: context.limits.stepDeadlineMs ?? context.limits.memberDeadlineMs } };
  const calls: Call[] = [];
  const tried: ModelRef[] = [];
  for (let target = context.route(asked); ; ) {
    tried.push(target);
    const answer = await run.slot(async () => {
      run.progress({ ...place, state: 'started', model: formatRef(target) }, target);
      const [given] = await runMembers({
        calls: [{ target, request: ownRequest(target, request, { user }) }],
        context: patient,
        ledger,
        signal,
        concurrency: 1,
      });
      return given as MemberAnswer;
    });
    const { outcome, seconds, tokens, text } = answer;
    calls.push({
      model: target.model,
      provider: target.provider,
      seconds: Math.round(seconds * 1_000) / 1_000,
      outcome,
      ...(tokens !== undefined && { tokens }),
    });
    if (outcome === 'ok') return { text: tame(text, context.limits.memberChars).trim(), calls };
    run.reasons.push(`step '${stepName({ ...place, state: 'done' })}' has no answer of ${formatRef(target)} (${outcome})`);
    const other = tried.length < MODELS_PER_CALL && ledger.canSpend() ? another(asked, tried, context) : undefined;
    if (other === undefined) return { text: '', calls };
    target = other;
  }
}

/** The next best model for a step, where there is one that has not failed at it. */
function another(asked: ChatRequest, tried: readonly ModelRef[], context: ExecutionContext): ModelRef | undefined {
  try {
    const target = context.route(asked, tried);
    return tried.some((failed) => formatRef(failed) === formatRef(target)) ? undefined : target;
  } catch {
    // A step with a model of its own has no other; what failed is told already.
    return undefined;
  }
}
