const ROLES = new Set(['system', 'developer', 'user', 'assistant']);

/** Fields a plain request may have, each with what the schema surely takes as it is. */
const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  model: (value) => typeof value === 'string' && value !== '' && value.length <= 512 && value.trim() === value,
  messages: (value) => Array.isArray(value) && value.length > 0 && value.length <= 100_000 && value.every(isPlainMessage),
  stream: (value) => typeof value === 'boolean',
  max_tokens: isTokens,
  max_completion_tokens: isTokens,
  temperature: (value) => typeof value === 'number' && value >= 0 && value <= 5,
  top_p: (value) => typeof value === 'number' && value >= 0 && value <= 1,
};

function isTokens(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 100_000_000;
}

function isPlainMessage(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const key in value) if (key !== 'role' && key !== 'content') return false;
  const { role, content } = value as { role?: unknown; content?: unknown };
  return typeof content === 'string' && ROLES.has(role as string);
}

/**
 * Whether a body of /v1/chat/completions holds nothing but texts and a few numbers in their bounds, as most do: the schema would
 * give it back as it is, at ten times the cost. Anything else, and all that is wrong, is for the schema to judge.
 */
export function isPlainChat(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || !('model' in body) || !('messages' in body)) return false;
  for (const key in body) {
    const check = Object.hasOwn(CHECKS, key) ? CHECKS[key] : undefined;
    if (check === undefined || !check((body as Record<string, unknown>)[key])) return false;
  }
  return true;
}
