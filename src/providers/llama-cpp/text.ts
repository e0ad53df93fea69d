import type { LlamaModel, Token } from 'node-llama-cpp';

/** A character of UTF-8 has at most four bytes, each of which may be a token; beyond that the bytes are simply broken. */
const PENDING_MAX = 4;
/** Tokens before the new ones, by which the engine decides about blanks. */
const CONTEXT = 4;

/** Turns tokens into text and holds back characters of which only some bytes have come. */
export function createDetokenizer(model: Pick<LlamaModel, 'detokenize'>): { push(token: Token): string; end(): string } {
  let pending: Token[] = [];
  let before: Token[] = [];
  const flush = (text: string): string => {
    before = [...before, ...pending].slice(-CONTEXT);
    pending = [];
    return text;
  };
  return {
    push(token) {
      pending.push(token);
      const text = model.detokenize(pending, false, before);
      return text.endsWith('\uFFFD') && pending.length < PENDING_MAX ? '' : flush(text);
    },
    end: () => (pending.length === 0 ? '' : flush(model.detokenize(pending, false, before))),
  };
}
