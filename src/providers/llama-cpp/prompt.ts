import type { ChatHistoryItem, LlamaModel, Token } from 'node-llama-cpp';
import type { ChatRequest, Message } from '../../core/chat.ts';
import type { Engine } from './engine.ts';

/** A rendered conversation, ready to be evaluated. */
export interface Prompt {
  readonly tokens: readonly Token[];
  /** Where the template itself says that an answer ends. */
  readonly stops: readonly string[];
  /** True: blanks before the first word belong to the template, not to the answer. */
  readonly trimStart: boolean;
}

/** How a model wants its conversations written. */
export type Template = 'chatml' | 'gemma' | 'plain' | 'other';

/** A mark is a control token of the template; text never becomes one, whatever a person writes. */
type Part = { readonly mark: string } | { readonly text: string };

const textOf = (message: Message): string => {
  const text = message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  if (message.role !== 'assistant' || message.toolCalls === undefined) return text;
  return [text, ...message.toolCalls.map((call) => `${call.name}(${call.arguments})`)].filter((line) => line !== '').join('\n');
};

/** Whether the answer goes on from an assistant message that the client began. */
const continues = (messages: readonly Message[]): boolean => messages.at(-1)?.role === 'assistant';

/** Which template a model's GGUF header asks for. A model without one was never taught to answer. */
export function templateOf(model: LlamaModel): Template {
  const source = model.fileInfo.metadata.tokenizer?.chat_template;
  const isMark = (text: string): boolean => model.tokenize(text, true).length === 1;
  if (source === undefined) return 'plain';
  if (source.includes('<|im_start|>') && isMark('<|im_start|>') && !source.includes('tools')) return 'chatml';
  if (source.includes('<start_of_turn>') && isMark('<start_of_turn>')) return 'gemma';
  return 'other';
}

/** The system message that a ChatML template puts in when the client has none (SmolLM2 does). */
function defaultSystem(source: string | undefined): string | undefined {
  return /<\|im_start\|>system(?:\\n|\n)([^<{}]+)<\|im_end\|>/.exec(source ?? '')?.[1];
}

export function chatml(messages: readonly Message[], system: string | undefined): Part[] {
  const parts: Part[] = [];
  const open = (role: string, text: string): unknown => parts.push({ mark: '<|im_start|>' }, { text: `${role}\n${text}` });
  const close = (): unknown => parts.push({ mark: '<|im_end|>' }, { text: '\n' });
  if (system !== undefined && messages[0]?.role !== 'system') {
    open('system', system);
    close();
  }
  for (const [index, message] of messages.entries()) {
    open(message.role === 'tool' ? 'user' : message.role, textOf(message));
    if (index < messages.length - 1 || message.role !== 'assistant') close();
  }
  if (!continues(messages)) open('assistant', '');
  return parts;
}

/** Gemma has two roles only; what the system says stands at the head of the first user turn. */
export function gemma(messages: readonly Message[]): Part[] {
  const parts: Part[] = [];
  const open = (role: string, text: string): unknown => parts.push({ mark: '<start_of_turn>' }, { text: `${role}\n${text}` });
  const close = (): unknown => parts.push({ mark: '<end_of_turn>' }, { text: '\n' });
  let head = messages
    .filter(({ role }) => role === 'system')
    .map((message) => `${textOf(message)}\n\n`)
    .join('');
  const turns = messages.filter(({ role }) => role !== 'system');
  if (head !== '' && turns[0]?.role !== 'user') {
    open('user', head.trim());
    close();
    head = '';
  }
  for (const [index, message] of turns.entries()) {
    open(message.role === 'assistant' ? 'model' : 'user', `${head}${textOf(message).trim()}`);
    head = '';
    if (index < turns.length - 1 || message.role !== 'assistant') close();
  }
  if (!continues(turns)) open('model', '');
  return parts;
}

