import { describe, expect, it } from 'vitest';
import type { ChatEvent, ChatRequest, ChatResult, Tool } from '../../../src/core/chat.ts';
import { forcedCall, mustCall } from '../../../src/providers/ollama/forced-call.ts';
import { collect } from '../../../src/stream/collect.ts';

const schema = (name: string): NonNullable<Tool['schema']> => ({
  type: 'object',
  properties: { [name]: { $ref: '#/$defs/x' } },
  $defs: { x: { type: 'number' } },
});
const tools: readonly Tool[] = [
  { name: 'add', description: 'adds', schema: schema('a') },
  { name: 'sub', schema: schema('b') },
];
const ask = (more: Partial<ChatRequest> = {}): ChatRequest => ({
  ...{ model: 'm', sampling: {}, tools, toolChoice: 'required', responseFormat: { type: 'text' }, choices: 1, extra: {}, dialect: 'openai' },
  messages: [{ role: 'user', content: [{ type: 'text', text: 'go' }] }],
  ...more,
});

/** Runs a forced call against answers given one after the other. */
async function run(request: ChatRequest, ...answers: readonly (readonly ChatEvent[])[]): Promise<{ result: ChatResult; asked: ChatRequest[] }> {
  const asked: ChatRequest[] = [];
  const call = { model: 'm', request, signal: new AbortController().signal, requestId: 'r', tenant: 't', background: false, buffered: false };
  const stream = forcedCall(call, async function* (inner) {
    asked.push(inner.request);
    for (const event of answers[asked.length - 1] ?? []) yield [event];
  });
  return { result: await collect(stream), asked };
}

const said = (text: string, reason: 'stop' | 'length' = 'stop'): ChatEvent[] => [
  { type: 'start', model: 'm' },
  { type: 'text', delta: text },
  { type: 'finish', reason, usage: { inputTokens: 10, outputTokens: 4 } },
];

describe('an answer that must call a tool', () => {
  it('is demanded by required and by a name, where there are tools', () => {
    expect([ask(), ask({ toolChoice: { name: 'add' } }), ask({ toolChoice: 'auto' }), ask({ toolChoice: 'none' }), ask({ tools: [] })].map(mustCall)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("is the model's own call where it makes one", async () => {
    const { result, asked } = await run(ask(), [
      { type: 'start', model: 'm' },
      { type: 'reasoning', delta: 'hm' },
      { type: 'tool-call', index: 0, id: 'c1', name: 'add', argumentsDelta: '{"a":1}' },
      { type: 'finish', reason: 'tool-calls', usage: {} },
    ]);
    expect(asked).toHaveLength(1);
    expect(result).toMatchObject({ reasoning: 'hm', toolCalls: [{ id: 'c1', name: 'add', arguments: '{"a":1}' }] });
  });

  it('is asked for once more, held to a schema that only a call fits, when the model only talks', async () => {
    const { result, asked } = await run(ask(), said('I could add.'), said('{"name":"sub","arguments":{"b":2}}'));
    expect(asked[1]).toMatchObject({
      tools: [],
      toolChoice: 'none',
      responseFormat: {
        type: 'json',
        schema: {
          anyOf: [
            { properties: { name: { const: 'add' }, arguments: { properties: { a: { $ref: '#/$defs/x' } } } }, required: ['name', 'arguments'] },
            { properties: { name: { const: 'sub' } } },
          ],
          $defs: { x: { type: 'number' } },
        },
      },
    });
    expect(result).toMatchObject({
      text: '',
      finishReason: 'tool-calls',
      toolCalls: [{ name: 'sub', arguments: '{"b":2}', id: expect.stringMatching(/^call_/) as string }],
      usage: { inputTokens: 20, outputTokens: 8 },
    });
  });

  it('holds a named tool to its own schema, and keeps the system prompt', async () => {
    const system = { role: 'system', content: [{ type: 'text', text: 'Be kind.' }] } as const;
    const { result, asked } = await run(ask({ toolChoice: { name: 'add' }, messages: [system, ...ask().messages] }), said('no'), said('{"a": 3}'));
    expect(asked[1]?.responseFormat).toEqual({ type: 'json', schema: schema('a') });
    expect(asked[1]?.messages).toHaveLength(2);
    expect(JSON.stringify(asked[1]?.messages[0])).toContain('Be kind.');
    expect(result.toolCalls).toMatchObject([{ name: 'add', arguments: '{"a": 3}' }]);
  });

  it('says that it was cut where the limit cut it, and fails where the model cannot', async () => {
    expect((await run(ask(), said('no'), said('{"name":"a', 'length'))).result).toMatchObject({ finishReason: 'length', toolCalls: [] });
    await expect(run(ask(), said('no'), said('still talking'))).rejects.toMatchObject({ kind: 'upstream-failed', details: { code: 'no_tool_call' } });
  });

  it('is refused where two tools mean different things by one definition', async () => {
    const other: Tool = { name: 'mul', schema: { type: 'object', $defs: { x: { type: 'string' } } } };
    await expect(run(ask({ tools: [...tools, other] }), said('no'))).rejects.toMatchObject({ kind: 'invalid-request' });
  });
});
