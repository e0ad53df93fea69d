/** Finds stop sequences in text that arrives in pieces, and holds back what may be the start of one. */
export interface StopMatcher {
  /** What may be shown now; `stopped` is the sequence that ended the text. */
  push(text: string): { readonly text: string; readonly stopped?: string };
  /** What was held back; nothing more will come. */
  end(): string;
}

/** Sequences that are empty are ignored. Of several that match, the one that starts first ends the text. */
export function createStopMatcher(sequences: readonly string[]): StopMatcher {
  const stops = sequences.filter((stop) => stop !== '');
  let held = '';
  return {
    push(text) {
      held += text;
      let first: { at: number; stop: string } | undefined;
      for (const stop of stops) {
        const at = held.indexOf(stop);
        if (at !== -1 && (first === undefined || at < first.at)) first = { at, stop };
      }
      if (first !== undefined) {
        const shown = held.slice(0, first.at);
        held = '';
        return { text: shown, stopped: first.stop };
      }
      const keep = longestStart(held, stops);
      const shown = held.slice(0, held.length - keep);
      held = held.slice(held.length - keep);
      return { text: shown };
    },
    end() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}

/** Length of the longest end of the text that a stop sequence starts with. */
function longestStart(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length;
    }
  }
  return longest;
}
