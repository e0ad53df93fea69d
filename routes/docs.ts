import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { parse } from 'yaml';
import { type ApiDocument, renderApiPage } from '../src/dialects/orchestrator/api-page.ts';

/** Found by walking up from here: compiled copies lie deeper. */
const DOCUMENTS = ['../openapi.yaml', '../../openapi.yaml'].map((path) => new URL(path, import.meta.url));

/** The page has styles of its own and needs nothing else, so nothing else is allowed. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

async function readDocument(): Promise<string> {
  for (const url of DOCUMENTS) {
    const text = await readFile(url, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  throw new Error('openapi.yaml is missing beside the program');
}

export default async function docs(app: FastifyInstance): Promise<void> {
  // Read when first asked for: the start does not wait for a page that few look at.
  let loaded: Promise<{ text: string; page: string }> | undefined;
  const load = (): Promise<{ text: string; page: string }> => {
    loaded ??= readDocument().then((text) => ({ text, page: renderApiPage(parse(text) as ApiDocument) }));
    return loaded;
  };
  app.get('/openapi.yaml', { config: { access: 'public' } }, async (_request, reply) =>
    reply.type('application/yaml; charset=utf-8').send((await load()).text),
  );
  app.get('/docs', { config: { access: 'public' } }, async (_request, reply) =>
    reply
      .headers({ 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' })
      .type('text/html; charset=utf-8')
      .send((await load()).page),
  );
}
