/** What a client understood of an answer, whatever its API. */
export interface Told {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[];
  readonly end: string | undefined;
  readonly input: number | undefined;
  readonly output: number | undefined;
  /** The message of an error, in the body or in the stream. */
  readonly error: string | undefined;
}

export interface Asking {
  readonly model: string;
  readonly stream: boolean;
  readonly tools?: boolean;
}

/** One client-facing API as its clients use it: how a question is put, and how answers are read. */
export interface ClientFace {
  readonly name: string;
  readonly path: string;
  readonly tools: boolean;
  readonly reasoning: boolean;
  readonly contentType: string;
  body(asking: Asking): object;
  /** Of an error body too. */
  whole(body: unknown): Told;
  streamed(text: string): Told;
}

type Json = Record<string, never> & { [key: string]: Json };

const SCHEMA = { type: 'object', properties: { x: { type: 'number' } } };
const NOTHING: Told = { text: '', reasoning: '', calls: [], end: undefined, input: undefined, output: undefined, error: undefined };
const functionTools = (tools: boolean | undefined): object =>
  tools === true ? { tools: ['f', 'g'].map((name) => ({ type: 'function', function: { name, description: 'd', parameters: SCHEMA } })) } : {};
const messages = [{ role: 'user', content: 'Go' }];
const parse = (text: string): unknown => JSON.parse(text);

const blocks = (text: string): Json[] =>
  text
    .split('\n\n')
    .filter((block) => block.includes('data: ') && !block.includes('[DONE]'))
    .map((block) => parse(block.slice(block.indexOf('data: ') + 6)) as Json);
const lines = (text: string): Json[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parse(line) as Json);

const openaiError = (body: Json): string | undefined => (body['error'] === undefined ? undefined : String(body['error']['message']));

const openaiChat: ClientFace = {
  name: 'OpenAI chat',
  path: '/v1/chat/completions',
  tools: true,
  reasoning: true,
  contentType: 'text/event-stream',
  body: ({ model, stream, tools }) => ({ model, messages, stream, ...(stream && { stream_options: { include_usage: true } }), ...functionTools(tools) }),
  whole(value) {
    const body = value as Json;
    const error = openaiError(body);
    if (error !== undefined) return { ...NOTHING, error };
    const choice = (body['choices'] as unknown as Json[])[0] as Json;
    const message = choice['message'] as unknown as {
      content: string | null;
      reasoning?: string;
      tool_calls?: { function: { name: string; arguments: string } }[];
    };
    return {
      text: message.content ?? '',
      reasoning: message.reasoning ?? '',
      calls: (message.tool_calls ?? []).map((call) => ({ name: call.function.name, arguments: parse(call.function.arguments) })),
      end: choice['finish_reason'] as unknown as string,
      input: body['usage']?.['prompt_tokens'] as unknown as number,
      output: body['usage']?.['completion_tokens'] as unknown as number,
      error: undefined,
    };
  },
  streamed(text) {
    let told = NOTHING;
    const calls = new Map<number, { name: string; args: string }>();
    for (const chunk of blocks(text)) {
      if (chunk['error'] !== undefined) return { ...told, error: openaiError(chunk) };
      const usage = chunk['usage'] as unknown as { prompt_tokens: number; completion_tokens: number } | null | undefined;
      if (usage) told = { ...told, input: usage.prompt_tokens, output: usage.completion_tokens };
      const choice = (chunk['choices'] as unknown as Json[])[0];
      if (choice === undefined) continue;
      const delta = choice['delta'] as unknown as {
        content?: string;
        reasoning?: string;
        tool_calls?: { index: number; function: { name?: string; arguments: string } }[];
      };
      told = { ...told, text: told.text + (delta.content ?? ''), reasoning: told.reasoning + (delta.reasoning ?? '') };
      for (const call of delta.tool_calls ?? []) {
        const known = calls.get(call.index) ?? { name: call.function.name ?? '', args: '' };
        calls.set(call.index, { ...known, args: known.args + call.function.arguments });
      }
      if (choice['finish_reason'] !== null) told = { ...told, end: choice['finish_reason'] as unknown as string };
    }
    return { ...told, calls: [...calls.values()].map(({ name, args }) => ({ name, arguments: parse(args) })) };
  },
};

