/** Places of which only so many may be taken at once: in this process, or over all workers of a gateway. */
export interface Slots {
  /** Takes a place that is at hand. */
  take(): boolean;
  /** Gives a taken place back. */
  give(): void;
  /** Asks for places that others do not use; true when some came. Absent where there are no others. */
  more?(): Promise<boolean>;
  /** `listener` is called whenever places came later than they were asked for. */
  onMore?(listener: () => void): void;
}

/** Places of this process alone. */
export function createSlots(total: number): Slots {
  let used = 0;
  return {
    take() {
      if (used >= total) return false;
      used += 1;
      return true;
    },
    give() {
      used -= 1;
    },
  };
}
