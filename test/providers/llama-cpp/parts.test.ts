import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/core/chat.ts';
import { chatml, gemma, plain } from '../../../src/providers/llama-cpp/prompt.ts';
import { isWholeJson } from '../../../src/providers/llama-cpp/sampling.ts';
import { commonStart, pickSlot, type Slot } from '../../../src/providers/llama-cpp/slots.ts';
import { createStopMatcher } from '../../../src/providers/llama-cpp/stops.ts';
import { createDetokenizer } from '../../../src/providers/llama-cpp/text.ts';

const say = (role: 'system' | 'user' | 'assistant', text: string): Message => ({ role, content: [{ type: 'text', text }] });
const written = (parts: readonly ({ mark: string } | { text: string })[]): string => parts.map((part) => ('mark' in part ? part.mark : part.text)).join('');

describe('stop sequences', () => {
  const pieces = (stops: string[], ...texts: string[]): { shown: string[]; stopped?: string | undefined } => {
    const matcher = createStopMatcher(stops);
    const shown: string[] = [];
    for (const text of texts) {
      const found = matcher.push(text);
      shown.push(found.text);
      if (found.stopped !== undefined) return { shown, stopped: found.stopped };
    }
    return { shown: [...shown, matcher.end()] };
  };
  test('a sequence split over pieces is found and never shown', () => {
    expect(pieces(['STOP'], 'one S', 'TO', 'P two')).toEqual({ shown: ['one ', '', ''], stopped: 'STOP' });
  });
  test('what only looked like a start is shown later', () => {
    expect(pieces(['STOP'], 'one ST', 'ART')).toEqual({ shown: ['one ', 'START', ''] });
  });
  test('what is held back at the end is shown', () => {
    expect(pieces(['\n\n'], 'line\n')).toEqual({ shown: ['line', '\n'] });
  });
  test('of two sequences the one that starts first wins', () => {
    expect(pieces(['b', 'abc'], 'xabc')).toEqual({ shown: ['x'], stopped: 'abc' });
  });
  test('without sequences everything passes at once', () => {
    expect(pieces(['', ''], 'a', 'b')).toEqual({ shown: ['a', 'b', ''] });
  });
});

describe('templates', () => {
  test('ChatML puts its default system first, only where the client has none', () => {
    expect(written(chatml([say('user', 'hi')], 'Be kind.'))).toBe(
      '<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n',
    );
    expect(written(chatml([say('system', 'Be short.'), say('user', 'hi')], 'Be kind.'))).not.toContain('Be kind.');
  });
  test('Gemma has no system role: its words lead the first user turn', () => {
    expect(written(gemma([say('system', 'Be short.'), say('user', ' hi '), say('assistant', 'hello'), say('user', 'bye')]))).toBe(
      '<start_of_turn>user\nBe short.\n\nhi<end_of_turn>\n<start_of_turn>model\nhello<end_of_turn>\n<start_of_turn>user\nbye<end_of_turn>\n<start_of_turn>model\n',
    );
  });
  test('an answer that the client began is gone on with', () => {
    expect(written(chatml([say('user', 'count'), say('assistant', 'one, ')], undefined))).toMatch(/<\|im_start\|>assistant\none, $/);
    expect(written(gemma([say('user', 'count'), say('assistant', 'one,')]))).toMatch(/<start_of_turn>model\none,$/);
    expect(written(plain([say('user', 'count'), say('assistant', 'one,')]))).toMatch(/Question: count\nAnswer: one,$/);
  });
  test('a pretrained model gets questions and answers', () => {
    expect(written(plain([say('system', 'Be short.'), say('user', 'a?'), say('assistant', 'b.'), say('user', 'c?')]))).toMatch(
      /^Be short\.\n\nQuestion: .*Question: a\?\nAnswer: b\.\n\nQuestion: c\?\nAnswer:$/s,
    );
  });
});

describe('slots', () => {
  const slot = (turn: number, ...held: number[]): Slot => ({
    sequence: { contextTokens: held as Token[] } as unknown as LlamaContextSequence,
    busy: false,
    turn,
  });
  const tokens = [1, 2, 3, 4] as Token[];
  test('the slot that holds the start of the conversation is taken', () => {
    expect(pickSlot([slot(1), slot(3, 1, 2, 3), slot(2, 1)], tokens)?.turn).toBe(3);
  });
  test('a slot that would lose most of its memory is left to its conversation', () => {
    expect(pickSlot([slot(2, 1, 9, 9, 9, 9), slot(1, 7)], tokens)?.turn).toBe(1);
  });
  test('the common start ends at the first difference', () => {
    expect(commonStart([1, 2, 9] as Token[], tokens)).toBe(2);
  });
});

test('a character whose bytes come one by one is shown whole', () => {
  const bytes = [...Buffer.from('한a')];
  const model = { detokenize: (tokens: readonly Token[]) => Buffer.from(tokens as readonly number[]).toString() };
  const detokenizer = createDetokenizer(model);
  expect(bytes.map((byte) => detokenizer.push(byte as Token))).toEqual(['', '', '한', 'a']);
  expect(detokenizer.end()).toBe('');
});

test('JSON counts as whole when an object or array is closed', () => {
  expect(['{"a":1}', '[1] ', '{"a":[1]', '1', '"}"'].map(isWholeJson)).toEqual([true, true, false, false, false]);
});
