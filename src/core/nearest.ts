/** Edits (Levenshtein) between two names; a name that holds the other counts as near. */
export function distanceBetween(a: string, b: string): number {
  if (a !== '' && (b.includes(a) || a.includes(b))) return Math.abs(a.length - b.length) / 10;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
