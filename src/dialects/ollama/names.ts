/** The parts of a model name in Ollama's grammar: [scheme://][host/][namespace/]model[:tag]. */
export interface ModelName {
  readonly host: string;
  readonly namespace: string;
  readonly model: string;
  readonly tag: string;
}

const HOST = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}$/;
const NAMESPACE = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$/;
const PART = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/;

/** Reads a name; undefined when it is outside the grammar (so a name can never reach out of a path). */
export function parseName(written: string): ModelName | undefined {
  const text = written.trim().replace(/^[a-z]{1,16}:\/\//i, '');
  if (text.length > 600) return undefined;
  const colon = text.lastIndexOf(':');
  const tagged = colon > text.lastIndexOf('/');
  const parts = (tagged ? text.slice(0, colon) : text).split('/');
  if (parts.length > 3) return undefined;
  const [model = '', namespace = 'library', host = 'registry.ollama.ai'] = parts.toReversed();
  const name = { host, namespace, model, tag: tagged ? text.slice(colon + 1) : 'latest' };
  return HOST.test(host) && NAMESPACE.test(namespace) && PART.test(model) && PART.test(name.tag) ? name : undefined;
}

const SOURCE = /:(?:local|cloud)$/i;

/** Whether a name says twice where its model is to run, which Ollama refuses. */
export const isTwoSources = (name: string): boolean => SOURCE.test(name.trim()) && SOURCE.test(name.trim().replace(SOURCE, ''));

/** Names without a tag mean ':latest'; lists show the tag. */
export const displayName = (name: string): string => (name.lastIndexOf(':') > name.lastIndexOf('/') ? name : `${name}:latest`);

const DIGEST = /^sha256[:-]([0-9a-fA-F]{64})$/;

/** A blob's digest as 'sha256:<64 hex>'; undefined when it is none. */
export function parseDigest(text: string): string | undefined {
  const hex = DIGEST.exec(text)?.[1];
  return hex === undefined ? undefined : `sha256:${hex.toLowerCase()}`;
}
