import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';

/** Found by walking up from here: compiled copies lie deeper. */
const FOLDERS = ['../ui/', '../../ui/'].map((path) => new URL(path, import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
};

/** The page's own files and the gateway itself, nothing else; no text may become markup or script. */
const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Asked for anew each time, answered with 304 while unchanged: an upgrade shows at once.
  'cache-control': 'no-cache',
};

interface Asset {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
}

async function readAssets(): Promise<ReadonlyMap<string, Asset>> {
  for (const folder of FOLDERS) {
    const names = await readdir(folder).catch(() => undefined);
    if (names === undefined) continue;
    const served = names.filter((name) => (name.split('.').at(-1) ?? '') in TYPES);
    const assets = await Promise.all(
      served.map(async (name): Promise<[string, Asset]> => {
        const body = await readFile(new URL(name, folder));
        const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
        return [name, { body, type: TYPES[name.split('.').at(-1) ?? ''] as string, etag }];
      }),
    );
    return new Map(assets);
  }
  throw new Error('the folder ui is missing beside the program');
}

/** The page for people at /ui. It holds no data, so it needs no key; the calls it makes do. */
export default async function ui(app: FastifyInstance): Promise<void> {
  // Read when first asked for: the start does not wait for a page that few look at.
  let loaded: Promise<ReadonlyMap<string, Asset>> | undefined;
  const send = async (name: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    loaded ??= readAssets();
    const asset = (await loaded).get(name);
    if (asset === undefined) throw new GatewayError('not-found', 'There is no such file.');
    void reply.headers({ ...HEADERS, etag: asset.etag });
    const known = request.headers['if-none-match']?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === asset.etag);
    if (known === true) return reply.code(304).send();
    return reply.type(asset.type).send(asset.body);
  };
  const open = { config: { access: 'public' as const } };
  app.get('/ui', open, (request, reply) => send('index.html', request, reply));
  app.get<{ Params: { file: string } }>('/ui/:file', open, (request, reply) => send(request.params.file, request, reply));
}
