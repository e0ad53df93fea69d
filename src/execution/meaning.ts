import { agreement } from '../quality/agreement.ts';
import { claimTexts } from '../quality/claims.ts';
import type { ExecutionContext, Ledger } from './context.ts';
import { linked } from './members-signal.ts';

/** One embedding per sentence of each answer, in the order of `claimTexts`. */
export type Vectors = readonly (readonly (readonly number[])[])[];

/** Longest time that embedding the members' sentences may take, in ms; then the comparison goes on by n-grams. */
const EMBED_MS = 1_500;

/**
 * Embeds the sentences of several answers with the fleet's embedding model. Undefined, silently, when there is none, no call is left for it beside the judge's, it fails or takes
 * too long, and when the answers end in something short, which is compared without it. Never throws; stops with the signal.
 */
export async function meaningOf(texts: readonly string[], context: ExecutionContext, ledger: Ledger, signal: AbortSignal): Promise<Vectors | undefined> {
  const { embed } = context;
  if (embed === undefined || texts.length < 2 || !ledger.canSpend(2) || agreement(texts).mode !== 'open') return undefined;
  const sentences = claimTexts(texts);
  const flat = sentences.flat();
  if (flat.length === 0) return undefined;
  const link = linked(signal);
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), context.limits.embedMs ?? EMBED_MS);
  link.signal.addEventListener('abort', () => late.resolve(undefined), { once: true });
  try {
    ledger.spend();
    const result = await Promise.race([embed(flat, link.signal), late.promise]);
    if (result === undefined || result.vectors.length !== flat.length) return undefined;
    ledger.add({ ...(result.inputTokens !== undefined && { inputTokens: result.inputTokens }) });
    let from = 0;
    return sentences.map((own) => {
      from += own.length;
      return result.vectors.slice(from - own.length, from);
    });
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    link.abort();
    link.dispose();
  }
}
