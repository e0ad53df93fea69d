/** Words of the common languages that say what a piece of code does; every other name may be called anything. */
const KEYWORDS = new Set(
  (
    'def return if elif else for while in not and or is none null true false class import from as with try except finally raise lambda yield pass break ' +
    'continue function const let var new this self async await switch case default throw catch export static public private void int float double string ' +
    'bool char long struct func fn mut match impl select where group by order join on insert into update delete'
  ).split(' '),
);
/** Names that say what is done where they are called or stand behind a dot; anywhere else they are names like others. */
const CALLS = new Set(
  (
    'print len range append sorted sum min max map filter abs int str list dict set tuple enumerate zip push pop length reduce slice split join reverse ' +
    'sort keys values items math floor ceil sqrt get add remove index count lower upper strip replace find'
  ).split(' '),
);
const MAX_TOKENS = 4_000;
const STARTS =
  /^(?:\s*(?:def|class|import|from\s+\w+\s+import|async\s+def|function|const|let|var|public|private|static|#include|using|fn|func|package|SELECT|WITH)\b|\s*@\w+)/m;

/** The code in an answer: its fenced blocks, the longest first, or the whole text when it is code itself. Undefined without any. */
export function codeIn(text: string): string | undefined {
  if (text.includes('```')) {
    const blocks = text.split('```').filter((_, index) => index % 2 === 1);
    const bodies = blocks.map((block) => block.replace(/^[ \t]*[\w+#.-]{0,20}[ \t]*\n/, '')).filter((body) => body.trim() !== '');
    return bodies.sort((a, b) => b.length - a.length)[0];
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const first = lines[0] ?? '';
  if (lines.length >= 3 && lines.every((line) => /^\s*(?:[A-Za-z_]\w* [-+*/]?= \S|#|\/\/|print\(|return\b)/.test(line))) return text;
  if (!STARTS.test(first) && !/^\s*(?:#|\/\/)/.test(first)) return undefined;
  const looks = lines.filter(
    (line) => STARTS.test(line) || /[;{}:]\s*$|^\s{2,}\S|[\w\])]\s?[-+*/]?=\s?\S|^\s*(?:return|print|#|\/\/)|\)\s*$/.test(line),
  ).length;
  return looks * 2 >= lines.length && lines.some((line) => STARTS.test(line)) ? text : undefined;
}

/**
 * What code does, without how it is written: comments, layout and quotation marks gone, names numbered in the order in which they come.
 * Two functions that differ only in names and comments give the same tokens.
 */
export function codeTokens(code: string): string[] {
  const bare = code
    .slice(0, 40_000)
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/^\s*("""|''')[\s\S]*?\1\s*$/gm, ' ')
    .replace(/(^|[\s;{}])(?:#(?!include)|\/\/)[^\n]*/g, '$1')
    .replace(/^\s*(?:if __name__[\s\S]*|print\(.*\)\s*|console\.log\(.*\);?\s*)$/gm, ' ');
  const found = bare.match(/"[^"\n]*"|'[^'\n]*'|[A-Za-z_]\w*|\d+(?:\.\d+)?|[-+*/%=<>!&|^~]+|[()[\]{}.,:?]/g) ?? [];
  const names = new Map<string, string>();
  return found.slice(0, MAX_TOKENS).map((token, at) => {
    if (/^["']/.test(token)) return `"${token.slice(1, -1)}"`;
    if (!/^[A-Za-z_]/.test(token) || KEYWORDS.has(token.toLowerCase())) return token;
    if (CALLS.has(token) && (found[at + 1] === '(' || found[at - 1] === '.')) return token;
    const known = names.get(token) ?? `v${names.size}`;
    names.set(token, known);
    return known;
  });
}

/** How alike two pieces of code are in what they do, 0-1: shared runs of three tokens. */
export function codeLikeness(a: readonly string[], b: readonly string[]): number {
  const runs = (tokens: readonly string[]): Set<string> => new Set(tokens.map((_, at) => tokens.slice(at, at + 3).join(' ')));
  const left = runs(a);
  const right = runs(b);
  if (left.size + right.size === 0) return 0;
  let shared = 0;
  for (const run of left) if (right.has(run)) shared++;
  return (2 * shared) / (left.size + right.size);
}
