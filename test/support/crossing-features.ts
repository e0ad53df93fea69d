import type { Seen } from './upstream.ts';

/** A small PNG, one pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const SCHEMA = { type: 'object', properties: { x: { type: 'number' } }, additionalProperties: false };

/** The chat APIs by the names the table gives them. */
export const FACES = {
  chat: { title: 'OpenAI chat', path: '/v1/chat/completions' },
  completions: { title: 'OpenAI completions', path: '/v1/completions' },
  responses: { title: 'OpenAI responses', path: '/v1/responses' },
  anthropic: { title: 'Anthropic messages', path: '/v1/messages' },
  ollamaChat: { title: 'Ollama chat', path: '/api/chat' },
  generate: { title: 'Ollama generate', path: '/api/generate' },
} as const;

export type FaceName = keyof typeof FACES;
export type Kind = 'ollama' | 'openai';

type Body = Record<string, unknown>;

const user = [{ role: 'user', content: 'Go' }];

/** The least a client sends; features are added to it. */
export const BASE: Readonly<Record<FaceName, Body>> = {
  chat: { messages: user },
  completions: { prompt: 'Go' },
  responses: { input: 'Go' },
  anthropic: { messages: user, max_tokens: 100 },
  ollamaChat: { messages: user, stream: false },
  generate: { prompt: 'Go', stream: false },
};

export interface Feature {
  readonly title: string;
  /** What a client sends to use it, by API; an API that has no such thing is left out. */
  readonly ask: Partial<Record<FaceName, Body>>;
  /** Whether it arrived, read from what the upstream got. */
  readonly arrived: Readonly<Record<Kind, (body: Body, seen: readonly Seen[]) => boolean>>;
  /** How the gateway keeps it where the upstream has no word for it. */
  readonly kept?: Partial<Record<Kind, string>>;
  /** Why it does not reach upstreams of a kind. */
  readonly lost?: Partial<Record<Kind, string>>;
}

const text = (body: Body): string => JSON.stringify(body);
const options = (body: Body): Body => (body['options'] ?? {}) as Body;
const messagesOf = (body: Body): Body[] => (body['messages'] ?? []) as Body[];
const holds =
  (word: string) =>
  (body: Body): boolean =>
    text(body).includes(word);
const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A number that has one name in each API. */
const sampling = (
  title: string,
  value: unknown,
  names: { openai: string; ollama: string; anthropic?: string; responses?: string; completions?: string | null },
): Feature => ({
  title,
  ask: {
    chat: { [names.openai]: value },
    ...(names.completions !== null && { completions: { [names.completions ?? names.openai]: value } }),
    ...(names.responses !== undefined && { responses: { [names.responses]: value } }),
    ...(names.anthropic !== undefined && { anthropic: { [names.anthropic]: value } }),
    ollamaChat: { options: { [names.ollama]: value } },
    generate: { options: { [names.ollama]: value } },
  },
  arrived: {
    ollama: (body) => equal(options(body)[names.ollama], value),
    openai: (body) => equal(body[names.openai === 'max_completion_tokens' ? 'max_tokens' : names.openai], value),
  },
});

const functionTool = { type: 'function', function: { name: 'f', description: 'd', parameters: SCHEMA } };
const twoTools = [functionTool, { type: 'function', function: { name: 'g', parameters: SCHEMA } }];
const toolNames = (body: Body): string[] => ((body['tools'] ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);
const openaiCall = [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }];
const schemaArrived: Feature['arrived'] = {
  ollama: (body) => equal(body['format'], SCHEMA),
  openai: (body) => equal(((body['response_format'] as Body | undefined)?.['json_schema'] as Body | undefined)?.['schema'], SCHEMA),
};

