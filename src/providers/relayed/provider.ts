import type { ChatStream } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { DiscoveredModel, LoadedModel } from '../../core/model.ts';
import type { ChatCall, Provider, ProviderKind } from '../../core/provider.ts';
import { parseJson } from '../../stream/json.ts';
import { createLineSplitter } from '../../stream/lines.ts';
import { createHttpClient, readText } from '../http.ts';
import { type Failure, fromFailure, type Line, type Operation } from './wire.ts';

const CONNECT_MS = 1_000;
const MAX_ANSWER = 16 << 20;

/** A provider that runs in another process of this gateway, behind a socket of this machine. */
export function createRelayedProvider(options: { readonly name: string; readonly kind: ProviderKind; readonly socket: string }): Provider {
  const { name, kind, socket } = options;
  const client = createHttpClient({ target: name, url: 'http://lead', connectMs: CONNECT_MS, socket });

  const open = (operation: Operation, body: object, signal: AbortSignal) =>
    client.open({ method: 'POST', path: `/providers/${encodeURIComponent(name)}/${operation}`, body: JSON.stringify(body), signal });

  const ask = async <T>(operation: Operation, signal: AbortSignal, body: object = {}): Promise<T> => {
    const text = await readText(await open(operation, body, signal), MAX_ANSWER, name);
    const answer = parseJson(Buffer.from(text)) as { value: T } | { failure: Failure };
    if ('failure' in answer) throw fromFailure(answer.failure);
    return answer.value;
  };

  async function* chat({ signal, ...call }: ChatCall): ChatStream {
    const answer = await open('chat', call, signal);
    const lines = createLineSplitter();
    let ended = false;
    for await (const chunks of answer.body) {
      for (const chunk of chunks) {
        for (const text of lines.push(chunk)) {
          const line = parseJson(Buffer.from(text)) as Line;
          if ('failure' in line) throw fromFailure(line.failure);
          ended = line.at(-1)?.type === 'finish';
          yield line;
        }
      }
    }
    // The other process died in the middle of its answer.
    if (!ended) throw new GatewayError('upstream-failed', `'${name}' ended its answer before it was complete.`, { target: name, code: 'incomplete_answer' });
  }

  return {
    name,
    kind,
    chat,
    models: (signal) => ask<readonly DiscoveredModel[]>('models', signal),
    loaded: (signal) => ask<readonly LoadedModel[]>('loaded', signal),
    health: (signal) => ask<{ version?: string }>('health', signal),
    load: ({ signal, ...call }) => ask<void>('load', signal, call),
    close: () => client.close(),
  };
}