/** Shows a pretrained model by example that a question is followed by one answer. */
const EXAMPLES = [
  ['What is the largest planet?', 'Jupiter is the largest planet in the solar system.'],
  ['What is 3 + 4?', '3 + 4 = 7.'],
  ['Why is the sky blue?', 'The air scatters blue light more than red light, so blue reaches our eyes from every direction.'],
] as const;

const PLAIN_STOPS = ['\n\nQuestion:', '\nQuestion:', '\n\nAnswer:', '\nAnswer:', '\n\n\n'];

export function plain(messages: readonly Message[]): Part[] {
  const lines = EXAMPLES.map(([question, answer]) => `Question: ${question}\nAnswer: ${answer}\n\n`);
  const system = messages.filter(({ role }) => role === 'system').map(textOf);
  const turns = messages.filter(({ role }) => role !== 'system');
  for (const [index, message] of turns.entries()) {
    if (message.role !== 'assistant') lines.push(`Question: ${textOf(message).trim()}\n`);
    else lines.push(`Answer: ${textOf(message).trim()}${index < turns.length - 1 ? '\n\n' : ''}`);
  }
  if (!continues(turns)) lines.push('Answer:');
  return [{ text: [...system.map((text) => `${text.trim()}\n\n`), ...lines].join('') }];
}

function tokenize(model: LlamaModel, parts: readonly Part[]): Token[] {
  const tokens: Token[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') tokens.push(...model.tokenize(text, false));
    text = '';
  };
  for (const part of parts) {
    if ('text' in part) {
      text += part.text;
      continue;
    }
    flush();
    tokens.push(...model.tokenize(part.mark, true));
  }
  flush();
  return tokens;
}

const withStart = (model: LlamaModel, tokens: readonly Token[]): Token[] => {
  const { bos, shouldPrependBosToken } = model.tokens;
  return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : [...tokens];
};

/** Conversations of models with a template of their own, by the engine's reading of it. */
function other(engine: Engine, model: LlamaModel, messages: readonly Message[]): Prompt {
  const history: ChatHistoryItem[] = messages.map((message) => {
    const text = textOf(message);
    if (message.role === 'assistant') return { type: 'model', response: [text] };
    return message.role === 'system' ? { type: 'system', text } : { type: 'user', text };
  });
  if (!continues(messages)) history.push({ type: 'model', response: [] });
  const wrapper = engine.library.resolveChatWrapper(model, { warningLogs: false });
  const { contextText, stopGenerationTriggers } = wrapper.generateContextState({ chatHistory: history });
  const stops = stopGenerationTriggers.flatMap((trigger) => trigger.values.filter((value) => typeof value === 'string'));
  return { tokens: withStart(model, contextText.tokenize(model.tokenizer)), stops, trimStart: false };
}

/** Writes a request as the model's template wants it, or as it is where the client asked for that. `ownSystem` replaces the template's default. */
export function createPrompter(engine: Engine, model: LlamaModel, ownSystem?: string): (request: ChatRequest) => Prompt {
  const template = templateOf(model);
  const system = ownSystem ?? defaultSystem(model.fileInfo.metadata.tokenizer?.chat_template);
  const render = (messages: readonly Message[]): Prompt => {
    const turns = (parts: Part[]): Prompt => ({ tokens: withStart(model, tokenize(model, parts)), stops: [], trimStart: false });
    switch (template) {
      case 'chatml':
        return turns(chatml(messages, system));
      case 'gemma':
        return turns(gemma(messages));
      case 'plain':
        return { ...turns(plain(messages)), stops: PLAIN_STOPS, trimStart: true };
      case 'other':
        return other(engine, model, messages);
    }
  };
  return (request) => {
    const { completion } = request;
    if (completion?.raw) return { tokens: withStart(model, model.tokenize(completion.prompt, true)), stops: [], trimStart: false };
    const prompt = render(request.messages);
    const before = completion?.context ?? [];
    if (before.length === 0) return prompt;
    const start = prompt.tokens[0] === model.tokens.bos ? 1 : 0;
    return { ...prompt, tokens: [...(before as readonly Token[]), ...prompt.tokens.slice(start)] };
  };
}
