import type { LlamaContext, LlamaContextSequence, Token } from 'node-llama-cpp';
import { GatewayError } from '../../core/errors.ts';
import { reasonOf } from '../http.ts';

/** A sequence of the shared context: one answer at a time; what it evaluated stays for the next turn of the conversation. */
export interface Slot {
  readonly sequence: LlamaContextSequence;
  busy: boolean;
  /** Order of the last use; 0 never. */
  turn: number;
}

export interface Slots {
  /**
   * A free slot, best one that holds the start of the prompt already; waits when all are busy. Throws 'unavailable' when too
   * many wait, and the reason of the signal when it fires.
   */
  acquire(tokens: readonly Token[], signal: AbortSignal): Promise<Slot>;
  release(slot: Slot): void;
}

/** Number of tokens that the slot's memory and the prompt begin with alike. */
export function commonStart(held: readonly Token[], tokens: readonly Token[]): number {
  const end = Math.min(held.length, tokens.length);
  let index = 0;
  while (index < end && held[index] === tokens[index]) index++;
  return index;
}

/** The slot whose memory is mostly the start of this prompt; otherwise the one unused for longest, so that others keep theirs. */
export function pickSlot(free: readonly Slot[], tokens: readonly Token[]): Slot | undefined {
  let best: Slot | undefined;
  let longest = 0;
  for (const slot of free) {
    const held = slot.sequence.contextTokens;
    const common = commonStart(held, tokens);
    if (common > longest && common * 2 >= held.length) {
      best = slot;
      longest = common;
    }
  }
  return best ?? free.toSorted((a, b) => a.turn - b.turn)[0];
}

export function createSlots(context: LlamaContext, count: number, limits: { readonly queue: number; readonly target: string }): Slots {
  const slots: Slot[] = Array.from({ length: count }, () => ({ sequence: context.getSequence(), busy: false, turn: 0 }));
  const waiting: { readonly tokens: readonly Token[]; readonly admit: (slot: Slot) => void }[] = [];
  let turn = 0;

  const take = (tokens: readonly Token[]): Slot | undefined => {
    const slot = pickSlot(
      slots.filter(({ busy }) => !busy),
      tokens,
    );
    if (slot !== undefined) {
      slot.busy = true;
      slot.turn = ++turn;
    }
    return slot;
  };

  return {
    acquire(tokens, signal) {
      if (signal.aborted) return Promise.reject(reasonOf(signal));
      const slot = waiting.length === 0 ? take(tokens) : undefined;
      if (slot !== undefined) return Promise.resolve(slot);
      if (waiting.length >= limits.queue) {
        return Promise.reject(
          new GatewayError('unavailable', `Too many requests wait for '${limits.target}'.`, { target: limits.target, code: 'queue_full', retryAfterMs: 1_000 }),
        );
      }
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.splice(waiting.indexOf(item), 1);
          reject(reasonOf(signal));
        };
        const item = {
          tokens,
          admit: (free: Slot): void => {
            signal.removeEventListener('abort', leave);
            resolve(free);
          },
        };
        waiting.push(item);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
    release(slot) {
      slot.busy = false;
      const next = waiting[0];
      if (next === undefined) return;
      const free = take(next.tokens);
      if (free === undefined) return;
      waiting.shift();
      next.admit(free);
    },
  };
}
