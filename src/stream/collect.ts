import type { ChatEvent, ChatResult, ChatStream, TokenLogprob, ToolCall } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';

interface Building {
  text: string[];
  reasoning: string[];
  calls: Map<number, { id: string; name: string; parts: string[] }>;
  logprobs: TokenLogprob[];
  finish?: Extract<ChatEvent, { type: 'finish' }>;
}

/** Most characters an answer may have in one piece; a stream may go on for longer, because nobody holds it. */
const MAX_CHARS = 32 << 20;

/** Counts what is held of an answer. Throws 'upstream-failed' when it is more than any answer has. */
export function createSizeLimit(maxChars = MAX_CHARS): (event: ChatEvent) => void {
  let chars = 0;
  return (event) => {
    if (event.type === 'text' || event.type === 'reasoning') chars += event.delta.length;
    else if (event.type === 'tool-call') chars += event.argumentsDelta.length;
    if (chars > maxChars) throw new GatewayError('upstream-failed', `The answer is longer than ${maxChars} characters.`, { code: 'upstream_too_large' });
  };
}

/** Folds events, one at a time, into one result per choice. */
export function createCollector(model: string) {
  const choices = new Map<number, Building>();
  const limit = createSizeLimit();
  let served = model;

  const at = (choice = 0): Building => {
    let building = choices.get(choice);
    if (building === undefined) {
      building = { text: [], reasoning: [], calls: new Map(), logprobs: [] };
      choices.set(choice, building);
    }
    return building;
  };

  const add = (event: ChatEvent): void => {
    limit(event);
    switch (event.type) {
      case 'start':
        served = event.model;
        break;
      case 'text':
        at(event.choice).text.push(event.delta);
        if (event.logprobs !== undefined) at(event.choice).logprobs.push(...event.logprobs);
        break;
      case 'reasoning':
        at(event.choice).reasoning.push(event.delta);
        break;
      case 'tool-call': {
        const { calls } = at(event.choice);
        const call = calls.get(event.index);
        if (call === undefined) calls.set(event.index, { id: event.id, name: event.name, parts: [event.argumentsDelta] });
        else call.parts.push(event.argumentsDelta);
        break;
      }
      case 'finish':
        at(event.choice).finish = event;
        break;
    }
  };

  const toResult = ({ text, reasoning, calls, logprobs, finish }: Building): ChatResult => {
    if (finish === undefined) throw new GatewayError('upstream-failed', 'The model stopped before its answer was complete.');
    const toolCalls: ToolCall[] = [...calls.entries()].sort(([a], [b]) => a - b).map(([, { id, name, parts }]) => ({ id, name, arguments: parts.join('') }));
    return {
      model: served,
      text: text.join(''),
      reasoning: reasoning.join(''),
      toolCalls,
      logprobs,
      finishReason: finish.reason,
      usage: finish.usage,
      ...(finish.timings !== undefined && { timings: finish.timings }),
      ...(finish.stopSequence !== undefined && { stopSequence: finish.stopSequence }),
      ...(finish.context !== undefined && { context: finish.context }),
    };
  };

  return {
    add,
    /** One result per choice, in order. Throws 'upstream-failed' when a choice has no finish. */
    results: (): ChatResult[] => {
      if (choices.size === 0) at(0);
      return [...choices.entries()].sort(([a], [b]) => a - b).map(([, building]) => toResult(building));
    },
  };
}

/** What a non-streamed answer is made of: the fold over the whole stream, one result per choice. */
export async function collectChoices(stream: ChatStream): Promise<ChatResult[]> {
  const collector = createCollector('');
  for await (const batch of stream) for (const event of batch) collector.add(event);
  return collector.results();
}

/** The fold over a stream of one choice. */
export async function collect(stream: ChatStream): Promise<ChatResult> {
  const [result] = await collectChoices(stream);
  return result as ChatResult;
}
