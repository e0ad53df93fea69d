import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../src/core/chat.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { openaiChat } from '../../../src/dialects/openai/chat.ts';
import { contextFor, finish, framesOf, refusal, results, stream } from '../../support/dialect.ts';

const base = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };
const tool = (name: string): object => ({ type: 'function', function: { name, parameters: { type: 'object' } } });
const decode = (more: object) => openaiChat.decode({ ...base, ...more }).request;

describe('what a client sends', () => {
  it('prefers max_completion_tokens to its older name', () => {
    expect(decode({ max_tokens: 5, max_completion_tokens: 7 }).sampling.maxOutputTokens).toBe(7);
  });

  it('takes an answer that was a refusal for what was said', () => {
    const refused = { role: 'assistant', content: null, refusal: 'I will not.' };
    expect(decode({ messages: [...base.messages, refused] }).messages[1]).toEqual({ role: 'assistant', content: [{ type: 'text', text: 'I will not.' }] });
  });

  it('takes an image whose address has parameters', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;name=a b.png;charset=utf-8;base64,iVBORw0KGgo=' } };
    expect(decode({ messages: [{ role: 'user', content: [image] }] }).messages[0]).toMatchObject({ content: [{ type: 'image', data: 'iVBORw0KGgo=' }] });
  });

  it('takes a call whose arguments are empty, as it may have been streamed', () => {
    const call = { role: 'assistant', content: null, tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] };
    expect(decode({ messages: [...base.messages, call] }).messages[1]).toMatchObject({ toolCalls: [{ arguments: '{}' }] });
  });

  it('names the tool of a result by the call it answers', () => {
    const call = { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }] };
    const request = decode({ messages: [...base.messages, call, { role: 'tool', tool_call_id: 'a', content: 'r' }] });
    expect(request.messages[2]).toMatchObject({ role: 'tool', toolCallId: 'a', name: 'f' });
  });

  it('leaves only the allowed tools', () => {
    const request = decode({ tools: [tool('f'), tool('g')], tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [tool('g')] } } });
    expect(request.tools.map(({ name }) => name)).toEqual(['g']);
    expect(request.toolChoice).toBe('required');
  });

  it('keeps fields it does not know', () => {
    expect(decode({ logit_bias: { 1: 2 }, user: 'u' }).extra).toEqual({ logit_bias: { 1: 2 }, user: 'u' });
  });

  it.each([
    ['functions', { functions: [{ name: 'f' }] }, 'functions'],
    ['function_call', { function_call: 'auto' }, 'function_call'],
    ['a function result', { messages: [{ role: 'function', name: 'f', content: 'x' }] }, 'messages.0.role'],
    ['audio answers', { modalities: ['text', 'audio'] }, 'modalities'],
    ['an audio voice', { audio: { voice: 'a' } }, 'audio'],
    ['audio input', { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] }, 'messages.0.content.0'],
    ['a file part', { messages: [{ role: 'user', content: [{ type: 'file', file: {} }] }] }, 'messages.0.content.0.type'],
    ['user content null', { messages: [{ role: 'user', content: null }] }, 'messages.0.content'],
    ['an assistant who said and did nothing', { messages: [{ role: 'assistant', content: null }] }, 'messages.0.content'],
    ['an unknown role', { messages: [{ role: 'robot', content: 'x' }] }, 'messages.0.role'],
    ['custom tools', { tools: [{ type: 'custom', custom: { name: 'x' } }] }, 'tools.0.type'],
    ['a choice of a tool that is not there', { tools: [tool('f')], tool_choice: tool('z') }, 'tool_choice'],
    ['a format nobody knows', { response_format: { type: 'grammar' } }, 'response_format.type'],
    ['a schema that is missing', { response_format: { type: 'json_schema', json_schema: { name: 'a' } } }, 'response_format.json_schema.schema'],
    ['n of 0', { n: 0 }, 'n'],
    ['too many log probabilities', { logprobs: true, top_logprobs: 21 }, 'top_logprobs'],
  ])('refuses %s and names the field', (_name, more, param) => {
    expect(refusal(openaiChat, { ...base, ...more })).toMatchObject({ kind: 'invalid-request', details: { param } });
  });
});