const openaiCompletions: ClientFace = {
  name: 'OpenAI completions',
  path: '/v1/completions',
  tools: false,
  reasoning: false,
  contentType: 'text/event-stream',
  body: ({ model, stream }) => ({ model, prompt: 'Go', stream, ...(stream && { stream_options: { include_usage: true } }) }),
  whole(value) {
    const body = value as Json;
    const error = openaiError(body);
    if (error !== undefined) return { ...NOTHING, error };
    const choice = (body['choices'] as unknown as { text: string; finish_reason: string }[])[0];
    const usage = body['usage'] as unknown as { prompt_tokens: number; completion_tokens: number };
    return { ...NOTHING, text: choice?.text ?? '', end: choice?.finish_reason, input: usage.prompt_tokens, output: usage.completion_tokens };
  },
  streamed(text) {
    let told = NOTHING;
    for (const chunk of blocks(text)) {
      if (chunk['error'] !== undefined) return { ...told, error: openaiError(chunk) };
      const usage = chunk['usage'] as unknown as { prompt_tokens: number; completion_tokens: number } | null;
      if (usage) told = { ...told, input: usage.prompt_tokens, output: usage.completion_tokens };
      const choice = (chunk['choices'] as unknown as { text: string; finish_reason: string | null }[])[0];
      told = { ...told, text: told.text + (choice?.text ?? ''), end: choice?.finish_reason ?? told.end };
    }
    return told;
  },
};

const openaiResponses: ClientFace = {
  name: 'OpenAI responses',
  path: '/v1/responses',
  tools: true,
  reasoning: true,
  contentType: 'text/event-stream',
  body: ({ model, stream, tools }) => ({
    model,
    input: 'Go',
    stream,
    ...(tools === true && { tools: ['f', 'g'].map((name) => ({ type: 'function', name, parameters: SCHEMA, strict: false })) }),
  }),
  whole(value) {
    const body = value as Json;
    if (body['error'] !== null && body['error'] !== undefined) return { ...NOTHING, error: openaiError(body) };
    const items = body['output'] as unknown as { type: string; content: { text: string }[]; summary: { text: string }[]; name: string; arguments: string }[];
    const usage = body['usage'] as unknown as { input_tokens: number; output_tokens: number };
    const of = (type: string) => items.filter((item) => item.type === type);
    return {
      text: of('message')
        .map((item) => item.content.map(({ text }) => text).join(''))
        .join(''),
      reasoning: of('reasoning')
        .map((item) => item.summary.map(({ text }) => text).join(''))
        .join(''),
      calls: of('function_call').map((item) => ({ name: item.name, arguments: parse(item.arguments) })),
      end: (body['incomplete_details'] as unknown as { reason: string } | null)?.reason ?? (body['status'] as unknown as string),
      input: usage.input_tokens,
      output: usage.output_tokens,
      error: undefined,
    };
  },
  streamed(text) {
    const events = blocks(text);
    const deltas = (type: string): string =>
      events
        .filter((event) => String(event['type']) === type)
        .map((event) => String(event['delta']))
        .join('');
    const told = openaiResponses.whole(events.at(-1)?.['response']);
    // What was streamed and what the last event says must be the same.
    return { ...told, text: deltas('response.output_text.delta'), reasoning: deltas('response.reasoning_summary_text.delta') };
  },
};

