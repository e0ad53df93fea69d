import http from 'node:http';
import https from 'node:https';
import { ConfigError } from './config.ts';
import type { ProviderConfig } from './config-schema.ts';

/** How long the start looks for an Ollama before it goes on without, ms. */
const LOOK_MS = 800;

/** OLLAMA_HOST as people write it (host, host:port, :port, URL, 0.0.0.0) -> the address a client dials. */
export function ollamaUrl(host: string | undefined): string {
  const text = (host ?? '').trim() || '127.0.0.1:11434';
  const address = /^https?:\/\//.test(text) ? text : `http://${text.startsWith(':') ? `127.0.0.1${text}` : text}`;
  if (!URL.canParse(address)) throw new ConfigError(`OLLAMA_HOST: expected a host, host:port or http:// address, got '${text}'`);
  const url = new URL(address);
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  if (url.port === '' && !/^https?:\/\//.test(text)) url.port = '11434';
  return url.href.replace(/\/+$/, '');
}

/** The providers of an unconfigured gateway: the Ollama that answers, else the embedded engine. */
export async function defaultEntries(env: Readonly<Record<string, string | undefined>>): Promise<readonly ProviderConfig[]> {
  const common = { weight: 1, tags: [], timeouts: {} };
  const url = ollamaUrl(env['OLLAMA_HOST']);
  if (await answers(url)) return [{ ...common, name: 'ollama', type: 'ollama', url }];
  return [{ ...common, name: 'embedded', type: 'llama-cpp', models: [], context_window: 4_096 }];
}

/** Whether an Ollama answers there: a port that only accepts connections is not one. */
const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const ask = url.startsWith('https:') ? https : http;
    const request = ask.get(`${url}/api/version`, { timeout: LOOK_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
