import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Handler } from './upstream.ts';

/** What a scripted model says, piece by piece. */
export type Piece =
  | { readonly text: string }
  | { readonly reasoning: string }
  /** A piece of a call; the first of an index carries its id and name. */
  | { readonly call: number; readonly id?: string; readonly name?: string; readonly args: string };

export interface Script {
  readonly pieces: readonly Piece[];
  /** 'break': the connection is cut after the pieces; 'hang': nothing more comes. */
  readonly end?: 'stop' | 'length' | 'break' | 'hang';
  /** True: every byte is written by itself. */
  readonly bytewise?: boolean;
}

export const USAGE = { input: 12, output: 5 } as const;

async function write(response: ServerResponse, body: string, script: Script): Promise<void> {
  if (script.bytewise === true) {
    for (const byte of Buffer.from(body)) {
      response.write(Buffer.of(byte));
      await setImmediate();
    }
  } else response.write(body);
  if (script.end === 'hang') return;
  if (script.end !== 'break') {
    response.end();
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, 30));
  response.destroy();
}

/** Tells a script as Ollama does: calls come whole, each by itself. */
export const playNative =
  (script: Script): Handler =>
  async (seen, response) => {
    const generate = seen.path.endsWith('/generate');
    const line = (message: { content?: string; thinking?: string; tool_calls?: object[] }, more: object = { done: false }): string => {
      const { content = '', thinking, ...rest } = message;
      const said = generate
        ? { response: content, ...(thinking !== undefined && { thinking }) }
        : { message: { role: 'assistant', content, ...(thinking !== undefined && { thinking }), ...rest } };
      return `${JSON.stringify({ model: seen.body['model'], created_at: '2026-01-01T00:00:00Z', ...said, ...more })}\n`;
    };
    const calls = new Map<number, { id: string; name: string; args: string }>();
    let body = '';
    for (const piece of script.pieces) {
      if ('text' in piece) body += line({ content: piece.text });
      else if ('reasoning' in piece) body += line({ thinking: piece.reasoning });
      else {
        const known = calls.get(piece.call) ?? { id: piece.id ?? '', name: piece.name ?? '', args: '' };
        calls.set(piece.call, { ...known, args: known.args + piece.args });
      }
    }
    for (const { id, name, args } of calls.values())
      body += line({ tool_calls: [{ id, function: { index: 0, name, arguments: JSON.parse(args) as object } }] });
    if (script.end !== 'break' && script.end !== 'hang') {
      body += line(
        {},
        { done: true, done_reason: script.end ?? 'stop', prompt_eval_count: USAGE.input, eval_count: USAGE.output, total_duration: 5e6, eval_duration: 2e6 },
      );
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    await write(response, body, script);
  };

/** Tells a script as OpenAI's chat stream does, or its legacy completions by their path. */
export const playOpenAi =
  (script: Script): Handler =>
  async (seen, response) => {
    const legacy = seen.path.endsWith('/v1/completions');
    const chunk = (choice: object): string =>
      `data: ${JSON.stringify({ id: 'x', created: 1, model: 'up', choices: [{ index: 0, finish_reason: null, ...choice }] })}\n\n`;
    let body = legacy ? '' : chunk({ delta: { role: 'assistant', content: '' } });
    let called = false;
    for (const piece of script.pieces) {
      if ('text' in piece) body += chunk(legacy ? { text: piece.text } : { delta: { content: piece.text } });
      else if ('reasoning' in piece) body += legacy ? '' : chunk({ delta: { reasoning_content: piece.reasoning } });
      else {
        called = true;
        const first = piece.id === undefined ? {} : { id: piece.id, type: 'function' };
        body += chunk({
          delta: { tool_calls: [{ index: piece.call, ...first, function: { ...(piece.name !== undefined && { name: piece.name }), arguments: piece.args } }] },
        });
      }
    }
    if (script.end !== 'break' && script.end !== 'hang') {
      body += chunk({ ...(legacy ? { text: '' } : { delta: {} }), finish_reason: called ? 'tool_calls' : (script.end ?? 'stop') });
      body += `data: {"choices":[],"usage":{"prompt_tokens":${USAGE.input},"completion_tokens":${USAGE.output},"total_tokens":${USAGE.input + USAGE.output}}}\n\ndata: [DONE]\n\n`;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    await write(response, body, script);
  };
