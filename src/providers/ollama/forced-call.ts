import { type ChatEvent, type ChatRequest, type ChatStream, type Message, type Tool, textOf, type Usage } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ChatCall } from '../../core/provider.ts';
import { collect } from '../../stream/collect.ts';
import { callId } from './events.ts';

/** Whether the answer must call a tool, which Ollama's API has no word for. */
export const mustCall = ({ tools, toolChoice }: ChatRequest): boolean => tools.length > 0 && toolChoice !== 'auto' && toolChoice !== 'none';

/**
 * Makes a model call a tool. It is asked as usual first, since models call best in the form they were taught; when it answers
 * without a call it is asked once more, held by a JSON schema to which only a call fits. Nothing is shown until a call is there.
 */
export async function* forcedCall(call: ChatCall, chat: (call: ChatCall) => ChatStream): ChatStream {
  const held: ChatEvent[] = [];
  let called = false;
  for await (const batch of chat(call)) {
    called ||= batch.some(({ type }) => type === 'tool-call');
    if (called) {
      yield [...held.splice(0), ...batch];
    } else held.push(...batch);
  }
  if (called) return;
  const { toolChoice, tools } = call.request;
  const able = typeof toolChoice === 'object' ? tools.filter(({ name }) => name === toolChoice.name) : tools;
  const spent = held.find((event) => event.type === 'finish')?.usage;
  const result = await collect(chat({ ...call, request: heldTo(able, call.request) }));
  const chosen = result.finishReason === 'length' ? undefined : readCall(result.text, able);
  if (result.finishReason !== 'length' && chosen === undefined) {
    throw new GatewayError('upstream-failed', `'${call.model}' did not call a tool although it had to.`, { target: call.model, code: 'no_tool_call' });
  }
  yield [
    { type: 'start', model: call.model },
    ...(result.reasoning === '' ? [] : [{ type: 'reasoning' as const, delta: result.reasoning }]),
    ...(chosen === undefined ? [] : [{ type: 'tool-call' as const, index: 0, id: callId(`${call.requestId}/${call.model}:forced`), ...chosen }]),
    {
      type: 'finish',
      reason: chosen === undefined ? 'length' : 'tool-calls',
      usage: sum(spent, result.usage),
      ...(result.timings !== undefined && { timings: result.timings }),
    },
  ];
}

const argumentsOf = ({ schema }: Tool): Readonly<Record<string, unknown>> => schema ?? { type: 'object' };

/** The same request without tools, told what may be called and held to it. One tool's arguments stand alone, so that its references stay right. */
function heldTo(tools: readonly Tool[], { toolChoice: _forced, parallelToolCalls: _one, ...request }: ChatRequest): ChatRequest {
  const [only] = tools;
  const alone = tools.length === 1 && only !== undefined;
  const form = alone ? `the arguments of ${only.name}` : '{"name": the function, "arguments": its arguments}';
  const list = tools.map(({ name, description, schema }) =>
    JSON.stringify({ name, ...(description !== undefined && { description }), parameters: schema ?? {} }),
  );
  const told = `Answer only with a function call, as one JSON object: ${form}.\n${list.join('\n')}`;
  const [first, ...rest] = request.messages;
  const messages: Message[] =
    first?.role === 'system'
      ? [{ role: 'system', content: [{ type: 'text', text: `${textOf(first.content)}\n\n${told}` }] }, ...rest]
      : [{ role: 'system', content: [{ type: 'text', text: told }] }, ...request.messages];
  return { ...request, messages, tools: [], toolChoice: 'none', responseFormat: { type: 'json', schema: alone ? argumentsOf(only) : anyOf(tools) } };
}

/** One schema for a call of any of the tools. Their definitions move to its root, where their references look. */
function anyOf(tools: readonly Tool[]): Readonly<Record<string, unknown>> {
  const shared: Record<string, Readonly<Record<string, unknown>>> = { $defs: {}, definitions: {} };
  const calls = tools.map((tool) => {
    const { $defs, definitions, ...schema } = argumentsOf(tool);
    for (const [key, found] of Object.entries({ $defs, definitions })) {
      for (const [name, definition] of Object.entries(found ?? {})) {
        if (JSON.stringify(shared[key]?.[name] ?? definition) !== JSON.stringify(definition)) {
          throw new GatewayError('invalid-request', `'tools': two tools define '${name}' differently; a call cannot be demanded of them together here.`, {
            param: 'tools',
          });
        }
        shared[key] = { ...shared[key], [name]: definition };
      }
    }
    return { type: 'object', properties: { name: { const: tool.name }, arguments: schema }, required: ['name', 'arguments'] };
  });
  return { anyOf: calls, ...Object.fromEntries(Object.entries(shared).filter(([, found]) => Object.keys(found).length > 0)) };
}

function readCall(text: string, tools: readonly Tool[]): { readonly name: string; readonly argumentsDelta: string } | undefined {
  try {
    const value = JSON.parse(text) as { readonly name?: unknown; readonly arguments?: unknown };
    const [only] = tools;
    if (tools.length === 1 && only !== undefined) return isObject(value) ? { name: only.name, argumentsDelta: text.trim() } : undefined;
    const named = tools.find(({ name }) => name === value.name);
    return named !== undefined && isObject(value.arguments) ? { name: named.name, argumentsDelta: JSON.stringify(value.arguments) } : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const sum = (a: Usage | undefined, b: Usage): Usage =>
  a === undefined ? b : { ...b, inputTokens: (a.inputTokens ?? 0) + (b.inputTokens ?? 0), outputTokens: (a.outputTokens ?? 0) + (b.outputTokens ?? 0) };
