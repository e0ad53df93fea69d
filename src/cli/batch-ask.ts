import { setTimeout as delay } from 'node:timers/promises';
import type { BatchItem } from './batch-input.ts';
import type { BatchAnswer } from './batch-run.ts';

interface Completion {
  readonly choices?: readonly { readonly message?: { readonly content?: string | null } }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number };
  readonly error?: { readonly message?: string };
}

/** Attempts at one question while the gateway says it is busy. */
const MAX_ATTEMPTS = 6;

/** Asks a gateway one question of a batch; waits and asks again while it is busy. Throws an Error in words. */
export function createAsker(url: string, key: string | undefined, model: string) {
  return async ({ id, body }: BatchItem, signal: AbortSignal): Promise<BatchAnswer> => {
    for (let attempt = 1; ; attempt += 1) {
      const startedAt = performance.now();
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
        body: JSON.stringify({ model, ...body, stream: false }),
        signal,
      }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new Error(`the gateway at ${url} does not answer: ${(error as Error).message}`);
      });
      const answer = (await response.json().catch(() => ({}))) as Completion;
      const busy = response.status === 429 || response.status === 503;
      if (busy && attempt < MAX_ATTEMPTS) {
        const wait = Number(response.headers.get('retry-after'));
        await delay(Math.min(60, wait > 0 ? wait : 2 ** attempt) * 1000, undefined, { signal });
        continue;
      }
      if (!response.ok) throw new Error(`${response.status}: ${answer.error?.message ?? 'no reason was given'}`);
      const header = (name: string): string | undefined => response.headers.get(`x-orchestrator-${name}`) ?? undefined;
      const provider = header('provider');
      const task = header('task');
      return {
        id,
        answer: answer.choices?.[0]?.message?.content ?? '',
        model: header('model') ?? header('strategy') ?? model,
        ...(provider !== undefined && { provider }),
        ...(task !== undefined && { task }),
        tokens: { input: answer.usage?.prompt_tokens ?? 0, output: answer.usage?.completion_tokens ?? 0 },
        seconds: Number(((performance.now() - startedAt) / 1000).toFixed(3)),
      };
    }
  };
}
