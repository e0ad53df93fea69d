import type { ChatEvent, ChatStream } from '../core/chat.ts';
import type { MaskSession } from './session.ts';

/** Puts values back into text that arrives in pieces. */
export interface Restorer {
  /** What may be shown after this piece; only a possible beginning of a placeholder is held back. */
  push(delta: string): string;
  /** What was still held back. */
  end(): string;
  /** Whether something is held back now. */
  pending(): boolean;
}

/** A restorer over one run of text; `json` escapes values for a JSON string. */
export function createRestorer(session: MaskSession, json = false): Restorer {
  let held = '';
  return {
    push: (delta) => {
      if (held === '' && !delta.includes('[')) return delta;
      const text = session.restore(held + delta, json);
      const open = text.lastIndexOf('[');
      const keep = open !== -1 && session.mayBegin(text.slice(open)) ? open : text.length;
      held = text.slice(keep);
      return text.slice(0, keep);
    },
    end: () => {
      const rest = held;
      held = '';
      return rest;
    },
    pending: () => held !== '',
  };
}

interface Choice {
  readonly text: Restorer;
  readonly reasoning: Restorer;
  readonly calls: Map<number, { restorer: Restorer; id: string; name: string }>;
}

/** Restores a canonical stream: text, reasoning and the arguments of tool calls, each choice and call by itself. */
export async function* restoreStream(session: MaskSession, stream: ChatStream): ChatStream {
  const choices = new Map<number, Choice>();
  for await (const batch of stream) {
    if (!session.masked()) {
      yield batch;
      continue;
    }
    const out: ChatEvent[] = [];
    for (const event of batch) restoreEvent(session, choices, event, out);
    if (out.length > 0) yield out;
  }
  const rest: ChatEvent[] = [];
  for (const [index, choice] of choices) flush(choice, index, rest);
  if (rest.length > 0) yield rest;
}

function choiceOf(session: MaskSession, choices: Map<number, Choice>, index: number): Choice {
  let choice = choices.get(index);
  if (choice === undefined) {
    choice = { text: createRestorer(session), reasoning: createRestorer(session), calls: new Map() };
    choices.set(index, choice);
  }
  return choice;
}

/** The choice of an event is left out where it is the first, as providers do. */
const at = (index: number): { choice?: number } => (index === 0 ? {} : { choice: index });

function flushText(choice: Choice, index: number, out: ChatEvent[]): void {
  if (choice.text.pending()) out.push({ type: 'text', delta: choice.text.end(), ...at(index) });
}

function flushReasoning(choice: Choice, index: number, out: ChatEvent[]): void {
  if (choice.reasoning.pending()) out.push({ type: 'reasoning', delta: choice.reasoning.end(), ...at(index) });
}

function flush(choice: Choice, index: number, out: ChatEvent[]): void {
  flushReasoning(choice, index, out);
  flushText(choice, index, out);
  for (const [call, { restorer, id, name }] of choice.calls) {
    if (restorer.pending()) out.push({ type: 'tool-call', index: call, id, name, argumentsDelta: restorer.end(), ...at(index) });
  }
}

function restoreEvent(session: MaskSession, choices: Map<number, Choice>, event: ChatEvent, out: ChatEvent[]): void {
  const index = event.type === 'start' ? 0 : (event.choice ?? 0);
  const choice = choiceOf(session, choices, index);
  switch (event.type) {
    case 'start':
      out.push(event);
      return;
    case 'text':
    case 'reasoning': {
      if (event.type === 'text') flushReasoning(choice, index, out);
      else flushText(choice, index, out);
      const restorer = event.type === 'text' ? choice.text : choice.reasoning;
      const untouched = !restorer.pending();
      const delta = restorer.push(event.delta);
      if (untouched && delta === event.delta) {
        out.push(event);
        return;
      }
      // The literal an event came as holds the placeholder: without it the dialect encodes the delta anew.
      const { json: _, ...rest } = event;
      if (delta !== '' || (event.type === 'text' && event.logprobs !== undefined)) out.push({ ...rest, delta });
      return;
    }
    case 'tool-call': {
      flushReasoning(choice, index, out);
      flushText(choice, index, out);
      let call = choice.calls.get(event.index);
      const begins = call === undefined;
      if (call === undefined) {
        call = { restorer: createRestorer(session, true), id: event.id, name: event.name };
        choice.calls.set(event.index, call);
      }
      const argumentsDelta = call.restorer.push(event.argumentsDelta);
      if (begins || argumentsDelta !== '') out.push({ ...event, argumentsDelta });
      return;
    }
    case 'finish':
      flush(choice, index, out);
      out.push(event);
      return;
  }
}
