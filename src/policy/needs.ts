import type { ChatRequest } from '../core/chat.ts';
import type { Needs } from '../core/plan.ts';

/** Tokens one image costs in common vision models (LLaVA 576, Gemma 3 256, Qwen2-VL about 1,000). */
const IMAGE_TOKENS = 768;
/** What the chat template adds per message. */
const MESSAGE_TOKENS = 6;

/**
 * Tokens of a text, estimated: about 4 Latin letters a token, about 1.5 Hangul syllables or other wide characters a token.
 * Long texts are sampled, so that the estimate costs the same for 1 MB as for 8 KB.
 */
export function estimateTokens(text: string): number {
  // Most text is plain, and whether it is costs no loop.
  if (Buffer.byteLength(text) === text.length) return Math.ceil(text.length / 4);
  const step = Math.max(1, Math.floor(text.length / 8_192));
  let wide = 0;
  let seen = 0;
  for (let index = 0; index < text.length; index += step) {
    seen += 1;
    if (text.charCodeAt(index) > 0x2e7f) wide += 1;
  }
  const share = seen === 0 ? 0 : wide / seen;
  return Math.ceil((text.length * share) / 1.5 + (text.length * (1 - share)) / 4);
}

/** Tokens kept for an answer whose own limit is only a ceiling. */
const CEILING_RESERVE = 1_024;

/**
 * Whether a limit of output tokens is only a ceiling: Anthropic's API demands one, so its clients send the most that any model could
 * write, and Ollama's num_predict never refused a request. Others name what they need.
 */
export const isCeiling = ({ dialect }: ChatRequest): boolean => dialect === 'anthropic' || dialect === 'ollama';

const outputNeed = (request: ChatRequest): number =>
  isCeiling(request) ? Math.min(request.sampling.maxOutputTokens ?? 0, CEILING_RESERVE) : (request.sampling.maxOutputTokens ?? 0);

/** Tokens to set aside for a request in a budget: what it sends, and what each of its answers may have; undefined when nothing bounds that. */
export const wantedTokens = (request: ChatRequest): readonly [input: number, output: number | undefined, answers: number] => [
  needsOf({ ...request, sampling: {} }).contextTokens,
  outputNeed(request) || undefined,
  request.choices,
];

/** What a request cannot do without; read from the request alone. */
export function needsOf(request: ChatRequest): Needs {
  let tokens = 0;
  let vision = false;
  for (const message of request.messages) {
    tokens += MESSAGE_TOKENS;
    for (const part of message.content) {
      if (part.type === 'text') tokens += estimateTokens(part.text);
      else {
        vision = true;
        tokens += IMAGE_TOKENS;
      }
    }
    if (message.role === 'assistant') for (const call of message.toolCalls ?? []) tokens += estimateTokens(call.arguments) + 10;
  }
  if (request.tools.length > 0) tokens += estimateTokens(JSON.stringify(request.tools));
  return {
    vision,
    tools: request.tools.length > 0 && request.toolChoice !== 'none',
    json: request.responseFormat.type === 'json',
    // Claude Code asks every model to think, so there the wish is no condition.
    ...(request.reasoning !== undefined && request.reasoning !== 'none' && request.dialect !== 'anthropic' && { thinking: true }),
    ...(request.completion?.suffix !== undefined && { insert: true }),
    ...(request.completion !== undefined && { completion: true }),
    contextTokens: tokens + outputNeed(request),
  };
}
