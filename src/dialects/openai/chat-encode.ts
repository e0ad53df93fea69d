import type { ChatEvent, ChatResult, FinishReason, TokenLogprob, Usage } from '../../core/chat.ts';
import { sseFrame } from '../../stream/sse.ts';
import { createCallOrder } from '../call-order.ts';
import type { EncodeContext, FrameEncoder } from '../dialect.ts';
import { openaiError } from './error.ts';

export function toFinishReason(reason: FinishReason): string {
  switch (reason) {
    case 'tool-calls':
      return 'tool_calls';
    case 'content-filter':
      return 'content_filter';
    case 'length':
      return 'length';
    case 'stop':
    case 'other':
      return 'stop';
  }
}

export function toUsage(usages: readonly Usage[]): object {
  const input = usages[0]?.inputTokens ?? 0;
  const sum = (pick: (usage: Usage) => number | undefined): number => usages.reduce((total, usage) => total + (pick(usage) ?? 0), 0);
  const output = sum((usage) => usage.outputTokens);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: usages[0]?.cachedInputTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: sum((usage) => usage.reasoningTokens) },
  };
}

const bytesOf = (token: string): number[] => [...Buffer.from(token, 'utf8')];

export function toLogprobs(logprobs: readonly TokenLogprob[]): object {
  const entry = (item: { token: string; logprob: number; bytes?: readonly number[] }): object => ({
    token: item.token,
    logprob: item.logprob,
    bytes: item.bytes ?? bytesOf(item.token),
  });
  return {
    content: logprobs.map((item) => ({ ...entry(item), top_logprobs: (item.alternatives ?? []).map(entry) })),
    refusal: null,
  };
}

/** The JSON answer of /v1/chat/completions. */
export function encodeChat(results: readonly ChatResult[], context: EncodeContext): object {
  const trace = context.trace?.();
  return {
    id: `chatcmpl-${context.id}`,
    object: 'chat.completion',
    created: Math.floor(context.startedAt / 1000),
    model: context.model,
    system_fingerprint: null,
    choices: results.map((result, index) => ({
      index,
      message: {
        role: 'assistant',
        content: result.text === '' && result.toolCalls.length > 0 ? null : result.text,
        refusal: null,
        ...(result.reasoning !== '' && { reasoning: result.reasoning, reasoning_content: result.reasoning }),
        ...(result.toolCalls.length > 0 && {
          tool_calls: result.toolCalls.map((call, position) => ({
            index: position,
            id: call.id,
            type: 'function',
            function: { name: call.name, arguments: call.arguments || '{}' },
          })),
        }),
      },
      logprobs: context.request.logprobs === undefined ? null : toLogprobs(result.logprobs),
      finish_reason: toFinishReason(result.finishReason),
    })),
    usage: toUsage(results.map((result) => result.usage)),
    ...(trace !== undefined && { orchestrator: trace }),
  };
}

/** The frames of a streamed /v1/chat/completions: role first, one finish per choice, usage only when asked, [DONE]. */
export function chatFrames(context: EncodeContext): FrameEncoder {
  const head = `data: {"id":"chatcmpl-${context.id}","object":"chat.completion.chunk","created":${Math.floor(context.startedAt / 1000)},"model":${JSON.stringify(context.model)},"system_fingerprint":null,"choices":[`;
  const tail = context.includeUsage ? '],"usage":null}\n\n' : ']}\n\n';
  const plainEnd = `},"logprobs":null,"finish_reason":null}${tail}`;
  const started = new Set<number>();
  const calls = new Set<string>();
  const orders = new Map<number, ReturnType<typeof createCallOrder>>();
  const usages: Usage[] = [];

  const delta = (choice: number, inner: string, logprobs?: readonly TokenLogprob[]): string => {
    let role = '';
    if (!started.has(choice)) {
      started.add(choice);
      role = inner.includes('"content"') ? '"role":"assistant",' : '"role":"assistant","content":"",';
    }
    const end = logprobs === undefined ? plainEnd : `},"logprobs":${JSON.stringify(toLogprobs(logprobs))},"finish_reason":null}${tail}`;
    return `${head}{"index":${choice},"delta":{${role}${inner}${end}`;
  };
  const textStart = `${head}{"index":0,"delta":{"content":`;

  const callDelta = (item: Extract<ChatEvent, { type: 'tool-call' }>): string => {
    const choice = item.choice ?? 0;
    const key = `${choice}:${item.index}`;
    const args = JSON.stringify(item.argumentsDelta);
    // Later deltas carry the arguments alone: a repeated type or name is read as another call.
    if (calls.has(key)) return delta(choice, `"tool_calls":[{"index":${item.index},"function":{"arguments":${args}}}]`);
    calls.add(key);
    return delta(
      choice,
      `"tool_calls":[{"index":${item.index},"id":${JSON.stringify(item.id)},"type":"function","function":{"name":${JSON.stringify(item.name)},"arguments":${args}}}]`,
    );
  };

  const event = (item: ChatEvent): string => {
    switch (item.type) {
      case 'start':
        return '';
      case 'text': {
        const literal = item.json ?? JSON.stringify(item.delta);
        if (item.choice === undefined && item.logprobs === undefined && started.has(0)) return textStart + literal + plainEnd;
        return delta(item.choice ?? 0, `"content":${literal}`, item.logprobs);
      }
      case 'reasoning': {
        const literal = item.json ?? JSON.stringify(item.delta);
        return delta(item.choice ?? 0, `"reasoning":${literal},"reasoning_content":${literal}`);
      }
      case 'tool-call': {
        const choice = item.choice ?? 0;
        const order = orders.get(choice) ?? createCallOrder();
        orders.set(choice, order);
        const piece = order.take(item);
        return piece === undefined ? '' : callDelta(piece);
      }
      case 'finish': {
        const choice = item.choice ?? 0;
        usages.push(item.usage);
        const held = (orders.get(choice)?.rest() ?? []).map(callDelta).join('');
        const first = started.has(choice) ? held : delta(choice, '"content":""');
        return `${first}${head}{"index":${choice},"delta":{},"logprobs":null,"finish_reason":"${toFinishReason(item.reason)}"}${tail}`;
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
