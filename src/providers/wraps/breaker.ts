import type { ChatStream } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ChatCall, Wrap } from '../../core/provider.ts';
import { tapped } from '../../stream/tap.ts';
import type { Health } from '../health.ts';

/** Refuses calls to what failed lately and tells `health` how each call ended. */
export const withBreaker =
  (health: Health, now: () => number): Wrap =>
  (inner) => {
    const chat = (call: ChatCall): ChatStream => {
      const ref = { provider: inner.name, model: call.model };
      let decided = false;
      return tapped(inner.chat(call), {
        start: () => {
          const refused = health.admit(ref, call.insist);
          if (refused !== undefined) {
            throw new GatewayError('unavailable', `'${inner.name}' failed repeatedly and is given a moment to recover.`, {
              target: inner.name,
              code: 'cooling',
              retryAfterMs: Math.max(1, refused.until - now()),
              useless: refused.failing,
            });
          }
          return undefined;
        },
        batch: (batch) => {
          if (decided || !batch.some((event) => event.type === 'finish')) return;
          decided = true;
          health.succeeded(ref);
        },
        error: (thrown) => {
          const error = GatewayError.from(thrown);
          if (!decided && error.kind !== 'client-closed') {
            decided = true;
            if (error.retryable || error.kind === 'model-not-found') health.failed(ref, error);
            else health.undecided(ref);
          }
          return error;
        },
        close: () => {
          if (!decided) health.undecided(ref);
        },
      });
    };
    return { ...inner, chat };
  };
