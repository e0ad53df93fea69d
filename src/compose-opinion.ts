import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { ChatRequest } from './core/chat.ts';
import type { RunContext } from './core/execute.ts';
import { BUILT_IN_TASKS, type ModelRef } from './core/model.ts';
import type { CallModel } from './execution/execute.ts';
import type { Caller, Classified, GatewayOptions } from './gateway.ts';
import { llmPrompt, parseLlmLabel } from './policy/classifiers/llm.ts';
import type { Resolution } from './policy/names.ts';
import { readRequest } from './policy/text.ts';

/** How long a request waits for a second opinion, ms. */
const DEADLINE_MS = 2_000;
/** What a label is worth from a model that was asked: strong ones reading blind agree with people in about nine of ten. */
const CONFIDENCE = 0.85;
/** Room for the label, and for the little that models say around it. */
const MAX_TOKENS = 24;

/**
 * Asks the configured model which task a request is: when the first decision was not confident, or always if so configured. Its
 * failure, delay or nonsense changes nothing. A key that may not use the model gets no second opinion.
 */
export function composeOpinion(options: {
  readonly config: () => Config;
  readonly call: CallModel;
  /** What a model name means; throws when it means nothing. */
  readonly resolve: (name: string) => Resolution;
  readonly log: Logger;
  readonly deadlineMs?: number;
}): NonNullable<GatewayOptions['secondOpinion']> {
  return async (request, first, caller, requestId) => {
    const { classifier, keywords, examples } = options.config().routing;
    if (classifier.llm_model === undefined || classifier.llm === 'off') return undefined;
    if (classifier.llm === 'low-confidence' && first.decision.by !== 'default' && first.decision.confidence >= classifier.threshold) return undefined;
    const { text } = readRequest(request.messages);
    if (text.trim() === '') return undefined;
    const tasks = [...new Set([...BUILT_IN_TASKS, ...Object.keys(keywords), ...Object.keys(examples)])];
    try {
      const resolution = options.resolve(classifier.llm_model);
      const target = resolution.kind === 'model' ? resolution.refs.find(caller.allowed) : undefined;
      if (target === undefined) return undefined;
      const answer = await ask(
        options.call,
        target,
        classifier.llm_model,
        llmPrompt(text, tasks),
        tasks,
        contextOf(caller, requestId, options.deadlineMs ?? DEADLINE_MS),
      );
      const task = parseLlmLabel(answer, tasks);
      return task === undefined ? undefined : merged(first, task);
    } catch (error) {
      options.log.debug({ requestId, reason: (error as Error).message }, 'no second opinion');
      return undefined;
    }
  };
}

/** The model's label takes its share of the probability, the first decision the rest. */
function merged(first: Classified, task: string): Classified {
  const others = Object.entries(first.decision.probabilities).filter(([name]) => name !== task);
  const sum = others.reduce((total, [, share]) => total + share, 0);
  const probabilities = Object.fromEntries(others.map(([name, share]) => [name, sum > 0 ? ((1 - CONFIDENCE) * share) / sum : 0]));
  return { ...first, decision: { task, confidence: CONFIDENCE, probabilities: { ...probabilities, [task]: CONFIDENCE }, by: 'llm' } };
}

async function ask(call: CallModel, target: ModelRef, model: string, prompt: string, tasks: readonly string[], context: RunContext): Promise<string> {
  const request: ChatRequest = {
    model,
    messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
    sampling: { temperature: 0, maxOutputTokens: MAX_TOKENS },
    tools: [],
    toolChoice: 'auto',
    responseFormat: {
      type: 'json',
      name: 'task',
      schema: { type: 'object', properties: { task: { type: 'string', enum: [...tasks] } }, required: ['task'], additionalProperties: false },
    },
    reasoning: 'none',
    choices: 1,
    dialect: 'orchestrator',
    extra: {},
  };
  let text = '';
  for await (const events of call(target, request, context, context.signal)) for (const event of events) if (event.type === 'text') text += event.delta;
  return labelIn(text);
}

/** The value of `task` where the model kept to the schema, else what it wrote. */
function labelIn(text: string): string {
  return /"task"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? text;
}

const contextOf = (caller: Caller, requestId: string, deadlineMs: number): RunContext => ({
  requestId: `${requestId}-${randomUUID().slice(0, 8)}`,
  signal: AbortSignal.timeout(deadlineMs),
  tenant: caller.tenant,
  background: false,
  buffered: true,
  cache: { read: true, write: true },
  allowed: caller.allowed,
});
