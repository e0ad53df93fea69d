import type { ChatEvent } from '../core/chat.ts';

type CallEvent = Extract<ChatEvent, { type: 'tool-call' }>;

/** Whether arguments so far are a whole JSON value: then nothing more of this call is to come. */
export function isWhole(args: string): boolean {
  if (!args.trimEnd().endsWith('}')) return false;
  try {
    JSON.parse(args);
    return true;
  } catch {
    return false;
  }
}

/**
 * Puts the pieces of calls that come in turns one call after the other: readers of OpenAI's and Anthropic's streams take a call
 * for complete when the next one begins. Calls that come in order pass through piece by piece. A call that came without any
 * arguments has an empty object in the end, since clients parse what they have gathered.
 */
export function createCallOrder() {
  const held = new Map<number, CallEvent>();
  let open: CallEvent | undefined;
  let args = '';

  return {
    /** What may be written now of one piece. */
    take(event: CallEvent): CallEvent | undefined {
      if (open !== undefined && open.index !== event.index && (held.size > 0 || !isWhole(args))) {
        const before = held.get(event.index);
        held.set(event.index, before === undefined ? event : { ...before, argumentsDelta: before.argumentsDelta + event.argumentsDelta });
        return undefined;
      }
      args = open?.index === event.index ? args + event.argumentsDelta : event.argumentsDelta;
      open = event;
      return event;
    },
    /** What was held back, each call whole, and what the open one lacks. */
    rest(): CallEvent[] {
      const calls = [...(open !== undefined && args === '' ? [open] : []), ...held.values()];
      held.clear();
      open = undefined;
      return calls.map((call) => (call.argumentsDelta === '' ? { ...call, argumentsDelta: '{}' } : call));
    },
  };
}
