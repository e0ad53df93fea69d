import { describe, expect, it } from 'vitest';
import type { ChatEvent, ChatStream } from '../../src/core/chat.ts';
import { type Tap, tapped } from '../../src/stream/tap.ts';

const text = (delta: string): ChatEvent => ({ type: 'text', delta });

/** A tap that writes down what it hears. */
function listener(name: string, heard: string[], more: Tap = {}): Tap {
  return {
    start: () => {
      heard.push(`${name} start`);
      return undefined;
    },
    batch: () => heard.push(`${name} batch`),
    end: () => heard.push(`${name} end`),
    error: (thrown) => {
      heard.push(`${name} error ${(thrown as Error).message}`);
      return thrown;
    },
    close: () => heard.push(`${name} close`),
    ...more,
  };
}

async function* source(heard: string[], fails = false): ChatStream {
  try {
    yield [text('a')];
    if (fails) throw new Error('broken');
    yield [text('b')];
  } finally {
    heard.push('source ended');
  }
}

async function drain(stream: ChatStream): Promise<number> {
  let count = 0;
  for await (const batch of stream) count += batch.length;
  return count;
}

describe('taps around a stream', () => {
  it('start from the outside and hear all else from the inside', async () => {
    const heard: string[] = [];
    const stream = tapped(tapped(source(heard), listener('in', heard)), listener('out', heard));
    expect(heard).toEqual([]);
    expect(await drain(stream)).toBe(2);
    expect(heard.slice(0, 4)).toEqual(['out start', 'in start', 'in batch', 'out batch']);
    expect(heard.slice(-5)).toEqual(['source ended', 'in end', 'out end', 'in close', 'out close']);
  });

  it('hear of a failure once and may say it in other words', async () => {
    const heard: string[] = [];
    const reworded: Tap = { error: () => new Error('reworded') };
    const stream = tapped(tapped(tapped(source(heard, true), listener('in', heard)), reworded), listener('out', heard));
    await expect(drain(stream)).rejects.toThrow('reworded');
    expect(heard.slice(-4)).toEqual(['in error broken', 'out error reworded', 'in close', 'out close']);
    await expect(stream[Symbol.asyncIterator]().next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('inside one that refuses to start hear nothing, and the stream never begins', async () => {
    const heard: string[] = [];
    const refusing = listener('middle', heard, {
      start: () => {
        throw new Error('no');
      },
    });
    const stream = tapped(tapped(tapped(source(heard), listener('in', heard)), refusing), listener('out', heard));
    await expect(drain(stream)).rejects.toThrow('no');
    expect(heard).toEqual(['out start', 'out error no', 'out close']);
  });

  it('close once when the reader leaves, after the source has', async () => {
    const heard: string[] = [];
    for await (const _batch of tapped(source(heard), listener('in', heard))) break;
    expect(heard).toEqual(['in start', 'in batch', 'source ended', 'in close']);
  });

  it('let the next ones wait for a start that takes time, also when the reader leaves meanwhile', async () => {
    const heard: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const stream = tapped(tapped(source(heard), listener('in', heard)), { start: () => promise });
    const iterator = stream[Symbol.asyncIterator]();
    const first = iterator.next();
    const left = iterator.return?.();
    await Promise.resolve();
    expect(heard).toEqual([]);
    resolve();
    expect((await first).done).toBe(false);
    await left;
    expect(heard).toEqual(['in start', 'in batch', 'source ended', 'in close']);
  });
});
