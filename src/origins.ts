/** Browser origins of this machine and of desktop apps, as Ollama accepts them by default: any port, http and https. */
const LOCAL = ['http://localhost', 'https://localhost', 'http://127.0.0.1', 'https://127.0.0.1', 'http://0.0.0.0', 'https://0.0.0.0'];
const DEFAULTS = [...LOCAL, ...LOCAL.map((origin) => `${origin}:*`), 'app://*', 'file://*', 'tauri://*', 'vscode-webview://*', 'vscode-file://*'];

type Rule = (origin: string) => boolean;

/** One entry: `*` alone is everybody, a `*` inside stands for any text, after a colon at the end for a port number. */
function toRule(entry: string): Rule {
  const pattern = entry.trim().toLowerCase();
  const star = pattern.indexOf('*');
  if (star === -1) return (origin) => origin === pattern;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const port = tail === '' && /:\/\/.*:$/.test(head);
  return (origin) =>
    origin.length >= head.length + tail.length && origin.startsWith(head) && origin.endsWith(tail) && (!port || /^\d{1,5}$/.test(origin.slice(head.length)));
}

export interface Origins {
  /** True when every origin is welcome. */
  readonly any: boolean;
  allows(origin: string): boolean;
}

/** Which browser pages may call: the defaults and what the configuration adds. */
export function createOrigins(configured: readonly string[]): Origins {
  const any = configured.some((entry) => entry.trim() === '*');
  const rules = [...DEFAULTS, ...configured].map(toRule);
  return { any, allows: (origin) => any || rules.some((rule) => rule(origin.toLowerCase())) };
}

const PRIVATE_V4 = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|0\.0\.0\.0$)/;
const LOCAL_NAME = /(^|\.)(localhost|local|internal)$/;

export interface LocalNames {
  /** The machine's own name and addresses. */
  readonly own: readonly string[];
  /** Further names from the configuration. */
  readonly configured: readonly string[];
}

/** The name in a Host header without its port, lower case; undefined when it is not a name or an address. */
export function hostName(host: string): string | undefined {
  const match = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(:\d{1,5})?$/.exec(host.trim().toLowerCase());
  return match?.[1]?.replace(/^\[|\]$/g, '').replace(/(.)\.$/, '$1');
}

/** Whether a name in a Host header can only mean this machine or its private network: others point here by a trick of DNS. */
export function isLocalHost(host: string, names: LocalNames): boolean {
  if (host === '') return true;
  const name = hostName(host);
  if (name === undefined) return false;
  if (names.configured.some((entry) => entry.toLowerCase() === name) || names.own.some((entry) => entry.toLowerCase() === name)) return true;
  if (/^[\d.]+$/.test(name)) return /^(\d{1,3}\.){3}\d{1,3}$/.test(name) && PRIVATE_V4.test(name);
  if (name.includes(':')) return name === '::1' || name === '::' || /^f[cd][0-9a-f]{2}:/.test(name);
  return LOCAL_NAME.test(name);
}
