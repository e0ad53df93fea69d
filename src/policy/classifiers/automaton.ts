/** Finds all patterns in one pass over a text. */
export interface Automaton {
  /** Calls `hit` for every occurrence: the pattern's index and the position behind its last character. */
  scan(text: string, hit: (pattern: number, end: number) => void): void;
}

/**
 * Aho–Corasick over UTF-16 code units. Edges stand in one open-addressing table, the root's in a dense one: most characters
 * of ordinary text never leave the root.
 */
export function createAutomaton(patterns: readonly string[]): Automaton {
  const children: Map<number, number>[] = [new Map()];
  const output: number[][] = [[]];
  patterns.forEach((pattern, index) => {
    let state = 0;
    for (let i = 0; i < pattern.length; i++) {
      const code = pattern.charCodeAt(i);
      const edges = children[state] as Map<number, number>;
      let next = edges.get(code);
      if (next === undefined) {
        next = children.length;
        children.push(new Map());
        output.push([]);
        edges.set(code, next);
      }
      state = next;
    }
    if (state !== 0) (output[state] as number[]).push(index);
  });
  const fail = failLinks(children, output);
  const root = children.length < 65_536 ? new Uint16Array(65_536) : new Int32Array(65_536);
  for (const [code, next] of children[0] as Map<number, number>) root[code] = next;

  let capacity = 16;
  while (capacity < children.length * 3) capacity *= 2;
  const keys = new Float64Array(capacity).fill(-1);
  const targets = new Int32Array(capacity);
  const mask = capacity - 1;
  const slotOf = (state: number, code: number): number => (Math.imul(state, 0x9e3779b1) ^ Math.imul(code, 0x85ebca6b)) >>> 7;
  children.forEach((edges, state) => {
    for (const [code, next] of edges) {
      let slot = slotOf(state, code) & mask;
      while (keys[slot] !== -1) slot = (slot + 1) & mask;
      keys[slot] = state * 65_536 + code;
      targets[slot] = next;
    }
  });
  const edge = (state: number, code: number): number => {
    const key = state * 65_536 + code;
    for (let slot = slotOf(state, code) & mask; keys[slot] !== -1; slot = (slot + 1) & mask) {
      if (keys[slot] === key) return targets[slot] as number;
    }
    return 0;
  };
  const results = output.map((list) => (list.length === 0 ? undefined : list));

  return {
    scan(text, hit) {
      let state = 0;
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        let next = 0;
        while (state !== 0) {
          next = edge(state, code);
          if (next !== 0) break;
          state = fail[state] as number;
        }
        state = next !== 0 ? next : (root[code] as number);
        const found = results[state];
        if (found !== undefined) for (const pattern of found) hit(pattern, i + 1);
      }
    },
  };
}

function failLinks(children: readonly Map<number, number>[], output: number[][]): Int32Array {
  const fail = new Int32Array(children.length);
  const queue = [...(children[0] as Map<number, number>).values()];
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] as number;
    for (const [code, next] of children[state] as Map<number, number>) {
      let back = fail[state] as number;
      while (back !== 0 && !(children[back] as Map<number, number>).has(code)) back = fail[back] as number;
      const target = (children[back] as Map<number, number>).get(code) ?? 0;
      fail[next] = target;
      (output[next] as number[]).push(...(output[target] as number[]));
      queue.push(next);
    }
  }
  return fail;
}
