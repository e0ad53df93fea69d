import type { ChatEvent, ChatResult } from '../../src/core/chat.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Dialect, EncodeContext } from '../../src/dialects/dialect.ts';
import { createCollector } from '../../src/stream/collect.ts';

/** What a dialect gets for the answer to `body`, at a fixed time and with a fixed id. */
export function contextFor(dialect: Dialect, body: object): EncodeContext {
  const decoded = dialect.decode(body);
  return {
    id: '00000000-0000-4000-8000-000000000000',
    now: () => 1_700_000_001_000,
    model: decoded.request.model,
    startedAt: 1_700_000_000_000,
    request: decoded.request,
    includeUsage: decoded.includeUsage,
    inputTokens: () => 5,
    ...(decoded.echo !== undefined && { echo: decoded.echo }),
  };
}

export const finish = (reason: Extract<ChatEvent, { type: 'finish' }>['reason'] = 'stop', more: object = {}): ChatEvent => ({
  type: 'finish',
  reason,
  usage: { inputTokens: 3, outputTokens: 2 },
  ...more,
});

/** All frames of a stream, as the bytes of a body. */
export function stream(dialect: Dialect, context: EncodeContext, events: readonly ChatEvent[], failure?: GatewayError): string {
  const encoder = dialect.frames(context);
  const frames = events.map((event) => encoder.event(event)).join('');
  return frames + (failure === undefined ? encoder.end() : encoder.fail(failure));
}

/** The JSON objects of server-sent events, in order. */
export const framesOf = (text: string): Record<string, unknown>[] =>
  text
    .split('\n\n')
    .filter((block) => block.includes('data: {'))
    .map((block) => JSON.parse(block.slice(block.indexOf('data: ') + 6)) as Record<string, unknown>);

/** The results that the same events fold to. */
export function results(events: readonly ChatEvent[]): ChatResult[] {
  const collector = createCollector('m');
  for (const event of events) collector.add(event);
  return collector.results();
}

/** The refusal of a body; fails when it is taken. */
export function refusal(dialect: Dialect, body: object): GatewayError {
  try {
    dialect.decode(body);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('the body was taken');
}
