import { describe, expect, test } from 'vitest';
import type { ChatEvent, ChatStream } from '../../src/core/chat.ts';
import { createRestorer, restoreStream } from '../../src/privacy/restore.ts';
import { createMasker, type MaskSession } from '../../src/privacy/session.ts';
import { collectChoices } from '../../src/stream/collect.ts';

const KEY = `-----BEGIN PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA7bq\n'.repeat(8)}-----END PRIVATE KEY-----`;
const VALUES = ['alice@example.com', '010-1234-5678', '4111 1111 1111 1111', KEY];

function ready(): { session: MaskSession; masked: string[] } {
  const session = createMasker({ secretKey: 'a key for tests only' }).session('t');
  return { session, masked: VALUES.map((value) => session.mask(value)) };
}

async function* streamOf(events: readonly ChatEvent[], size = 1): ChatStream {
  for (let at = 0; at < events.length; at += size) yield events.slice(at, at + size);
}

async function gather(stream: ChatStream): Promise<ChatEvent[]> {
  const events: ChatEvent[] = [];
  for await (const batch of stream) {
    expect(batch.length).toBeGreaterThan(0);
    events.push(...batch);
  }
  return events;
}

const FINISH: ChatEvent = { type: 'finish', reason: 'stop', usage: {} };

describe('a restorer', () => {
  test('restores whatever way the text is cut in two', () => {
    const { session, masked } = ready();
    const text = `[x] ${masked[0]}, [EMAIL ${masked[1]}${masked[2]} a[0] = [[${masked[0]}]]`;
    const whole = session.restore(text);
    for (let cut = 0; cut <= text.length; cut += 1) {
      const restorer = createRestorer(session);
      expect(restorer.push(text.slice(0, cut)) + restorer.push(text.slice(cut)) + restorer.end()).toBe(whole);
    }
  });

  test('restores text that comes one character at a time', () => {
    const { session, masked } = ready();
    const text = `to ${masked[0]} and [EMAIL_ZZZZ_ no ${masked[3]}!`;
    const restorer = createRestorer(session);
    let out = '';
    for (const character of text) out += restorer.push(character);
    expect(out + restorer.end()).toBe(session.restore(text));
  });

  test('never shows a piece of a placeholder', () => {
    const { session, masked } = ready();
    const restorer = createRestorer(session);
    const placeholder = masked[0] as string;
    for (const character of placeholder.slice(0, -1)) expect(restorer.push(character)).toBe('');
    expect(restorer.push(placeholder.slice(-1))).toBe('alice@example.com');
  });

  test('holds back nothing but a possible beginning', () => {
    const { session } = ready();
    const restorer = createRestorer(session);
    expect(restorer.push('plain text, then [')).toBe('plain text, then ');
    expect(restorer.push('1, 2]')).toBe('[1, 2]');
    expect(restorer.push('a[i] and [E')).toBe('a[i] and ');
    expect(restorer.push('xit]')).toBe('[Exit]');
    expect(restorer.pending()).toBe(false);
  });

  test('restores random texts cut at random places', () => {
    const { session, masked } = ready();
    let state = 5;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % below;
    };
    const pieces = [...masked, '[', ']', '[EMAIL', '_', ' ', 'text', '가', '[[', masked[0]?.slice(0, 9) ?? '', masked[1]?.slice(0, -1) ?? ''];
    for (let round = 0; round < 2000; round += 1) {
      const text = Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join('');
      const restorer = createRestorer(session);
      let out = '';
      for (let at = 0; at < text.length; ) {
        const next = at + 1 + random(9);
        out += restorer.push(text.slice(at, next));
        at = next;
      }
      expect(out + restorer.end()).toBe(session.restore(text));
    }
  });
});

describe('restoreStream', () => {
  test('restores text, reasoning and tool arguments of every choice, cut at every byte', async () => {
    const { session, masked } = ready();
    const text = `hi ${masked[0]} [`;
    const args = JSON.stringify({ to: masked[0], key: masked[3] });
    const other = JSON.stringify([masked[1]]);
    const events: ChatEvent[] = [{ type: 'start', model: 'm' }];
    for (const choice of [0, 1]) {
      for (const delta of text) events.push({ type: 'reasoning', delta, choice });
      for (const delta of text) events.push({ type: 'text', delta, choice });
      for (let at = 0; at < args.length; at += 1) {
        events.push({ type: 'tool-call', index: 0, id: 'a', name: 'send', argumentsDelta: args.charAt(at), choice });
        events.push({ type: 'tool-call', index: 1, id: 'b', name: 'call', argumentsDelta: other.charAt(at), choice });
      }
      events.push({ ...FINISH, choice });
    }
    for (const size of [1, 3, 1000]) {
      const results = await collectChoices(restoreStream(session, streamOf(events, size)));
      expect(results).toHaveLength(2);
      for (const result of results) {
        expect(result.text).toBe(`hi ${VALUES[0]} [`);
        expect(result.reasoning).toBe(`hi ${VALUES[0]} [`);
        expect(result.toolCalls.map((call) => JSON.parse(call.arguments))).toEqual([{ to: VALUES[0], key: KEY }, [VALUES[1]]]);
      }
    }
  });

  test('passes events on as they are when nothing was masked', async () => {
    const session = createMasker({ secretKey: 'k' }).session('t');
    const events: ChatEvent[] = [{ type: 'text', delta: '[EMAIL_', json: '"[EMAIL_"' }, FINISH];
    expect(await gather(restoreStream(session, streamOf(events)))).toEqual(events);
  });

  test('keeps the JSON literal of a delta it does not change and drops that of one it does', async () => {
    const { session, masked } = ready();
    const delta = `to ${masked[0]}`;
    const events = await gather(
      restoreStream(session, streamOf([{ type: 'text', delta: 'a', json: '"a"' }, { type: 'text', delta, json: JSON.stringify(delta) }, FINISH])),
    );
    expect(events).toEqual([{ type: 'text', delta: 'a', json: '"a"' }, { type: 'text', delta: `to ${VALUES[0]}` }, FINISH]);
  });

  test('gives held text before the tool call that follows it', async () => {
    const { session } = ready();
    const call: ChatEvent = { type: 'tool-call', index: 0, id: 'a', name: 'f', argumentsDelta: '{}' };
    const events = await gather(restoreStream(session, streamOf([{ type: 'text', delta: 'x [' }, call, FINISH])));
    expect(events.map(({ type }) => type)).toEqual(['text', 'text', 'tool-call', 'finish']);
  });

  test('gives held text when the stream ends without a finish', async () => {
    const { session } = ready();
    expect(await gather(restoreStream(session, streamOf([{ type: 'text', delta: '[EMAIL' }])))).toEqual([{ type: 'text', delta: '[EMAIL' }]);
  });

  test('keeps a tool call that has no arguments yet', async () => {
    const { session } = ready();
    const call: ChatEvent = { type: 'tool-call', index: 0, id: 'a', name: 'f', argumentsDelta: '' };
    expect(await gather(restoreStream(session, streamOf([call, FINISH])))).toEqual([call, FINISH]);
  });
});
