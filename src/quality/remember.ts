/** Characters of text whose results are kept; comparing a few answers looks at each of them several times, and never at the one before last. */
const MAX_CHARS = 64_000;

/** `make`, a pure function of a text, with its results for the texts seen last kept. Everything is let go when they hold more than `maxChars` characters. */
export function remember<T>(make: (text: string) => T, maxChars = MAX_CHARS): (text: string) => T {
  let known = new Map<string, { readonly made: T }>();
  let chars = 0;
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found.made;
    const made = make(text);
    chars += text.length + 100;
    if (chars > maxChars) {
      known = new Map();
      chars = text.length + 100;
    }
    if (text.length <= maxChars) known.set(text, { made });
    return made;
  };
}
