import { CommandError, gatewayUrl } from './command.ts';

export interface GatewayClient {
  readonly url: string;
  /** Sends JSON and gives the response; an error status or no gateway is a CommandError in words. */
  send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response>;
  json<T>(method: string, path: string, body?: unknown): Promise<T>;
}

/** Statuses of a gateway that say that the command named or asked something that cannot be. */
const ASKED_WRONGLY = new Set([400, 404, 422]);

/** Speaks to a running gateway for the commands that need one. */
export function createClient(flags: { url?: string | undefined; key?: string | undefined }): GatewayClient {
  const url = gatewayUrl(flags.url);
  const key = flags.key ?? process.env['ORCHESTRATOR_KEY'];
  const send: GatewayClient['send'] = async (method, path, body, signal) => {
    let response: Response;
    try {
      response = await fetch(url + path, {
        method,
        headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal !== undefined && { signal }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new CommandError(`no gateway answers at ${url}. Start one with 'orchestrator start' (in a clone: npm start), or name it with --url.`, 3);
    }
    if (!response.ok) {
      const text = await response.text();
      throw new CommandError(`${url}${path} answered ${response.status}: ${messageOf(text)}`, ASKED_WRONGLY.has(response.status) ? 2 : 1);
    }
    return response;
  };
  return { url, send, json: async <T>(method: string, path: string, body?: unknown) => (await (await send(method, path, body)).json()) as T };
}

function messageOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: string | { message?: string } };
    return (typeof error === 'string' ? error : error?.message) ?? text;
  } catch {
    return text.slice(0, 300);
  }
}
