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
 * for complete when the next one begins. Calls that come in order pass through piece by piece.
 */
export function createCallOrder() {
  const held = new Map<number, CallEvent>();
  let open: number | undefined;
  let args = '';

  return {
    /** What may be written now of one piece. */
    take(event: CallEvent): CallEvent | undefined {
      if (open !== event.index && open !== undefined && (held.size > 0 || !isWhole(args))) {
        const before = held.get(event.index);
        held.set(event.index, before === undefined ? event : { ...before, argumentsDelta: before.argumentsDelta + event.argumentsDelta });
        return undefined;
      }
      args = open === event.index ? args + event.argumentsDelta : event.argumentsDelta;
      open = event.index;
      return event;
    },
    /** What was held back, each call whole. */
    rest(): CallEvent[] {
      const calls = [...held.values()];
      held.clear();
      return calls;
    },
  };
}
