import type { ChatResult, FinishReason, TokenLogprob, Usage } from '../../core/chat.ts';
import type { EncodeContext } from '../dialect.ts';
import { toLogprobs } from './chat-encode.ts';
import { originsOf, type ToolOrigin } from './responses-tools.ts';

export type Status = 'in_progress' | 'completed' | 'incomplete' | 'failed';

const hex = (context: EncodeContext): string => context.id.replaceAll('-', '');

export const responseId = (context: EncodeContext): string => `resp_${hex(context)}`;

/** Ids of items never repeat, also over the turns of a conversation. */
export const itemId = (prefix: 'msg' | 'rs' | 'fc' | 'ctc', context: EncodeContext, index: number): string => `${prefix}_${hex(context)}${index}`;

export const statusOf = (reason: FinishReason): 'completed' | 'incomplete' => (reason === 'length' || reason === 'content-filter' ? 'incomplete' : 'completed');

const incompleteDetails = (reason: FinishReason | undefined): object | null =>
  reason === 'length' ? { reason: 'max_output_tokens' } : reason === 'content-filter' ? { reason: 'content_filter' } : null;

const toUsage = (usage: Usage): object => ({
  input_tokens: usage.inputTokens ?? 0,
  input_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0, cache_write_tokens: 0 },
  output_tokens: usage.outputTokens ?? 0,
  output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  total_tokens: (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0),
});

export const logprobsOf = (logprobs: readonly TokenLogprob[]): unknown[] => (toLogprobs(logprobs) as { content: unknown[] }).content;

export const textPart = (text: string, logprobs: readonly TokenLogprob[]): object => ({
  type: 'output_text',
  text,
  annotations: [],
  logprobs: logprobsOf(logprobs),
});

export const messageItem = (id: string, status: string, content: readonly object[]): object => ({ id, type: 'message', status, role: 'assistant', content });

/** Reasoning as a summary. Who asks for its encrypted form gets the same text: there is nothing to hide it from. */
export const reasoningItem = (id: string, text: string | undefined, context: EncodeContext): object => ({
  id,
  type: 'reasoning',
  summary: text === undefined ? [] : [{ type: 'summary_text', text }],
  ...(text !== undefined && wantsEncrypted(context) && { encrypted_content: text }),
});

function wantsEncrypted(context: EncodeContext): boolean {
  const include = context.echo?.['include'];
  return Array.isArray(include) && include.includes('reasoning.encrypted_content');
}

/** Origins of the tools of a request, by the name the model knows. */
export const originsFor = (context: EncodeContext): ReadonlyMap<string, ToolOrigin> => originsOf(context.echo?.['tools']);

/** The text a custom tool is called with. */
export function customInput(args: string): string {
  try {
    const value = JSON.parse(args) as { input?: unknown };
    return typeof value.input === 'string' ? value.input : args;
  } catch {
    return args;
  }
}

export interface CallParts {
  readonly id: string;
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
}

export const callItem = (call: CallParts, status: string, origin: ToolOrigin | undefined): object =>
  origin?.custom === true
    ? { id: call.id, type: 'custom_tool_call', status, call_id: call.callId, name: call.name, input: customInput(call.arguments) }
    : {
        id: call.id,
        type: 'function_call',
        status,
        call_id: call.callId,
        name: origin?.name ?? call.name,
        ...(origin?.namespace !== undefined && { namespace: origin.namespace }),
        arguments: call.arguments,
      };

/** What is known of a response at one moment. */
export interface Moment {
  readonly status: Status;
  readonly output: readonly object[];
  readonly reason?: FinishReason;
  readonly usage?: Usage;
  readonly error?: { readonly code: string; readonly message: string };
}

/** The response object, with every key that SDKs expect. */
export function toResponse(context: EncodeContext, { status, output, reason, usage, error }: Moment): object {
  const echo = context.echo ?? {};
  const or = (key: string, fallback: unknown): unknown => echo[key] ?? fallback;
  const { sampling } = context.request;
  const trace = status === 'in_progress' ? undefined : context.trace?.();
  return {
    id: responseId(context),
    object: 'response',
    created_at: Math.floor(context.startedAt / 1000),
    completed_at: status === 'completed' ? Math.floor(context.now() / 1000) : null,
    status,
    background: or('background', false),
    error: error ?? null,
    incomplete_details: incompleteDetails(reason),
    instructions: or('instructions', null),
    max_output_tokens: or('max_output_tokens', null),
    max_tool_calls: or('max_tool_calls', null),
    model: context.model,
    output,
    parallel_tool_calls: or('parallel_tool_calls', true),
    previous_response_id: or('previous_response_id', null),
    prompt_cache_key: or('prompt_cache_key', null),
    reasoning: { effort: null, summary: null, ...(echo['reasoning'] as object | undefined) },
    safety_identifier: or('safety_identifier', null),
    service_tier: 'default',
    store: or('store', true),
    temperature: sampling.temperature ?? 1,
    text: { format: { type: 'text' }, ...(echo['text'] as object | undefined) },
    tool_choice: or('tool_choice', 'auto'),
    tools: or('tools', []),
    top_logprobs: or('top_logprobs', 0),
    top_p: sampling.topP ?? 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    truncation: or('truncation', 'disabled'),
    usage: usage === undefined ? null : toUsage(usage),
    user: or('user', null),
    metadata: or('metadata', {}),
    ...(trace !== undefined && { orchestrator: trace }),
  };
}

/** The JSON answer of /v1/responses. */
export function encodeResponse(results: readonly ChatResult[], context: EncodeContext): object {
  const result = results[0] as ChatResult;
  const status = statusOf(result.finishReason);
  const origins = originsFor(context);
  const output: object[] = [];
  if (result.reasoning !== '') output.push(reasoningItem(itemId('rs', context, output.length), result.reasoning, context));
  // An answer without any item has no text either; SDKs want an empty one.
  if (result.text !== '' || result.toolCalls.length === 0) {
    output.push(messageItem(itemId('msg', context, output.length), status, [textPart(result.text, result.logprobs)]));
  }
  for (const call of result.toolCalls) {
    const origin = origins.get(call.name);
    const id = itemId(origin?.custom === true ? 'ctc' : 'fc', context, output.length);
    output.push(callItem({ id, callId: call.id, name: call.name, arguments: call.arguments || '{}' }, 'completed', origin));
  }
  return toResponse(context, { status, output, reason: result.finishReason, usage: result.usage });
}
