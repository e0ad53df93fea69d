/** Ollama's error text; llama-server's JSON inside the string is opened. */
export function unwrapError(text: string): string {
  let message: unknown = text.trim();
  for (let depth = 0; depth < 4; depth++) {
    if (typeof message === 'string' && message.startsWith('{')) {
      try {
        message = JSON.parse(message);
      } catch {
        break;
      }
    }
    if (typeof message !== 'object' || message === null) break;
    const inner = message as { error?: unknown; message?: unknown };
    message = inner.error ?? inner.message ?? '';
  }
  return typeof message === 'string' ? message.slice(0, 2_000) : '';
}
