import type { Observer } from '../core/observation.ts';

interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

const round = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.round(ms * 10) / 10);

/** One line a request, of named fields only: never a prompt, an answer, a header or an address. */
export const createRequestLog =
  (log: Log): Observer =>
  (item) => {
    if (item.type !== 'finished') return;
    const fields = {
      requestId: item.requestId,
      operation: item.operation,
      outcome: item.outcome,
      task: item.task,
      strategy: item.strategy,
      provider: item.target?.provider,
      model: item.target?.model,
      durationMs: round(item.durationMs),
      firstTokenMs: round(item.timeToFirstTokenMs),
      inputTokens: item.usage.inputTokens,
      outputTokens: item.usage.outputTokens,
    };
    if (item.outcome === 'ok' || item.outcome === 'client-closed') log.info(fields, 'request');
    else log.warn(fields, 'request');
  };
