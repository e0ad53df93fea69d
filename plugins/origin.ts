import { hostname, networkInterfaces } from 'node:os';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { createOrigins, hostName, isLocalHost } from '../src/origins.ts';

const STAINLESS = 'Arch Async Custom-Poll-Interval Helper-Method Lang Os Package-Version Poll-Helper Retry-Count Runtime Runtime-Version Timeout';
/** Ollama's list, and behind it what OpenAI's and Anthropic's browser clients send too. */
const ALLOWED_HEADERS = [
  ...['Authorization', 'Content-Type', 'User-Agent', 'Accept', 'X-Requested-With', 'OpenAI-Beta'],
  ...STAINLESS.split(' ').map((name) => `X-Stainless-${name}`),
  ...['OpenAI-Organization', 'OpenAI-Project', 'Idempotency-Key', 'X-Api-Key', 'Cache-Control', 'Last-Event-ID'],
  ...['Anthropic-Version', 'Anthropic-Beta', 'Anthropic-Dangerous-Direct-Browser-Access', 'Mcp-Session-Id', 'Mcp-Protocol-Version'],
].join(', ');

const PREFLIGHT = {
  'access-control-allow-methods': 'GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS',
  'access-control-allow-headers': ALLOWED_HEADERS,
  'access-control-max-age': '43200',
};

/** More than one Host header, or a target for another host: what the gateway checks must be what it serves. */
function isAmbiguous({ raw }: FastifyRequest): boolean {
  const { rawHeaders } = raw;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1) return true;
  const target = raw.url ?? '';
  if (target.startsWith('/') || target === '*') return false;
  const authority = /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];
  return authority === undefined || authority.toLowerCase() !== (raw.headers.host ?? '').toLowerCase();
}

/**
 * Who may call from where, in Ollama's manner: a page of a foreign origin gets 403 whatever it asks, allowed ones get their CORS
 * headers, and on a loopback bind the Host must be a name of this machine (else any web page could point a name of its own here).
 */
export default fp(
  (app: FastifyInstance, _options, done) => {
    const { services } = app;
    const { server } = services.config();
    const origins = createOrigins(server.origins);
    const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
    const names = { own: [hostname(), ...addresses], configured: server.hosts };

    let welcome: string | undefined;
    const refuse = (reply: FastifyReply, status: number): FastifyReply => reply.code(status).send();

    app.addHook('onRequest', (request, reply, next) => {
      if (isAmbiguous(request)) return void refuse(reply, 400);
      const host = request.headers.host ?? '';
      // Most requests come by the same name as the one before.
      if (services.loopback && host !== welcome) {
        if (!isLocalHost(host, names)) return void refuse(reply, 403);
        welcome = host;
      }
      const { origin } = request.headers;
      if (origin === undefined) {
        if (request.method === 'OPTIONS' && services.loopback && !/^[\d.:]*$/.test(hostName(host) ?? '')) return void refuse(reply, 204);
        return next();
      }
      if (origin === `http://${host}` || origin === `https://${host}`) return next();
      if (!origins.allows(origin)) return void refuse(reply, 403);
      void reply.headers(origins.any ? { 'access-control-allow-origin': '*' } : { 'access-control-allow-origin': origin, vary: 'Origin' });
      if (request.method === 'OPTIONS') return void reply.code(204).headers(PREFLIGHT).send();
      next();
    });
    done();
  },
  { name: 'origin', dependencies: ['gateway'] },
);
