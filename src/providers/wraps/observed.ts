import type { ChatStream, Usage } from '../../core/chat.ts';
import { type ErrorKind, GatewayError } from '../../core/errors.ts';
import type { Observer } from '../../core/observation.ts';
import type { ChatCall, Wrap } from '../../core/provider.ts';
import { isContent } from '../../stream/peek.ts';

/** Reports every call of a model once, however it ended. `now` is epoch ms with fractions. */
export const withObserver =
  (observe: Observer, now: () => number): Wrap =>
  (inner) => {
    async function* chat(call: ChatCall): ChatStream {
      const startedAt = now();
      let firstAt: number | undefined;
      let usage: Usage = {};
      let loadMs: number | undefined;
      let outcome: 'ok' | ErrorKind = 'client-closed';
      try {
        for await (const batch of inner.chat(call)) {
          if (firstAt === undefined && batch.some(isContent)) firstAt = now();
          const last = batch.at(-1);
          if (last?.type === 'finish') {
            usage = last.usage;
            loadMs = last.timings?.loadMs;
            outcome = 'ok';
          }
          yield batch;
        }
      } catch (thrown) {
        const error = GatewayError.from(thrown);
        outcome = error.kind;
        throw error;
      } finally {
        observe({
          type: 'call',
          requestId: call.requestId,
          target: { provider: inner.name, model: call.model },
          outcome,
          usage,
          durationMs: now() - startedAt,
          ...(firstAt !== undefined && { timeToFirstTokenMs: firstAt - startedAt }),
          ...(loadMs !== undefined && { loadMs }),
        });
      }
    }
    return { ...inner, chat };
  };
