import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayError } from '../../core/errors.ts';
import type { ChatCall, Provider } from '../../core/provider.ts';
import { parseJson } from '../../stream/json.ts';
import { type Line, type Operation, toFailure } from './wire.ts';

type LoadCall = Parameters<NonNullable<Provider['load']>>[0];

const readBody = async (request: IncomingMessage): Promise<object> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 0 ? {} : (parseJson(Buffer.concat(parts)) as object);
};

/** Answers another process's call of a provider of this one. Leaving the connection cancels the call. */
export async function serveProvider(provider: Provider, operation: Operation, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const left = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) left.abort(new GatewayError('client-closed', 'The caller left.'));
  });
  const { signal } = left;
  try {
    const body = await readBody(request);
    if (operation === 'chat') {
      for await (const events of provider.chat({ ...(body as ChatCall), signal })) await write(response, events);
      response.end();
      return;
    }
    const value = await {
      models: () => provider.models(signal),
      loaded: () => provider.loaded(signal),
      health: () => provider.health(signal),
      load: () => provider.load?.({ ...(body as LoadCall), signal }),
    }[operation]();
    response.end(JSON.stringify({ value }));
  } catch (thrown) {
    const line: Line = { failure: toFailure(thrown) };
    response.end(`${JSON.stringify(line)}\n`);
  }
}

const write = async (response: ServerResponse, line: Line): Promise<void> => {
  if (response.write(`${JSON.stringify(line)}\n`) || response.destroyed) return;
  await new Promise<void>((resolve) => void response.once('drain', resolve).once('close', resolve));
};
