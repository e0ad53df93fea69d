import type { ChatStream, Usage } from '../../core/chat.ts';
import { type ErrorKind, GatewayError } from '../../core/errors.ts';
import type { Observer } from '../../core/observation.ts';
import type { ChatCall, Wrap } from '../../core/provider.ts';
import { isContent } from '../../stream/peek.ts';
import { tapped } from '../../stream/tap.ts';

/** Reports every call of a model once, however it ended. `now` is epoch ms with fractions. */
export const withObserver =
  (observe: Observer, now: () => number): Wrap =>
  (inner) => {
    const chat = (call: ChatCall): ChatStream => {
      let startedAt = 0;
      let firstAt: number | undefined;
      let usage: Usage = {};
      let loadMs: number | undefined;
      let outcome: 'ok' | ErrorKind = 'client-closed';
      return tapped(inner.chat(call), {
        start: () => {
          startedAt = now();
          return undefined;
        },
        batch: (batch) => {
          if (firstAt === undefined && batch.some(isContent)) firstAt = now();
          const last = batch.at(-1);
          if (last?.type !== 'finish') return;
          usage = last.usage;
          loadMs = last.timings?.loadMs;
          outcome = 'ok';
        },
        error: (thrown) => {
          const error = GatewayError.from(thrown);
          outcome = error.kind;
          return error;
        },
        close: () =>
          observe({
            type: 'call',
            requestId: call.requestId,
            target: { provider: inner.name, model: call.model },
            outcome,
            usage,
            durationMs: now() - startedAt,
            ...(firstAt !== undefined && { timeToFirstTokenMs: firstAt - startedAt }),
            ...(loadMs !== undefined && { loadMs }),
          }),
      });
    };
    return { ...inner, chat };
  };