const anthropic: ClientFace = {
  name: 'Anthropic messages',
  path: '/v1/messages',
  tools: true,
  reasoning: true,
  contentType: 'text/event-stream',
  body: ({ model, stream, tools }) => ({
    model,
    messages,
    max_tokens: 1000,
    stream,
    ...(tools === true && { tools: ['f', 'g'].map((name) => ({ name, input_schema: SCHEMA })) }),
  }),
  whole(value) {
    const body = value as Json;
    if (body['error'] !== undefined) return { ...NOTHING, error: openaiError(body) };
    const content = body['content'] as unknown as { type: string; text: string; thinking: string; name: string; input: unknown }[];
    const usage = body['usage'] as unknown as { input_tokens: number; output_tokens: number };
    const of = (type: string) => content.filter((block) => block.type === type);
    return {
      text: of('text')
        .map(({ text }) => text)
        .join(''),
      reasoning: of('thinking')
        .map(({ thinking }) => thinking)
        .join(''),
      calls: of('tool_use').map(({ name, input }) => ({ name, arguments: input })),
      end: body['stop_reason'] as unknown as string,
      input: usage.input_tokens,
      output: usage.output_tokens,
      error: undefined,
    };
  },
  streamed(text) {
    const content: { type: string; text: string; thinking: string; name: string; json: string }[] = [];
    let told = NOTHING;
    for (const event of blocks(text)) {
      switch (String(event['type'])) {
        case 'error':
          told = { ...told, error: openaiError(event) };
          break;
        case 'content_block_start':
          content.push({ json: '', ...(event['content_block'] as unknown as { type: string; text: string; thinking: string; name: string }) });
          break;
        case 'content_block_delta': {
          const block = content[event['index'] as unknown as number];
          const delta = event['delta'] as unknown as { text?: string; thinking?: string; partial_json?: string };
          if (block === undefined) throw new Error('a delta without its block');
          block.text += delta.text ?? '';
          block.thinking += delta.thinking ?? '';
          block.json += delta.partial_json ?? '';
          break;
        }
        case 'message_delta': {
          const usage = event['usage'] as unknown as { input_tokens: number; output_tokens: number };
          told = { ...told, end: event['delta']?.['stop_reason'] as unknown as string, input: usage.input_tokens, output: usage.output_tokens };
          break;
        }
      }
    }
    const of = (type: string) => content.filter((block) => block.type === type);
    return {
      ...told,
      text: of('text')
        .map((block) => block.text)
        .join(''),
      reasoning: of('thinking')
        .map((block) => block.thinking)
        .join(''),
      calls: of('tool_use').map(({ name, json }) => ({ name, arguments: parse(json) })),
    };
  },
};

interface NativeLine {
  readonly message?: { content: string; thinking?: string; tool_calls?: { function: { name: string; arguments: unknown } }[] };
  readonly response?: string;
  readonly thinking?: string;
  readonly done?: boolean;
  readonly done_reason?: string;
  readonly prompt_eval_count?: number;
  readonly eval_count?: number;
  readonly error?: string;
}

function toldNatively(items: readonly NativeLine[]): Told {
  let told = NOTHING;
  for (const item of items) {
    if (item.error !== undefined) return { ...told, error: item.error };
    told = {
      text: told.text + (item.message?.content ?? item.response ?? ''),
      reasoning: told.reasoning + (item.message?.thinking ?? item.thinking ?? ''),
      calls: [...told.calls, ...(item.message?.tool_calls ?? []).map((call) => ({ name: call.function.name, arguments: call.function.arguments }))],
      end: item.done_reason ?? told.end,
      input: item.prompt_eval_count ?? told.input,
      output: item.eval_count ?? told.output,
      error: undefined,
    };
  }
  return told;
}

const native = (name: string, path: string, chat: boolean): ClientFace => ({
  name,
  path,
  tools: chat,
  reasoning: true,
  contentType: 'application/x-ndjson',
  body: ({ model, stream, tools }) => ({ model, stream, ...(chat ? { messages, ...functionTools(tools) } : { prompt: 'Go' }) }),
  whole: (body) => toldNatively([body as NativeLine]),
  streamed: (text) => toldNatively(lines(text) as unknown as NativeLine[]),
});

/** Every chat API of the gateway. */
export const CLIENT_FACES: readonly ClientFace[] = [
  openaiChat,
  openaiCompletions,
  openaiResponses,
  anthropic,
  native('Ollama chat', '/api/chat', true),
  native('Ollama generate', '/api/generate', false),
];
