import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True: the body is an upload of any length, cut off only when nothing more of it comes. */
    upload?: boolean;
  }
}

/** How long a body may take, or an upload may pause, ms. */
const BODY_MS = 60_000;

/** A body that trickles in must not hold a connection for ever. Node's own clock knows one limit for all routes, and uploads take hours. */
export default fp(
  (app: FastifyInstance, { ms = BODY_MS }: { ms?: number }, done) => {
    app.addHook('onRequest', (request, reply, next) => {
      const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
      if (encoding !== undefined || (length !== undefined && length !== '0')) watch(request, reply, ms);
      next();
    });
    done();
  },
  { name: 'body-clock' },
);

function watch({ raw, routeOptions }: FastifyRequest, reply: FastifyReply, ms: number): void {
  const upload = routeOptions.config?.upload === true;
  let seen = raw.socket.bytesRead;
  const late = (): void => {
    if (upload && raw.socket.bytesRead > seen) {
      seen = raw.socket.bytesRead;
      timer.refresh();
      return;
    }
    if (!reply.raw.headersSent) {
      reply.hijack();
      reply.raw.writeHead(408, { connection: 'close' }).end();
    }
    raw.destroy();
  };
  const timer = setTimeout(late, ms);
  const stop = (): void => clearTimeout(timer);
  raw.once('end', stop).once('close', stop);
}
