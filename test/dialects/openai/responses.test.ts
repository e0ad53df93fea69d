import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../src/core/chat.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { openaiResponses } from '../../../src/dialects/openai/responses.ts';
import { toItemPage } from '../../../src/dialects/openai/responses-memory.ts';
import { contextFor, finish, framesOf, refusal, results, stream } from '../../support/dialect.ts';

const base = { model: 'm', input: 'Hi' };
const tool = (name: string): object => ({ type: 'function', name, parameters: { type: 'object' }, strict: false });
const decode = (more: object) => openaiResponses.decode({ ...base, ...more }).request;
const text = (delta: string): ChatEvent => ({ type: 'text', delta });
const reasoning = (delta: string): ChatEvent => ({ type: 'reasoning', delta });
const types = (frames: readonly Record<string, unknown>[]): string[] => frames.map((frame) => String(frame['type']).replace('response.', ''));

describe('what a client sends', () => {
  it('leaves only the allowed tools', () => {
    const request = decode({
      tools: [tool('f'), tool('g')],
      tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'g' }] },
    });
    expect(request.tools.map(({ name }) => name)).toEqual(['g']);
    expect(request.toolChoice).toBe('required');
  });

  it('begins a new turn of the assistant where text follows text or calls', () => {
    const said = (content: string): object => ({ role: 'assistant', content });
    const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '' };
    const request = decode({
      input: [said('a'), call, said('b'), { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'why' }] }, said('c')],
    });
    expect(request.messages).toMatchObject([
      { toolCalls: [{ name: 'f', arguments: '{}' }] },
      { content: [{ text: 'b' }] },
      { reasoning: 'why', content: [{ text: 'c' }] },
    ]);
  });

  it('reads reasoning that this gateway gave out as encrypted', () => {
    expect(
      decode({
        input: [
          { type: 'reasoning', summary: [], encrypted_content: 'why' },
          { role: 'assistant', content: 'a' },
        ],
      }).messages[0],
    ).toMatchObject({ reasoning: 'why' });
  });

  it('takes calls of custom tools and their results', () => {
    const request = decode({
      input: [
        { type: 'custom_tool_call', call_id: 'c', name: 'patch', input: 'x "y"' },
        { type: 'custom_tool_call_output', call_id: 'c', output: 'done' },
      ],
      tools: [{ type: 'custom', name: 'patch', description: 'Patches.' }],
      tool_choice: { type: 'custom', name: 'patch' },
    });
    expect(request.messages).toMatchObject([
      { toolCalls: [{ arguments: '{"input":"x \\"y\\""}' }] },
      { role: 'tool', name: 'patch', content: [{ text: 'done' }] },
    ]);
    expect(request.toolChoice).toEqual({ name: 'patch' });
  });

  it.each([
    ['a hosted tool by choice', { tools: [tool('f')], tool_choice: { type: 'web_search' } }, 'tools'],
    ['an image in a file', { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] }, 'input.0.content.0'],
    ['audio', { input: [{ role: 'user', content: [{ type: 'input_audio' }] }] }, 'input.0.content.0'],
    ['a part nobody knows', { input: [{ role: 'user', content: [{ type: 'smell' }] }] }, 'input.0.content.0.type'],
    ['text without text', { input: [{ role: 'user', content: [{ type: 'input_text' }] }] }, 'input.0.content.0.text'],
    ['a message of nobody', { input: [{ type: 'message', content: 'a' }] }, 'input.0.role'],
    ['an item of no type', { input: [{ content: 'a' }] }, 'input.0.type'],
    ['a result of no call', { input: [{ type: 'function_call_output', output: 'a' }] }, 'input.0.call_id'],
    ['a call of no tool', { input: [{ type: 'function_call', call_id: 'a' }] }, 'input.0.name'],
    ['arguments that are no JSON', { input: [{ type: 'function_call', call_id: 'a', name: 'f', arguments: '{' }] }, 'input.0.arguments'],
    ['a function without a name', { tools: [{ type: 'function' }] }, 'tools.0.name'],
  ])('refuses %s and names the field', (_name, more, param) => {
    expect(refusal(openaiResponses, { ...base, ...more })).toMatchObject({ kind: 'invalid-request', details: { param } });
  });
});

