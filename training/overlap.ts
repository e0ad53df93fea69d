/** Character 5-grams of a prompt, spaces and case aside. */
function grams(text: string): Set<string> {
  const flat = text
    .slice(0, 600)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
  const out = new Set<string>();
  const n = /[가-힣]/.test(flat) ? 3 : 5;
  for (let i = 0; i + n <= flat.length; i++) out.add(flat.slice(i, i + n));
  return out;
}

/**
 * Which of `texts` nearly repeat one of `judged` (Jaccard of character n-grams of at least `limit`): those must not train a model that is judged
 * there.
 */
export function nearCopies(texts: readonly string[], judged: readonly string[], limit: number): boolean[] {
  const postings = new Map<string, number[]>();
  const sizes: number[] = [];
  judged.forEach((text, i) => {
    const own = grams(text);
    sizes.push(own.size);
    for (const gram of own) {
      const list = postings.get(gram);
      if (list === undefined) postings.set(gram, [i]);
      else list.push(i);
    }
  });
  const shared = new Int32Array(judged.length);
  return texts.map((text) => {
    shared.fill(0);
    const own = grams(text);
    let copy = false;
    for (const gram of own) {
      for (const i of postings.get(gram) ?? []) {
        const both = (shared[i] ?? 0) + 1;
        shared[i] = both;
        if (both >= 3 && both / (own.size + (sizes[i] ?? 0) - both) >= limit) copy = true;
      }
    }
    return copy;
  });
}
