import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../src/core/chat.ts';
import { createNativeReader } from '../../../src/providers/ollama/events.ts';

/** Events of lines read by one reader, so that the fast path comes into play, or by a new one each, so that it never does. */
const read = (lines: readonly string[], shared: boolean): { events: ChatEvent[]; failed?: string } => {
  const events: ChatEvent[] = [];
  let reader = createNativeReader('up', 'seed');
  try {
    for (const line of lines) {
      if (!shared) reader = createNativeReader('up', 'seed');
      reader.line(line, events);
      if (reader.finished()) break;
    }
  } catch (error) {
    return { events, failed: (error as Error).message };
  }
  return { events };
};

/** Numbers 0-1 that are the same at every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PIECES = [
  'Hi',
  ' there',
  '한국어',
  '😀',
  '\\"',
  '\\n',
  '\\u003c',
  '\\ud83d\\ude00',
  '"',
  '\\',
  '\\x',
  '\u0001',
  '',
  '},"done":false}',
  '","done":true,"x":"',
  '\\u12',
  '\t',
  '\u2028',
  '"content":"',
];
const VALID = ['Hi', ' there', '한국어', '😀', '\\"', '\\n', '\\u003c', '\\ud83d\\ude00', '\u2028'];
const STAMPS = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00+09:00', '', 'x"y', '\\u0031', 'not a time', '\u0002'];

describe('the fast path for lines of one delta', () => {
  it('reads 30,000 hostile lines exactly as a whole parse does', () => {
    const random = seeded(7);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const delta = (hostile: number): string => Array.from({ length: Math.floor(random() * 4) }, () => pick(random() < hostile ? PIECES : VALID)).join('');
    const shapes: ((stamp: string, text: string) => string)[] = [
      (stamp, text) => `{"model":"m","created_at":"${stamp}","message":{"role":"assistant","content":"${text}"},"done":false}`,
      (stamp, text) => `{"model":"m","created_at":"${stamp}","response":"${text}","done":false}`,
      (stamp, text) => `{"model":"m","created_at":"${stamp}","message":{"role":"assistant","content":"","thinking":"${text}"},"done":false}`,
      (stamp, text) => `{"model":"m","created_at":"${stamp}","message":{"role":"assistant","content":"${text}","thinking":"t"},"done":false}`,
      (stamp, text) => `{"model":"m","created_at":"${stamp}","message":{"role":"assistant","content":"a","content":"${text}"},"done":false}`,
      (stamp, text) => `{"model":"m","created_at":"${stamp}","message":{"content":"${text}"},"done":false,"error":null}`,
      (stamp, text) =>
        `{"model":"m","created_at":"${stamp}","message":{"role":"assistant","content":"${text}","tool_calls":[{"function":{"name":"f","arguments":{"content":"x"}}}]},"done":false}`,
      (stamp, text) => `{"note":{"content":"n"},"created_at":"${stamp}","message":{"role":"assistant","content":"${text}"},"done":false}`,
      (stamp, text) => `{"message":{"role":"assistant","content":"${text}"},"created_at":"${stamp}","done":false}`,
      (stamp, text) => ` {"model":"m","created_at":"${stamp}","message":{"role":"assistant","content":"${text}"},"done":false} `,
    ];
    const bare = ({ events, failed }: ReturnType<typeof read>) => ({
      failed,
      events: events.map((event) => {
        if (event.type !== 'text' && event.type !== 'reasoning') return event.type;
        // A literal, where there is one, means what the delta says.
        if (event.json !== undefined) expect(JSON.parse(event.json)).toBe(event.delta);
        return { type: event.type, delta: event.delta };
      }),
    });
    let quick = 0;
    for (let stream = 0; stream < 3_000; stream++) {
      const shape = pick(shapes);
      const hostile = random() < 0.5 ? 0 : 0.15;
      const lines = Array.from({ length: 10 }, () =>
        (random() < hostile ? pick(shapes) : shape)(random() < 1 - hostile ? (STAMPS[0] as string) : pick(STAMPS), delta(hostile)),
      );
      const fast = read(lines, true);
      expect(bare(fast), lines.join('\n')).toEqual(bare(read(lines, false)));
      quick += fast.events.filter((event) => event.type === 'text' && event.json !== undefined).length;
    }
    expect(quick).toBeGreaterThan(3_000);
  });

  it('keeps the literal as the host wrote it', () => {
    const line = (text: string): string =>
      `{"model":"m","created_at":"2026-01-01T00:00:00.1Z","message":{"role":"assistant","content":"${text}"},"done":false}`;
    const { events } = read([line('a'), line('\\u003cb\\u003e'), line('한')], true);
    expect(events).toEqual([
      { type: 'text', delta: 'a' },
      { type: 'text', delta: '<b>', json: '"\\u003cb\\u003e"' },
      { type: 'text', delta: '한', json: '"한"' },
    ]);
  });
});

describe('tool calls', () => {
  const chunk = (calls: unknown, more: object = {}): string =>
    JSON.stringify({ message: { role: 'assistant', content: '', tool_calls: calls }, done: false, ...more });
  const call = (name: string, args: unknown, id?: string, index = 0): object => ({
    ...(id !== undefined && { id }),
    function: { index, name, arguments: args },
  });
  const callsOf = (lines: readonly string[]) => read(lines, true).events.flatMap((event) => (event.type === 'tool-call' ? [event] : []));
  const done = JSON.stringify({ message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' });

  it('renumbers calls that all say index 0, and keeps them apart', () => {
    const calls = callsOf([chunk([call('a', { x: 1 }, 'call_1')]), chunk([call('b', { y: 2 }, 'call_2'), call('a', { x: 3 }, 'call_3')]), done]);
    expect(calls.map(({ index, id, name, argumentsDelta }) => [index, id, name, argumentsDelta])).toEqual([
      [0, 'call_1', 'a', '{"x":1}'],
      [1, 'call_2', 'b', '{"y":2}'],
      [2, 'call_3', 'a', '{"x":3}'],
    ]);
  });

  it('gives ids where there are none, and new ones where they repeat', () => {
    const calls = callsOf([chunk([call('a', {}), call('b', {}, 'same'), call('c', {}, 'same'), call('d', {}, '')]), done]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(4);
    expect(calls[0]?.id).toMatch(/^call_[a-z0-9]{8}$/);
    expect(calls[1]?.id).toBe('same');
  });

  it('gives other ids in another answer, since a conversation holds both', () => {
    const events: ChatEvent[] = [];
    createNativeReader('up', 'one').line(chunk([call('a', {})]), events);
    createNativeReader('up', 'two').line(chunk([call('a', {})]), events);
    expect(events[0]).not.toEqual(events[1]);
  });

  it('finds calls on the final object', () => {
    const { events } = read(
      [JSON.stringify({ message: { role: 'assistant', content: '', tool_calls: [call('a', { q: 'x' }, 'i')] }, done: true, done_reason: 'stop' })],
      true,
    );
    expect(events.map(({ type }) => type)).toEqual(['tool-call', 'finish']);
    expect(events[1]).toMatchObject({ reason: 'tool-calls' });
  });

  it.each([
    [{ a: 1 }, '{"a":1}'],
    ['{"a":1}', '{"a":1}'],
    [undefined, '{}'],
    [null, '{}'],
    ['', '{}'],
  ])('reads arguments %j', (args, written) => expect(callsOf([chunk([call('f', args, 'i')]), done])[0]?.argumentsDelta).toBe(written));

  it.each([null, 'x', {}, [null], [{}], [{ function: {} }], [{ function: { name: 7 } }]])('is not confused by tool_calls %j', (calls) => {
    const { events, failed } = read([chunk(calls), done], true);
    expect(failed).toBeUndefined();
    expect(events.map(({ type }) => type)).toEqual(['finish']);
  });
});

describe('lines', () => {
  it('splits thinking from content in one chunk', () => {
    const { events } = read([JSON.stringify({ message: { role: 'assistant', content: 'B', thinking: 'A' }, done: false })], true);
    expect(events).toEqual([
      { type: 'reasoning', delta: 'A' },
      { type: 'text', delta: 'B' },
    ]);
  });

  it.each(['{', '[]x', 'null', '7'])('fails on %s', (line) => expect(read([line], true).failed).toBeDefined());

  it('opens the error of a llama-server inside an error', () => {
    const line = JSON.stringify({ error: JSON.stringify({ error: { code: 400, message: 'too long', type: 'exceed_context_size_error' } }) });
    expect(read([line], true).failed).toBe('too long');
  });

  it('reads nothing after the end', () => {
    const end = JSON.stringify({ done: true });
    expect(read([end, '{', end], true).events).toHaveLength(1);
  });
});