describe('what a client gets', () => {
  const context = contextFor(openaiResponses, base);

  it('adds a new item where reasoning and text take turns', () => {
    const frames = framesOf(stream(openaiResponses, context, [reasoning('a'), text('b'), reasoning('c'), text('d'), finish()]));
    const final = frames.at(-1)?.['response'] as { output: { type: string; id: string }[] };
    expect(final.output.map(({ type }) => type)).toEqual(['reasoning', 'message', 'reasoning', 'message']);
    expect(types(frames).filter((type) => type === 'output_item.added')).toHaveLength(4);
    expect(types(frames).filter((type) => type === 'output_item.done')).toHaveLength(4);
  });

  it('begins with response.created also when nothing but a failure comes', () => {
    const frames = framesOf(stream(openaiResponses, context, [], new GatewayError('context-too-long', 'too long')));
    expect(types(frames)).toEqual(['created', 'in_progress', 'failed']);
    expect(frames.at(-1)).toMatchObject({ response: { status: 'failed', error: { code: 'context_length_exceeded', message: 'too long' } } });
  });

  it('gives a call without arguments an empty object, streamed and whole', () => {
    const events: ChatEvent[] = [{ type: 'tool-call', index: 0, id: 'c', name: 'f', argumentsDelta: '' }, finish('tool-calls')];
    const frames = framesOf(stream(openaiResponses, context, events));
    expect(frames.find((frame) => frame['type'] === 'response.function_call_arguments.done')).toMatchObject({ arguments: '{}' });
    expect(openaiResponses.encode(results(events), context)).toMatchObject({ output: [{ type: 'function_call', arguments: '{}' }] });
  });

  const called = (index: number, args: string): ChatEvent => ({ type: 'tool-call', index, id: `c${index}`, name: `f${index}`, argumentsDelta: args });
  const itemsOf = (frames: Record<string, unknown>[]) =>
    frames
      .filter(({ type }) => /output_item|arguments\.done/.test(String(type)))
      .map(({ type, output_index: index }) => `${String(type).replace(/^response\./, '')} ${String(index)}`);

  it.each([
    ['one after the other', [called(0, '{"a"'), called(0, ':1}'), called(1, '{}')]],
    ['in turns', [called(0, '{"a"'), called(1, '{'), called(0, ':1}'), called(1, '}')]],
  ])('ends a call before the next begins when their arguments come %s', (_name, calls) => {
    const frames = framesOf(stream(openaiResponses, context, [...calls, finish('tool-calls')]));
    expect(itemsOf(frames)).toEqual(
      [0, 1].flatMap((index) => [`output_item.added ${index}`, `function_call_arguments.done ${index}`, `output_item.done ${index}`]),
    );
    expect(frames.at(-1)).toMatchObject({
      response: {
        output: [
          { call_id: 'c0', arguments: '{"a":1}' },
          { call_id: 'c1', arguments: '{}' },
        ],
      },
    });
  });

  it('ends a call before the text that follows it, and takes nothing for it any more', () => {
    const frames = framesOf(stream(openaiResponses, context, [called(0, '{}'), text('a'), called(0, ''), finish('tool-calls')]));
    expect(itemsOf(frames)).toEqual([
      'output_item.added 0',
      'function_call_arguments.done 0',
      'output_item.done 0',
      'output_item.added 1',
      'output_item.done 1',
    ]);
  });

  it('tells text that comes amid the arguments of a call beside it', () => {
    const frames = framesOf(stream(openaiResponses, context, [called(0, '{"a"'), text('b'), called(0, ':1}'), finish('tool-calls')]));
    expect(frames.at(-1)).toMatchObject({
      response: {
        output: [
          { type: 'function_call', arguments: '{"a":1}' },
          { type: 'message', content: [{ text: 'b' }] },
        ],
      },
    });
    expect(types(frames).filter((type) => type === 'output_item.done')).toHaveLength(2);
  });

  it('shows the input of a custom tool even when the model gave something else', () => {
    const custom = contextFor(openaiResponses, { ...base, tools: [{ type: 'custom', name: 'patch' }] });
    const call = (args: string): ChatEvent[] => [{ type: 'tool-call', index: 0, id: 'c', name: 'patch', argumentsDelta: args }, finish('tool-calls')];
    expect(openaiResponses.encode(results(call('no json')), custom)).toMatchObject({ output: [{ type: 'custom_tool_call', input: 'no json' }] });
    expect(openaiResponses.encode(results(call('{"other":1}')), custom)).toMatchObject({ output: [{ input: '{"other":1}' }] });
  });

  it('says that a filter cut the answer', () => {
    expect(openaiResponses.encode(results([text('a'), finish('content-filter')]), context)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
    });
  });

  it('gives log probabilities with the text', () => {
    const asked = contextFor(openaiResponses, { ...base, top_logprobs: 1 });
    const events: ChatEvent[] = [{ type: 'text', delta: 'a', logprobs: [{ token: 'a', logprob: -1, bytes: [97] }] }, finish()];
    const entry = { token: 'a', logprob: -1, bytes: [97], top_logprobs: [] };
    expect(openaiResponses.encode(results(events), asked)).toMatchObject({ output: [{ content: [{ logprobs: [entry] }] }] });
    expect(framesOf(stream(openaiResponses, asked, events)).find((frame) => frame['type'] === 'response.output_text.delta')).toMatchObject({
      logprobs: [entry],
    });
  });

  it('says what the answer is once it is complete, for whoever keeps it', () => {
    const encoder = openaiResponses.frames(context);
    encoder.event(text('a'));
    encoder.event(finish());
    const last = framesOf(encoder.end()).at(-1);
    expect(encoder.answer?.()).toEqual(last?.['response']);
  });
});

describe('pages of input items', () => {
  const items = ['a', 'b', 'c'].map((id) => ({ id }));

  it('go backwards unless asked otherwise, and on after an item', () => {
    expect(toItemPage(items, { limit: '2' })).toMatchObject({ data: [{ id: 'c' }, { id: 'b' }], first_id: 'c', last_id: 'b', has_more: true });
    expect(toItemPage(items, { limit: '2', after: 'b' })).toMatchObject({ data: [{ id: 'a' }], has_more: false });
    expect(toItemPage([], {})).toEqual({ object: 'list', data: [], first_id: null, last_id: null, has_more: false });
  });

  it('have a limit', () => {
    expect(() => toItemPage(items, { limit: '1000' })).toThrow(/limit/);
  });
});
