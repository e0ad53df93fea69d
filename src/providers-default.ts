import { createConnection } from 'node:net';
import type { ProviderConfig } from './config-schema.ts';

/** How long the start looks for an Ollama before it goes on without, ms. */
const LOOK_MS = 400;

/** OLLAMA_HOST as people write it (host, host:port, :port, URL, 0.0.0.0) -> the address a client dials. */
export function ollamaUrl(host: string | undefined): string {
  const text = (host ?? '').trim() || '127.0.0.1:11434';
  const url = new URL(/^https?:\/\//.test(text) ? text : `http://${text.startsWith(':') ? `127.0.0.1${text}` : text}`);
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  if (url.port === '' && !/^https?:\/\//.test(text)) url.port = '11434';
  return url.href.replace(/\/+$/, '');
}

/** The providers of an unconfigured gateway: the Ollama that answers, else the embedded engine. */
export async function defaultEntries(env: Readonly<Record<string, string | undefined>>): Promise<readonly ProviderConfig[]> {
  const common = { weight: 1, tags: [], timeouts: {} };
  const url = ollamaUrl(env['OLLAMA_HOST']);
  if (await listens(url)) return [{ ...common, name: 'ollama', type: 'ollama', url }];
  return [{ ...common, name: 'embedded', type: 'llama-cpp', models: [], context_window: 4_096 }];
}

/** Whether something accepts connections there. */
const listens = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port, protocol } = new URL(url);
    const socket = createConnection({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80), timeout: LOOK_MS });
    const end = (found: boolean) => (): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
