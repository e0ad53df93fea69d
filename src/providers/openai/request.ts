import type { ChatRequest, ContentPart, Message } from '../../core/chat.ts';

type WirePart = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };

function toContent(content: readonly ContentPart[]): string | WirePart[] {
  if (content.every((part) => part.type === 'text')) return content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  return content.map((part) =>
    part.type === 'text' ? { type: 'text', text: part.text } : { type: 'image_url', image_url: { url: `data:${part.mediaType};base64,${part.data}` } },
  );
}

/** Only Anthropic's API marks the result of a tool as an error; others read it in the text. */
const ERROR_PART: ContentPart = { type: 'text', text: 'Error:' };

function toWireMessage(message: Message): object {
  const content = toContent(message.role === 'tool' && message.isError === true ? [ERROR_PART, ...message.content] : message.content);
  switch (message.role) {
    case 'assistant':
      return {
        role: 'assistant',
        content: content === '' && message.toolCalls !== undefined ? null : content,
        ...(message.name !== undefined && { name: message.name }),
        ...(message.reasoning !== undefined && { reasoning_content: message.reasoning }),
        ...(message.toolCalls !== undefined && {
          tool_calls: message.toolCalls.map((call) => ({
            id: call.id,
            type: 'function',
            function: { name: call.name, arguments: call.arguments === '' ? '{}' : call.arguments },
          })),
        }),
      };
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content };
    case 'system':
    case 'user':
      return { role: message.ownRole ?? message.role, content, ...(message.name !== undefined && { name: message.name }) };
  }
}

const WIRE = [
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['minP', 'min_p'],
  ['seed', 'seed'],
  ['maxOutputTokens', 'max_tokens'],
  ['stop', 'stop'],
  ['presencePenalty', 'presence_penalty'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['repeatPenalty', 'repetition_penalty'],
] as const;

function sampling(request: ChatRequest): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const [ours, theirs] of WIRE) {
    const value = request.sampling[ours];
    if (value !== undefined) all[theirs] = value;
  }
  return all;
}

/** Fields an OpenAI client sent that we do not interpret go on as they were; usage is always asked for, since metrics need it. */
const foreign = (request: ChatRequest): object => {
  if (request.dialect !== 'openai') return {};
  const { orchestrator: _ours, ...rest } = request.extra;
  return rest;
};

/** Body of /chat/completions. */
export function toChatBody(model: string, request: ChatRequest, stream: boolean): object {
  const { responseFormat: format, toolChoice } = request;
  return {
    ...foreign(request),
    model,
    messages: request.messages.map(toWireMessage),
    stream,
    ...(stream && { stream_options: { include_usage: true } }),
    ...sampling(request),
    ...(request.tools.length > 0 && {
      tools: request.tools.map(({ name, description, schema, strict }) => ({
        type: 'function',
        function: {
          name,
          ...(description !== undefined && { description }),
          parameters: schema ?? { type: 'object', properties: {} },
          ...(strict !== undefined && { strict }),
        },
      })),
      ...(toolChoice !== 'auto' && {
        tool_choice: typeof toolChoice === 'string' ? toolChoice : { type: 'function', function: { name: toolChoice.name } },
      }),
      ...(request.parallelToolCalls !== undefined && { parallel_tool_calls: request.parallelToolCalls }),
    }),
    ...(format.type === 'json' && {
      response_format:
        format.schema === undefined
          ? { type: 'json_object' }
          : {
              type: 'json_schema',
              json_schema: { name: format.name ?? 'answer', schema: format.schema, ...(format.strict !== undefined && { strict: format.strict }) },
            },
    }),
    ...(request.reasoning !== undefined && { reasoning_effort: request.reasoning === 'max' ? 'high' : request.reasoning }),
    ...(request.logprobs !== undefined && { logprobs: true, top_logprobs: request.logprobs }),
  };
}

/** Body of /completions, for a prompt that must go without a chat template. */
export function toCompletionBody(model: string, request: ChatRequest, stream: boolean): object {
  const { completion } = request;
  return {
    ...foreign(request),
    model,
    prompt: completion?.prompt ?? '',
    stream,
    ...(stream && { stream_options: { include_usage: true } }),
    ...(completion?.suffix !== undefined && { suffix: completion.suffix }),
    ...sampling(request),
    ...(request.logprobs !== undefined && { logprobs: request.logprobs }),
  };
}
