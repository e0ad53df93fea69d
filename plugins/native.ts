import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';
import type { ForwardAnswer } from '../src/core/provider.ts';
import { callSignal } from './call-signal.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The cancel signal of a call that may take hours (a pull, an upload): the client leaves, or the gateway shuts down. */
    longSignal: (reply: FastifyReply) => AbortSignal;
    /** Writes progress as NDJSON, one write a line; or its last object alone. */
    progress: (reply: FastifyReply, lines: AsyncIterable<object>, streamed: boolean) => Promise<FastifyReply>;
    /** An upstream's own answer, byte for byte. */
    relay: (reply: FastifyReply, answer: ForwardAnswer) => FastifyReply;
  }
}

/** The longest a timer can be set for, ms: about 24 days. */
const LONGEST = 2 ** 31 - 1;

/** How answers of Ollama's management calls leave. */
export default fp(
  (app: FastifyInstance, _options, done) => {
    const { services } = app;

    app.decorate('longSignal', (reply: FastifyReply) => {
      const { signal, dispose } = callSignal(reply, LONGEST, services.closing);
      reply.raw.once('close', dispose);
      return signal;
    });

    app.decorate('progress', async (reply: FastifyReply, lines: AsyncIterable<object>, streamed: boolean) => {
      if (streamed)
        return reply
          .type('application/x-ndjson')
          .header('cache-control', 'no-cache, no-store')
          .send(Readable.from(ndjson(lines)));
      let last: object = {};
      for await (const line of lines) last = line;
      // Ollama answers 500 here, whatever kept the registry from giving the model.
      if ('error' in last) throw new GatewayError('upstream-failed', String(last.error), { status: 500, retryable: false });
      return reply.type('application/json').send(JSON.stringify(last));
    });

    app.decorate('relay', (reply: FastifyReply, answer: ForwardAnswer) =>
      reply
        .code(answer.status)
        .type(answer.headers['content-type'] ?? 'application/json')
        .send(Readable.from(answer.body)),
    );
    done();
  },
  { name: 'native', dependencies: ['gateway'] },
);

async function* ndjson(lines: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}
