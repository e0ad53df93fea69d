import type { FinishReason, Usage } from '../../core/chat.ts';
import type { ToolName } from './tools.ts';

/** What a line of a tool's output means. */
export type Reading =
  | { readonly type: 'text' | 'reasoning'; readonly text: string }
  | { readonly type: 'done'; readonly usage: Usage; readonly reason: FinishReason }
  | { readonly type: 'failed'; readonly message: string };

/** Reads the output of one call. */
export interface Reader {
  /** A line without its end. */
  line(line: string): readonly Reading[];
  /** The output is complete and the program ended well. */
  end(): readonly Reading[];
}

type Fields = Record<string, unknown>;

const parse = (line: string): Fields | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
};

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function usageOf(names: { input: unknown; output: unknown; cached?: unknown; reasoning?: unknown }): Usage {
  const number = (value: unknown): number | undefined => (typeof value === 'number' && value >= 0 ? value : undefined);
  const usage = {
    inputTokens: number(names.input),
    outputTokens: number(names.output),
    cachedInputTokens: number(names.cached),
    reasoningTokens: number(names.reasoning),
  };
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined)) as Usage;
}

/** `codex exec --json`: whole items; the last message is the answer, what came before it is commentary. */
function codexReader(): Reader {
  let held: string | undefined;
  const release = (type: 'text' | 'reasoning'): Reading[] => {
    const text = held;
    held = undefined;
    return text === undefined ? [] : [{ type, text: type === 'reasoning' ? `${text}\n` : text }];
  };
  return {
    line(line) {
      const event = parse(line);
      switch (event?.['type']) {
        case 'item.completed': {
          const item = fieldsOf(event['item']);
          if (item['type'] === 'reasoning') return [{ type: 'reasoning', text: `${textOf(item['text'])}\n` }];
          if (item['type'] !== 'agent_message') return [];
          const before = release('reasoning');
          held = textOf(item['text']);
          return before;
        }
        case 'turn.completed': {
          const usage = fieldsOf(event['usage']);
          const counted = usageOf({
            input: usage['input_tokens'],
            output: usage['output_tokens'],
            cached: usage['cached_input_tokens'],
            reasoning: usage['reasoning_output_tokens'],
          });
          return [...release('text'), { type: 'done', usage: counted, reason: 'stop' }];
        }
        // An `error` line tells of an attempt that is repeated, but without a network for ever.
        case 'error':
          return /waiting for network/i.test(textOf(event['message'])) ? [{ type: 'failed', message: textOf(event['message']) }] : [];
        case 'turn.failed':
          return [{ type: 'failed', message: textOf(fieldsOf(event['error'])['message']) }];
        default:
          return [];
      }
    },
    end: () => release('text'),
  };
}

/** `gemini --output-format stream-json`. */
function geminiReader(): Reader {
  return {
    line(line) {
      const event = parse(line);
      if (event?.['type'] === 'message' && event['role'] === 'assistant') return [{ type: 'text', text: textOf(event['content']) }];
      if (event?.['type'] !== 'result') return [];
      if (event['status'] !== 'success') return [{ type: 'failed', message: textOf(fieldsOf(event['error'])['message']) }];
      const stats = fieldsOf(event['stats']);
      return [{ type: 'done', reason: 'stop', usage: usageOf({ input: stats['input_tokens'], output: stats['output_tokens'], cached: stats['cached'] }) }];
    },
    end: () => [],
  };
}

/** `claude --print --output-format stream-json --include-partial-messages`. */
function claudeReader(): Reader {
  let streamed = false;
  return {
    line(line) {
      const event = parse(line);
      if (event?.['type'] === 'stream_event') {
        const inner = fieldsOf(event['event']);
        if (inner['type'] !== 'content_block_delta') return [];
        const delta = fieldsOf(inner['delta']);
        if (delta['type'] === 'thinking_delta') return [{ type: 'reasoning', text: textOf(delta['thinking']) }];
        if (delta['type'] !== 'text_delta') return [];
        streamed = true;
        return [{ type: 'text', text: textOf(delta['text']) }];
      }
      if (event?.['type'] !== 'result') return [];
      const result = textOf(event['result']);
      if (event['is_error'] === true || event['subtype'] !== 'success') return [{ type: 'failed', message: result === '' ? textOf(event['subtype']) : result }];
      const usage = fieldsOf(event['usage']);
      const cached = Number(usage['cache_read_input_tokens'] ?? 0);
      const input = Number(usage['input_tokens'] ?? 0) + Number(usage['cache_creation_input_tokens'] ?? 0) + cached;
      const done: Reading = { type: 'done', reason: 'stop', usage: usageOf({ input, output: usage['output_tokens'], cached }) };
      return streamed ? [done] : [{ type: 'text', text: result }, done];
    },
    end: () => [],
  };
}

/** Any program: its output is the answer, line breaks at the end left out. */
function commandReader(): Reader {
  let breaks = '';
  return {
    line(line) {
      if (line === '') {
        breaks += '\n';
        return [];
      }
      const text = breaks + line;
      breaks = '\n';
      return [{ type: 'text', text }];
    },
    end: () => [{ type: 'done', usage: {}, reason: 'stop' }],
  };
}

export function createReader(tool: ToolName): Reader {
  switch (tool) {
    case 'codex':
      return codexReader();
    case 'gemini':
      return geminiReader();
    case 'claude':
      return claudeReader();
    case 'command':
      return commandReader();
  }
}
