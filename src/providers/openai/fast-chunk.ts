import type { ChatEvent } from '../../core/chat.ts';

/** Templates learned in one answer; a stream whose chunks differ more often is parsed chunk by chunk. */
const MAX_TEMPLATES = 32;

interface Template {
  /** From the message's first letter to the delta's opening quote. */
  readonly head: string;
  /** From the delta's closing quote to the blank line behind the message. */
  readonly tail: string;
  readonly type: 'text' | 'reasoning';
}

/** What a probe for a template must give when it is read whole: this one event, and nothing else learned. */
export const PROBE = 'a probe';

const KEYS = { text: ['"content":"', '"text":"'], reasoning: ['"reasoning_content":"', '"reasoning":"'] } as const;

/**
 * Reads the chunks of a stream that differ only in their delta without parsing them whole: what stands around the delta must be
 * exactly that of a chunk which was parsed. Anything else is left to the caller.
 */
export function createFastChunk() {
  let template: Template | undefined;
  let learned = 0;

  return {
    /** Takes messages of the known form from `at` on; tells where the first other one begins. */
    skim(text: string, at: number, events: ChatEvent[]): number {
      if (template === undefined) return at;
      const { head, tail, type } = template;
      for (;;) {
        if (!text.startsWith(head, at)) return at;
        const start = at + head.length;
        // A JSON string holds no line break, so that the first tail with the blank line behind it ends the message.
        const end = text.indexOf(tail, start);
        if (end === -1) return at;
        const delta = text.slice(start, end);
        if (isPlain(delta)) {
          if (delta !== '') events.push({ type, delta, json: `"${delta}"` });
        } else {
          const json = `"${delta}"`;
          const parsed = parse(json);
          if (parsed === undefined) return at;
          events.push({ type, delta: parsed, json });
        }
        at = end + tail.length;
      }
    },
    /** Takes the data of a message that was parsed and had one plain delta as the form of the next ones, if `stands` says so of a probe. */
    learn(data: string, type: 'text' | 'reasoning', stands: (probe: string) => boolean): void {
      if (learned >= MAX_TEMPLATES) return;
      learned += 1;
      template = undefined;
      for (const key of KEYS[type]) {
        for (let at = data.indexOf(key); at !== -1; at = data.indexOf(key, at + 1)) {
          const start = at + key.length;
          const end = endOfString(data, start);
          if (end === -1 || !stands(`${data.slice(0, start)}${PROBE}${data.slice(end)}`)) continue;
          template = { head: `data: ${data.slice(0, start)}`, tail: `${data.slice(end)}\n\n`, type };
          return;
        }
      }
    },
  };
}

/** Whether a text is a JSON string as it stands. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

function parse(json: string): string | undefined {
  try {
    return JSON.parse(json) as string;
  } catch {
    return undefined;
  }
}

/** Where the string that starts at `start` has its closing quote; -1 when it has none. */
function endOfString(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at;
  }
  return -1;
}
