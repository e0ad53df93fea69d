import { type ChatRequest, type ContentPart, type Message, textOf } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import { type ModelRef, sameRef } from '../core/model.ts';
import { addToSeed } from '../core/raw-number.ts';
import type { MemberCall } from './members.ts';
import type { Prompts } from './prompts.ts';

/** The text of the last user turn: what is asked. */
export function questionOf(request: ChatRequest): string {
  const last = request.messages.findLast((message) => message.role === 'user');
  return last === undefined ? '' : textOf(last.content);
}

/** The system text of a conversation, in one piece; empty without one. */
export const systemOf = (request: ChatRequest): string =>
  request.messages
    .filter((message) => message.role === 'system')
    .map(({ content }) => textOf(content))
    .join('\n\n');

/** Whether only one model can serve it: tools change the world once, and a raw or fill-in prompt has no answers to compare. */
export const isForOne = (request: ChatRequest): boolean =>
  (request.tools.length > 0 && request.toolChoice !== 'none') ||
  request.messages.some((message) => message.role === 'tool') ||
  request.completion?.raw === true ||
  request.completion?.suffix !== undefined;

/** The request as a single model gets it: one choice, no tools, no log probabilities, a chat. Throws 'invalid-request' for several choices. */
export function plainRequest(request: ChatRequest, target: ModelRef): ChatRequest {
  if (request.choices > 1) {
    throw new GatewayError('invalid-request', 'An answer made from several models has one choice: ask for n = 1, or name a single model.', { param: 'n' });
  }
  const { completion: _completion, logprobs: _logprobs, ...rest } = request;
  return { ...rest, model: target.model, tools: [], toolChoice: 'none' };
}

/** A request with `text` added at the end of its last user turn; what stands before stays as it is, so a prefix cache still serves it. */
export function withSuffix(request: ChatRequest, text: string): ChatRequest {
  const at = request.messages.findLastIndex((message) => message.role === 'user');
  const last = request.messages[at];
  if (last === undefined || text === '') return request;
  const content: ContentPart[] = [...last.content, { type: 'text', text: `\n\n${text}` }];
  return { ...request, messages: request.messages.map((message, index) => (index === at ? ({ ...last, content } as Message) : message)) };
}

/** A request of our own for a model: our instructions, then one user turn. Takes over nothing that would change what it is asked for. */
export function ownRequest(
  target: ModelRef,
  base: ChatRequest,
  parts: { readonly system?: string; readonly user: string; readonly format?: ChatRequest['responseFormat']; readonly temperature?: number },
): ChatRequest {
  const messages: Message[] = [];
  if (parts.system !== undefined && parts.system !== '') messages.push({ role: 'system', content: [{ type: 'text', text: parts.system }] });
  messages.push({ role: 'user', content: [{ type: 'text', text: parts.user }] });
  return {
    model: target.model,
    messages,
    sampling: parts.temperature === undefined ? {} : { temperature: parts.temperature },
    tools: [],
    toolChoice: 'none',
    responseFormat: parts.format ?? { type: 'text' },
    choices: 1,
    extra: {},
    dialect: base.dialect,
    ...(base.keepAliveS !== undefined && { keepAliveS: base.keepAliveS }),
    ...(base.contextWindow !== undefined && { contextWindow: base.contextWindow }),
  };
}

/** Temperature of repeated samples where the client set none or zero: equal samples would say nothing. */
const SAMPLE_TEMPERATURE = 0.7;

/**
 * What each member is asked. A model that stands there several times is sampled: first with the request as it is, then each time in another
 * style of asking, which is worth more than more samples in one style, with its own seed and some temperature.
 */
export function memberCalls(members: readonly ModelRef[], request: ChatRequest, prompts: Prompts): MemberCall[] {
  return members.map((target, index) => {
    const plain = plainRequest(request, target);
    const before = members.slice(0, index).filter((other) => sameRef(other, target)).length;
    if (before === 0) return { target, request: plain };
    const { seed, temperature, ...sampling } = plain.sampling;
    const style = prompts.styles[(before - 1) % Math.max(1, prompts.styles.length)] ?? '';
    return {
      target,
      request: withSuffix(
        {
          ...plain,
          sampling: {
            ...sampling,
            temperature: temperature === undefined || temperature === 0 ? SAMPLE_TEMPERATURE : temperature,
            ...(seed !== undefined && { seed: addToSeed(seed, before) }),
          },
        },
        plain.responseFormat.type === 'json' ? '' : style,
      ),
    };
  });
}
