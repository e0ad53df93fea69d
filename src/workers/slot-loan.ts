import type { Slots } from '../core/slots.ts';

/** What a worker holds of places that all workers share. */
export interface SlotLoan extends Required<Slots> {
  /** Gives back what is not used. Where all is used, the next place beyond `share` goes back when it becomes free. */
  recall(share: number): number;
  /** More places came. */
  grant(count: number): void;
  /** Nothing is used. */
  idle(): boolean;
  /** Places held; all of them go back. */
  surrender(): number;
}

export function createSlotLoan(primary: { ask(): Promise<number>; giveBack(count: number): void }): SlotLoan {
  let held = 0;
  let used = 0;
  /** Places that may be kept although another worker waits; absent while none does. */
  let share: number | undefined;
  let asking: Promise<boolean> | undefined;
  let listener: () => void = () => undefined;

  const ask = async (): Promise<boolean> => {
    try {
      const count = await primary.ask();
      held += count;
      return count > 0;
    } finally {
      asking = undefined;
    }
  };

  return {
    take() {
      if (used >= held) return false;
      used += 1;
      return true;
    },
    give() {
      used -= 1;
      if (share === undefined || (held <= share && used > 0)) return;
      const count = held > share ? 1 : held;
      share = undefined;
      held -= count;
      primary.giveBack(count);
    },
    more() {
      asking ??= ask();
      return asking;
    },
    onMore: (called) => {
      listener = called;
    },
    recall(kept) {
      const unused = held - used;
      held = used;
      share = unused === 0 ? kept : undefined;
      return unused;
    },
    grant(count) {
      held += count;
      listener();
    },
    idle: () => used === 0 && asking === undefined,
    surrender() {
      const all = held;
      held = 0;
      return all;
    },
  };
}
