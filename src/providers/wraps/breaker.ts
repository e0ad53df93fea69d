import type { ChatStream } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ChatCall, Wrap } from '../../core/provider.ts';
import type { Health } from '../health.ts';

/** Refuses calls to what failed lately and tells `health` how each call ended. */
export const withBreaker =
  (health: Health, now: () => number): Wrap =>
  (inner) => {
    async function* chat(call: ChatCall): ChatStream {
      const ref = { provider: inner.name, model: call.model };
      const admitted = health.admit(ref);
      if (admitted !== true) {
        throw new GatewayError('unavailable', `'${inner.name}' failed repeatedly and is given a moment to recover.`, {
          target: inner.name,
          code: 'cooling',
          retryAfterMs: Math.max(1, admitted - now()),
        });
      }
      let decided = false;
      try {
        for await (const batch of inner.chat(call)) {
          if (!decided && batch.some((event) => event.type === 'finish')) {
            decided = true;
            health.succeeded(ref);
          }
          yield batch;
        }
      } catch (thrown) {
        const error = GatewayError.from(thrown);
        if (!decided && error.kind !== 'client-closed') {
          decided = true;
          if (error.retryable) health.failed(ref, error);
          else health.undecided(ref);
        }
        throw error;
      } finally {
        if (!decided) health.undecided(ref);
      }
    }
    return { ...inner, chat };
  };
