import type { ChatEvent, ChatResult, FinishReason, TokenLogprob, Usage } from '../../core/chat.ts';
import { sseFrame } from '../../stream/sse.ts';
import type { EncodeContext, FrameEncoder } from '../dialect.ts';
import { toUsage } from './chat-encode.ts';
import { openaiError } from './error.ts';

/** The legacy API knows no tool calls, and takes no other word for an end. */
const finishReason = (reason: FinishReason): string => (reason === 'length' ? 'length' : reason === 'content-filter' ? 'content_filter' : 'stop');

/** OpenAI's legacy shape: parallel lists. `offset` is where the first token stands in the text, in characters. */
export function toLegacyLogprobs(logprobs: readonly TokenLogprob[], offset: number): object {
  let at = offset;
  return {
    text_offset: logprobs.map(({ token }) => {
      const start = at;
      at += token.length;
      return start;
    }),
    token_logprobs: logprobs.map(({ logprob }) => logprob),
    tokens: logprobs.map(({ token }) => token),
    top_logprobs: logprobs.map(({ alternatives }) =>
      alternatives === undefined ? null : Object.fromEntries(alternatives.map(({ token, logprob }) => [token, logprob])),
    ),
  };
}

const echoed = (context: EncodeContext): string => (context.request.completion?.echo === true ? context.request.completion.prompt : '');

/** The JSON answer of /v1/completions. Reasoning has no place in this API and is left out. */
export function encodeCompletion(results: readonly ChatResult[], context: EncodeContext): object {
  const trace = context.trace?.();
  const echo = echoed(context);
  return {
    id: `cmpl-${context.id}`,
    object: 'text_completion',
    created: Math.floor(context.startedAt / 1000),
    model: context.model,
    system_fingerprint: null,
    choices: results.map((result, index) => ({
      text: echo + result.text,
      index,
      logprobs: context.request.logprobs === undefined ? null : toLegacyLogprobs(result.logprobs, 0),
      finish_reason: finishReason(result.finishReason),
    })),
    usage: toUsage(results.map((result) => result.usage)),
    ...(trace !== undefined && { orchestrator: trace }),
  };
}

/** The frames of a streamed /v1/completions: text, one finish per choice, usage only when asked, [DONE]. */
export function completionFrames(context: EncodeContext): FrameEncoder {
  const head = `data: {"id":"cmpl-${context.id}","object":"text_completion","created":${Math.floor(context.startedAt / 1000)},"model":${JSON.stringify(context.model)},"system_fingerprint":null,"choices":[`;
  const tail = context.includeUsage ? '],"usage":null}\n\n' : ']}\n\n';
  const echo = echoed(context);
  const offsets = new Map<number, number>();
  const usages: Usage[] = [];

  const chunk = (choice: number, literal: string, logprobs: string, finish: string): string =>
    `${head}{"text":${literal},"index":${choice},"logprobs":${logprobs},"finish_reason":${finish}}${tail}`;

  const begin = (choice: number): string => {
    if (offsets.has(choice)) return '';
    offsets.set(choice, 0);
    return echo === '' ? '' : chunk(choice, JSON.stringify(echo), 'null', 'null');
  };

  const event = (item: ChatEvent): string => {
    switch (item.type) {
      case 'start':
      case 'reasoning':
      case 'tool-call':
        return '';
      case 'text': {
        const choice = item.choice ?? 0;
        const before = begin(choice);
        const offset = offsets.get(choice) ?? 0;
        offsets.set(choice, offset + item.delta.length);
        const logprobs = item.logprobs === undefined ? 'null' : JSON.stringify(toLegacyLogprobs(item.logprobs, offset));
        return before + chunk(choice, item.json ?? JSON.stringify(item.delta), logprobs, 'null');
      }
      case 'finish': {
        const choice = item.choice ?? 0;
        usages.push(item.usage);
        return begin(choice) + chunk(choice, '""', 'null', `"${finishReason(item.reason)}"`);
      }
    }
  };

  return {
    event,
    end: () => {
      const trace = context.trace?.();
      const extra = trace === undefined ? '' : `,"orchestrator":${JSON.stringify(trace)}`;
      if (context.includeUsage) return `${head}],"usage":${JSON.stringify(toUsage(usages))}${extra}}\n\ndata: [DONE]\n\n`;
      return `${extra === '' ? '' : `${head}]${extra}}\n\n`}data: [DONE]\n\n`;
    },
    fail: (error) => sseFrame(JSON.stringify(openaiError(error))),
  };
}
