import { type ChatRequest, type Completion, type ContentPart, type Message, type ReasoningEffort, textOf } from '../../core/chat.ts';

const imagesOf = (content: readonly ContentPart[]): { images?: string[] } => {
  const images = content.filter((part) => part.type === 'image').map((part) => part.data);
  return images.length === 0 ? {} : { images };
};

function toNativeMessage(message: Message): object {
  const content = textOf(message.content);
  switch (message.role) {
    case 'assistant':
      return {
        role: 'assistant',
        content,
        ...imagesOf(message.content),
        ...(message.reasoning !== undefined && { thinking: message.reasoning }),
        ...(message.toolCalls !== undefined && {
          tool_calls: message.toolCalls.map((call, index) => ({
            id: call.id,
            function: { index, name: call.name, arguments: JSON.parse(call.arguments === '' ? '{}' : call.arguments) as unknown },
          })),
        }),
      };
    case 'tool':
      return {
        role: 'tool',
        content: message.isError === true ? `Error: ${content}` : content,
        ...imagesOf(message.content),
        tool_call_id: message.toolCallId,
        ...(message.name !== undefined && { tool_name: message.name }),
      };
    case 'system':
    case 'user':
      return { role: message.ownRole ?? message.role, content, ...imagesOf(message.content) };
  }
}

function toThink(reasoning: ReasoningEffort | undefined): { think?: boolean | string } {
  switch (reasoning) {
    case undefined:
      return {};
    case 'none':
      return { think: false };
    case 'minimal':
      return { think: 'low' };
    case 'medium':
      return { think: true };
    default:
      return { think: reasoning };
  }
}

/** What the provider knows of the model beside the request. */
export interface ModelSettings {
  /** num_ctx to say; undefined leaves it to the host. */
  readonly window: number | undefined;
  /** False: the model cannot think, and Ollama refuses whoever asks it to. */
  readonly thinks: boolean;
}

/** Ollama cuts what does not fit without a word unless told not to; an error can be acted on. */
const WHOLE = { truncate: false, shift: false };

/** What both native calls share. Fields that came from an Ollama client go on as they were. */
function common(model: string, request: ChatRequest, { window, thinks }: ModelSettings): Record<string, unknown> {
  const { sampling, responseFormat, keepAliveS, logprobs } = request;
  const own = request.dialect === 'ollama' ? request.extra : {};
  const options: Record<string, unknown> = { ...(own['options'] as object | undefined) };
  const set = (key: string, value: unknown): void => {
    if (value !== undefined) options[key] = value;
  };
  set('temperature', sampling.temperature);
  set('top_p', sampling.topP);
  set('top_k', sampling.topK);
  set('min_p', sampling.minP);
  set('seed', sampling.seed);
  set('num_predict', sampling.maxOutputTokens);
  set('stop', sampling.stop);
  set('presence_penalty', sampling.presencePenalty);
  set('frequency_penalty', sampling.frequencyPenalty);
  set('repeat_penalty', sampling.repeatPenalty);
  set('num_ctx', window);
  const think = { ...toThink(request.reasoning), ...(typeof own['think'] === 'string' && { think: own['think'] }) };
  return {
    ...WHOLE,
    ...own,
    model,
    stream: true,
    ...(Object.keys(options).length > 0 && { options }),
    ...(responseFormat.type === 'json' && { format: responseFormat.schema ?? 'json' }),
    ...(keepAliveS !== undefined && { keep_alive: keepAliveS }),
    ...(thinks || think.think === false ? think : { think: undefined }),
    ...(logprobs !== undefined && { logprobs: true, top_logprobs: logprobs }),
  };
}

export function toChatBody(model: string, request: ChatRequest, settings: ModelSettings): object {
  const { toolChoice } = request;
  // Ollama has no tool_choice; a model that sees one tool only can choose no other.
  const tools = toolChoice === 'none' ? [] : typeof toolChoice === 'object' ? request.tools.filter(({ name }) => name === toolChoice.name) : request.tools;
  return {
    ...common(model, request, settings),
    messages: request.messages.map(toNativeMessage),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, schema }) => ({
        type: 'function',
        function: {
          name,
          ...(description !== undefined && { description }),
          parameters: schema ?? { type: 'object', properties: {} },
        },
      })),
    }),
  };
}

export function toGenerateBody(model: string, request: ChatRequest, completion: Completion, settings: ModelSettings): object {
  const system = request.messages.find((message) => message.role === 'system');
  const images = request.messages.flatMap((message) => imagesOf(message.content).images ?? []);
  return {
    ...common(model, request, settings),
    prompt: completion.prompt,
    ...(completion.suffix !== undefined && { suffix: completion.suffix }),
    ...(completion.raw && { raw: true }),
    ...(completion.template !== undefined && { template: completion.template }),
    ...(completion.context !== undefined && { context: completion.context }),
    ...(system !== undefined && !completion.raw && { system: textOf(system.content) }),
    ...(images.length > 0 && { images }),
  };
}
