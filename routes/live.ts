import type { FastifyInstance } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';

/** Streams open at once, over all callers. */
const MAX_STREAMS = 64;
/** Events kept for a reader that is slow; older ones go first. */
const MAX_WAITING = 256;
/** A stream ends after this long and the reader comes back, so that a revoked key does not listen on for ever. */
const LIFE_MS = 15 * 60_000;
const HEARTBEAT_MS = 15_000;

/** Decisions as they are made, as server-sent events: all of them for an admin, for a user key the finished ones of its own. */
export default async function live(app: FastifyInstance): Promise<void> {
  const { services } = app;
  const streams = new Set<() => void>();
  const endAll = (): void => {
    for (const end of streams) end();
  };
  // The server waits for open answers when it closes; this one would never be complete.
  app.addHook('preClose', (done) => {
    endAll();
    done();
  });
  services.closing.addEventListener('abort', endAll, { once: true });

  app.get<{ Querystring: { limit?: string } }>('/orchestrator/live', { exposeHeadRoute: false }, (request, reply) => {
    if (streams.size >= MAX_STREAMS) {
      throw new GatewayError('unavailable', `${MAX_STREAMS} live streams are open already.`, { code: 'too_many_streams', retryAfterMs: 10_000 });
    }
    const { role, key } = request.caller;
    const own = role === 'admin' ? undefined : (key?.id ?? '');
    const asked = Number(request.query.limit ?? 50);
    const limit = Number.isFinite(asked) ? Math.min(500, Math.max(0, Math.trunc(asked))) : 50;
    const { raw } = reply;
    const waiting: string[] = [];
    let dropped = 0;

    reply.hijack();
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-store',
      'x-accel-buffering': 'no',
    });
    const frame = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    raw.write(`retry: 2000\n\n${frame('snapshot', { own: own !== undefined, decisions: limit === 0 ? [] : services.decisions(limit, own) })}`);

    const send = (text: string): void => {
      if (!raw.writableNeedDrain) return void raw.write(text);
      waiting.push(text);
      if (waiting.length > MAX_WAITING) {
        waiting.shift();
        dropped += 1;
      }
    };
    const flush = (): void => {
      const late = dropped === 0 ? '' : frame('dropped', { count: dropped });
      dropped = 0;
      const text = late + waiting.splice(0).join('');
      if (text !== '') raw.write(text);
    };
    const stop = services.watchDecisions(({ type, record, keyId }) => {
      if (own === undefined || keyId === own) send(frame(type, record));
    });
    const { heartbeat_ms: every } = services.config().server;
    const heart = setInterval(() => !raw.writableNeedDrain && raw.write(': still here\n\n'), every === 0 ? HEARTBEAT_MS : every);
    const end = (): void => void raw.end();
    const life = setTimeout(end, LIFE_MS);
    streams.add(end);
    raw.on('drain', flush);
    raw.once('close', () => {
      stop();
      clearInterval(heart);
      clearTimeout(life);
      streams.delete(end);
    });
    if (services.closing.aborted) end();
  });
}
