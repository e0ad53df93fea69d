import { hash } from 'node:crypto';
import type { ChatRequest } from '../core/chat.ts';

/** Fields of `extra` that name the request or its sender but cannot change the answer. */
const IRRELEVANT = new Set(['user', 'metadata', 'store', 'safety_identifier', 'prompt_cache_key', 'service_tier']);

/**
 * The key of an exact cache entry: everything that can change the answer. `scope` holds the tenant, the digests of the models
 * that could answer and the version of the policy.
 */
export function cacheKey(request: ChatRequest, scope: string): string {
  const { extra, keepAliveS: _keepAlive, dialect, ...relevant } = request;
  const rest = Object.entries(extra).filter(([name]) => !IRRELEVANT.has(name));
  return hash('sha256', JSON.stringify([scope, relevant, dialect, rest.sort(([a], [b]) => (a < b ? -1 : 1))]), 'base64url');
}

/** Whether an answer may be reused at all: not when it was sampled (unless wanted), nor when it may call tools. */
export function isCacheable(request: ChatRequest, sampled: boolean): boolean {
  if (request.tools.length > 0) return false;
  return sampled || (request.sampling.temperature ?? 0) === 0;
}
