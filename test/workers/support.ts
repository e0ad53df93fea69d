import { readdirSync, readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface Told {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: <T>() => T;
}

/** One request over a connection of its own: the primary gives connections to its workers in turn. */
export const ask = (
  url: string,
  path: string,
  options: { readonly method?: string; readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<Told> =>
  new Promise((resolve, reject) => {
    const { body, method = body === undefined ? 'GET' : 'POST', headers = {} } = options;
    const call = request(url + path, { method, agent: false, headers: { 'content-type': 'application/json', ...headers } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer
        .once('error', reject)
        .once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: <T>() => JSON.parse(text) as T }));
    });
    call.once('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });

export const chat = (url: string, text: string, options: { readonly headers?: Record<string, string>; readonly more?: object } = {}): Promise<Told> =>
  ask(url, '/v1/chat/completions', {
    body: { model: 'm', messages: [{ role: 'user', content: text }], ...options.more },
    ...(options.headers !== undefined && { headers: options.headers }),
  });

/** How often each thing was said. */
export const tally = (values: readonly (string | number | undefined)[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
};

/** Processes that a process started, by id. */
export const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        const stat = readFileSync(`/proc/${candidate}/stat`, 'latin1');
        return Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]) === pid;
      } catch {
        return false;
      }
    });

export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Waits until something holds; gives up after a minute. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let waited = 0; waited < 60_000; waited += 25) {
    if (await holds()) return;
    await delay(25);
  }
  throw new Error('it did not come to be within a minute');
};

/** The value of a metric with these labels; 0 when it is not there. */
export const metric = (text: string, name: string, labels = ''): number =>
  text
    .split('\n')
    .filter((line) => line.startsWith(name) && line.includes(labels) && /^[{ ]/.test(line.slice(name.length)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
