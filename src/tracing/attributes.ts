import type { ChatRequest } from '../core/chat.ts';
import type { RunContext } from '../core/execute.ts';
import type { Observation } from '../core/observation.ts';
import type { RoutePlan } from '../core/plan.ts';

type Attributes = Record<string, string | number | boolean>;

/** Names: https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/ ; ours begin with `orchestrator.`. */
export function planAttributes({ strategy, decision, complexity, language, candidates, pinned, reason }: RoutePlan) {
  const detail = strategy.kind === 'ensemble' ? `:${strategy.combine}` : strategy.kind === 'workflow' ? `:${strategy.name}` : '';
  return {
    'orchestrator.strategy': `${strategy.kind}${detail}`,
    'orchestrator.task': pinned ? 'pinned' : decision.task,
    'orchestrator.task.confidence': decision.confidence,
    'orchestrator.task.classifier': decision.by,
    'orchestrator.complexity': complexity,
    'orchestrator.language': language,
    'orchestrator.candidates': candidates.length,
    'orchestrator.reason': reason,
  };
}

/** What a request asks of the model, in numbers: none of its text. */
export function askedAttributes({ sampling, choices, responseFormat, tools }: ChatRequest, { role, buffered }: RunContext): Attributes {
  const { temperature, topP, topK, maxOutputTokens, presencePenalty, frequencyPenalty } = sampling;
  return defined({
    'gen_ai.request.temperature': temperature,
    'gen_ai.request.top_p': topP,
    'gen_ai.request.top_k': topK,
    'gen_ai.request.max_tokens': maxOutputTokens,
    'gen_ai.request.presence_penalty': presencePenalty,
    'gen_ai.request.frequency_penalty': frequencyPenalty,
    'gen_ai.request.choice.count': choices > 1 ? choices : undefined,
    'gen_ai.output.type': responseFormat.type,
    'orchestrator.tools': tools.length > 0 ? tools.length : undefined,
    'orchestrator.role': role ?? 'answer',
    'orchestrator.streamed': !buffered,
  });
}

export const usageAttributes = (usage: { readonly inputTokens?: number; readonly outputTokens?: number; readonly cachedInputTokens?: number }): Attributes =>
  defined({
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens,
  });

export function finishedAttributes({ operation, outcome, target, usage, pinned }: Extract<Observation, { type: 'finished' }>): Attributes {
  return {
    'gen_ai.operation.name': operation === 'embeddings' ? 'embeddings' : 'chat',
    'orchestrator.face': operation,
    'orchestrator.pinned': pinned,
    ...defined({
      'gen_ai.provider.name': target?.provider,
      'gen_ai.response.model': target?.model,
      'error.type': outcome === 'ok' ? undefined : outcome,
    }),
    ...usageAttributes(usage),
  };
}

const defined = (values: Readonly<Record<string, string | number | boolean | undefined>>): Attributes =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined));
