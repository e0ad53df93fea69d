import { setImmediate } from 'node:timers/promises';
import type { ChatStream } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ChatCall, Wrap } from '../../core/provider.ts';
import { isContent } from '../../stream/peek.ts';
import { tapped } from '../../stream/tap.ts';

export interface StreamClocks {
  readonly firstTokenMs: number;
  /** Instead of firstTokenMs while the upstream loads the model. */
  readonly loadMs: number;
  readonly idleMs: number;
}

/**
 * The first-token and the idle clock. Both measure silence of the upstream only: time the reader takes is not counted.
 * When the first token is late, `loading` is asked whether the upstream had to load the model for a call
 * that began at `since` (epoch ms); then the load clock rules.
 */
export const withClocks =
  (clocks: StreamClocks, loading: (model: string, since: number) => Promise<boolean>, now: () => number): Wrap =>
  (inner) => {
    const chat = (call: ChatCall): ChatStream => {
      const controller = new AbortController();
      let startedAt = 0;
      let silentSince = 0;
      let waiting = true;
      let first = true;
      let limit = clocks.firstTokenMs;
      let over = false;
      let timer: NodeJS.Timeout;

      const late = (what: string, ms: number): void =>
        controller.abort(
          new GatewayError('upstream-timeout', `'${inner.name}' ${what} within ${ms} ms.`, {
            target: inner.name,
            code: first ? 'first_token_timeout' : 'idle_timeout',
          }),
        );
      const check = async (): Promise<void> => {
        // Where this process itself was held up, what came meanwhile is still unread: it goes before the verdict.
        const before = first;
        if (waiting && silentSince + limit <= now()) await setImmediate();
        // The first content has set a timer of its own.
        if (over || first !== before) return;
        const left = silentSince + limit - now();
        if (!waiting || left > 0) {
          timer = setTimeout(check, waiting ? left : limit);
          return;
        }
        if (!first) {
          late('sent nothing more', limit);
          return;
        }
        const stillLoading = now() - startedAt < clocks.loadMs && (await loading(call.model, startedAt).catch(() => false));
        if (!stillLoading || !first) {
          if (first) late('sent no first token', limit);
          else timer = setTimeout(check, limit);
          return;
        }
        limit = Math.min(limit + clocks.firstTokenMs, clocks.loadMs);
        timer = setTimeout(check, Math.max(1, silentSince + limit - now()));
      };
      const leave = (): void => controller.abort(call.signal.reason);
      return tapped(inner.chat({ ...call, signal: controller.signal }), {
        start: () => {
          startedAt = now();
          silentSince = startedAt;
          timer = setTimeout(check, limit);
          if (call.signal.aborted) leave();
          else call.signal.addEventListener('abort', leave, { once: true });
          return undefined;
        },
        pull: () => {
          waiting = true;
          if (!first) silentSince = now();
        },
        batch: (batch) => {
          waiting = false;
          if (!batch.some(isContent)) return;
          if (first) {
            first = false;
            limit = clocks.idleMs;
            // The running timer may be far away; the idle clock must not wait for it.
            clearTimeout(timer);
            timer = setTimeout(check, limit);
          }
          silentSince = now();
        },
        close: () => {
          over = true;
          clearTimeout(timer);
          call.signal.removeEventListener('abort', leave);
        },
      });
    };
    return { ...inner, chat };
  };