describe('what a client gets', () => {
  const context = contextFor(openaiChat, { ...base, stream: true, stream_options: { include_usage: true }, logprobs: true, top_logprobs: 1 });
  const events: ChatEvent[] = [
    { type: 'start', model: 'm' },
    { type: 'text', delta: 'a', logprobs: [{ token: 'é', logprob: -1, alternatives: [{ token: 'b', logprob: -2 }] }] },
    { type: 'tool-call', index: 0, id: 'c0', name: 'f', argumentsDelta: '{' },
    { type: 'tool-call', index: 1, id: 'c1', name: 'g', argumentsDelta: '{}' },
    { type: 'tool-call', index: 0, id: 'c0', name: 'f', argumentsDelta: '}' },
    finish('tool-calls'),
  ];

  it('gives the role once, and of later pieces of a call nothing but the arguments', () => {
    const deltas = framesOf(stream(openaiChat, context, events)).flatMap((frame) => (frame['choices'] as { delta: object }[]).map(({ delta }) => delta));
    expect(deltas).toEqual([
      { role: 'assistant', content: 'a' },
      { tool_calls: [{ index: 0, id: 'c0', type: 'function', function: { name: 'f', arguments: '{' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '}' } }] },
      // Held back: helpers of the openai package take a call for complete when the next begins.
      { tool_calls: [{ index: 1, id: 'c1', type: 'function', function: { name: 'g', arguments: '{}' } }] },
      {},
    ]);
  });

  it('streams calls that come one after the other piece by piece', () => {
    const call = (index: number, argumentsDelta: string): ChatEvent => ({ type: 'tool-call', index, id: `c${index}`, name: 'f', argumentsDelta });
    const encoder = openaiChat.frames(context);
    const pieces = [call(0, '{"a"'), call(0, ':{}}'), call(1, '{'), call(1, '}')].map((event) => framesOf(encoder.event(event)).length);
    expect(pieces).toEqual([1, 1, 1, 1]);
  });

  it('gives log probabilities with every key', () => {
    expect(framesOf(stream(openaiChat, context, events))[0]).toMatchObject({
      choices: [
        { logprobs: { content: [{ token: 'é', logprob: -1, bytes: [195, 169], top_logprobs: [{ token: 'b', logprob: -2, bytes: [98] }] }], refusal: null } },
      ],
    });
  });

  it('ends every choice once', () => {
    const two = [0, 1].flatMap((choice): ChatEvent[] => [{ type: 'text', delta: `t${choice}`, choice }, { ...finish(), choice } as ChatEvent]);
    const frames = framesOf(stream(openaiChat, contextFor(openaiChat, { ...base, n: 2 }), two)).flatMap(
      (frame) => frame['choices'] as { index: number; finish_reason: string | null }[],
    );
    expect(frames.filter((item) => item.finish_reason === 'stop').map(({ index }) => index)).toEqual([0, 1]);
    expect(openaiChat.encode(results(two), contextFor(openaiChat, base))).toMatchObject({
      choices: [{ index: 0 }, { index: 1 }],
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    });
  });

  it.each([
    ['length', 'length'],
    ['content-filter', 'content_filter'],
    ['tool-calls', 'tool_calls'],
    ['other', 'stop'],
  ] as const)('says %s as %s', (reason, word) => {
    expect(openaiChat.encode(results([finish(reason)]), contextFor(openaiChat, base))).toMatchObject({ choices: [{ finish_reason: word }] });
  });

  it('gives a call without arguments an empty object', () => {
    const call: ChatEvent = { type: 'tool-call', index: 0, id: 'a', name: 'f', argumentsDelta: '' };
    expect(openaiChat.encode(results([call, finish('tool-calls')]), contextFor(openaiChat, base))).toMatchObject({
      choices: [{ message: { content: null, refusal: null, tool_calls: [{ function: { arguments: '{}' } }] } }],
    });
  });

  it('streams an empty object for calls that come without arguments, each in its turn', () => {
    const bare = (index: number): ChatEvent => ({ type: 'tool-call', index, id: `c${index}`, name: 'f', argumentsDelta: '' });
    const frames = framesOf(stream(openaiChat, context, [bare(0), bare(1), finish('tool-calls')]));
    const pieces = frames.flatMap(
      ({ choices }) => (choices as { delta?: { tool_calls?: { index: number; function: { arguments: string } }[] } }[])[0]?.delta?.tool_calls ?? [],
    );
    expect(pieces.map(({ index, function: { arguments: args } }) => `${index}${args}`)).toEqual(['0', '0{}', '1{}']);
  });

  it('tells a failure with all four keys and nothing after it', () => {
    const text = stream(openaiChat, context, events.slice(0, 2), new GatewayError('upstream-failed', 'gone'));
    expect(framesOf(text).at(-1)).toEqual({ error: { message: 'gone', type: 'api_error', param: null, code: null } });
    expect(text).not.toContain('[DONE]');
  });
});
