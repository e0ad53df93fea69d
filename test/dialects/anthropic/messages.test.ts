import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../src/core/chat.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { anthropicMessages } from '../../../src/dialects/anthropic/messages.ts';
import { contextFor, finish, framesOf, refusal, results, stream } from '../../support/dialect.ts';

const base = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] };
const own = { name: 'f', input_schema: { type: 'object' } };
const decode = (more: object) => anthropicMessages.decode({ ...base, ...more }).request;
const said = (content: unknown, role = 'user'): object => ({ messages: [{ role, content }] });
const textsOf = (more: object): string[] =>
  decode(more).messages.flatMap(({ content }) => content.map((part) => (part.type === 'text' ? part.text : part.mediaType)));

describe('what a client sends', () => {
  it('reads documents of text, search results and references to tools', () => {
    expect(textsOf(said([{ type: 'document', title: 'T', source: { type: 'text', media_type: 'text/plain', data: 'body' } }]))).toEqual(['T:', 'body']);
    expect(textsOf(said([{ type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'x' }] } }]))).toEqual(['x']);
    expect(textsOf(said([{ type: 'search_result', title: 'T', source: 's', content: [{ type: 'text', text: 'x' }] }]))).toEqual(['T (s):', 'x']);
    const result = { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'tool_reference', tool_name: 'read' }] };
    expect(textsOf(said([result]))).toEqual(['Tool: read']);
  });

  it('takes an image in a data URL', () => {
    expect(textsOf(said([{ type: 'image', source: { type: 'url', url: 'data:image/png;base64,iVBORw0KGgo=' } }]))).toEqual(['image/png']);
  });

  it('passes over what only hosted tools and models understand', () => {
    const blocks = [
      { type: 'redacted_thinking', data: 'x' },
      { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
      { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
      { type: 'text', text: 'a' },
    ];
    expect(textsOf(said(blocks, 'assistant'))).toEqual(['a']);
  });

  it('takes a result without content', () => {
    expect(decode(said([{ type: 'tool_result', tool_use_id: 'a' }])).messages).toEqual([{ role: 'tool', toolCallId: 'a', content: [] }]);
  });

  it('takes a system message among the others', () => {
    expect(decode({ messages: [{ role: 'system', content: 'Rules' }, ...base.messages] }).messages[0]).toMatchObject({ role: 'system' });
  });

  it.each([
    ['auto', 'auto'],
    ['any', 'required'],
    ['none', 'none'],
  ])('reads the choice %s as %s', (type, choice) => {
    expect(decode({ tools: [own], tool_choice: { type } }).toolChoice).toBe(choice);
  });

  it.each([
    ['a block nobody knows', said([{ type: 'smell' }]), 'messages.0.content.0.type'],
    ['text without text', said([{ type: 'text' }]), 'messages.0.content.0.text'],
    ['a result of no call', said([{ type: 'tool_result', content: 'a' }]), 'messages.0.content.0.tool_use_id'],
    ['a call without a name', said([{ type: 'tool_use', id: 'a', input: {} }], 'assistant'), 'messages.0.content.0'],
    ['a call whose input is no object', said([{ type: 'tool_use', id: 'a', name: 'f', input: 'x' }], 'assistant'), 'messages.0.content.0.input'],
    ['an image in a file', said([{ type: 'image', source: { type: 'file', file_id: 'f' } }]), 'messages.0.content.0.source'],
    ['servers to connect to', { mcp_servers: [{ type: 'url', url: 'http://x' }] }, 'mcp_servers'],
    ['a format that is no schema', { output_format: { type: 'yaml' } }, 'output_config.format'],
    ['a hosted tool by choice', { tools: [own, { type: 'bash_20250124', name: 'bash' }], tool_choice: { type: 'tool', name: 'bash' } }, 'tools.1'],
  ])('refuses %s and names the field', (_name, more, param) => {
    expect(refusal(anthropicMessages, { ...base, ...more })).toMatchObject({ kind: 'invalid-request', details: { param } });
  });
});

describe('what a client gets', () => {
  const context = contextFor(anthropicMessages, base);
  const call = (index: number, argumentsDelta: string): ChatEvent => ({ type: 'tool-call', index, id: `c${index}`, name: 'f', argumentsDelta });

  it('writes what is said beside an open call after it', () => {
    const events: ChatEvent[] = [
      call(0, '{"a"'),
      { type: 'text', delta: 'x' },
      { type: 'text', delta: 'y' },
      call(1, '{}'),
      call(0, ':1}'),
      finish('tool-calls'),
    ];
    const frames = framesOf(stream(anthropicMessages, context, events));
    expect(frames.flatMap((frame) => (frame['type'] === 'content_block_delta' ? [frame['delta']] : []))).toEqual([
      { type: 'input_json_delta', partial_json: '{"a"' },
      { type: 'input_json_delta', partial_json: ':1}' },
      { type: 'text_delta', text: 'xy' },
      { type: 'input_json_delta', partial_json: '{}' },
    ]);
    expect(frames.flatMap((frame) => (frame['type'] === 'content_block_start' ? [frame['index']] : []))).toEqual([0, 1, 2]);
  });

  it('goes on at once after a call whose arguments are complete', () => {
    const encoder = anthropicMessages.frames(context);
    const events: ChatEvent[] = [call(0, '{"a"'), call(0, ':1}'), call(1, '{'), call(1, '}'), { type: 'text', delta: 'x' }];
    expect(events.map((event) => framesOf(encoder.event(event)).filter(({ type }) => type === 'content_block_delta').length)).toEqual([1, 1, 1, 1, 1]);
  });

  it('begins an empty answer, and ends it', () => {
    const frames = framesOf(stream(anthropicMessages, context, [finish()]));
    expect(frames.map(({ type }) => type)).toEqual(['message_start', 'message_delta', 'message_stop']);
    expect(frames[0]).toMatchObject({ message: { usage: { input_tokens: 5, output_tokens: 0 } } });
    expect(anthropicMessages.encode(results([finish()]), context)).toMatchObject({ content: [], stop_reason: 'end_turn', stop_sequence: null });
  });

  it('names the sequence that ended the answer', () => {
    const events = [finish('stop', { stopSequence: 'END' })];
    expect(anthropicMessages.encode(results(events), context)).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'END' });
    expect(framesOf(stream(anthropicMessages, context, events))[1]).toMatchObject({ delta: { stop_reason: 'stop_sequence', stop_sequence: 'END' } });
  });

  it('says that a filter cut the answer', () => {
    expect(anthropicMessages.encode(results([finish('content-filter')]), context)).toMatchObject({ stop_reason: 'refusal' });
  });

  it('counts what came from a cache apart', () => {
    const events = [finish('stop', { usage: { inputTokens: 10, cachedInputTokens: 4, outputTokens: 1 } })];
    expect(anthropicMessages.encode(results(events), context)).toMatchObject({ usage: { input_tokens: 6, cache_read_input_tokens: 4 } });
  });

  it('shows arguments that are no object as they came', () => {
    expect(anthropicMessages.encode(results([call(0, '{"a'), finish('tool-calls')]), context)).toMatchObject({ content: [{ input: { _raw: '{"a' } }] });
  });

  it('ends with an error event when the answer fails', () => {
    const text = stream(anthropicMessages, context, [{ type: 'text', delta: 'a' }], new GatewayError('unavailable', 'gone'));
    expect(text).toContain('event: error\n');
    expect(framesOf(text).at(-1)).toMatchObject({ type: 'error', error: { type: 'overloaded_error', message: 'gone' } });
  });
});