export const FEATURES: readonly Feature[] = [
  {
    title: 'system prompt',
    ask: {
      chat: { messages: [{ role: 'system', content: 'SYS' }, ...user] },
      responses: { instructions: 'SYS' },
      anthropic: { system: [{ type: 'text', text: 'SYS', cache_control: { type: 'ephemeral' } }] },
      ollamaChat: { messages: [{ role: 'system', content: 'SYS' }, ...user] },
      generate: { system: 'SYS' },
    },
    arrived: {
      ollama: (body) => body['system'] === 'SYS' || equal(messagesOf(body)[0], { role: 'system', content: 'SYS' }),
      openai: (body) => equal(messagesOf(body)[0], { role: 'system', content: 'SYS' }),
    },
  },
  {
    title: 'role developer',
    ask: { chat: { messages: [{ role: 'developer', content: 'SYS' }, ...user] }, responses: { input: [{ role: 'developer', content: 'SYS' }, ...user] } },
    arrived: { ollama: (body) => messagesOf(body)[0]?.['role'] === 'system', openai: (body) => messagesOf(body)[0]?.['role'] === 'system' },
  },
  {
    title: 'images',
    ask: {
      chat: {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Go' },
              { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
            ],
          },
        ],
      },
      responses: {
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_text', text: 'Go' },
              { type: 'input_image', image_url: `data:image/png;base64,${PNG}` },
            ],
          },
        ],
      },
      anthropic: {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Go' },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
            ],
          },
        ],
      },
      ollamaChat: { messages: [{ role: 'user', content: 'Go', images: [PNG] }] },
      generate: { images: [PNG] },
    },
    arrived: { ollama: (body) => equal(body['images'] ?? messagesOf(body)[0]?.['images'], [PNG]), openai: holds(`data:image/png;base64,${PNG}`) },
  },
  {
    title: 'tools (schema untouched)',
    ask: {
      chat: { tools: [functionTool] },
      responses: { tools: [{ type: 'function', name: 'f', description: 'd', parameters: SCHEMA, strict: null }] },
      anthropic: { tools: [{ name: 'f', description: 'd', input_schema: SCHEMA }] },
      ollamaChat: { tools: [functionTool] },
    },
    arrived: { ollama: (body) => equal((body['tools'] as unknown[])[0], functionTool), openai: (body) => equal((body['tools'] as unknown[])[0], functionTool) },
  },
  {
    title: 'tool choice: none',
    ask: {
      chat: { tools: twoTools, tool_choice: 'none' },
      responses: { tools: [{ type: 'function', name: 'f', parameters: SCHEMA }], tool_choice: 'none' },
      anthropic: { tools: [{ name: 'f', input_schema: SCHEMA }], tool_choice: { type: 'none' } },
    },
    arrived: { ollama: (body) => body['tools'] === undefined, openai: (body) => body['tool_choice'] === 'none' },
  },
  {
    title: 'tool choice: one by name',
    ask: {
      chat: { tools: twoTools, tool_choice: { type: 'function', function: { name: 'g' } } },
      responses: { tools: ['f', 'g'].map((name) => ({ type: 'function', name, parameters: SCHEMA })), tool_choice: { type: 'function', name: 'g' } },
      anthropic: { tools: ['f', 'g'].map((name) => ({ name, input_schema: SCHEMA })), tool_choice: { type: 'tool', name: 'g' } },
    },
    arrived: {
      ollama: (body, seen) => equal(toolNames(body), ['g']) && equal(seen[1]?.body['format'], SCHEMA),
      openai: holds('"tool_choice":{"type":"function","function":{"name":"g"}}'),
    },
  },
  {
    title: 'tool choice: any',
    ask: {
      chat: { tools: twoTools, tool_choice: 'required' },
      responses: { tools: [{ type: 'function', name: 'f', parameters: SCHEMA }], tool_choice: 'required' },
      anthropic: { tools: [{ name: 'f', input_schema: SCHEMA }], tool_choice: { type: 'any' } },
    },
    arrived: {
      ollama: (_body, seen) => seen.length === 2 && seen[1]?.body['format'] !== undefined,
      openai: (body) => body['tool_choice'] === 'required',
    },
    kept: { ollama: "Ollama's API has no tool_choice: a model that answers without a call is asked once more, held to a JSON schema that only a call fits." },
  },
  {
    title: 'one call at a time',
    ask: {
      chat: { tools: twoTools, parallel_tool_calls: false },
      responses: { tools: [{ type: 'function', name: 'f', parameters: SCHEMA }], parallel_tool_calls: false },
      anthropic: { tools: [{ name: 'f', input_schema: SCHEMA }], tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
    },
    arrived: { ollama: (body) => body['tools'] !== undefined, openai: (body) => body['parallel_tool_calls'] === false },
    kept: { ollama: "Ollama's API has no word for it: of several calls the client gets the first." },
  },
  {
    title: 'calls and their results',
    ask: {
      chat: { messages: [...user, { role: 'assistant', content: null, tool_calls: openaiCall }, { role: 'tool', tool_call_id: 'c1', content: 'RES' }] },
      responses: {
        input: [
          ...user,
          { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"x":1}' },
          { type: 'function_call_output', call_id: 'c1', output: 'RES' },
        ],
      },
      anthropic: {
        messages: [
          ...user,
          { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'f', input: { x: 1 } }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'RES' }] },
        ],
      },
      ollamaChat: {
        messages: [
          ...user,
          { role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: { x: 1 } } }] },
          { role: 'tool', tool_name: 'f', content: 'RES' },
        ],
      },
    },
    arrived: {
      ollama: (body) => {
        const [, call, result] = messagesOf(body) as [Body, { tool_calls: { id: string; function: object }[] }, Body];
        return (
          equal(call.tool_calls[0]?.function, { index: 0, name: 'f', arguments: { x: 1 } }) &&
          result['content'] === 'RES' &&
          result['tool_name'] === 'f' &&
          result['tool_call_id'] === call.tool_calls[0]?.id
        );
      },
      openai: (body) => {
        const [, call, result] = messagesOf(body) as [Body, { tool_calls: { id: string; function: object }[] }, Body];
        return (
          equal(call.tool_calls[0]?.function, { name: 'f', arguments: '{"x":1}' }) &&
          result['content'] === 'RES' &&
          result['tool_call_id'] === call.tool_calls[0]?.id
        );
      },
    },
  },
  {
    title: 'earlier reasoning',
    ask: {
      chat: { messages: [...user, { role: 'assistant', content: 'a', reasoning: 'WHY' }, ...user] },
      responses: { input: [...user, { type: 'reasoning', summary: [{ type: 'summary_text', text: 'WHY' }] }, { role: 'assistant', content: 'a' }, ...user] },
      anthropic: {
        messages: [
          ...user,
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'WHY', signature: 's' },
              { type: 'text', text: 'a' },
            ],
          },
          ...user,
        ],
      },
      ollamaChat: { messages: [...user, { role: 'assistant', content: 'a', thinking: 'WHY' }, ...user] },
    },
    arrived: { ollama: (body) => messagesOf(body)[1]?.['thinking'] === 'WHY', openai: (body) => messagesOf(body)[1]?.['reasoning_content'] === 'WHY' },
  },
  {
    title: 'JSON schema',
    ask: {
      chat: { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: SCHEMA } } },
      responses: { text: { format: { type: 'json_schema', name: 'a', schema: SCHEMA } } },
      anthropic: { output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
      ollamaChat: { format: SCHEMA },
      generate: { format: SCHEMA },
    },
    arrived: schemaArrived,
  },
  {
    title: 'any JSON',
    ask: {
      chat: { response_format: { type: 'json_object' } },
      responses: { text: { format: { type: 'json_object' } } },
      ollamaChat: { format: 'json' },
      generate: { format: 'json' },
    },
    arrived: { ollama: (body) => body['format'] === 'json', openai: (body) => equal(body['response_format'], { type: 'json_object' }) },
  },
  sampling('stop sequences', ['END'], { openai: 'stop', ollama: 'stop', anthropic: 'stop_sequences' }),
  sampling('seed', 7, { openai: 'seed', ollama: 'seed' }),
  sampling('temperature', 0.3, { openai: 'temperature', ollama: 'temperature', anthropic: 'temperature', responses: 'temperature' }),
  sampling('top_p', 0.4, { openai: 'top_p', ollama: 'top_p', anthropic: 'top_p', responses: 'top_p' }),
  sampling('top_k', 9, { openai: 'top_k', ollama: 'top_k', anthropic: 'top_k' }),
  sampling('output token limit', 55, {
    openai: 'max_completion_tokens',
    completions: 'max_tokens',
    ollama: 'num_predict',
    anthropic: 'max_tokens',
    responses: 'max_output_tokens',
  }),
  sampling('presence penalty', 0.5, { openai: 'presence_penalty', ollama: 'presence_penalty' }),
  sampling('frequency penalty', 0.6, { openai: 'frequency_penalty', ollama: 'frequency_penalty' }),
  {
    title: 'log probabilities',
    ask: {
      chat: { logprobs: true, top_logprobs: 2 },
      completions: { logprobs: 2 },
      responses: { top_logprobs: 2, include: ['message.output_text.logprobs'] },
      ollamaChat: { logprobs: true, top_logprobs: 2 },
      generate: { logprobs: true, top_logprobs: 2 },
    },
    arrived: {
      ollama: (body) => body['logprobs'] === true && body['top_logprobs'] === 2,
      openai: (body) => (body['logprobs'] === true && body['top_logprobs'] === 2) || body['logprobs'] === 2,
    },
  },
  {
    title: 'reasoning effort',
    ask: {
      chat: { reasoning_effort: 'high' },
      responses: { reasoning: { effort: 'high' } },
      anthropic: { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
      ollamaChat: { think: 'high' },
      generate: { think: 'high' },
    },
    arrived: { ollama: (body) => body['think'] === 'high', openai: (body) => body['reasoning_effort'] === 'high' },
  },
  {
    title: 'no reasoning',
    ask: {
      chat: { reasoning_effort: 'none' },
      responses: { reasoning: { effort: 'none' } },
      anthropic: { thinking: { type: 'disabled' } },
      ollamaChat: { think: false },
      generate: { think: false },
    },
    arrived: { ollama: (body) => body['think'] === false, openai: (body) => body['reasoning_effort'] === 'none' },
  },
  {
    title: 'several alternatives (n)',
    ask: { chat: { n: 2 }, completions: { n: 2 } },
    arrived: { ollama: (_body, seen) => seen.length === 2, openai: (_body, seen) => seen.length === 2 },
  },
  {
    title: 'text after the gap (suffix)',
    ask: { completions: { suffix: 'SUF' }, generate: { suffix: 'SUF' } },
    arrived: { ollama: (body) => body['suffix'] === 'SUF', openai: (body) => body['suffix'] === 'SUF' },
  },
  {
    title: 'no chat template (raw)',
    ask: { generate: { raw: true } },
    arrived: { ollama: (body) => body['raw'] === true, openai: (_body, seen) => seen[0]?.path === '/v1/completions' },
  },
  {
    title: 'keep_alive',
    ask: { ollamaChat: { keep_alive: '5m' }, generate: { keep_alive: '5m' } },
    arrived: { ollama: (body) => body['keep_alive'] === 300, openai: (body) => body['keep_alive'] !== undefined },
    lost: { openai: 'Servers of this kind hold the models they serve.' },
  },
  {
    title: 'fields of its own API that the gateway does not know',
    ask: {
      chat: { vendor_field: 7 },
      completions: { vendor_field: 7 },
      responses: { vendor_field: 7 },
      anthropic: { vendor_field: 7 },
      ollamaChat: { options: { vendor_field: 7 } },
      generate: { options: { vendor_field: 7 } },
    },
    arrived: { ollama: holds('"vendor_field":7'), openai: holds('"vendor_field":7') },
    lost: {
      ollama: 'Unknown fields go on only where both sides speak the same API.',
      openai: 'Unknown fields go on only where both sides speak the same API.',
    },
  },
  {
    title: 'audio input',
    ask: { chat: { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } }] }] } },
    arrived: { ollama: () => false, openai: () => false },
  },
  {
    title: 'images by address',
    ask: {
      chat: { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] }] },
      responses: { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'https://example.com/a.png' }] }] },
      anthropic: { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }] }] },
    },
    arrived: { ollama: () => false, openai: () => false },
  },
];
